import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { SFTPWrapper } from 'ssh2';
import { CutoverError } from '../../errors/index.ts';
import type { FileTransfer } from '../connection.ts';
import { tooLarge } from '../local-files.ts';
import { shellQuote } from '../quote.ts';
import type { ChannelRoom } from '../room.ts';
import { type ByteSource, openSource } from '../source.ts';
import type { Connection, Progress } from '../types.ts';
import type { SshLink } from './link.ts';
import { CHUNK_BYTES, readWindowed, writeWindowed } from './windowed.ts';

const INSTALL_SCRIPT = readFileSync(new URL('install.sh', import.meta.url), 'utf8');

/** Uploads that a cut interrupted: host, path and content -> the part file that is there already. */
const unfinished = new Map<string, string>();

/** Files over SSH: SFTP where the server has it, otherwise the standard input and output of a command. */
export function sshFiles(connection: Connection, link: SshLink, room: ChannelRoom): FileTransfer {
  return new SshFiles(connection, link, room);
}

class SshFiles implements FileTransfer {
  private readonly connection: Connection;
  private readonly link: SshLink;
  private readonly room: ChannelRoom;
  private opened: Promise<SFTPWrapper | undefined> | undefined;
  private channel: SFTPWrapper | undefined;
  private transfers = 0;

  constructor(connection: Connection, link: SshLink, room: ChannelRoom) {
    this.connection = connection;
    this.link = link;
    this.room = room;
    room.mayAsk(() => this.giveUp());
  }

  async upload(
    source: Uint8Array | { readonly file: string },
    path: string,
    options: { readonly mode?: number; readonly progress?: Progress } = {},
  ): Promise<void> {
    await this.orLost(`cannot write ${path}`, async () => {
      const bytes = await openSource(source);
      try {
        await this.send(bytes, path, options);
      } finally {
        await bytes.close();
      }
    });
  }

  async download(
    path: string,
    options: { readonly maxBytes?: number; readonly progress?: Progress } = {},
  ): Promise<Buffer> {
    return await this.orLost(`cannot read ${path}`, async () => {
      const limit = options.maxBytes ?? Number.MAX_SAFE_INTEGER;
      const bytes = await this.withSftp((sftp) =>
        sftp === undefined
          ? this.catOut(path, limit, options.progress)
          : this.sftpOut(sftp, path, limit, options.progress),
      );
      if (bytes.length > limit) throw tooLarge(this.connection.host, path, bytes.length, limit);
      return bytes;
    });
  }

  private async send(
    bytes: ByteSource,
    path: string,
    options: { readonly mode?: number; readonly progress?: Progress },
  ): Promise<void> {
    const key = `${this.connection.host}\0${path}\0${bytes.sha256}`;
    const begun = unfinished.get(key);
    unfinished.delete(key);
    const part = begun ?? partName(path);
    let installed: { code: number; said: string };
    try {
      await this.withSftp((sftp) =>
        sftp === undefined
          ? this.catIn(bytes, part, options.progress)
          : this.sftpIn(sftp, bytes, part, begun !== undefined, options.progress),
      );
      installed = await this.install(part, path, bytes.sha256, options.mode);
    } catch (error) {
      // Only a cut is worth a part file that waits; while the link lives, the host refused it.
      if (!this.link.alive) unfinished.set(key, part);
      else await this.discard(part);
      throw error;
    }
    if (installed.code === 0) return;
    // Whatever was there from the first try was not what it seemed.
    if (installed.code === 4 && begun !== undefined) return await this.send(bytes, path, options);
    const why = installed.code === 4 ? 'its checksum on the host is wrong' : installed.said;
    throw this.error(`cannot write ${path}: ${why || `exit code ${installed.code}`}`);
  }

  private async discard(part: string): Promise<void> {
    await this.withSftp(async (sftp) => {
      if (sftp !== undefined) await (await this.conveniences(sftp)).delete(part, true);
    }).catch(() => {});
  }

  private async sftpIn(
    sftp: SFTPWrapper,
    bytes: ByteSource,
    part: string,
    resume: boolean,
    progress: Progress | undefined,
  ): Promise<void> {
    const there = resume ? await this.sizeOf(sftp, part) : undefined;
    // Writes that were in flight when the link was cut may have left holes: step back by all of them.
    const from = Math.max(0, Math.min(there ?? 0, bytes.size) - 64 * CHUNK_BYTES);
    const handle = await new Promise<Buffer>((resolve, reject) => {
      sftp.open(part, there === undefined ? 'wx' : 'r+', { mode: 0o600 }, (error, opened) =>
        error ? reject(error) : resolve(opened),
      );
    });
    try {
      const read = (position: number, length: number) => bytes.read(position, length);
      await writeWindowed(sftp, handle, read, from, bytes.size, (done) => progress?.(done, bytes.size));
      await fsync(sftp, handle);
    } finally {
      sftp.close(handle, () => {});
    }
  }

  /** Loaded when something went wrong: a transfer that succeeds does without. */
  private async conveniences(sftp: SFTPWrapper) {
    const { sftpClient } = await import('./sftp-client.ts');
    return sftpClient(this.link.client, sftp);
  }

  private async sizeOf(sftp: SFTPWrapper, path: string): Promise<number | undefined> {
    try {
      return (await (await this.conveniences(sftp)).stat(path)).size;
    } catch {
      return undefined;
    }
  }

