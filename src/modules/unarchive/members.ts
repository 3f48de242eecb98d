import { posix } from 'node:path';
import { fnmatch, pathGlob } from '../../regex/index.ts';
import type { Archive } from '../archive/read.ts';
import type { ArchiveEntry } from '../archive/types.ts';
import { type UnarchiveParams, unpackOptions } from './params.ts';

/** Gives the members to unpack, with the names they get, and the folders around them that the archive does not name. */
export function chosenMembers(entries: readonly ArchiveEntry[], params: UnarchiveParams): ArchiveEntry[] {
  return withFolders(selected(entries, params));
}

/** Gives the names of the members to unpack as the archive lists them: a folder ends in `/`, `./` in front stays. */
export function listedNames({ entries, root }: Archive, params: UnarchiveParams): string[] {
  const { strip } = unpackOptions(params);
  const names = [...selected(entries, params).values()].map(
    ({ path, type, dotted }) =>
      `${dotted && strip === 0 ? './' : ''}${path}${type === 'directory' ? '/' : ''}`,
  );
  return root !== undefined && takesRoot(params) ? ['./', ...names] : names;
}

function selected(entries: readonly ArchiveEntry[], params: UnarchiveParams): Map<string, ArchiveEntry> {
  const options = unpackOptions(params);
  const included = patternTest(params.include);
  const excluded = patternTest(options.exclude);
  const members = new Map<string, ArchiveEntry>();
  for (const entry of entries) {
    if (params.include.length > 0 && !included(entry.path)) continue;
    if (excluded(entry.path)) continue;
    if (options.flat && entry.type === 'directory') continue;
    const path = options.flat
      ? posix.basename(entry.path)
      : entry.path
          .split('/')
          .slice(Math.max(0, options.strip - (entry.dotted ? 1 : 0)))
          .join('/');
    if (path !== '') members.set(path, { ...entry, path });
  }
  return members;
}

/** Whether the folder itself that was packed is unpacked too, as `dest`. */
export function takesRoot(params: UnarchiveParams): boolean {
  const { flat, strip } = unpackOptions(params);
  return !flat && strip === 0 && params.include.length === 0;
}

/** Names match as in tar: a folder takes what is below it, and `*` spans folders. */
function patternTest(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns.map((pattern) => {
    const clean = pattern.replace(/^\.\//, '').replace(/\/+$/, '');
    const spanning = fnmatch(clean);
    const below = pathGlob(clean);
    return (path: string) => spanning.test(path) || below(path);
  });
  return (path) => tests.some((test) => test(path));
}

function withFolders(members: ReadonlyMap<string, ArchiveEntry>): ArchiveEntry[] {
  const all = new Map<string, ArchiveEntry>();
  for (const [path, entry] of members) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      if (all.has(folder)) continue;
      all.set(folder, members.get(folder) ?? impliedFolder(folder, entry.mtime));
    }
    all.set(path, entry);
  }
  return [...all.values()];
}

function impliedFolder(path: string, mtime: number): ArchiveEntry {
  return { path, type: 'directory', mode: undefined, mtime, size: 0, sha256: undefined, target: undefined };
}
