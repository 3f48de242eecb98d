import { locate, positionOf } from '../source/index.ts';
import { checkIncludeKeywords, checkParameters, readInclude, refuseLoop, staticName } from './imports.ts';
import { inherit, type Place } from './place.ts';
import { hasTemplate, type Reading } from './reading.ts';
import { checkRoleRequest, ROLE_PARAMETERS, roleRequest } from './role-request.ts';
import { readRole } from './role-use.ts';
import { varsOf } from './shapes.ts';
import type { TaskText } from './task.ts';
import type { RoleRequest, TaskNode } from './types.ts';

/** `import_role`: the role's tasks take this task's place. Its handlers, defaults and vars join the play. */
export function importRole(reading: Reading, text: TaskText): readonly TaskNode[] {
  refuseLoop(reading, text, 'include_role');
  checkParameters(reading, text, ROLE_PARAMETERS);
  const { data, action, place, id } = text;
  const inherited = inherit(place.inherited, data, 'task vars');
  const inner = { ...place, inherited };
  const request = staticRequest(reading, text, inner);
  if (!request) return [];
  const used = readRole(
    reading,
    {
      ...request,
      at: positionOf(action.args, action.args.name === undefined ? 'role' : 'name') ?? action.at,
      params: {},
      vars: varsOf(data.vars) ?? {},
      inherited,
      id: `${id}.role`,
      public: request.public ?? true,
      again: request.allowDuplicates ?? true,
      byTask: true,
    },
    inner,
  );
  if (!used) return [];
  place.play.roles.push(...used.dependencies, used.role);
  place.play.roleHandlers.push(...used.handlers);
  return used.nodes;
}

/** The parameters of an import, whose templates must be known before the run. Notes errors; undefined when there are any. */
function staticRequest(reading: Reading, text: TaskText, place: Place): RoleRequest | undefined {
  const { args, at } = text.action;
  const known: Record<string, unknown> = { ...args };
  for (const [key, value] of Object.entries(args)) {
    if (typeof value !== 'string' || !hasTemplate(value)) continue;
    known[key] = staticName(reading, text, key, place, 'include_role');
    if (known[key] === undefined) return undefined;
  }
  return reading.attempt(() => roleRequest(text.action.module, locate(known, args), at));
}

/** `include_role`: read when the run gets there. */
export function includeRole(reading: Reading, text: TaskText): readonly TaskNode[] {
  checkIncludeKeywords(reading, text);
  checkParameters(reading, text, [...ROLE_PARAMETERS, 'apply']);
  const { args, at, module } = text.action;
  if (!reading.attempt(() => checkRoleRequest(module, args, at))) return [];
  return [readInclude(reading, text, 'role', inherit(text.place.inherited, text.data, 'include params'))];
}
