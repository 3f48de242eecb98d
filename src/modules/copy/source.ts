import { posix } from 'node:path';
import { type Content, contentOfBytes, contentOfFile } from '../../resources/index.ts';
import { isFolder, readFolder } from '../controller-folder.ts';
import { type Algorithm, digestOfBytes, digestOfFile } from '../digests.ts';
import type { SourceEntry } from '../placing-tree.ts';
import type { Plan, PlanContext } from '../types.ts';
import type { CopyParams } from './params.ts';

/** What is to be copied from the controller. */
export type LocalSource =
  | {
      readonly kind: 'file';
      readonly name: string | undefined;
      readonly path: string | undefined;
      readonly content: Content;
      readonly mode: string | undefined;
      /** SHA-1 in hex, for the result. */
      readonly sha1: string;
      readonly secret?: boolean;
    }
  | {
      readonly kind: 'folder';
      readonly path: string;
      readonly root: string;
      readonly entries: readonly SourceEntry[];
    };

/** Reads the source. Throws CutoverError when there is none. */
export async function localSource(params: CopyParams, context: PlanContext): Promise<LocalSource> {
  if (params.src === undefined) {
    const text = params.content ?? '';
    const content = contentOfBytes(text);
    return {
      kind: 'file',
      name: undefined,
      path: undefined,
      content,
      mode: undefined,
      sha1: digestOfBytes(text, 'sha1'),
    };
  }
  const path = context.findFile(params.src.replace(/(.)\/+$/, '$1'), 'files');
  if (await isFolder(path)) return folderSource(path, params, context);
  const file = await context.readFile(path, { asWritten: !params.decrypt });
  return {
    kind: 'file',
    name: posix.basename(params.src),
    path,
    content: contentOfFile(file),
    mode: octal(file.mode),
    sha1: await digestOfFile(file, 'sha1'),
    ...(file.secret ? { secret: true } : {}),
  };
}

async function folderSource(path: string, params: CopyParams, context: PlanContext): Promise<LocalSource> {
  const entries: SourceEntry[] = [];
  for (const entry of await readFolder(path, params.local_follow ?? true)) {
    const base = { path: entry.path, type: entry.type };
    if (entry.type === 'link')
      entries.push({ ...base, ...(entry.target === undefined ? {} : { target: entry.target }) });
    else if (entry.type === 'directory') entries.push({ ...base, newMode: params.directory_mode });
    else {
      const file = await context.readFile(entry.file, { asWritten: !params.decrypt });
      const mode = params.mode === 'preserve' ? octal(entry.mode) : params.mode;
      entries.push({ ...base, content: contentOfFile(file), mode });
    }
  }
  return { kind: 'folder', path, root: folderRoot(params, path), entries };
}

/** Where a folder goes: into `dest`, under its own name unless it was written with a slash at its end. */
function folderRoot(params: CopyParams, path: string): string {
  const dest = params.dest.replace(/(.)\/+$/, '$1');
  return params.src?.endsWith('/') ? dest : posix.join(dest, posix.basename(path));
}

/** The end of a task whose source is not what `checksum` promises; undefined when it is. */
export function checksumFault(
  wanted: string | undefined,
  sums: Partial<Record<Algorithm, string>>,
): Plan | undefined {
  if (wanted === undefined) return undefined;
  const found = sums[wanted.length === 64 ? 'sha256' : 'sha1'];
  if (found === wanted.toLowerCase()) return undefined;
  return {
    changes: [],
    failed: 'Copied file does not match the expected checksum. Transfer failed.',
    result: () => ({ checksum: found, expected_checksum: wanted }),
  };
}

/** Permission bits as `0644`. */
export function octal(bits: number): string {
  return (bits & 0o7777).toString(8).padStart(4, '0');
}
