/** Variables that the tasks of a play set while it goes on. */
import type { SourcePosition } from '../../errors/index.ts';
import type { Include, Task, VarsLayer } from '../../playbook/index.ts';
import { positionOf } from '../../source/index.ts';
import { includedVars } from '../paper/literal-files.ts';
import type { SurveyedPlay } from '../paper/survey.ts';

/** A variable that a task sets: for itself (`task vars`) or from there on (`set_fact`). */
export interface Assignment {
  readonly name: string;
  readonly level: string;
  readonly position: SourcePosition | undefined;
  /** As written; undefined when only the run gives it. */
  readonly written: unknown;
  /** The task, as people name it. */
  readonly task: string;
}

/** Ansible's precedence among what tasks set, strongest first. */
const STRENGTH = [
  'include params',
  'role params',
  'set_fact',
  'register',
  'include_vars',
  'task vars',
  'block vars',
  'role vars',
  'role defaults',
];

/** Gives what the tasks of a play set, strongest level first. */
export function assignmentsIn(
  survey: SurveyedPlay,
  readText: (path: string) => string,
): readonly Assignment[] {
  const seen = new Set<object>();
  const found = survey.tasks.flatMap(({ node }) => [
    ...fromLayers(node, survey, seen),
    ...(node.register === undefined ? [] : [assignment(node, node.register, 'register')]),
    ...(node.kind === 'task' ? fromWork(node, survey, readText) : []),
  ]);
  return found.toSorted((a, b) => STRENGTH.indexOf(a.level) - STRENGTH.indexOf(b.level));
}

/** `vars` of tasks and blocks, and what a role gives to its own tasks only. Layers are shared by all tasks of a block: each counts once. */
function fromLayers(task: Task | Include, { play }: SurveyedPlay, seen: Set<object>): Assignment[] {
  const layers: VarsLayer[] = [...task.vars];
  for (const role of task.role ? [task.role, ...task.role.parents] : []) {
    layers.push(role.params);
    // Those of static roles hold in the whole play, and stand among its layers.
    if (!play.roles.some((known) => known.path === role.path)) layers.push(role.vars, role.defaults);
  }
  return layers.flatMap((layer) => {
    if (seen.has(layer.values)) return [];
    seen.add(layer.values);
    return Object.keys(layer.values).map((name) => assignment(task, name, layer.level, layer.values));
  });
}

function fromWork(task: Task, { play }: SurveyedPlay, readText: (path: string) => string): Assignment[] {
  if (task.module === 'set_fact')
    return Object.keys(task.args)
      .filter((name) => name !== 'cacheable' && name !== '_variable')
      .map((name) => assignment(task, name, 'set_fact', task.args));
  if (task.module !== 'include_vars') return [];
  return includedVars(task, play, readText).layers.flatMap(({ values }) =>
    Object.keys(values).map((name) => assignment(task, name, 'include_vars', values)),
  );
}

function assignment(
  task: Task | Include,
  name: string,
  level: string,
  values?: Readonly<Record<string, unknown>>,
): Assignment {
  const own = task.name?.value ?? task.writtenModule;
  return {
    name,
    level,
    position: (values && positionOf(values, name, 'key')) ?? task.position,
    written: values?.[name],
    task: task.role ? `${task.role.name} : ${own}` : own,
  };
}
