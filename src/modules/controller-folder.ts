/** Reads a folder of the controller. */
import { readdir, readlink, realpath, stat } from 'node:fs/promises';
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

/**
 * Gives everything below a folder, parents first, sorted by name. With `follow`, links are what they lead to; those
 * that lead nowhere, or back to a folder that they are in, stay links, as in Ansible.
 */
export async function readFolder(folder: string, follow: boolean): Promise<FolderEntry[]> {
  return entriesBelow({ folder, follow, within: follow ? [await realpath(folder)] : [] }, '');
}

interface Walk {
  readonly folder: string;
  readonly follow: boolean;
  /** Where the folders that were entered on the way here really are. */
  readonly within: readonly string[];
}

async function entriesBelow(walk: Walk, below: string): Promise<FolderEntry[]> {
  const found: FolderEntry[] = [];
  const listed = await readdir(join(walk.folder, below), { withFileTypes: true });
  for (const entry of listed.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below ? `${below}/${entry.name}` : entry.name;
    const file = join(walk.folder, path);
    const real = entry.isSymbolicLink() ? await followed(file, walk) : file;
    if (real === undefined) {
      found.push({ path, file, type: 'link', target: await readlink(file), mode: 0o777 });
      continue;
    }
    const seen = await stat(real);
    const mode = seen.mode & 0o7777;
    if (seen.isDirectory()) {
      const within = walk.follow ? [...walk.within, await realpath(real)] : [];
      found.push({ path, file, type: 'directory', mode }, ...(await entriesBelow({ ...walk, within }, path)));
    } else if (seen.isFile()) found.push({ path, file, type: 'file', mode });
  }
  return found;
}

/** Where a link really leads; undefined when it stays a link. */
async function followed(link: string, walk: Walk): Promise<string | undefined> {
  if (!walk.follow) return undefined;
  const real = await realpath(link).catch(leadsNowhere);
  return real !== undefined && walk.within.includes(real) ? undefined : real;
}

function leadsNowhere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ELOOP' && error.code !== 'ENOTDIR') throw error;
}

/** Whether a path of the controller is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}
