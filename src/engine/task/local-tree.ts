import { chmod, lchown, lstat, mkdir, rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { CutoverError } from '../../errors/index.ts';
import type { LocalTree } from '../../modules/index.ts';
import { writeLocal } from './local-file.ts';

type Entry = LocalTree['entries'][number];

/** Brings a folder of the controller about. Throws CutoverError('command'). */
export async function writeLocalTree({ root, remove, entries }: LocalTree): Promise<void> {
  try {
    await mkdir(root, { recursive: true });
    for (const path of remove) await rm(join(root, path), { recursive: true, force: true });
    for (const entry of entries) await put(join(root, entry.path), entry);
    // The deepest first: a folder may shut us out.
    for (const entry of entries.toReversed()) await dress(join(root, entry.path), entry);
  } catch (cause) {
    if (cause instanceof CutoverError) throw cause;
    throw new CutoverError(
      'command',
      `cannot write below ${root} on the controller: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}

async function put(path: string, entry: Entry): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (entry.type === 'directory') {
    if (found && !found.isDirectory() && entry.path !== '.') await rm(path);
    await mkdir(path, { recursive: true });
    return;
  }
  const makes = entry.bytes !== undefined || entry.target !== undefined;
  if (!makes) return;
  if (found && (found.isDirectory() || entry.type === 'link')) await rm(path, { recursive: true });
  if (entry.type === 'link') await symlink(entry.target!, path);
  else await writeLocal(path, entry.bytes!);
}

async function dress(path: string, { type, mode, owner, group, mtime }: Entry): Promise<void> {
  if (owner !== undefined || group !== undefined) {
    const found = await lstat(path);
    await lchown(path, owner ?? found.uid, group ?? found.gid);
  }
  if (type === 'link') return;
  if (mode !== undefined) await chmod(path, mode);
  if (mtime !== undefined) await utimes(path, new Date(), new Date(mtime * 1000));
}
