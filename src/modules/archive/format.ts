import { open } from 'node:fs/promises';
import type { ArchiveFormat, ArchiveSource } from './types.ts';

/** Tells an archive's format from its first bytes; undefined when it is none that is known. */
export async function formatOf(source: ArchiveSource): Promise<ArchiveFormat | undefined> {
  const head = 'bytes' in source ? Buffer.from(source.bytes.subarray(0, 512)) : await firstBytes(source.path);
  return formatOfBytes(head);
}

/** The same for bytes at hand: at least the first 262. */
export function formatOfBytes(head: Buffer): ArchiveFormat | undefined {
  const starts = (...bytes: number[]) => bytes.every((byte, index) => head[index] === byte);
  if (starts(0x50, 0x4b, 0x03, 0x04) || starts(0x50, 0x4b, 0x05, 0x06)) return 'zip';
  if (starts(0x1f, 0x8b)) return 'tar.gz';
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return 'tar.zst';
  if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a)) return 'tar.xz';
  if (starts(0x42, 0x5a, 0x68)) return 'tar.bz2';
  if (head.toString('latin1', 257, 262) === 'ustar') return 'tar';
  return undefined;
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
