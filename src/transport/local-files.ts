import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CutoverError } from '../errors/index.ts';
import type { FileTransfer } from './connection.ts';

const CHUNK = 1 << 20;

/** Files of the controller itself: written beside their place, synced, renamed. */
export function localFiles(host: string): FileTransfer {
  return {
    async upload(source, path, options = {}) {
      const part = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
      try {
        const file = await open(part, 'wx', options.mode ?? 0o644);
        try {
          if (source instanceof Uint8Array) {
            await file.writeFile(source);
            options.progress?.(source.byteLength, source.byteLength);
          } else await copyInto(file, source.file, options.progress);
          if (options.mode !== undefined) await file.chmod(options.mode);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(part, path);
      } catch (cause) {
        await unlink(part).catch(() => {});
        throw new CutoverError('transfer', `cannot write ${path}: ${(cause as Error).message}`, {
          host,
          cause,
        });
      }
    },
    async download(path, options = {}) {
      try {
        const { size } = await stat(path);
        if (size > (options.maxBytes ?? Number.POSITIVE_INFINITY))
          throw tooLarge(host, path, size, options.maxBytes!);
        const pieces: Buffer[] = [];
        let done = 0;
        for await (const piece of createReadStream(path, { highWaterMark: CHUNK })) {
          pieces.push(piece as Buffer);
          done += (piece as Buffer).length;
          if (done > (options.maxBytes ?? Number.POSITIVE_INFINITY))
            throw tooLarge(host, path, done, options.maxBytes!);
          options.progress?.(done, Math.max(done, size));
        }
        return Buffer.concat(pieces);
      } catch (cause) {
        if (cause instanceof CutoverError) throw cause;
        throw new CutoverError('transfer', `cannot read ${path}: ${(cause as Error).message}`, {
          host,
          cause,
        });
      }
    },
  };
}

/** Gives the error for a file that is larger than the caller can take. */
export function tooLarge(host: string, path: string, size: number, limit: number): CutoverError {
  return new CutoverError('transfer', `${path} has ${size} bytes; at most ${limit} are taken`, { host });
}

async function copyInto(
  target: FileHandle,
  from: string,
  progress: ((done: number, total: number) => void) | undefined,
): Promise<void> {
  const { size } = await stat(from);
  let done = 0;
  for await (const piece of createReadStream(from, { highWaterMark: CHUNK })) {
    await target.write(piece as Buffer);
    done += (piece as Buffer).length;
    progress?.(done, Math.max(size, done));
  }
}
