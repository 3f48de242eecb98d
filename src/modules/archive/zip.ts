import { Buffer } from 'node:buffer';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import type { ArchiveSource, Visit } from './types.ts';

const UNIX = 3;
/** Flag of a member whose name is marked as UTF-8. */
const UTF8 = 0x800;
/** Extra field of Info-ZIP with the name in UTF-8. */
const UNICODE_PATH = 0x7075;
const TYPE_MASK = 0o170000;
const LINK = 0o120000;

/** Goes through a zip file's members. Throws for names that leave the folder, encryption, and damage. */
export async function visitZip(source: ArchiveSource, visit: Visit): Promise<void> {
  const zip = await openZip(source);
  try {
    for await (const entry of zip.eachEntry()) await visitEntry(zip, entry, visit);
  } finally {
    zip.close();
  }
}

function openZip(source: ArchiveSource): Promise<ZipFile> {
  const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true };
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, zip: ZipFile) => (error ? reject(error) : resolve(zip));
    if ('bytes' in source) yauzl.fromBuffer(Buffer.from(source.bytes), options, done);
    else yauzl.open(source.path, options, done);
  });
}

async function visitEntry(zip: ZipFile, entry: Entry, visit: Visit): Promise<void> {
  if (entry.isEncrypted()) throw new Error(`${entry.fileName} is encrypted`);
  const unix = entry.versionMadeBy >> 8 === UNIX ? entry.externalFileAttributes >>> 16 : 0;
  const mode = unix === 0 ? undefined : unix & 0o7777;
  const mtime = Math.floor(entry.getLastModDate().getTime() / 1000);
  const path = nameOf(entry).replace(/\/+$/, '');
  const base = { path, mode, mtime, target: undefined };
  if (entry.fileName.endsWith('/')) return visit({ ...base, type: 'directory', size: 0 }, nothing);
  if ((unix & TYPE_MASK) === LINK) {
    const target = (await allOf(bytesOf(zip, entry))).toString();
    return visit({ ...base, type: 'link', size: target.length, target }, nothing);
  }
  return visit({ ...base, type: 'file', size: entry.uncompressedSize }, () => bytesOf(zip, entry));
}

/**
 * What packs on Unix writes names as they are, which is UTF-8, and often marks them in no way; the format would have them
 * in code page 437. unzip does the same.
 */
function nameOf(entry: Entry): string {
  const marked =
    (entry.generalPurposeBitFlag & UTF8) !== 0 || entry.extraFields.some(({ id }) => id === UNICODE_PATH);
  return marked || entry.versionMadeBy >> 8 !== UNIX ? entry.fileName : entry.fileNameRaw.toString('utf8');
}

/** Gives all bytes at once. */
export async function allOf(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const gathered: Uint8Array[] = [];
  for await (const part of parts) gathered.push(part);
  return Buffer.concat(gathered);
}

async function* bytesOf(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  yield* await zip.openReadStreamPromise(entry);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
