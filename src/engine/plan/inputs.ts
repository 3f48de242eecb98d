/** Digests of everything on the controller that a run is made of. */
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { isMapping } from '../../values/index.ts';
import type { Prepared } from '../session-setup.ts';
import type { Marker } from './marker.ts';

/** Gives the digests of files as they are stored (an encrypted one stays encrypted), by their path from a folder; `like` are those to compare with. */
export function digestFiles(
  marker: Marker,
  folder: string,
  files: Iterable<string>,
  like?: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const paths = [...new Set([...files].map((path) => resolve(path)))].sort();
  const named = paths.map((path) => [relative(folder, path), path] as const);
  return Object.fromEntries(named.map(([name, path]) => [name, digestFile(path, marker, like?.[name])]));
}

/** Gives the digests of what the inventory says of hosts: their groups and variables. Hosts that it does not have are left out. */
export function digestHosts(
  { inventory }: Prepared,
  marker: Marker,
  folder: string,
  hosts: Iterable<string>,
): Readonly<Record<string, string>> {
  const known = [...hosts].flatMap((name) => inventory.hosts.get(name) ?? []);
  return Object.fromEntries(
    known.map(({ name, groups }) => {
      // Layer by layer: those of groups are shared by their hosts.
      const layers = inventory
        .layers(name, folder)
        .map(({ level, values }) => `${level} ${digestValues(values, marker)}`);
      return [name, marker.digest(JSON.stringify([groups, layers]), '')];
    }),
  );
}

/** Variables may hold passwords that nobody has declared to be secret: their digests are always slow and salted. */
export function digestValues(values: unknown, marker: Marker): string {
  return marker.sealed(JSON.stringify(sorted(values)));
}

function digestFile(path: string, marker: Marker, like: string | undefined): string {
  try {
    return marker.digest(readFileSync(path), like);
  } catch {
    return 'gone';
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMapping(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}
