import { ErrorList, type SourcePosition } from '../errors/index.ts';
import { readNodes } from './nodes.ts';
import { NOTHING_INHERITED, type Place } from './place.ts';
import { Reading } from './reading.ts';
import type { LoadOptions, Task } from './types.ts';

/** Where an error in a task of the command line is said to be. */
const COMMAND_LINE: SourcePosition = { file: 'command line', line: 1, column: 1 };

/**
 * Builds the task of `cutover exec -m MODULE -a ARGS`: free text or `key=value`, or a mapping; `keywords` of the task besides (`async`).
 * Throws ErrorList when the module is not known, or a parameter is wrong. In a run that is `underWay` the task fails with that instead.
 */
export async function singleTask(
  module: string,
  args: string | Readonly<Record<string, unknown>>,
  options: LoadOptions,
  keywords: Readonly<Record<string, unknown>> = {},
  underWay = false,
): Promise<Task> {
  const reading = new Reading(options);
  const folder = process.cwd();
  const place: Place = {
    inherited: NOTHING_INHERITED,
    id: 'exec',
    folder,
    play: {
      folder,
      collections: [],
      vars: [],
      varsFiles: [],
      moduleDefaults: undefined,
      roles: [],
      roleHandlers: [],
      rolesWithHandlers: new Set(),
    },
    importing: [COMMAND_LINE.file],
    handlers: false,
    dynamic: true,
    underWay,
    roles: [],
  };
  const written = typeof args === 'string' && args.trim() === '' ? null : args;
  const [task] = readNodes(reading, [{ [module]: written, ...keywords }], place);
  if (task && task.kind !== 'task') reading.fail(`"${module}" is no module for a single task`, COMMAND_LINE);
  await reading.finish();
  if (task?.kind !== 'task') throw new ErrorList([]);
  return task;
}
