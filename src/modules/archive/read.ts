/** Reads archives on the controller: a list of members with their hashes, and the bytes of those that are wanted. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CutoverError } from '../../errors/index.ts';
import type { Content } from '../../resources/index.ts';
import { formatOf } from './format.ts';
import { visitTar } from './tar.ts';
import type { ArchiveEntry, ArchiveFormat, ArchiveSource, Visit } from './types.ts';
import { allOf, visitZip } from './zip.ts';

/** Smaller members are held in memory between planning and sending; others wait in the run's folder. */
const IN_MEMORY = 64 * 1024;

/** An archive's members. */
export interface Archive {
  readonly source: ArchiveSource;
  readonly format: ArchiveFormat;
  readonly entries: readonly ArchiveEntry[];
  /** The folder itself that was packed, when the archive names it (`./`). */
  readonly root?: ArchiveEntry;
}

/** By SHA-256: the same archive may lie at several places. */
const listed = new Map<string, Promise<Omit<Archive, 'source'>>>();

/** Lists an archive, hashing every member; once for all hosts. Throws CutoverError('transfer') when it is none or damaged. */
export async function readArchive(source: ArchiveSource): Promise<Archive> {
  let listing = listed.get(source.sha256);
  if (!listing) {
    listing = list(source);
    listed.set(source.sha256, listing);
    listing.catch(() => listed.delete(source.sha256));
  }
  return { ...(await listing), source };
}

async function list(source: ArchiveSource): Promise<Omit<Archive, 'source'>> {
  const format = await formatOf(source);
  // To the letter at its beginning: playbooks compare it.
  if (!format)
    throw new CutoverError(
      'transfer',
      `Failed to find handler for "${nameOf(source)}": it is no zip or tar archive`,
    );
  const entries: ArchiveEntry[] = [];
  let root: ArchiveEntry | undefined;
  await visitArchive(source, format, async (member, open) => {
    const safe = { ...member, path: safePath(member.path, source) };
    const linked = isHardLink(member)
      ? entries.find((entry) => entry.path === hardTarget(member))
      : undefined;
    if (safe.path === '') root = { ...safe, sha256: undefined };
    else if (member.type !== 'file') entries.push({ ...safe, sha256: undefined });
    else if (isHardLink(member))
      entries.push({ ...safe, size: linked?.size ?? 0, sha256: linked?.sha256, target: hardTarget(member) });
    else entries.push({ ...safe, sha256: await hashOf(open()) });
  });
  return { format, entries: lastOfEach(entries), ...(root && { root }) };
}

async function visitArchive(source: ArchiveSource, format: ArchiveFormat, visit: Visit): Promise<void> {
  try {
    if (format === 'zip') await visitZip(source, visit);
    else await visitTar(source, format, visit);
  } catch (cause) {
    if (cause instanceof CutoverError) throw cause;
    throw new CutoverError('transfer', `${nameOf(source)} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** A member that comes twice is what it was last, as when unpacking one by one. */
function lastOfEach(entries: readonly ArchiveEntry[]): ArchiveEntry[] {
  return [...new Map(entries.map((entry) => [entry.path, entry])).values()];
}

const isHardLink = (member: { readonly type: string; readonly target: string | undefined }) =>
  member.type === 'file' && member.target !== undefined;

const hardTarget = (member: { readonly target: string | undefined }) =>
  (member.target ?? '').replace(/^(?:\.?\/+)+/, '');

function safePath(path: string, source: ArchiveSource): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) {
    throw new CutoverError(
      'transfer',
      `${nameOf(source)} holds "${path}", which would leave the folder it is unpacked to`,
    );
  }
  return parts.join('/');
}

function nameOf(source: ArchiveSource): string {
  return 'path' in source ? source.path : source.name;
}

async function hashOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of bytes) hash.update(part);
  return hash.digest('hex');
}

/** Gives the contents of the wanted members, by their SHA-256. Large ones are kept in `folder`, named by their hash. */
export async function contentsOf(
  archive: Archive,
  wanted: ReadonlySet<string>,
  folder: string,
): Promise<Map<string, Content>> {
  const contents = new Map<string, Content>();
  const missing = new Set<string>();
  for (const entry of archive.entries) {
    const { sha256, size } = entry;
    if (sha256 === undefined || !wanted.has(sha256)) continue;
    const file = join(folder, sha256);
    if (size > IN_MEMORY && existsSync(file)) contents.set(sha256, { sha256, size, from: { file } });
    else missing.add(entry.path);
  }
  if (missing.size === 0) return contents;
  const hashes = new Map(archive.entries.map((entry) => [entry.path, entry.sha256]));
  await visitArchive(archive.source, archive.format, async (member, open) => {
    const path = safePath(member.path, archive.source);
    const sha256 = hashes.get(path);
    if (!missing.has(path) || isHardLink(member) || sha256 === undefined || contents.has(sha256)) return;
    contents.set(sha256, await keep(await allOf(open()), sha256, folder));
  });
  return contents;
}

async function keep(bytes: Buffer, sha256: string, folder: string): Promise<Content> {
  if (bytes.length <= IN_MEMORY) return { sha256, size: bytes.length, from: { bytes } };
  await mkdir(folder, { recursive: true });
  const file = join(folder, sha256);
  // Several hosts may unpack the same archive at once: a whole file appears, or none.
  const part = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(part, bytes);
  await rename(part, file);
  return { sha256, size: bytes.length, from: { file } };
}
