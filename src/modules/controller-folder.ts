/** Reads a folder of the controller. */
import { readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** One entry below a folder. */
export interface FolderEntry {
  /** Relative, with `/`. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  readonly type: 'file' | 'directory' | 'link';
  /** Of a link that is not followed. */
  readonly target?: string;
  /** Permission bits. */
  readonly mode: number;
}

/** Gives everything below a folder, parents first, sorted by name. With `follow`, links are what they lead to. */
export async function readFolder(folder: string, follow: boolean, below = ''): Promise<FolderEntry[]> {
  const found: FolderEntry[] = [];
  const listed = await readdir(join(folder, below), { withFileTypes: true });
  for (const entry of listed.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below ? `${below}/${entry.name}` : entry.name;
    const file = join(folder, path);
    if (entry.isSymbolicLink() && !follow) {
      found.push({ path, file, type: 'link', target: await readlink(file), mode: 0o777 });
      continue;
    }
    const seen = await stat(file);
    const mode = seen.mode & 0o7777;
    if (seen.isDirectory())
      found.push({ path, file, type: 'directory', mode }, ...(await readFolder(folder, follow, path)));
    else if (seen.isFile()) found.push({ path, file, type: 'file', mode });
  }
  return found;
}

/** Whether a path of the controller is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}
