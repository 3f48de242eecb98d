import type { Addition } from '../../inventory/index.ts';
import type { Play, Task, TaskNode } from '../../playbook/index.ts';
import type { Secrets } from '../../secrets/index.ts';
import { isMapping, isOmit, isUndefined, isUnknown } from '../../values/index.ts';
import type { ArmedChange } from '../context.ts';
import type { Prepared } from '../task/prepare.ts';
import { fromData, toData } from './kept-data.ts';

/** What an `undo:` needs to run later, perhaps in another process: its tasks and the variables as they were. */
export interface UndoRecord {
  readonly tasks: readonly TaskNode[];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly playFolder: string;
  /** Hosts and groups that the run had added by then: the list may act there, and read their variables. */
  readonly additions?: readonly Addition[];
  /** What the play says of all its tasks. Records of earlier versions have none. */
  readonly play?: PlayKeywords;
  /** Those of the values that were secret then: the process that undoes them does not see where they came from. */
  readonly secrets: readonly string[];
}

/** Keywords of a play that decide where, as whom and how secretly a task acts. */
const KEYWORDS = [
  'become',
  'environment',
  'connection',
  'remoteUser',
  'port',
  'noLog',
] as const satisfies readonly (keyof Play)[];

type PlayKeywords = Pick<Play, (typeof KEYWORDS)[number]>;

const COMPUTED = new Set([
  'hostvars',
  'vars',
  'groups',
  'omit',
  'group_names',
  'ansible_play_hosts',
  'ansible_play_hosts_all',
  'ansible_play_batch',
  'play_hosts',
  'environment',
  'role_path',
  'playbook_dir',
]);

/** Takes down the `undo:` tasks of a task with all variables that its scope can give now. Undefined when it has none. */
export function recordUndo(
  task: Task,
  prepared: Prepared,
  play: Play,
  secrets: Secrets,
  additions: readonly Addition[],
): UndoRecord | undefined {
  if (task.undo?.kind !== 'tasks') return undefined;
  const variables: Record<string, unknown> = {};
  for (const name of prepared.scope.names()) {
    if (COMPUTED.has(name)) continue;
    const value = readable(() => prepared.scope.get(name));
    if (value !== undefined) variables[name] = value;
  }
  return {
    tasks: task.undo.tasks.map((node) => toData(node) as TaskNode),
    variables: toData(variables) as Record<string, unknown>,
    playFolder: play.folder,
    additions: toData(additions) as readonly Addition[],
    play: toData(Object.fromEntries(KEYWORDS.map((name) => [name, play[name]]))) as PlayKeywords,
    secrets: secrets.size === 0 ? [] : texts([variables, additions]).filter((text) => secrets.has(text)),
  };
}

/** What an armed change keeps sealed: its record, and the way to the host. */
export function keptOf(event: ArmedChange): { readonly undo?: unknown; readonly way?: unknown } {
  return isMapping(event.sealed) ? event.sealed : {};
}

/** Turns the record back into what the engine runs. */
export function reviveUndo(kept: unknown): UndoRecord | undefined {
  return isMapping(kept) ? (fromData(kept) as unknown as UndoRecord) : undefined;
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  return isMapping(value) ? Object.values(value).flatMap(texts) : [];
}

/** A variable that cannot be computed now could not have been used either. */
function readable(read: () => unknown): unknown {
  try {
    const value = read();
    return isUndefined(value) || isUnknown(value) || isOmit(value) ? undefined : value;
  } catch {
    return undefined;
  }
}
