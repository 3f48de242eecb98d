import { quote } from './shell.ts';

/** Larger contents are uploaded instead of riding in the frame (measured: see the transport's documentation). */
const INLINE_BYTES = 65_536;

/** Collects what a frame's script refers to: bytes of its payload, and files that must be on the host before it starts. */
export interface FrameParts {
  /** Gives the shell command that prints these bytes. */
  bytes(data: Uint8Array): string;
  /** Gives the shell command that prints this file of the controller. */
  file(path: string, size: number): string;
}

/** A file or bytes that must be on the host before the frame starts. */
export interface Upload {
  readonly source: Uint8Array | { readonly file: string };
  readonly size: number;
  /** Where the script expects it. */
  readonly path: string;
}

/** The parts of one frame while it is put together. */
export class FrameBuilder implements FrameParts {
  readonly uploads: Upload[] = [];
  private readonly chunks: Uint8Array[] = [];
  private offset = 0;
  private readonly stagePath: () => string;

  /** `stagePath` gives a new path on the host for each upload. */
  constructor(stagePath: () => string) {
    this.stagePath = stagePath;
  }

  bytes(data: Uint8Array): string {
    if (data.length > INLINE_BYTES) return this.upload(data, data.length);
    const command = `co_blob ${this.offset} ${data.length}`;
    this.chunks.push(data);
    this.offset += data.length;
    return command;
  }

  file(path: string, size: number): string {
    return this.upload({ file: path }, size);
  }

  /** All inline bytes, or undefined when there are none. */
  get payload(): Uint8Array | undefined {
    return this.offset === 0 ? undefined : Buffer.concat(this.chunks);
  }

  private upload(source: Upload['source'], size: number): string {
    const known = this.uploads.find((upload) => sameSource(upload.source, source));
    const path = known?.path ?? this.stagePath();
    if (!known) this.uploads.push({ source, size, path });
    return `cat ${quote(path)}`;
  }
}

function sameSource(a: Upload['source'], b: Upload['source']): boolean {
  if ('file' in a && 'file' in b) return a.file === b.file;
  return a === b;
}
