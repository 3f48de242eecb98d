import type { TaskRef } from '../../journal/index.ts';
import type { Common, Task } from '../../playbook/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import { censored, printableResult, type TaskOutcome } from './task-outcome.ts';

/** Counts an outcome and tells everyone about it. */
export function reportOutcome(
  play: PlayContext,
  host: HostState,
  ref: TaskRef,
  node: Common | Task,
  outcome: TaskOutcome,
  durationMs = 0,
): void {
  if (!outcome.uncounted) host.count(outcome.status, outcome.ignored, outcome.result.changed === true);
  const register = 'register' in node ? node.register : undefined;
  play.run.emit({
    type: 'host-result',
    task: outcome.module === undefined ? ref : asModule(ref, outcome.module),
    host: host.name,
    ...(outcome.delegatedTo === undefined ? {} : { delegatedTo: outcome.delegatedTo }),
    status: outcome.status,
    ignored: outcome.ignored,
    result: outcome.noLog ? censored(outcome.result) : printableResult(outcome.result),
    changes: outcome.noLog
      ? outcome.changes.map((change) => ({ ...change, summary: change.key }))
      : outcome.changes,
    diffs: outcome.noLog ? [] : outcome.diffs,
    ...(outcome.error
      ? {
          error: {
            kind: outcome.error.kind,
            message: outcome.noLog ? 'hidden by no_log' : outcome.error.message,
            ...(outcome.error.position ? { position: outcome.error.position } : {}),
            ...(outcome.error.hint && !outcome.noLog ? { hint: outcome.error.hint } : {}),
          },
        }
      : {}),
    ...(outcome.open ? { open: true } : {}),
    ...(outcome.check === undefined ? {} : { check: outcome.check }),
    durationMs,
    loop: outcome.loop,
    noLog: outcome.noLog,
    ...(register === undefined ? {} : { sealed: { register, result: printableResult(outcome.result) } }),
  });
}

/** A task without a name of its own is called by its module, and not by the template that chose it. */
function asModule(ref: TaskRef, module: string): TaskRef {
  return { ...ref, module, name: ref.name === ref.module ? module : ref.name };
}
