import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { CutoverError } from '../errors/index.ts';
import { findTaskFile, readTaskFile } from './imports.ts';
import { inherit, type Place, surroundingsOf } from './place.ts';
import { type FileCache, Reading } from './reading.ts';
import { readRole } from './role-use.ts';
import type { Include, Included, IncludeLoader, LoadOptions, Playbook, RoleRequest } from './types.ts';

type Data = Readonly<Record<string, unknown>>;

/**
 * Makes the loader of dynamic includes for a run of a playbook. A file is read once; the same include of the same
 * file with the same parameters gives the same nodes, for every host.
 */
export function createIncludeLoader(_playbook: Playbook, options: LoadOptions): IncludeLoader {
  const files: FileCache = new Map();
  const known = new Map<string, Promise<Included>>();
  const once = (key: string, read: (reading: Reading) => Included): Promise<Included> => {
    const before = known.get(key);
    if (before) return before;
    const made = readAll(new Reading(options, files), read);
    known.set(key, made);
    return made;
  };
  return {
    tasks: async (include, file, params) =>
      once(keyOf(include, { file, params }), (reading) => includeTasks(reading, include, file, params)),
    role: async (include, role, params) =>
      once(keyOf(include, { role, params }), (reading) => includeRole(reading, include, role, params)),
  };
}

async function readAll(reading: Reading, read: (reading: Reading) => Included): Promise<Included> {
  const included = read(reading);
  await reading.finish();
  return included;
}

function includeTasks(reading: Reading, include: Include, file: string, params: Data): Included {
  const place = placeOf(include, params, { file, params });
  const path = findTaskFile(reading, file, place, 'dynamic', include.argsAt);
  const inner = { ...place, importing: [] };
  const nodes = path === undefined ? [] : readTaskFile(reading, path, inner, include.argsAt);
  return {
    nodes,
    role: place.inherited.role,
    handlers: place.play.roleHandlers,
    exposes: place.play.roles,
    counts: path !== undefined && Array.isArray(reading.file(path)),
  };
}

function includeRole(reading: Reading, include: Include, role: RoleRequest, params: Data): Included {
  const place = placeOf(include, {}, { role, params });
  const own = include.vars.filter((layer) => layer.level === 'include params').map((layer) => layer.values);
  const used = readRole(
    reading,
    {
      ...role,
      at: include.argsAt,
      params: Object.assign({}, ...own, params),
      vars: {},
      inherited: place.inherited,
      id: place.id,
      public: role.public ?? false,
      again: role.allowDuplicates ?? true,
      byTask: true,
    },
    { ...place, importing: [] },
  );
  const imported = place.play.roles;
  if (!used) return { nodes: [], role: undefined, handlers: [], exposes: imported };
  return {
    nodes: used.nodes,
    role: used.role,
    handlers: [...used.handlers, ...place.play.roleHandlers],
    exposes: used.role.public ? [...imported, used.role] : imported,
  };
}

/** What the included nodes stand in: the surroundings of the include, its `apply`, and the parameters of this time. */
function placeOf(include: Include, params: Data, what: unknown): Place {
  const around = surroundingsOf(include);
  if (!around)
    throw new CutoverError('internal', 'this include was not made by the loader', {
      position: include.position,
    });
  const applied = inherit(around.inherited, include.apply ?? {}, 'block vars');
  const layer = { level: 'include params', origin: 'parameters of the include', values: params } as const;
  const vars = Object.keys(params).length === 0 ? applied.vars : [...applied.vars, layer];
  return {
    ...around,
    play: { ...around.play, roles: [], roleHandlers: [], rolesWithHandlers: new Set() },
    inherited: { ...applied, vars },
    id: `${include.id}.${digest(what)}`,
    folder: resolve(around.folder),
    handlers: false,
    dynamic: true,
    underWay: true,
  };
}

/** The same for the same include of the same thing, in this run and when it is resumed. */
function keyOf(include: Include, what: unknown): string {
  return `${include.id} ${digest(what)}`;
}

function digest(what: unknown): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 8);
}
