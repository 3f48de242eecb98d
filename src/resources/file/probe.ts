import type { Cursor } from '../cursor.ts';
import { quote } from '../shell.ts';
import type { FileState, FileType } from '../states.ts';

/** What a file probe asks. */
export interface FileQuery {
  readonly path: string;
  readonly follow: boolean;
  readonly checksum: boolean;
}

/** Gives the shell lines that answer all these questions (see runtime/probe.sh). */
export function fileProbeScript(queries: readonly FileQuery[]): string[] {
  const words = queries.map(
    ({ path, follow, checksum }) => `${follow ? 'f' : ''}${checksum ? 'h' : ''}. ${quote(path)}`,
  );
  return ['umask', `co_files ${words.join(' ')}`];
}

/** Reads their answers. */
export function readFileProbe(cursor: Cursor, queries: readonly FileQuery[]): FileState[] {
  const umask = Number.parseInt(cursor.line(), 8);
  const flags = queries.map(() => cursor.line());
  const links = readLinks(cursor);
  const records = readRecords(cursor);
  const hashes = readHashes(
    cursor,
    queries.filter((query, index) => wantsHash(query, flags[index]!)),
  );
  return queries.map((query, index) => {
    const link = links.get(index);
    const record = link?.record ?? records.get(query.path);
    const base = { path: query.path, umask, ...surroundings(query.path, flags[index]!) };
    if (!record)
      return { ...base, type: 'absent', ...(link?.realPath !== undefined && { realPath: link.realPath }) };
    const sha256 = hashes.get(query.path);
    return {
      ...base,
      ...stateOf(record),
      ...access(flags[index]!),
      ...(sha256 !== undefined && query.checksum && { sha256 }),
      ...(link?.target !== undefined && { target: link.target }),
      ...(link?.realPath !== undefined && { realPath: link.realPath }),
    };
  });
}

interface LinkAnswer {
  readonly target?: string;
  /** With `follow`: where it ends, and what stat says about that. */
  readonly realPath?: string;
  readonly record?: string[];
}

function readLinks(cursor: Cursor): Map<number, LinkAnswer> {
  const links = new Map<number, LinkAnswer>();
  for (let head = cursor.line(); /^\d+$/.test(head); head = cursor.line()) {
    const text = cursor.linesUntil(END).replace(/\n$/, '');
    const index = Number(head) / 2 - 1;
    const end = text.lastIndexOf('\n//');
    if (end < 0) {
      links.set(index, { target: text });
      continue;
    }
    // With `follow`: the path, a line `//`, and a record unless nothing is there.
    const [realPath = '', record] = text.split('\n//\n', 2);
    links.set(index, {
      realPath: realPath.replace(/\n\/\/$/, ''),
      record: record ? splitRecord(record.slice(2)) : undefined,
    });
  }
  return links;
}

/** The line that ends each part of the answer. No path gives it. */
const END = '//.';

/** `//field/field/.../name`: no field before the name holds a slash, and no path holds two in a row. */
function splitRecord(record: string): string[] {
  const fields = record.split('/');
  return [...fields.slice(0, 15), fields.slice(15).join('/')];
}

function readRecords(cursor: Cursor): Map<string, string[]> {
  const text = cursor.linesUntil(END);
  const records = new Map<string, string[]>();
  if (text === '') return records;
  for (const record of text.slice(2).replace(/\n$/, '').split('\n//')) {
    const fields = splitRecord(record);
    records.set(fields[15]!, fields);
  }
  return records;
}

/** Hash lines come in the order of the questions; a file that vanished has none. GNU marks odd names with a backslash. */
function readHashes(cursor: Cursor, queries: readonly FileQuery[]): Map<string, string> {
  const text = cursor.linesUntil(END);
  const hashes = new Map<string, string>();
  let at = 0;
  for (const { path } of queries) {
    const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
    for (const name of [path, escaped]) {
      const mark = text[at] === '\\' ? 1 : 0;
      const line = `  ${name}\n`;
      if (!text.startsWith(line, at + mark + 64)) continue;
      hashes.set(path, text.slice(at + mark, at + mark + 64));
      at += mark + 64 + line.length;
      break;
    }
  }
  return hashes;
}

function wantsHash(query: FileQuery, flags: string): boolean {
  return query.checksum && flags.includes('R') && !flags.startsWith('l');
}

function surroundings(path: string, flags: string): Partial<FileState> {
  const mark = flags.replace(/^[rl]?R?W?X?/, '');
  if (mark === 'd') return { parent: 'directory' };
  if (mark === 'o') return { parent: 'other' };
  let firstMissing = path;
  for (let count = Number(mark); count > 0; count--)
    firstMissing = firstMissing.slice(0, firstMissing.lastIndexOf('/'));
  return { parent: 'absent', firstMissing };
}

function access(flags: string): Partial<FileState> {
  return { readable: flags.includes('R'), writable: flags.includes('W'), executable: flags.includes('X') };
}

const TYPES: Record<number, { type: FileType; special?: FileState['special'] }> = {
  8: { type: 'file' },
  4: { type: 'directory' },
  10: { type: 'link' },
  1: { type: 'other', special: 'fifo' },
  12: { type: 'other', special: 'socket' },
  6: { type: 'other', special: 'block' },
  2: { type: 'other', special: 'character' },
};

/** Gives the state that one record of `stat` tells. */
export function stateOf(fields: readonly string[]): Omit<FileState, 'path'> {
  const [raw = '0', uid, gid, size, inode, device, links, owner, group, atime, mtime, ctime, x, y, z] =
    fields;
  const bits = Number.parseInt(raw, 16);
  return {
    ...(TYPES[bits >> 12] ?? { type: 'other' }),
    mode: bits & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    size: Number(size),
    inode: Number(inode),
    device: Number(device),
    links: Number(links),
    owner: known(owner, uid),
    group: known(group, gid),
    atime: time(atime, x),
    mtime: time(mtime, y),
    ctime: time(ctime, z),
  };
}

function known(name: string | undefined, id: string | undefined): string | undefined {
  return name === undefined || name === '' || name === 'UNKNOWN' ? id : name;
}

/** Whole seconds, and the fraction from the readable form (`2026-01-02 03:04:05.678901234 +0000`). */
function time(seconds: string | undefined, readable: string | undefined): number {
  const fraction = /\.(\d+)/.exec(readable ?? '')?.[1];
  return Number(fraction === undefined ? seconds : `${seconds}.${fraction}`);
}
