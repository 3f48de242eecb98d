import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';

/** Bytes to be sent, from memory or from a file. */
export interface ByteSource {
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
  /** Gives the bytes of a range; fewer only when the file shrank. */
  read(position: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Hashes of files by path, size and time: the same file goes to many hosts and is hashed once. */
const hashes = new Map<string, Promise<string>>();
const MOST_HASHES = 1000;

/** Opens a source. Throws the system's error when the file cannot be read. */
export async function openSource(source: Uint8Array | { readonly file: string }): Promise<ByteSource> {
  if (source instanceof Uint8Array) {
    return {
      size: source.byteLength,
      sha256: createHash('sha256').update(source).digest('hex'),
      read: async (position, length) => source.subarray(position, position + length),
      close: async () => {},
    };
  }
  const sha256 = await fileHash(source.file);
  const file = await open(source.file, 'r');
  const { size } = await file.stat();
  return {
    size,
    sha256,
    async read(position, length) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}

async function fileHash(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path);
  const key = `${path}\0${ino}\0${size}\0${mtimeMs}`;
  let hash = hashes.get(key);
  if (hash === undefined) {
    if (hashes.size >= MOST_HASHES) hashes.clear();
    hash = hashStream(path);
    hashes.set(key, hash);
    hash.catch(() => hashes.delete(key));
  }
  return await hash;
}

async function hashStream(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}
