import { createHash } from 'node:crypto';
import type { SourcePosition } from '../errors/index.ts';
import { positionOf } from '../source/index.ts';
import { isMapping } from '../values/index.ts';
import { readTaskFile } from './imports.ts';
import { readHandlers } from './nodes.ts';
import { type Inherited, inherit, type Place } from './place.ts';
import { kindOf, type Reading } from './reading.ts';
import { readRoleEntry } from './role-entry.ts';
import {
  argumentSpec,
  findRole,
  namedRoleFile,
  type RoleFolder,
  type RoleMeta,
  roleMeta,
  roleVariables,
} from './role-files.ts';
import type { Block, Handler, Role, Task, TaskNode } from './types.ts';

type Data = Readonly<Record<string, unknown>>;

/** One use of a role: an entry of `roles:`, a dependency, an import or an include. */
export interface RoleUse {
  readonly name: string;
  readonly at: SourcePosition;
  /** Written inline: stronger than facts. */
  readonly params: Data;
  /** The entry's `vars:`, as weak as the role's own vars. */
  readonly vars: Data;
  /** Keywords of this use, which its tasks and dependencies take over. */
  readonly inherited: Inherited;
  readonly id: string;
  readonly tasksFrom?: string | undefined;
  readonly varsFrom?: string | undefined;
  readonly defaultsFrom?: string | undefined;
  readonly handlersFrom?: string | undefined;
  readonly public: boolean;
  /** Runs again although the same use ran before; what a task says of it counts, and not the meta of the role. */
  readonly again: boolean;
  /** False: variables are not checked against the argument specification. */
  readonly validates?: boolean | undefined;
  /** Named by a task (`import_role`, `include_role`): counted apart from the roles of the play and dependencies. */
  readonly byTask?: boolean;
  /** An entry of `dependencies`. */
  readonly dependency?: boolean;
  /** What makes this use another one than the one before, beside name, params and vars. */
  readonly conditions?: unknown;
}

/** What a use of a role gives: the blocks of its dependencies, then its own, and their handlers. */
export interface UsedRole {
  readonly role: Role;
  /** What it depends on, in the order of running. */
  readonly dependencies: readonly Role[];
  readonly nodes: readonly TaskNode[];
  readonly handlers: readonly Handler[];
}

/** Reads a role and what it depends on, for one use of it. Notes errors; undefined when there is nothing to use. */
export function readRole(reading: Reading, use: RoleUse, place: Place): UsedRole | undefined {
  const folder = findRole(reading, use.name, place, use.at);
  if (!folder) return undefined;
  reading.options.roleFound?.(folder.path);
  const meta = roleMeta(reading, folder);
  const alone = roleOf(reading, folder, meta, use);
  const chain = [...place.roles, alone];
  const dependencies = readDependencies(reading, meta, use, { ...place, roles: chain });
  const needed = dependencies.flatMap((used) => [...used.dependencies, used.role]);
  const parents = [...place.roles, ...needed.map(asNeeded)];
  const spec =
    use.validates === false ? undefined : argumentSpec(reading, folder, meta, use.tasksFrom ?? 'main');
  const role: Role = { ...alone, parents, argumentSpec: spec };
  const inner: Place = {
    ...place,
    roles: chain,
    id: use.id,
    inherited: { ...use.inherited, role },
    folder: folder.path,
  };
  const handlers = readRoleHandlers(reading, folder, use, inner);
  return {
    role,
    dependencies: needed,
    nodes: [...dependencies.flatMap(({ nodes }) => nodes), roleBlock(reading, folder, meta, use, inner)],
    handlers: [...dependencies.flatMap((dependency) => dependency.handlers), ...handlers],
  };
}

/** A role sees the variables of what it depends on, but not the parameters of that use. */
function asNeeded(role: Role): Role {
  return { ...role, parents: [], needed: true, params: { ...role.params, values: {} } };
}

function roleOf(reading: Reading, folder: RoleFolder, meta: RoleMeta, use: RoleUse): Role {
  const defaults = roleVariables(reading, folder, 'defaults', use.defaultsFrom, use.at);
  const vars = roleVariables(reading, folder, 'vars', use.varsFrom, use.at);
  const own = Object.keys(use.vars).length === 0 ? vars : { ...use.vars, ...vars };
  return {
    name: folder.name,
    path: folder.path,
    defaults: { level: 'role defaults', origin: `defaults of role ${folder.name}`, values: defaults },
    vars: { level: 'role vars', origin: `vars of role ${folder.name}`, values: own },
    params: { level: 'role params', origin: `parameters of role ${folder.name}`, values: use.params },
    parents: [],
    public: use.public,
    ...(use.dependency ? { dependency: true } : {}),
    ...(meta.truthy ? { truthy: true } : {}),
  };
}

