import { positionOf } from '../source/index.ts';
import { checkIncludeKeywords, checkParameters, readInclude, refuseLoop, staticName } from './imports.ts';
import { inherit } from './place.ts';
import type { Reading } from './reading.ts';
import { readRole } from './role-use.ts';
import { varsOf } from './shapes.ts';
import type { TaskText } from './task.ts';
import type { TaskNode } from './types.ts';

const PARAMETERS = [
  'name',
  'role',
  'tasks_from',
  'vars_from',
  'defaults_from',
  'handlers_from',
  'allow_duplicates',
  'public',
  'rolespec_validate',
];

/** `import_role`: the role's tasks take this task's place. Its handlers, defaults and vars join the play. */
export function importRole(reading: Reading, text: TaskText): readonly TaskNode[] {
  refuseLoop(reading, text, 'include_role');
  checkParameters(reading, text, PARAMETERS);
  const { data, action, place, id } = text;
  const { args } = action;
  const inherited = inherit(place.inherited, data, 'task vars');
  const inner = { ...place, inherited };
  const parameter = args.name === undefined && args.role !== undefined ? 'role' : 'name';
  const name = staticName(reading, text, parameter, inner, 'include_role');
  if (name === undefined) return [];
  const from = (key: string) =>
    args[key] === undefined ? undefined : staticName(reading, text, key, inner, 'include_role');
  const used = readRole(
    reading,
    {
      name,
      at: positionOf(args, parameter) ?? action.at,
      params: {},
      vars: varsOf(data.vars) ?? {},
      inherited,
      id: `${id}.role`,
      tasksFrom: from('tasks_from'),
      varsFrom: from('vars_from'),
      defaultsFrom: from('defaults_from'),
      handlersFrom: from('handlers_from'),
      public: args.public !== false,
      again: args.allow_duplicates !== false,
      byTask: true,
    },
    inner,
  );
  if (!used) return [];
  place.play.roles.push(...used.dependencies, used.role);
  place.play.roleHandlers.push(...used.handlers);
  return used.nodes;
}

/** `include_role`: read when the run gets there. */
export function includeRole(reading: Reading, text: TaskText): readonly TaskNode[] {
  checkIncludeKeywords(reading, text);
  checkParameters(reading, text, [...PARAMETERS, 'apply']);
  const { args, at } = text.action;
  const name = args.name ?? args.role;
  if (typeof name !== 'string' || name === '') {
    reading.fail('include_role needs "name"', positionOf(args, 'name') ?? at);
    return [];
  }
  return [readInclude(reading, text, 'role', inherit(text.place.inherited, text.data, 'include params'))];
}
