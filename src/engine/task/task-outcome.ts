import type { CutoverError } from '../../errors/index.ts';
import type { ChangeRecord, DiffRecord, HostStatus, TaskRef } from '../../journal/index.ts';
import type { Task } from '../../playbook/index.ts';
import { isUnknown, parseJson, Unknown } from '../../values/index.ts';
import type { Attempt } from './attempt.ts';
import { completeResult, unknownResult } from './results.ts';

/** Variables that are known only at this place of the walk: of includes and outer loops, of an undo. */
export type Extras = readonly Readonly<Record<string, unknown>>[];

/** How a task ended on a host, loop and all. */
export interface TaskOutcome {
  readonly status: HostStatus;
  readonly ignored: boolean;
  readonly result: Record<string, unknown>;
  readonly changes: readonly ChangeRecord[];
  readonly diffs: readonly DiffRecord[];
  readonly error?: CutoverError;
  readonly loop: boolean;
  readonly noLog: boolean;
  readonly delegatedTo?: string;
  /** A dry run did not look: `changed_when` and `failed_when` have nothing to judge. */
  readonly unseen?: boolean;
  /** A dry run cannot even say what it would change. */
  readonly open?: boolean;
  /** As in ansible-core 2.14, the recap counts neither it nor its rescue. */
  readonly uncounted?: boolean;
  /** `until` did not hold to the end: its result has failed, whatever `failed_when` makes of the task. */
  readonly gaveUp?: boolean;
  /** Whether it was only foretold, where that is not what the run does. */
  readonly check?: boolean;
  /** Where a template chose the module: which one it was. */
  readonly module?: string;
  /** The operator asked to stop while it waited for its turn: it did not run. */
  readonly stopped?: boolean;
}

/** Gives the task as reports name it. */
export function taskRef(task: Task, name: string): TaskRef {
  return { id: task.id, name, module: task.module, position: task.position };
}

/** Turns an attempt into an outcome: its status, and the result that `register` keeps. */
export function outcomeOf(attempt: Attempt): TaskOutcome {
  const result = attempt.unseen
    ? unknownResult(attempt.unseen.reason, { changed: false })
    : isUnknown(attempt.changed) && !attempt.failed
      ? unknownResult(attempt.changed.reason, withoutChanged(attempt.result))
      : completeResult(attempt.result);
  const status: HostStatus = attempt.failed
    ? attempt.error?.kind === 'lost'
      ? 'unreachable'
      : 'failed'
    : isUnknown(attempt.changed)
      ? 'unknown'
      : attempt.changed
        ? 'changed'
        : attempt.skipped
          ? 'skipped'
          : 'ok';
  return {
    status,
    ignored: false,
    result,
    changes: attempt.changes,
    diffs: attempt.diffs,
    ...(attempt.error ? { error: attempt.error } : {}),
    ...(attempt.unseen ? { unseen: true } : {}),
    ...(attempt.open ? { open: true } : {}),
    loop: false,
    noLog: false,
  };
}

function withoutChanged({ changed: _, ...result }: Record<string, unknown>): Record<string, unknown> {
  return result;
}

/** Of a task whose condition is false. */
export function skippedOutcome(decidedBy: string | undefined): TaskOutcome {
  return {
    status: 'skipped',
    ignored: false,
    result: {
      changed: false,
      skipped: true,
      skip_reason: 'Conditional result was False',
      ...(decidedBy === undefined ? {} : { false_condition: decidedBy }),
    },
    changes: [],
    diffs: [],
    loop: false,
    noLog: false,
  };
}

/** Modules whose results hold what the playbook and its own files say. */
const OWN_WORDS: ReadonlySet<string> = new Set(['set_fact', 'include_vars']);

/** Whether the texts of a task's result are those of hosts, programs or files: Ansible puts none of them into a condition. */
export function isForeign(module: string, result: Readonly<Record<string, unknown>>): boolean {
  return result.skipped !== true && !OWN_WORDS.has(module);
}

/** What events show of a result that `no_log` hides. */
export function censored(result: Record<string, unknown>): Record<string, unknown> {
  return {
    censored: "the output has been hidden due to the fact that 'no_log: true' was specified for this result",
    changed: result.changed,
  };
}

/** Gives a result as events carry it. */
export function printableResult(result: Record<string, unknown>): Record<string, unknown> {
  return parseJson(
    JSON.stringify(result, (_, value: unknown) =>
      value instanceof Unknown ? '<unknown until it is carried out>' : value,
    ),
  ) as Record<string, unknown>;
}
