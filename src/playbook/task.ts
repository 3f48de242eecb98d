import type { SourcePosition } from '../errors/index.ts';
import { positionOf } from '../source/index.ts';
import { type Action, nameAction, readAction } from './action.ts';
import { HANDLER_KEYWORDS, type Keywords, TASK_KEYWORDS } from './keywords.ts';
import { readLoop } from './loop.ts';
import { withDefaults } from './module-defaults.ts';
import { type Inherited, inherit, type Place } from './place.ts';
import { hasTemplate, Reading, written } from './reading.ts';
import { checkName, checkValues, conditions, namesOf } from './shapes.ts';
import type { Handler, Task, Written } from './types.ts';
import { readUndo } from './undo.ts';

type Data = Readonly<Record<string, unknown>>;

/** A task-like mapping, its module found and its keywords checked, before anybody knows what kind of node it becomes. */
export interface TaskText {
  readonly data: Data;
  readonly at: SourcePosition;
  readonly action: Action;
  readonly place: Place;
  readonly id: string;
}

/** Finds out what a task does and checks its keywords. Undefined when it cannot be read on. */
export function openTask(
  reading: Reading,
  data: Data,
  place: Place,
  id: string,
  at: SourcePosition,
): TaskText | undefined {
  const keywords: Keywords = place.handlers ? HANDLER_KEYWORDS : TASK_KEYWORDS;
  checkValues(reading, data, keywords, place.inherited.role);
  const action = readAction(reading, data, keywords, at);
  return action && { data, at, action, place, id };
}

/** Reads the task of a module. */
export function readTask(reading: Reading, text: TaskText): Task {
  const { data, at, action, place, id } = text;
  const later = 'unread' in action;
  reading.templates(later ? action.module : action.args, action.at);
  if (data.confirm !== undefined)
    reading.fail('"confirm" is not built yet', positionOf(data, 'confirm', 'key'));
  const inherited = inherit(place.inherited, data, 'task vars');
  const expected = place.underWay === true || expectsFailure(data, inherited, place);
  if (!later && !('_variable' in action.args))
    reading.arguments(action.module, withDefaults(action, inherited, place), action.at, expected);
  const task: Omit<Task, 'undo'> = {
    ...inherited,
    delegateTo: action.local ? { value: 'localhost', at: action.at } : inherited.delegateTo,
    kind: 'task',
    id,
    position: at,
    name: nameOf(data),
    module: action.module,
    writtenModule: action.written,
    args: action.args,
    argsAt: action.at,
    loop: readLoop(reading, data, expected),
    register: readRegister(reading, data),
    changedWhen: conditions(data, 'changed_when', inherited.role),
    failedWhen: conditions(data, 'failed_when', inherited.role),
    until: conditions(data, 'until', inherited.role),
    retries: written(data, 'retries'),
    delay: written(data, 'delay'),
    async: written(data, 'async'),
    poll: written(data, 'poll'),
    confirm: written(data, 'confirm'),
    backup: written(data, 'backup'),
    ...(later ? { as: (module: string) => readAs(reading, text, module) } : {}),
  };
  return { ...task, undo: readUndo(reading, data, task, place) };
}

/** Reads a task whose module a run has found out. Throws CutoverError `playbook` when there is no such module. */
function readAs({ options }: Reading, text: TaskText, module: string): Task {
  const reading = new Reading(options);
  const action = nameAction(reading, text.data, text.action, module);
  const task = action && readTask(reading, { ...text, action, place: { ...text.place, underWay: true } });
  const [mistake] = reading.errors;
  if (!task || mistake) throw mistake;
  return task;
}

/** Whether the playbook says what happens when the task fails: then a mistake in its parameters is such a failure. */
function expectsFailure(data: Data, { ignoreErrors }: Inherited, place: Place): boolean {
  const ignores = mayBeOn(ignoreErrors ?? place.play.ignoreErrors);
  return ignores || data.failed_when !== undefined || place.rescued === true;
}

function mayBeOn(written: Written | undefined): boolean {
  return written !== undefined && written.value !== false && written.value !== 'no';
}

/** The topics that a handler listens to. */
export function listenOf(data: Data): readonly string[] {
  return namesOf(data.listen, undefined);
}

/** Makes the handler of a task. */
export function asHandler(task: Task, more: Pick<Handler, 'listen' | 'list'>): Handler {
  return { ...task, ...more };
}

/** The name as a text; numbers are names too. */
export function nameOf(data: Data): Written<string> | undefined {
  const name = written(data, 'name');
  return name && { value: String(name.value), at: name.at };
}

/** The variable that keeps the result. */
export function readRegister(reading: Reading, data: Data): string | undefined {
  const name = data.register;
  if (name === undefined || name === null) return undefined;
  if (typeof name === 'string' && hasTemplate(name)) {
    reading.fail('"register" needs a name, not a template', positionOf(data, 'register'));
    return undefined;
  }
  return checkName(reading, name, positionOf(data, 'register')) ? String(name) : undefined;
}
