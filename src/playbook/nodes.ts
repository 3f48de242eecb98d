import type { SourcePosition } from '../errors/index.ts';
import { positionOf } from '../source/index.ts';
import { isMapping, wordOfKey } from '../values/index.ts';
import { REUSE } from './action.ts';
import { importTasks, includeLegacy, includeTasks } from './imports.ts';
import { BLOCK_KEYWORDS } from './keywords.ts';
import { inherit, type Place } from './place.ts';
import { kindOf, type Reading, suggest } from './reading.ts';
import { importRole, includeRole } from './role-tasks.ts';
import { checkValues } from './shapes.ts';
import { asHandler, listenOf, nameOf, openTask, readTask, type TaskText } from './task.ts';
import type { Block, Handler, Include, TaskNode } from './types.ts';

type Data = Readonly<Record<string, unknown>>;

/** Reads a list of tasks and blocks. Static imports are spliced in; what is wrong is noted and left out. */
export function readNodes(reading: Reading, list: unknown, place: Place): TaskNode[] {
  if (list === undefined || list === null || !Array.isArray(list)) return [];
  return list.flatMap((item, index) =>
    readNode(reading, item, place, `${place.id}.${index}`, positionOf(list, index) ?? start(place)),
  );
}

/** Reads handlers: blocks and static imports give theirs one by one, a dynamic include is one handler. */
export function readHandlers(reading: Reading, list: unknown, place: Place): Handler[] {
  const nodes = readNodes(reading, list, { ...place, handlers: true });
  // A block is a list of its own, and so is what stands between two of them.
  let lists = 0;
  return nodes.flatMap((node, index) => {
    if (node.kind === 'block' || nodes[index - 1]?.kind === 'block') lists++;
    return handlersOf(node, `${place.id}#${lists}`);
  });
}

function handlersOf(node: TaskNode, list: string): readonly Handler[] {
  if (node.kind === 'block') return node.block.flatMap((inner) => handlersOf(inner, list));
  const more = { listen: (node as Partial<Handler>).listen ?? [], list };
  return node.kind === 'task' ? [asHandler(node, more)] : [handlerOfInclude(node, more)];
}

/** The run gives this handler's work to the include loader. */
function handlerOfInclude(include: Include, more: Pick<Handler, 'listen' | 'list'>): Handler {
  const module = include.what === 'tasks' ? 'include_tasks' : 'include_role';
  const nothing = { changedWhen: undefined, failedWhen: undefined, until: undefined, retries: undefined };
  const noWaiting = { delay: undefined, async: undefined, poll: undefined };
  const noUndo = { undo: undefined, confirm: undefined, backup: undefined };
  const task = { ...include, ...nothing, ...noWaiting, ...noUndo };
  return { ...task, kind: 'task', module, writtenModule: module, ...more, include };
}

function start(place: Place): SourcePosition {
  return { file: place.importing.at(-1) ?? place.folder, line: 1, column: 1 };
}

function readNode(
  reading: Reading,
  item: unknown,
  place: Place,
  id: string,
  at: SourcePosition,
): readonly TaskNode[] {
  if (!isMapping(item)) {
    reading.fail(`a task must be a mapping, not ${kindOf(item)}`, at);
    return [];
  }
  if ('block' in item || 'rescue' in item || 'always' in item) return readBlock(reading, item, place, id, at);
  const text = openTask(reading, item, place, id, at);
  if (!text || (place.handlers && !canBeHandler(reading, text))) return [];
  switch (text.action.module) {
    case 'import_tasks':
      return importTasks(reading, text);
    case 'include_tasks':
      return withListen(includeTasks(reading, text), item, place);
    case 'include':
      return withListen(includeLegacy(reading, text), item, place);
    case 'import_role':
      return importRole(reading, text);
    case 'include_role':
      return withListen(includeRole(reading, text), item, place);
    case 'import_playbook':
      reading.fail('import_playbook stands beside plays, not among tasks', text.action.at);
      return [];
    default:
      return withListen([readTask(reading, text)], item, place);
  }
}

/** A role is no handler, nor is what runs handlers: there Ansible ends too. */
function canBeHandler(reading: Reading, { action }: TaskText): boolean {
  if (action.module === 'include_role' || action.module === 'import_role')
    reading.fail(`${action.module} cannot be used as a handler`, action.at, 'write include_tasks');
  else if (action.module === 'meta' && Object.values(action.args).includes('flush_handlers'))
    reading.fail('flush_handlers cannot be used as a handler', action.at);
  else return true;
  return false;
}

function withListen(nodes: readonly TaskNode[], data: Data, place: Place): readonly TaskNode[] {
  return place.handlers && data.listen !== undefined
    ? nodes.map((node) => ({ ...node, listen: listenOf(data) }))
    : nodes;
}

function readBlock(
  reading: Reading,
  data: Data,
  place: Place,
  id: string,
  at: SourcePosition,
): readonly TaskNode[] {
  for (const key of Object.keys(data)) if (!Object.hasOwn(BLOCK_KEYWORDS, key)) refuseKey(reading, data, key);
  checkValues(reading, data, BLOCK_KEYWORDS, place.inherited.role);
  if (!('block' in data)) reading.fail('"rescue" and "always" need a "block" before them', at);
  if (place.handlers && ('rescue' in data || 'always' in data))
    reading.fail('a block of handlers can have no "rescue" and no "always"', at);
  const inherited = inherit(place.inherited, data, 'block vars');
  const part = (key: 'block' | 'rescue' | 'always') =>
    readNodes(reading, data[key], {
      ...place,
      inherited,
      id: `${id}.${key}`,
      rescued: place.rescued === true || (key === 'block' && 'rescue' in data),
    });
  const block: Block = {
    ...inherited,
    kind: 'block',
    id,
    position: at,
    name: nameOf(data),
    block: part('block'),
    rescue: part('rescue'),
    always: part('always'),
  };
  return [block];
}

function refuseKey(reading: Reading, data: Data, key: string): void {
  const at = positionOf(data, key, 'key');
  if (REUSE.includes(key) || reading.options.catalog.resolve(key) !== undefined)
    reading.fail(`a block and the module "${key}" in one item`, at, 'indent the tasks under "block"');
  else
    reading.fail(
      `"${wordOfKey(data, key)}" is not a keyword of a block`,
      at,
      suggest(key, Object.keys(BLOCK_KEYWORDS)),
    );
}