  private async sftpOut(
    sftp: SFTPWrapper,
    path: string,
    limit: number,
    progress: Progress | undefined,
  ): Promise<Buffer> {
    const opening = new Promise<Buffer>((resolve, reject) => {
      sftp.open(path, 'r', (error, opened) => (error ? reject(error) : resolve(opened)));
    });
    // Both questions travel together.
    const [handle, size] = await Promise.all([opening, this.sizeOf(sftp, path)]);
    try {
      if ((size ?? 0) > limit) throw tooLarge(this.connection.host, path, size!, limit);
      return await readWindowed(sftp, handle, size ?? 0, limit, (done) =>
        progress?.(done, Math.max(done, size ?? 0)),
      );
    } finally {
      sftp.close(handle, () => {});
    }
  }

  /** Without SFTP: the bytes are the standard input of `cat`. */
  private async catIn(bytes: ByteSource, part: string, progress: Progress | undefined): Promise<void> {
    const script = `umask 077; cat >${shellQuote(part)}`;
    const running = await this.connection.exec(script, { method: 'none' });
    running.stdout.resume();
    const complaint = collect(running.stderr, 4000);
    for (let position = 0; position < bytes.size; position += CHUNK_BYTES) {
      const piece = await bytes.read(position, Math.min(CHUNK_BYTES, bytes.size - position));
      if (!running.stdin.write(piece)) await Promise.race([once(running.stdin, 'drain'), running.finished]);
      progress?.(position + piece.byteLength, bytes.size);
    }
    running.stdin.end();
    const { code } = await running.finished;
    if (code !== 0) throw new Error((await complaint).toString().trim() || `cat ended with ${code}`);
  }

  private async catOut(path: string, limit: number, progress: Progress | undefined): Promise<Buffer> {
    const running = await this.connection.exec(`exec cat ${shellQuote(path)}`, { method: 'none' });
    running.stdin.end();
    const complaint = collect(running.stderr, 4000);
    const content = collect(running.stdout, limit + 1, (done) => progress?.(done, done));
    const { code } = await running.finished;
    const bytes = await content;
    if (code !== 0 && bytes.length <= limit) throw new Error((await complaint).toString().trim());
    return bytes;
  }

  private async install(
    part: string,
    path: string,
    sha256: string,
    mode: number | undefined,
  ): Promise<{ code: number; said: string }> {
    const lane = await this.connection.lane({ method: 'none' });
    const octal = mode === undefined ? '' : mode.toString(8).padStart(4, '0');
    const script = `_part=${shellQuote(part)} _path=${shellQuote(path)} _sha=${sha256} _mode=${octal}\n${INSTALL_SCRIPT}`;
    const { code, stderr } = await lane.run({ script });
    return { code, said: stderr.toString().trim() };
  }

  /** `undefined` stands for a server without SFTP. */
  private async withSftp<T>(work: (sftp: SFTPWrapper | undefined) => Promise<T>): Promise<T> {
    this.transfers++;
    try {
      return await work(await this.sftp());
    } finally {
      if (--this.transfers === 0) this.room.idle();
    }
  }

  /** Gives the SFTP channel's place to somebody else, unless it is in use. */
  private giveUp(): boolean {
    if (this.channel === undefined || this.transfers > 0) return false;
    this.channel.end();
    this.channel = undefined;
    this.opened = undefined;
    return true;
  }

  private sftp(): Promise<SFTPWrapper | undefined> {
    this.opened ??= this.room
      .open(
        () => this.link.sftp(),
        async (sftp) => {
          await once(sftp, 'close').catch(() => {});
          if (this.channel === sftp) this.channel = this.opened = undefined;
        },
      )
      .then(
        (sftp) => {
          this.channel = sftp;
          return sftp;
        },
        (error) => {
          if (error instanceof CutoverError && error.kind === 'lost') throw error;
          return undefined;
        },
      );
    return this.opened;
  }

  /** Fails as soon as the link dies, and says what could not be done. */
  private async orLost<T>(what: string, work: () => Promise<T>): Promise<T> {
    const cut = this.link.lost.then((error) => {
      throw error;
    });
    cut.catch(() => {});
    try {
      return await Promise.race([work(), cut]);
    } catch (cause) {
      if (cause instanceof CutoverError) throw cause;
      throw this.error(`${what}: ${(cause as Error).message}`, cause);
    }
  }

  private error(message: string, cause?: unknown): CutoverError {
    return new CutoverError('transfer', message, { host: this.connection.host, cause });
  }
}

function partName(path: string): string {
  return posix.join(posix.dirname(path), `.${posix.basename(path)}.${randomBytes(6).toString('hex')}.part`);
}

/** Only some servers offer it (fsync@openssh.com); without it the file is as safe as any other. */
async function fsync(sftp: SFTPWrapper, handle: Buffer): Promise<void> {
  await new Promise<void>((resolve) => {
    try {
      sftp.ext_openssh_fsync(handle, () => resolve());
    } catch {
      resolve();
    }
  });
}

/** Gives the first bytes of a stream, and reads the rest without keeping it. */
async function collect(
  stream: NodeJS.ReadableStream,
  limit: number,
  progress?: (done: number) => void,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream) {
    if (size >= limit) continue;
    pieces.push(piece as Buffer);
    size += (piece as Buffer).length;
    progress?.(size);
  }
  return Buffer.concat(pieces);
}
