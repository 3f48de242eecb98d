import { createHash } from 'node:crypto';
import type { FileContent, FileState } from './states.ts';

/** Bytes that a file shall hold: where they come from, their count and their SHA-256 in hex. */
export interface Content {
  readonly sha256: string;
  readonly size: number;
  readonly from:
    | { readonly bytes: Uint8Array }
    /** A file of the controller. */
    | { readonly file: string }
    /** A file that is on the host already. `bytes` when they are known. */
    | { readonly target: string; readonly bytes?: Uint8Array };
}

/** Gives content made of bytes or UTF-8 text. */
export function contentOfBytes(data: Uint8Array | string): Content {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  return { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, from: { bytes } };
}

/** Gives the content of a controller file whose hash is known. */
export function contentOfFile(file: {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly bytes?: Uint8Array | undefined;
}): Content {
  const { sha256, size } = file;
  return { sha256, size, from: file.bytes ? { bytes: file.bytes } : { file: file.path } };
}

/** Gives the content of a file on the host as its probe showed it. Throws when that is no regular file with a hash. */
export function contentOnTarget(state: FileState | FileContent): Content {
  if (state.type !== 'file' || state.sha256 === undefined || state.size === undefined)
    throw new TypeError(`${state.path} is no readable file`);
  const bytes = 'bytes' in state && !state.truncated ? state.bytes : undefined;
  const target = state.realPath ?? state.path;
  return { sha256: state.sha256, size: state.size, from: bytes ? { target, bytes } : { target } };
}

/** Gives the bytes when the controller holds them in memory. */
export function knownBytes(content: Content): Uint8Array | undefined {
  return 'bytes' in content.from ? content.from.bytes : undefined;
}
