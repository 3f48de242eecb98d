import { positionOf } from '../source/index.ts';
import { isMapping } from '../values/index.ts';
import { readNodes } from './nodes.ts';
import type { Place } from './place.ts';
import { kindOf, type Reading } from './reading.ts';
import type { Task, Undo } from './types.ts';

const HOW = 'write a list of tasks, or "none: REASON"';

/**
 * Reads `undo:` of a task. Its tasks run as the task did (same user, variables, environment and host), whatever its
 * conditions were.
 */
export function readUndo(
  reading: Reading,
  data: Readonly<Record<string, unknown>>,
  task: Omit<Task, 'undo'>,
  place: Place,
): Undo | undefined {
  const value = data.undo;
  // What takes something back is not taken back itself: a start that undoes a stop may be the same file as the start.
  if (value === undefined || value === null || /\.undo(?:\.|$)/.test(place.id)) return undefined;
  const at = positionOf(data, 'undo');
  if (Array.isArray(value)) {
    const inner: Place = {
      ...place,
      id: `${task.id}.undo`,
      inherited: { ...place.inherited, ...surroundingsOfUndo(task) },
      handlers: false,
    };
    return { kind: 'tasks', tasks: readNodes(reading, value, inner) };
  }
  if (isMapping(value) && Object.keys(value).join() === 'none' && typeof value.none === 'string')
    return { kind: 'none', reason: value.none };
  if (value === 'none') reading.fail('"undo: none" needs a reason', at, 'write "undo: {none: REASON}"');
  else reading.fail(`"undo" must be a list of tasks, not ${kindOf(value)}`, at, HOW);
  return undefined;
}

function surroundingsOfUndo(task: Omit<Task, 'undo'>) {
  const { vars, become, environment, delegateTo, delegateFacts, connection, remoteUser, port, noLog } = task;
  const same = { vars, become, environment, delegateTo, delegateFacts, connection, remoteUser, port, noLog };
  return { ...same, when: [], notify: [] };
}
