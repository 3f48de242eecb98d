import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import {
  type FileHandle,
  lstat,
  mkdtemp,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  unlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** What of a file stays when its content is replaced. */
interface Kept {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Replaces a file's content in one step: temporary file (0600) beside it, fsync, rename, fsync of the folder. Permissions
 * and owner stay; a symbolic link stays a link. With `wipe`, the bytes of the replaced file are overwritten on disk too,
 * unless another hard link still needs them. A new file gets mode 0600.
 */
export async function replaceFile(
  path: string,
  content: Uint8Array,
  options: { readonly wipe?: boolean } = {},
): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const kept: Kept | undefined = await stat(target).catch(() => undefined);
  const old = options.wipe && kept ? await open(target, 'r+').catch(() => undefined) : undefined;
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  try {
    await writeNew(temporary, content, kept);
    await rename(temporary, target);
    await syncFolder(dirname(target));
    if (old && (await old.stat()).nlink === 0) await overwrite(old);
  } catch (thrown) {
    await unlink(temporary).catch(() => undefined);
    throw thrown;
  } finally {
    await old?.close();
  }
}

async function writeNew(path: string, content: Uint8Array, kept: Kept | undefined): Promise<void> {
  const file = await open(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    await file.writeFile(content);
    if (kept) {
      const now = await file.stat();
      if (now.uid !== kept.uid || now.gid !== kept.gid) await file.chown(kept.uid, kept.gid);
      await file.chmod(kept.mode & 0o7777);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Gives a private folder (0700), in memory where the system has such a place, and takes it away with everything in it
 * overwritten: when `act` is done, when it fails, and when the process is told to end. Ctrl-C belongs to the editor.
 */
export async function withPrivateFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const memory = await stat('/dev/shm').catch(() => undefined);
  const folder = await mkdtemp(join(memory?.isDirectory() ? '/dev/shm' : tmpdir(), 'cutover-vault-'));
  const ignore = (): void => undefined;
  const end = (signal: NodeJS.Signals): void => {
    void wipeFolder(folder).finally(() => {
      process.off(signal, end);
      process.kill(process.pid, signal);
    });
  };
  process.on('SIGINT', ignore).on('SIGTERM', end).on('SIGHUP', end);
  try {
    return await act(folder);
  } finally {
    await wipeFolder(folder);
    process.off('SIGINT', ignore).off('SIGTERM', end).off('SIGHUP', end);
  }
}

/** Editors leave backup and swap files; they are wiped like the file itself. */
async function wipeFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true }).catch(() => [])) {
    const path = join(folder, entry);
    if (!(await lstat(path)).isFile()) continue;
    const file = await open(path, 'r+').catch(() => undefined);
    if (!file) continue;
    await overwrite(file).finally(() => file.close());
  }
  await rm(folder, { recursive: true, force: true });
}

async function overwrite(file: FileHandle): Promise<void> {
  let left = (await file.stat()).size;
  let position = 0;
  while (left > 0) {
    const { bytesWritten } = await file.write(randomBytes(Math.min(left, 1 << 20)), 0, undefined, position);
    position += bytesWritten;
    left -= bytesWritten;
  }
  await file.sync();
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
