/** The lookup `filetree`: what lies in folders of the controller, for tasks that make the same on hosts. */
import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { normalize } from 'node:path';
import { Float } from '../../values/index.ts';
import { str } from '../python/text.ts';
import type { LookupCall } from './lookup.ts';

/**
 * Gives every folder, file and link below the folders, those of the first folder where several have one path.
 * Of a term, all but the last name is searched for: `site/` is the first folder `site`, `site` is in the first of the folders to search.
 */
export function filetree(call: LookupCall): unknown[] {
  const names = namesHere();
  const found = new Map<string, unknown>();
  for (const term of call.terms) {
    const root = rootOf(str(term), call);
    if (root === undefined) continue;
    for (const path of pathsBelow(root.folder)) {
      if (!found.has(path)) {
        const entry = entryOf(`${root.folder}/${path}`, names);
        if (entry) found.set(path, { root: root.written, path, ...entry });
      }
    }
  }
  return [...found.values()];
}

function rootOf(term: string, call: LookupCall): { folder: string; written: string } | undefined {
  const [, above = '', name = ''] = /^(.*\/)?([^/]*)$/s.exec(term)!;
  const searched = above === '' ? '.' : above.replace(/(?<=.)\/+$/, '');
  const parent = call.find(normalize(searched), 'files')?.replace(/\/$/, '');
  if (parent === undefined) return undefined;
  return { folder: name === '' ? parent : `${parent}/${name}`, written: `${parent}/${name}` };
}

/** Gives the paths below a folder, level by level as they are met: folders, and links to such, before files. Links are not followed. */
function pathsBelow(root: string, below = ''): string[] {
  const folder = below === '' ? root : `${root}/${below}`;
  const isFolder = (name: string) =>
    readable(() => readdirSync(`${folder}/${name}`), undefined) !== undefined;
  const entries = readable(() => readdirSync(folder, { withFileTypes: true }), []);
  const at = (name: string) => (below === '' ? name : `${below}/${name}`);
  const first = entries.filter((entry) =>
    entry.isSymbolicLink() ? isFolder(entry.name) : entry.isDirectory(),
  );
  return [
    ...[...first, ...entries.filter((entry) => !first.includes(entry))].map(({ name }) => at(name)),
    ...first.filter((entry) => !entry.isSymbolicLink()).flatMap(({ name }) => pathsBelow(root, at(name))),
  ];
}

function entryOf(path: string, { users, groups }: Names): Record<string, unknown> | undefined {
  const stats = readable(() => lstatSync(path, { bigint: true }), undefined);
  const kind = stats && kindOf(path, stats);
  if (!stats || !kind) return undefined;
  const uid = Number(stats.uid);
  const gid = Number(stats.gid);
  return {
    ...kind,
    uid,
    gid,
    owner: users.get(uid) ?? uid,
    group: groups.get(gid) ?? gid,
    mode: `0${(Number(stats.mode) & 0o7777).toString(8)}`,
    size: Number(stats.size),
    mtime: seconds(stats.mtimeNs),
    ctime: seconds(stats.ctimeNs),
  };
}

/** Sockets, pipes and devices are not told. */
function kindOf(path: string, stats: BigIntStats): Record<string, string> | undefined {
  if (stats.isDirectory()) return { state: 'directory' };
  if (stats.isFile()) return { state: 'file', src: path };
  return stats.isSymbolicLink() ? { state: 'link', src: readlinkSync(path) } : undefined;
}

/** Gives seconds, rounded as Python rounds them: whole ones and the rest apart. */
const seconds = (nanoseconds: bigint): Float =>
  new Float(Number(nanoseconds / 1_000_000_000n) + 1e-9 * Number(nanoseconds % 1_000_000_000n));

/** Names of the controller's users and groups by number. */
interface Names {
  readonly users: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, string>;
}

const namesHere = (): Names => ({ users: namesIn('/etc/passwd'), groups: namesIn('/etc/group') });

function namesIn(file: string): Map<number, string> {
  const lines = readable(() => readFileSync(file, 'utf8'), '').split('\n');
  return new Map(
    lines.map((line) => {
      const [name = '', , number] = line.split(':');
      return [Number(number), name];
    }),
  );
}

/** Gives what can be read, else the other: a tree that changes, or that is closed in part, gives what is there. */
function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
