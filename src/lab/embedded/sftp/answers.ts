import type { Stats } from 'node:fs';
import { basename } from 'node:path';
import { attributesField, field, packet, RESPONSE, STATUS, uint32 } from './wire.ts';

/** What the server says first: version 3, and the OpenSSH extensions that it serves. */
export const versionAnswer: Buffer = packet(
  RESPONSE.VERSION,
  uint32(3),
  ...[
    'posix-rename@openssh.com',
    'hardlink@openssh.com',
    'fsync@openssh.com',
    'lsetstat@openssh.com',
  ].flatMap((name) => [field(name), field('1')]),
);

/** Gives a STATUS answer. */
export function statusAnswer(id: number, code: number, message = ''): Buffer {
  return packet(RESPONSE.STATUS, uint32(id), uint32(code), field(message), field(''));
}

/** Gives the STATUS answer for what a file operation threw, coded as OpenSSH's sftp-server codes errno. */
export function failureAnswer(id: number, thrown: unknown): Buffer {
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (thrown instanceof RangeError) return statusAnswer(id, STATUS.BAD_MESSAGE, 'Bad message');
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EBADF' || code === 'ELOOP') {
    return statusAnswer(id, STATUS.NO_SUCH_FILE, 'No such file');
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EFAULT') {
    return statusAnswer(id, STATUS.PERMISSION_DENIED, 'Permission denied');
  }
  return statusAnswer(id, STATUS.FAILURE, code ?? message);
}

/** Gives a HANDLE answer. */
export function handleAnswer(id: number, handle: number): Buffer {
  return packet(RESPONSE.HANDLE, uint32(id), field(uint32(handle)));
}

/** Gives a DATA answer. */
export function dataAnswer(id: number, bytes: Buffer): Buffer {
  return packet(RESPONSE.DATA, uint32(id), field(bytes));
}

/** Gives an ATTRS answer. */
export function attributesAnswer(id: number, stats: Stats): Buffer {
  return packet(RESPONSE.ATTRS, uint32(id), attributesOf(stats));
}

/** Gives a NAME answer: paths, with attributes where there are any. */
export function namesAnswer(id: number, names: readonly { readonly path: string; readonly stats?: Stats }[]) {
  return packet(
    RESPONSE.NAME,
    uint32(id),
    uint32(names.length),
    ...names.flatMap(({ path, stats }) => [
      field(path),
      field(stats === undefined ? path : longName(path, stats)),
      stats === undefined ? uint32(0) : attributesOf(stats),
    ]),
  );
}

function attributesOf(stats: Stats): Buffer {
  return attributesField({
    size: stats.size,
    uid: stats.uid,
    gid: stats.gid,
    mode: stats.mode,
    atime: stats.atimeMs / 1000,
    mtime: stats.mtimeMs / 1000,
  });
}

/** The `ls -l` line that clients show; ssh2-sftp-client reads the file type from its first letter. */
function longName(path: string, stats: Stats): string {
  const type = stats.isDirectory() ? 'd' : stats.isSymbolicLink() ? 'l' : '-';
  const bits = [...'rwxrwxrwx'].map((letter, i) => (stats.mode & (0o400 >> i) ? letter : '-')).join('');
  const when = stats.mtime.toISOString().slice(0, 16).replace('T', ' ');
  return `${type}${bits} ${stats.nlink} ${stats.uid} ${stats.gid} ${stats.size} ${when} ${basename(path)}`;
}
