import { asCutoverError, type CutoverError } from '../../errors/index.ts';
import type { Task } from '../../playbook/index.ts';
import { isUnknown } from '../../values/index.ts';
import type { PlayContext } from '../context.ts';
import { isUnreachable } from '../hosts/fleet.ts';
import type { HostState } from '../hosts/host.ts';
import { judge } from '../variables/conditions.ts';
import type { LayeredScope } from '../variables/scope.ts';
import { isOn } from '../variables/switches.ts';
import { scopeFor } from '../variables/variables.ts';
import { type Extras, isForeign, type TaskOutcome } from './task-outcome.ts';

/** Lets `changed_when`, `failed_when` and `ignore_errors` have their say. */
export function settle(
  play: PlayContext,
  task: Task,
  scope: LayeredScope,
  outcome: TaskOutcome,
): TaskOutcome {
  if (outcome.status === 'unreachable')
    return { ...outcome, ignored: isOn(play.run.templar, task.ignoreUnreachable, scope) };
  if (outcome.status === 'skipped' || outcome.unseen) return outcome;
  const result =
    Object.hasOwn(outcome.result, 'results') || outcome.status === 'unknown'
      ? outcome.result
      : { ...outcome.result };
  const seen =
    task.register === undefined
      ? scope
      : scope.with({ [task.register]: result }, isForeign(task.module, result));
  let asks = 'changed_when';
  try {
    const status = changedStatus(play, task, seen, outcome, result);
    asks = 'failed_when';
    const settled = failedStatus(play, task, seen, { outcome, result, status });
    const ignored = settled === 'failed' && isOn(play.run.templar, task.ignoreErrors, scope);
    return { ...outcome, status: settled, result, ignored };
  } catch (error) {
    // What the module did stays told: only the question about it cannot be answered.
    const problem = asCutoverError(error, 'template', { position: task.position });
    const told = result.msg ? {} : { msg: problem.message };
    const failed = { ...result, ...told, failed: true, [`${asks}_result`]: problem.message };
    const ignored = isOn(play.run.templar, task.ignoreErrors, scope);
    return { ...outcome, status: 'failed', result: failed, error: problem, ignored };
  }
}

function changedStatus(
  play: PlayContext,
  task: Task,
  seen: LayeredScope,
  { status }: TaskOutcome,
  result: Record<string, unknown>,
): TaskOutcome['status'] {
  if (!task.changedWhen) return status;
  const changed = judge(task.changedWhen, seen, rules(play)).holds;
  if (status === 'failed') result.changed = isUnknown(changed) ? result.changed : changed;
  else if (isUnknown(changed)) return 'unknown';
  else if (status !== 'unknown' || changed === false) {
    // A step that says of itself that it never changes anything is "won't" in a dry run too, though its output stays unknown.
    if (status !== 'unknown') result.changed = changed;
    return changed ? 'changed' : 'ok';
  }
  return status;
}

function failedStatus(
  play: PlayContext,
  task: Task,
  seen: LayeredScope,
  { outcome, result, status }: Pick<TaskOutcome, 'result' | 'status'> & { readonly outcome: TaskOutcome },
): TaskOutcome['status'] {
  if (!task.failedWhen || status === 'unknown') return status;
  const failed = judge(task.failedWhen, seen, rules(play)).holds;
  // The result of what was not carried out is a view that nothing can be written to.
  if (outcome.status === 'unknown') return failed === true ? 'failed' : status;
  if (isUnknown(failed)) return 'unknown';
  result.failed = failed || outcome.gaveUp === true;
  result.failed_when_result = failed;
  return failed ? 'failed' : result.changed === true ? 'changed' : 'ok';
}

/** How conditions are judged in this run. */
export function rules(play: PlayContext) {
  return { templar: play.run.templar, truthy: play.run.options.config.allowBrokenConditionals === true };
}

/** The name of a module before what Ansible says of its parameters. */
const AFTER_MODULE =
  /^\w+:? (?=missing required arguments: |validate must contain %s: |No key\/value pairs provided|The variable name '|value of \S+ must be one of: |[\w ()]+ (?:is|are) (?:required|mutually exclusive)|recurse option requires )/;

/** Turns an error into an outcome: unreachable when the host cannot be reached, failed otherwise. */
export function failure(
  play: PlayContext,
  host: HostState,
  task: Task,
  error: CutoverError,
  extras: Extras,
): TaskOutcome {
  const unreachable = isUnreachable(error);
  // The module stands beside it, and playbooks compare with Ansible's words.
  const said = error.message.replace(AFTER_MODULE, '');
  const message = error.hint ? `${said} (${error.hint})` : said;
  const result = {
    changed: false,
    ...(unreachable ? { unreachable: true } : { failed: true }),
    msg: message,
    kind: error.kind,
  };
  let ignored = false;
  try {
    ignored = isOn(
      play.run.templar,
      unreachable ? task.ignoreUnreachable : task.ignoreErrors,
      scopeFor(play.run, { host, play, task, extras }),
    );
  } catch {
    // A flag that cannot be read does not hide the error that came first.
  }
  return {
    status: unreachable ? 'unreachable' : 'failed',
    ignored,
    result,
    changes: [],
    diffs: [],
    error,
    loop: false,
    noLog: false,
  };
}
