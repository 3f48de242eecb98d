/** What collections hold, found by full names (`acme.tools.base`), or by short ones where a `collections` list says where to look. */
import { join } from 'node:path';
import { isFile } from './reading.ts';
import type { LoadOptions } from './types.ts';

/** Gives the collection that a file or folder belongs to, as `namespace.name`. */
export function collectionOf(path: string): string | undefined {
  const [, namespace, name] = /\/ansible_collections\/(\w+)\/(\w+)(?:\/|$)/.exec(path) ?? [];
  return namespace === undefined ? undefined : `${namespace}.${name}`;
}

/** Gives the file in which the collection around a file or folder says what it requires, also of one that is used as it was checked out; undefined outside of collections. */
export function runtimeOfCollection(path: string): string | undefined {
  const [installed] = /^.*\/ansible_collections\/\w+\/\w+(?=\/|$)/.exec(path) ?? [];
  const [, sources] = /^(.*?)\/roles(?=\/|$)/.exec(path) ?? [];
  const folder =
    installed ?? (sources !== undefined && isFile(join(sources, 'galaxy.yml')) ? sources : undefined);
  return folder === undefined ? undefined : join(folder, 'meta', 'runtime.yml');
}

/** What a full name is made of; the last part may name sub-folders (`acme.tools.web.proxy`). */
const FULL_NAME = /^(\w+\.\w+)\.(\w+(?:\.\w+)*)$/;

/** Gives where a role may be: by its full name, else by its short one in these collections. `playFolder`: of the playbook, whose `collections/` comes first. */
export function rolesInCollections(
  options: LoadOptions,
  playFolder: string,
  name: string,
  collections: readonly string[],
): string[] {
  const full = FULL_NAME.exec(name);
  const wanted: [string, string][] = full
    ? [[full[1]!, pathOf(full[2]!)]]
    : collections.map((collection) => [collection, name]);
  return wanted.flatMap(([collection, role]) =>
    foldersOf(options, playFolder, collection).map((folder) => join(folder, 'roles', role)),
  );
}

/** Gives a playbook of a collection by its full name; undefined when there is none. */
export function playbookInCollection(
  options: LoadOptions,
  playFolder: string,
  name: string,
): string | undefined {
  const [, collection, playbook] = FULL_NAME.exec(name) ?? [];
  if (collection === undefined || playbook === undefined) return undefined;
  return foldersOf(options, playFolder, collection)
    .flatMap((folder) =>
      ['.yml', '.yaml'].map((ending) => join(folder, 'playbooks', `${pathOf(playbook)}${ending}`)),
    )
    .find(isFile);
}

function pathOf(name: string): string {
  return name.replaceAll('.', '/');
}

function foldersOf(options: LoadOptions, playFolder: string, collection: string): string[] {
  // A playbook of a collection finds those that lie beside its own.
  const [, around] = /^(.*)\/ansible_collections\//.exec(playFolder) ?? [];
  const roots = [join(playFolder, 'collections'), ...(around === undefined ? [] : [around])];
  return [...roots, ...(options.collectionsPath ?? [])].map((folder) =>
    join(folder, 'ansible_collections', ...collection.split('.')),
  );
}
