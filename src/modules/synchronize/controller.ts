/** Places of the controller, as probes would show them on a target. */
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { FileState } from '../../resources/index.ts';
import type { PlanContext } from '../types.ts';

/** A relative folder starts at the playbook, `~` is the home of whoever runs Cutover. */
export function controllerPath(dest: string, { scope }: PlanContext): string {
  const home = dest.replace(/^~(?=\/|$)/, homedir());
  const start = scope.has('playbook_dir') ? String(scope.get('playbook_dir')) : process.cwd();
  return isAbsolute(home) ? home : resolve(start, home) + (home.endsWith('/') ? '/' : '');
}

/** Looks at a path of the controller, with the hash of a file. */
export async function lookAt(path: string, { follow }: { readonly follow: boolean }): Promise<FileState> {
  const plain = path.replace(/(.)\/+$/, '$1');
  const found = await (follow ? stat(plain) : lstat(plain)).catch(() => undefined);
  if (found === undefined)
    return { path: plain, type: 'absent', umask: process.umask(), ...(await around(plain)) };
  const { uid, gid, size } = found;
  const base = { path: plain, uid, gid, size, mode: found.mode & 0o7777, mtime: found.mtimeMs / 1000 };
  if (found.isDirectory()) return { ...base, type: 'directory' };
  if (found.isSymbolicLink()) return { ...base, type: 'link', target: await readlink(plain) };
  if (!found.isFile()) return { ...base, type: 'other' };
  const sha256 = createHash('sha256')
    .update(await readFile(plain))
    .digest('hex');
  return { ...base, type: 'file', sha256 };
}

async function around(path: string): Promise<Pick<FileState, 'parent' | 'firstMissing'>> {
  const isThere = async (folder: string) =>
    (await stat(folder).catch(() => undefined))?.isDirectory() ?? false;
  if (await isThere(dirname(path))) return { parent: 'directory' };
  let first = dirname(path);
  while (!(await isThere(dirname(first)))) first = dirname(first);
  return { parent: 'absent', firstMissing: first };
}

/** Gives everything below a folder of the controller, by relative path; nothing when there is none. */
export async function listing(root: string, below = ''): Promise<Map<string, FileState>> {
  const found = new Map<string, FileState>();
  for (const name of await readdir(join(root, below)).catch(() => [])) {
    const path = below === '' ? name : `${below}/${name}`;
    const state = await lookAt(join(root, path), { follow: false });
    found.set(path, state);
    if (state.type === 'directory')
      for (const [inner, one] of await listing(root, path)) found.set(inner, one);
  }
  return found;
}
