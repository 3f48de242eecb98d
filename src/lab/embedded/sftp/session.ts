import * as fs from 'node:fs';
import { join, resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import {
  attributesAnswer,
  dataAnswer,
  failureAnswer,
  handleAnswer,
  namesAnswer,
  statusAnswer,
  versionAnswer,
} from './answers.ts';
import { type Attributes, FieldReader, PacketReader, REQUEST, STATUS } from './wire.ts';

const OPEN = { READ: 1, WRITE: 2, APPEND: 4, CREATE: 8, TRUNCATE: 16, EXCLUSIVE: 32 } as const;
const NAMES_PER_ANSWER = 100;
const LONGEST_READ = 256 * 1024 - 1024;

type Handle =
  | { readonly kind: 'file'; readonly fd: number; readonly append: boolean }
  | { readonly kind: 'folder'; readonly path: string; readonly left: string[] };

/**
 * Serves SFTP on a channel until it ends; relative paths start at `home`.
 *
 * File calls are synchronous on purpose: against the page cache they are several times faster than a trip
 * through libuv's thread pool, and only fsync may wait for a disk.
 */
export function serveSftp(channel: Duplex, home: string): void {
  const session = new SftpSession(home, (answer) => channel.write(answer));
  const packets = new PacketReader();
  channel.on('data', (chunk: Buffer) => {
    try {
      for (const bytes of packets.push(chunk)) session.serve(bytes);
    } catch {
      channel.destroy();
    }
  });
  channel.on('end', () => channel.end());
  channel.on('error', () => session.close());
  channel.on('close', () => session.close());
}

class SftpSession {
  readonly #home: string;
  readonly #send: (answer: Buffer) => void;
  readonly #handles = new Map<number, Handle>();
  #nextHandle = 0;

  constructor(home: string, send: (answer: Buffer) => void) {
    this.#home = home;
    this.#send = send;
  }

  close(): void {
    for (const handle of this.#handles.values()) if (handle.kind === 'file') fs.closeSync(handle.fd);
    this.#handles.clear();
  }

  serve(bytes: Buffer): void {
    const type = bytes[0]!;
    if (type === REQUEST.INIT) {
      this.#send(versionAnswer);
      return;
    }
    const id = bytes.readUInt32BE(1);
    try {
      const answer = this.#answer(type, id, new FieldReader(bytes, 5));
      if (answer !== undefined) this.#send(answer);
    } catch (thrown) {
      this.#send(failureAnswer(id, thrown));
    }
  }

  /** Undefined when the answer comes later. */
  #answer(type: number, id: number, fields: FieldReader): Buffer | undefined {
    switch (type) {
      case REQUEST.OPEN:
        return this.#open(id, this.#path(fields), fields.uint32(), fields.attributes());
      case REQUEST.CLOSE:
        return this.#closeHandle(id, fields);
      case REQUEST.READ:
        return this.#read(id, this.#file(fields).fd, fields.uint64(), fields.uint32());
      case REQUEST.WRITE:
        return this.#write(id, this.#file(fields), fields.uint64(), fields.bytes());
      case REQUEST.LSTAT:
        return attributesAnswer(id, fs.lstatSync(this.#path(fields)));
      case REQUEST.STAT:
        return attributesAnswer(id, fs.statSync(this.#path(fields)));
      case REQUEST.FSTAT:
        return attributesAnswer(id, fs.fstatSync(this.#file(fields).fd));
      case REQUEST.SETSTAT:
        return done(id, setAttributes(this.#path(fields), fields.attributes()));
      case REQUEST.FSETSTAT:
        return done(id, setAttributes(this.#file(fields).fd, fields.attributes()));
      case REQUEST.OPENDIR: {
        const path = this.#path(fields);
        return this.#hand(id, { kind: 'folder', path, left: ['.', '..', ...fs.readdirSync(path)] });
      }
      case REQUEST.READDIR:
        return this.#readFolder(id, fields);
      case REQUEST.REMOVE:
        return done(id, fs.unlinkSync(this.#path(fields)));
      case REQUEST.MKDIR: {
        const path = this.#path(fields);
        return done(id, fs.mkdirSync(path, { mode: (fields.attributes().mode ?? 0o777) & 0o7777 }));
      }
      case REQUEST.RMDIR:
        return done(id, fs.rmdirSync(this.#path(fields)));
      case REQUEST.REALPATH:
        return namesAnswer(id, [{ path: realPath(this.#path(fields)) }]);
      case REQUEST.RENAME:
        return this.#renameUnlessTaken(id, this.#path(fields), this.#path(fields));
      case REQUEST.READLINK:
        return namesAnswer(id, [{ path: fs.readlinkSync(this.#path(fields)) }]);
      case REQUEST.SYMLINK:
        // OpenSSH sends the target first, against the draft, and every client follows it for OpenSSH servers.
        return done(id, fs.symlinkSync(fields.text(), this.#path(fields)));
      case REQUEST.EXTENDED:
        return this.#extended(id, fields.text(), fields);
      default:
        return statusAnswer(id, STATUS.OP_UNSUPPORTED, 'Operation unsupported');
    }
  }

  #extended(id: number, name: string, fields: FieldReader): Buffer | undefined {
    switch (name) {
      case 'posix-rename@openssh.com':
        return done(id, fs.renameSync(this.#path(fields), this.#path(fields)));
      case 'hardlink@openssh.com':
        return done(id, fs.linkSync(this.#path(fields), this.#path(fields)));
      case 'lsetstat@openssh.com':
        return done(id, setLinkAttributes(this.#path(fields), fields.attributes()));
      case 'fsync@openssh.com':
        fs.fsync(this.#file(fields).fd, (error) =>
          this.#send(error ? failureAnswer(id, error) : statusAnswer(id, STATUS.OK)),
        );
        return undefined;
      default:
        return statusAnswer(id, STATUS.OP_UNSUPPORTED, 'Operation unsupported');
    }
  }

  #open(id: number, path: string, flags: number, attributes: Attributes): Buffer {
    const fd = fs.openSync(path, openFlags(flags), (attributes.mode ?? 0o666) & 0o7777);
    return this.#hand(id, { kind: 'file', fd, append: (flags & OPEN.APPEND) !== 0 });
  }

  #read(id: number, fd: number, offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.min(length, LONGEST_READ));
    const count = fs.readSync(fd, bytes, 0, bytes.length, offset);
    return count === 0
      ? statusAnswer(id, STATUS.EOF, 'End of file')
      : dataAnswer(id, bytes.subarray(0, count));
  }

  #write(id: number, handle: { fd: number; append: boolean }, offset: number, bytes: Buffer): Buffer {
    let written = 0;
    while (written < bytes.length) {
      const position = handle.append ? null : offset + written;
      written += fs.writeSync(handle.fd, bytes, written, bytes.length - written, position);
    }
    return statusAnswer(id, STATUS.OK);
  }

  #readFolder(id: number, fields: FieldReader): Buffer {
    const handle = this.#handles.get(handleNumber(fields));
    if (handle?.kind !== 'folder') throw badHandle();
    const names = handle.left.splice(0, NAMES_PER_ANSWER);
    if (names.length === 0) return statusAnswer(id, STATUS.EOF, 'End of file');
    const found = names.flatMap((path) => {
      const stats = fs.lstatSync(join(handle.path, path), { throwIfNoEntry: false });
      return stats === undefined ? [] : [{ path, stats }];
    });
    return namesAnswer(id, found);
  }

  #renameUnlessTaken(id: number, from: string, to: string): Buffer {
    if (fs.lstatSync(to, { throwIfNoEntry: false })) return statusAnswer(id, STATUS.FAILURE, 'Failure');
    return done(id, fs.renameSync(from, to));
  }

  #closeHandle(id: number, fields: FieldReader): Buffer {
    const number = handleNumber(fields);
    const handle = this.#handles.get(number);
    if (handle === undefined) throw badHandle();
    this.#handles.delete(number);
    if (handle.kind === 'file') fs.closeSync(handle.fd);
    return statusAnswer(id, STATUS.OK);
  }

  #hand(id: number, handle: Handle): Buffer {
    const number = this.#nextHandle++;
    this.#handles.set(number, handle);
    return handleAnswer(id, number);
  }

  #file(fields: FieldReader): { readonly fd: number; readonly append: boolean } {
    const handle = this.#handles.get(handleNumber(fields));
    if (handle?.kind !== 'file') throw badHandle();
    return handle;
  }

  #path(fields: FieldReader): string {
    return resolve(this.#home, fields.text());
  }
}

/** Says OK after an effect that did not throw. */
function done(id: number, _effect: unknown): Buffer {
  return statusAnswer(id, STATUS.OK);
}

function handleNumber(fields: FieldReader): number {
  const bytes = fields.bytes();
  if (bytes.length !== 4) throw badHandle();
  return bytes.readUInt32BE(0);
}

function badHandle(): Error {
  return Object.assign(new Error('bad handle'), { code: 'EBADF' });
}

function openFlags(flags: number): number {
  const { constants } = fs;
  const both = OPEN.READ | OPEN.WRITE;
  let result = constants.O_RDONLY;
  if ((flags & both) === both) result = constants.O_RDWR;
  else if (flags & OPEN.WRITE) result = constants.O_WRONLY;
  if (flags & OPEN.APPEND) result |= constants.O_APPEND;
  if (flags & OPEN.CREATE) result |= constants.O_CREAT;
  if (flags & OPEN.TRUNCATE) result |= constants.O_TRUNC;
  if (flags & OPEN.EXCLUSIVE) result |= constants.O_EXCL;
  return result;
}

function setAttributes(file: string | number, attributes: Attributes): void {
  const fd = typeof file === 'number' ? file : undefined;
  const { size, mode, uid, gid, atime, mtime } = attributes;
  if (size !== undefined)
    fd === undefined ? fs.truncateSync(file as string, size) : fs.ftruncateSync(fd, size);
  if (atime !== undefined && mtime !== undefined) {
    fd === undefined ? fs.utimesSync(file as string, atime, mtime) : fs.futimesSync(fd, atime, mtime);
  }
  // Owner before mode: chown clears set-user-id bits.
  if (uid !== undefined && gid !== undefined) {
    fd === undefined ? fs.chownSync(file as string, uid, gid) : fs.fchownSync(fd, uid, gid);
  }
  if (mode !== undefined) {
    fd === undefined ? fs.chmodSync(file as string, mode & 0o7777) : fs.fchmodSync(fd, mode & 0o7777);
  }
}

function setLinkAttributes(path: string, attributes: Attributes): void {
  const { uid, gid, atime, mtime } = attributes;
  if (uid !== undefined && gid !== undefined) fs.lchownSync(path, uid, gid);
  if (atime !== undefined && mtime !== undefined) fs.lutimesSync(path, atime, mtime);
}

/** Like OpenSSH: the last part of the path need not exist. */
function realPath(path: string): string {
  return fs.existsSync(path) ? fs.realpathSync(path) : path;
}
