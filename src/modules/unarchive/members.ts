import { posix } from 'node:path';
import { fnmatch, pathGlob } from '../../regex/index.ts';
import type { Archive } from '../archive/read.ts';
import type { ArchiveEntry } from '../archive/types.ts';
import { type UnarchiveParams, unpackOptions } from './params.ts';

/** Gives the members to unpack, with the names they get, and the folders around them that the archive does not name. */
export function chosenMembers(entries: readonly ArchiveEntry[], params: UnarchiveParams): ArchiveEntry[] {
  const named = selected(entries, params).filter(({ path }) => path !== '');
  return withFolders(new Map(named.map((entry) => [entry.path, entry])));
}

/**
 * Gives the names of the members to unpack as the archive lists them: a folder ends in `/`, `./` in front stays, and nothing
 * is left of one whose whole name is cut.
 */
export function listedNames({ entries, root }: Archive, params: UnarchiveParams): string[] {
  const { strip } = unpackOptions(params);
  const names = selected(entries, params).map(({ path, type, dotted }) =>
    path === '' ? '' : `${dotted && strip === 0 ? './' : ''}${path}${type === 'directory' ? '/' : ''}`,
  );
  if (root === undefined || !holdsRoot(params)) return names;
  return [strip === 0 ? './' : '', ...names];
}

/** The members that are wanted; one whose whole name is cut has an empty path. */
function selected(entries: readonly ArchiveEntry[], params: UnarchiveParams): ArchiveEntry[] {
  const options = unpackOptions(params);
  const included = patternTest(params.include);
  const excluded = patternTest(options.exclude);
  return entries.flatMap((entry) => {
    if (params.include.length > 0 && !included(entry.path)) return [];
    if (excluded(entry.path)) return [];
    if (options.flat && entry.type === 'directory') return [];
    const path = options.flat
      ? posix.basename(entry.path)
      : entry.path
          .split('/')
          .slice(Math.max(0, options.strip - (entry.dotted ? 1 : 0)))
          .join('/');
    return [{ ...entry, path }];
  });
}

/**
 * Whether a name of the archive means `dest` itself: one that is wholly cut, or `.` in front of the others. Ansible gives
 * `dest` the mode and the owner of the task then.
 */
export function namesRoot({ entries, root }: Archive, params: UnarchiveParams): boolean {
  const { flat, strip } = unpackOptions(params);
  if (flat) return false;
  if (strip === 0) return selected(entries, params).some(({ dotted }) => dotted);
  return (
    (root !== undefined && holdsRoot(params)) || selected(entries, params).some(({ path }) => path === '')
  );
}

/** Whether the folder itself that was packed is unpacked too, as `dest`. */
export function takesRoot(params: UnarchiveParams): boolean {
  return holdsRoot(params) && unpackOptions(params).strip === 0;
}

/** Whether the folder itself that was packed is among what is wanted. */
function holdsRoot(params: UnarchiveParams): boolean {
  return !unpackOptions(params).flat && params.include.length === 0;
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
