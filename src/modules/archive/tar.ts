import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Header } from 'tar-stream';
import { CutoverError } from '../../errors/index.ts';
import type { ArchiveFormat, ArchiveSource, Visit } from './types.ts';

/** Goes through a tar file's members, compressed or not. A hard link comes as a file with a target. Throws for damage. */
export async function visitTar(source: ArchiveSource, format: ArchiveFormat, visit: Visit): Promise<void> {
  const { extract } = await import('tar-stream');
  const members = extract();
  const raw = 'bytes' in source ? Readable.from([source.bytes]) : createReadStream(source.path);
  const feeding = feed(raw, format, members);
  // The loop below sees the same failure; without this it would also count as unhandled.
  feeding.catch((error: Error) => members.destroy(error));
  for await (const member of members) {
    const header = member.header;
    const entry = entryOf(header);
    let opened = false;
    const open = () => {
      opened = true;
      return member as AsyncIterable<Uint8Array>;
    };
    if (entry) await visit(entry, open);
    if (!opened) member.resume();
  }
  await feeding;
}

function entryOf(header: Header): Parameters<Visit>[0] | undefined {
  const path = header.name.replace(/^(?:\.?\/+)+/, '').replace(/^\.?\/*$|\/+$/, '');
  const type = TYPES[header.type ?? 'file'];
  // `./` is the folder itself that was packed.
  if (!type || (path === '' && type !== 'directory')) return undefined;
  const mtime = Math.floor((header.mtime?.getTime() ?? 0) / 1000);
  const mode = (header.mode ?? 0o644) & 0o7777;
  const target = header.type === 'symlink' || header.type === 'link' ? (header.linkname ?? '') : undefined;
  const { uid = 0, gid = 0, uname, gname } = header;
  const packedBy = { uid, gid, user: uname ?? '', group: gname ?? '' };
  const dotted = header.name.startsWith('./');
  return { path, type, mode, mtime, size: header.size ?? 0, target, packedBy, ...(dotted && { dotted }) };
}

/** Devices and pipes are left out. A hard link is a file with the bytes of the member it names. */
const TYPES: Readonly<Partial<Record<string, 'file' | 'directory' | 'link'>>> = {
  file: 'file',
  'contiguous-file': 'file',
  link: 'file',
  directory: 'directory',
  symlink: 'link',
};

function feed(raw: Readable, format: ArchiveFormat, into: NodeJS.WritableStream): Promise<void> {
  if (format === 'tar.gz') return pipeline(raw, createGunzip(), into);
  if (format === 'tar.zst') return pipeline(raw, createZstdDecompress(), into);
  if (format === 'tar.xz') return through('xz', raw, into);
  if (format === 'tar.bz2') return through('bzip2', raw, into);
  return pipeline(raw, into);
}

/** Node has no decoder for these two: the controller's own program does it. */
async function through(program: 'xz' | 'bzip2', raw: Readable, into: NodeJS.WritableStream): Promise<void> {
  const child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', (cause) =>
      reject(
        new CutoverError('transfer', `the controller has no ${program} to unpack with`, {
          hint: `install ${program} here, or pack as tar.gz or zip`,
          cause,
        }),
      ),
    );
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}: the archive is damaged`)),
    );
  });
  try {
    await Promise.all([ended, pipeline(raw, child.stdin), pipeline(child.stdout, into)]);
  } catch (error) {
    // The program's own end says more than the broken pipe that follows from it.
    await ended;
    throw error;
  }
}