function readDependencies(reading: Reading, meta: RoleMeta, use: RoleUse, place: Place): UsedRole[] {
  return meta.dependencies.flatMap((entry, index) => {
    // What the entry says is written in the role that depends.
    const inner = { ...place, inherited: { ...use.inherited, role: place.roles.at(-1) } };
    const at = positionOf(meta.dependencies, index) ?? use.at;
    const dependency = readRoleEntry(reading, entry, inner, `${use.id}.dependencies.${index}`, at);
    if (!dependency) return [];
    const folder = findRole(reading, dependency.name, inner, dependency.at);
    if (folder && place.roles.some((role) => role.path === folder.path)) {
      const names = [...place.roles.map((role) => role.name), folder.name];
      reading.fail(`these roles depend on each other: ${names.join(' -> ')}`, at);
      return [];
    }
    return folder ? (readRole(reading, { ...dependency, dependency: true }, inner) ?? []) : [];
  });
}

/** A role's tasks as one block, so that a host that had them already can skip them as a whole. */
function roleBlock(reading: Reading, folder: RoleFolder, meta: RoleMeta, use: RoleUse, place: Place): Block {
  const spec = place.inherited.role?.argumentSpec;
  const path = namedRoleFile(reading, folder, 'tasks', use.tasksFrom, use.at);
  const tasks =
    path === undefined ? [] : readTaskFile(reading, path, { ...place, id: `${use.id}.tasks` }, use.at);
  return {
    ...place.inherited,
    kind: 'block',
    id: use.id,
    position: use.at,
    name: undefined,
    onceKey: useKey(folder, use),
    again: use.again || (!use.byTask && meta.allowDuplicates),
    block: spec ? [specTask(spec, use, place), ...tasks] : tasks,
    rescue: [],
    always: [],
  };
}

/** Two uses with the same key are the same. */
function useKey(folder: RoleFolder, use: RoleUse): string {
  const differences = [use.params, use.vars, use.conditions, use.tasksFrom, use.varsFrom, use.defaultsFrom];
  const plain = JSON.stringify(differences, (_key, value) => (value === undefined ? null : value));
  return `${use.byTask ? 'task ' : ''}${folder.path}#${createHash('sha256').update(plain).digest('hex').slice(0, 16)}`;
}

/** Checks the variables that a role's first task will see against the specification, whatever tags are selected. */
function specTask(spec: Data, use: RoleUse, place: Place): Task {
  const role = place.inherited.role!;
  const entryPoint = use.tasksFrom ?? 'main';
  const short = typeof spec.short_description === 'string' ? ` - ${spec.short_description}` : '';
  const nothing = { loop: undefined, register: undefined, changedWhen: undefined, failedWhen: undefined };
  const noWaiting = {
    until: undefined,
    retries: undefined,
    delay: undefined,
    async: undefined,
    poll: undefined,
  };
  return {
    ...inherit(place.inherited, { tags: 'always' }, 'task vars'),
    ...nothing,
    ...noWaiting,
    kind: 'task',
    id: `${use.id}.spec`,
    position: use.at,
    name: { value: `Validating arguments against arg spec '${entryPoint}'${short}`, at: use.at },
    module: 'validate_argument_spec',
    writtenModule: 'ansible.builtin.validate_argument_spec',
    args: {
      argument_spec: isMapping(spec.options) ? spec.options : {},
      validate_args_context: {
        type: 'role',
        name: role.name,
        argument_spec_name: entryPoint,
        path: role.path,
      },
    },
    argsAt: use.at,
    undo: undefined,
    confirm: undefined,
    backup: undefined,
  };
}

function readRoleHandlers(
  reading: Reading,
  folder: RoleFolder,
  use: RoleUse,
  place: Place,
): readonly Handler[] {
  const key = `${useKey(folder, use)}#${use.handlersFrom ?? 'main'}`;
  if (place.play.rolesWithHandlers.has(key)) return [];
  place.play.rolesWithHandlers.add(key);
  const path = namedRoleFile(reading, folder, 'handlers', use.handlersFrom, use.at);
  const data = path === undefined ? undefined : reading.file(path);
  if (data === undefined || data === null) return [];
  if (!Array.isArray(data)) {
    reading.fail(`handlers must be a list, not ${kindOf(data)}`, positionOf(data) ?? use.at);
    return [];
  }
  const importing = [path!];
  return readHandlers(reading, data, {
    ...place,
    id: `${use.id}.handlers`,
    folder: `${folder.path}/handlers`,
    importing,
  });
}
