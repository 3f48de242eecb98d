import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, extname, isAbsolute, join, resolve, sep } from 'node:path';
import { CutoverError, type SourcePosition } from '../errors/index.ts';
import { positionOf } from '../source/index.ts';
import { isMapping } from '../values/index.ts';
import { collectionOf, rolesInCollections, runtimeOfCollection } from './collections.ts';
import type { Place } from './place.ts';
import { isFile, isFolder, kindOf, type Reading } from './reading.ts';
import { namesOf } from './shapes.ts';

const EXTENSIONS = ['', '.yml', '.yaml', '.json'];

/** A role's folder and the name that its tasks carry. */
export interface RoleFolder {
  readonly name: string;
  readonly path: string;
}

/** A role is nowhere where it was looked for. */
export class MissingRole extends CutoverError {
  constructor(role: string, places: readonly string[], position: SourcePosition | undefined) {
    super('playbook', `the role "${role}" was not found`, {
      position,
      hint: `looked for ${places.join(', ')}`,
    });
  }
}

/** Finds a role: in collections, `roles/` beside the playbook, the roles path, beside the role that uses it, the playbook's folder. Notes an error that says where it was looked for. */
export function findRole(
  reading: Reading,
  name: string,
  place: Place,
  at: SourcePosition | undefined,
): RoleFolder | undefined {
  const plain = name.startsWith('~/') ? join(homedir(), name.slice(2)) : name;
  const user = place.roles.at(-1);
  const folders = [join(place.play.folder, 'roles'), ...reading.options.rolesPath];
  if (user) folders.push(dirname(user.path));
  folders.push(place.play.folder);
  const places = isAbsolute(plain)
    ? [plain]
    : [
        ...rolesInCollections(reading.options, place.play.folder, plain, collectionsAround(reading, place)),
        ...new Set(folders.map((folder) => resolve(folder, plain))),
      ];
  const path = places.find(isFolder);
  if (path === undefined) {
    reading.failWith(new MissingRole(name, places, at));
    return undefined;
  }
  // A path from the root is called by its last part, every other role as it is written (measured with ansible-core 2.14).
  return { name: isAbsolute(plain) ? basename(path) : name, path };
}

/** The collections in which a short name is looked for: what surrounds it, then those that the role or the play lists. */
function collectionsAround(reading: Reading, place: Place): readonly string[] {
  const user = place.roles.at(-1);
  const own = collectionOf(user?.path ?? place.play.folder);
  const listed = user ? roleMeta(reading, user).collections : place.play.collections;
  return own === undefined ? listed : [own, ...listed];
}

/** Gives the file of a role's subfolder: `main`, or the one that `tasks_from` and its like name. */
export function roleFile(role: RoleFolder, subfolder: string, from: string | undefined): string | undefined {
  const base = placeInRole(role, subfolder, from);
  return base === undefined ? undefined : EXTENSIONS.map((extension) => base + extension).find(isFile);
}

/** What lies outside of the subfolder is not the role's. */
function placeInRole(role: RoleFolder, subfolder: string, from: string | undefined): string | undefined {
  const folder = join(role.path, subfolder);
  const place = join(folder, from ?? 'main');
  return place.startsWith(folder + sep) ? place : undefined;
}

/** As `roleFile`, and notes an error when a file that was asked for by name is missing. */
export function namedRoleFile(
  reading: Reading,
  role: RoleFolder,
  subfolder: string,
  from: string | undefined,
  at: SourcePosition | undefined,
): string | undefined {
  const path = roleFile(role, subfolder, from);
  if (path === undefined && from !== undefined)
    reading.fail(
      `the role "${role.name}" has no ${subfolder} file "${from}"`,
      at,
      `looked for ${join(role.path, subfolder, from)}{.yml,.yaml,.json}; it must be in ${subfolder} of the role`,
    );
  return path;
}

/** The variables of a role's `defaults` or `vars`: its file, else every file of a folder `main/` in the order of their names. */
export function roleVariables(
  reading: Reading,
  role: RoleFolder,
  subfolder: 'defaults' | 'vars',
  from: string | undefined,
  at: SourcePosition | undefined,
): Readonly<Record<string, unknown>> {
  const read = (path: string) => reading.mapping(path, `${subfolder} of a role`);
  const file = roleFile(role, subfolder, from);
  if (file !== undefined) return read(file);
  const folder = placeInRole(role, subfolder, from);
  if (folder !== undefined && isFolder(folder)) return Object.assign({}, ...filesBelow(folder).map(read));
  namedRoleFile(reading, role, subfolder, from, at);
  return {};
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !basename(name).startsWith('.') && EXTENSIONS.includes(extname(name)))
    .sort()
    .map((name) => join(folder, name))
    .filter(isFile);
}

/** What `meta/main.yml` says. */
export interface RoleMeta {
  readonly dependencies: readonly unknown[];
  readonly allowDuplicates: boolean;
  /** Where its short names are looked for. */
  readonly collections: readonly string[];
  /** It is for an Ansible before 2.19, whose conditions may give what is no boolean. */
  readonly truthy: boolean;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads a role's `meta`. */
export function roleMeta(reading: Reading, role: RoleFolder): RoleMeta {
  const path = roleFile(role, 'meta', undefined);
  const data = path === undefined ? {} : reading.mapping(path, 'meta of a role');
  const { dependencies } = data;
  if (dependencies !== undefined && dependencies !== null && !Array.isArray(dependencies))
    reading.fail(
      `"dependencies" must be a list of roles, not ${kindOf(dependencies)}`,
      positionOf(data, 'dependencies'),
    );
  return {
    dependencies: Array.isArray(dependencies) ? dependencies : [],
    allowDuplicates: data.allow_duplicates === true,
    collections: namesOf(data.collections, ','),
    truthy: isBeforeStrictConditions(oldestAnsible(reading, role, data)),
    data,
  };
}

/** The oldest Ansible that a role is for: by its own `meta`, else by what its collection requires (`>=2.15.0,<3`). */
function oldestAnsible(reading: Reading, role: RoleFolder, data: Readonly<Record<string, unknown>>): unknown {
  if (isMapping(data.galaxy_info) && data.galaxy_info.min_ansible_version)
    return data.galaxy_info.min_ansible_version;
  const path = runtimeOfCollection(role.path);
  const required = path && isFile(path) ? reading.mapping(path, 'meta of a collection').requires_ansible : '';
  return /[>=~]=?\s*([\d.]+)/.exec(String(required))?.[1];
}

/** Whether a version is of ansible-core before 2.19, or of an Ansible package (3 and later) that has such a core. */
function isBeforeStrictConditions(version: unknown): boolean {
  const [, major, minor] = /^(\d+)(?:\.(\d+))?/.exec(String(version).trim()) ?? [];
  if (major === undefined) return false;
  return Number(major) === 2 ? Number(minor ?? 0) < 19 : Number(major) < 12;
}

/** The argument specification of one entry point of a role, from `meta/argument_specs.yml` or `meta/main.yml`. */
export function argumentSpec(
  reading: Reading,
  role: RoleFolder,
  meta: RoleMeta,
  entryPoint: string,
): Readonly<Record<string, unknown>> | undefined {
  const path = EXTENSIONS.slice(1)
    .map((extension) => join(role.path, 'meta', `argument_specs${extension}`))
    .find(isFile);
  const data = path === undefined ? meta.data : reading.mapping(path, 'argument specification');
  const specs = data.argument_specs;
  const spec = isMapping(specs) ? specs[entryPoint] : undefined;
  return isMapping(spec) ? spec : undefined;
}
