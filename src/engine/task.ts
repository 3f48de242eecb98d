import { setTimeout as sleep } from 'node:timers/promises';
import { CutoverError } from '../errors/index.ts';
import type { ChangeRecord, DiffRecord, HostStatus, TaskRef } from '../journal/index.ts';
import type { Task } from '../playbook/index.ts';
import { isUnknown, Unknown } from '../values/index.ts';
import { judge } from './conditions.ts';
import type { PlayContext } from './context.ts';
import { carryOut, takeFacts } from './effects.ts';
import { type Attempt, execute, unknownAttempt } from './execute.ts';
import { isUnreachable } from './fleet.ts';
import type { HostState } from './host.ts';
import { probesAhead, type Rest } from './lookahead.ts';
import { loopItems, loopVariables } from './loops.ts';
import { atTask, delegateName, prepare } from './prepare.ts';
import { completeResult, loopResult, unknownResult } from './results.ts';
import type { LayeredScope } from './scope.ts';
import { scopeFor } from './variables.ts';

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
  /** The operator asked to stop while it waited for its turn: it did not run. */
  readonly stopped?: boolean;
}

/** Gives the task as reports name it. */
export function taskRef(task: Task, name: string): TaskRef {
  return { id: task.id, name, module: task.module, position: task.position };
}

/** Runs a task on a host: condition, loop, retries, register, notifications are left to the caller. Never throws: what goes wrong is in the outcome. */
export async function runTask(
  play: PlayContext,
  host: HostState,
  task: Task,
  rest: Rest | undefined,
  extras: Extras,
): Promise<TaskOutcome> {
  if (play.run.stopping()) return { ...skippedOutcome(undefined), stopped: true };
  let noLog = false;
  try {
    const scope = scopeFor(play.run, { host, play, task, extras });
    noLog = flag(play, task.noLog, scope);
    const outcome = task.loop
      ? await runLoop(play, host, task, rest, extras, scope, noLog)
      : await runOnce(play, host, task, rest, extras, scope);
    return { ...outcome, noLog };
  } catch (error) {
    return { ...failure(play, host, task, atTask(error, task), extras), noLog };
  }
}

async function runOnce(
  play: PlayContext,
  host: HostState,
  task: Task,
  rest: Rest | undefined,
  extras: Extras,
  scope: LayeredScope,
): Promise<TaskOutcome> {
  const verdict = judge(task.when, scope, rules(play));
  if (verdict.holds === false) return skippedOutcome(verdict.decidedBy);
  const delegatedTo = delegateName(play, task, scope);
  const outcome = isUnknown(verdict.holds)
    ? outcomeOf(unknownAttempt(verdict.holds))
    : await attempts(play, host, task, rest, extras, scope);
  const settled = settle(play, task, scope, outcome);
  return delegatedTo === undefined ? settled : { ...settled, delegatedTo };
}

async function runLoop(
  play: PlayContext,
  host: HostState,
  task: Task,
  rest: Rest | undefined,
  extras: Extras,
  scope: LayeredScope,
  noLog: boolean,
): Promise<TaskOutcome> {
  const loop = task.loop!;
  let items: readonly unknown[] | Unknown;
  try {
    items = loopItems(loop, scope, play.run.templar);
  } catch (error) {
    // `loop: "{{ list }}"` with `when: list is defined`: a condition that is false without any item decides first.
    if (conditionIsFalse(play, task, scope)) return skippedOutcome('the loop has no items');
    throw error;
  }
  if (isUnknown(items)) return { ...outcomeOf(unknownAttempt(items)), loop: true };
  const outcomes: TaskOutcome[] = [];
  const results: Record<string, unknown>[] = [];
  for (const index of items.keys()) {
    if (index > 0) await pauseBetween(play, task, scope);
    if (index > 0 && play.run.stopping()) {
      const stopped = failure(play, host, task, stoppedAfter(index, items.length, task), extras);
      return joinItems([...outcomes, stopped], { ...loopResult(results), ...stopped.result });
    }
    const variables = loopVariables(loop, items, index);
    const itemExtras = [...extras, variables];
    const itemScope = scopeFor(play.run, { host, play, task, extras: itemExtras });
    const outcome = await runOnce(play, host, task, rest, itemExtras, itemScope).catch((error) =>
      failure(play, host, task, atTask(error, task), itemExtras),
    );
    outcomes.push(outcome);
    results.push({
      ...outcome.result,
      [loop.control.loopVar]: items[index],
      ansible_loop_var: loop.control.loopVar,
      ...(loop.control.indexVar
        ? { [loop.control.indexVar]: index, ansible_index_var: loop.control.indexVar }
        : {}),
      ...(loop.control.extended ? { ansible_loop: variables.ansible_loop } : {}),
    });
    play.run.emit({
      type: 'item-result',
      task: task.id,
      host: host.name,
      status: outcome.status,
      item: noLog ? '(hidden by no_log)' : items[index],
      label: noLog ? '(hidden by no_log)' : label(play, task, itemScope, items[index]),
      result: noLog ? censored(outcome.result) : printableResult(outcome.result),
      diffs: noLog ? [] : outcome.diffs,
      ignored: outcome.ignored,
    });
    if (outcome.status === 'unreachable') break;
  }
  return joinItems(outcomes, loopResult(results));
}

/** Repeats until `until` holds, or once. */
async function attempts(
  play: PlayContext,
  host: HostState,
  task: Task,
  rest: Rest | undefined,
  extras: Extras,
  scope: LayeredScope,
): Promise<TaskOutcome> {
  const number = (written: Task['retries'], otherwise: number) =>
    written === undefined
      ? otherwise
      : Number(play.run.templar.renderDeep(written.value, scope, { at: written.at }));
  const until = task.until;
  const tries = until || task.retries ? Math.max(1, number(task.retries, 3)) : 1;
  const delaySeconds = number(task.delay, 5);
  for (let attempt = 1; ; attempt++) {
    const outcome = outcomeOf(await attemptOnce(play, host, task, rest, extras, scope));
    // A dry run waits for nothing.
    if (outcome.unseen || outcome.status === 'unknown') return outcome;
    if (!until && !task.retries) return outcome;
    const result = { ...outcome.result, attempts: attempt };
    const judged = settle(play, task, scope, { ...outcome, result });
    const done = until
      ? judge(until, withResult(play, host, task, extras, judged.result), rules(play)).holds
      : judged.status !== 'failed';
    if (done !== false || outcome.status === 'unreachable') return { ...outcome, result };
    if (attempt > tries || play.run.stopping())
      return {
        ...outcome,
        status: 'failed',
        result: {
          ...result,
          attempts: attempt - 1 || 1,
          failed: true,
          msg: outcome.result.msg ?? untilMessage(task, attempt),
        },
      };
    play.run.emit({
      type: 'retry',
      task: task.id,
      host: host.name,
      attempt,
      left: tries - attempt + 1,
      result: flag(play, task.noLog, scope) ? censored(result) : printableResult(result),
    });
    const stop = play.run.options.interrupt?.stop;
    await sleep(delaySeconds * 1000, undefined, stop ? { signal: stop } : {}).catch(() => undefined);
  }
}

async function attemptOnce(
  play: PlayContext,
  host: HostState,
  task: Task,
  rest: Rest | undefined,
  extras: Extras,
  scope: LayeredScope,
): Promise<Attempt> {
  const prepared = await prepare(play, host, task, scope);
  if (isUnknown(prepared)) return unknownAttempt(prepared);
  const ahead = () => probesAhead(play, host, rest, extras, prepared.knowledge);
  const attempt = await unlessAbandoned(play.run.abandon, task, () => execute(play, prepared, ahead));
  if (attempt.failed) return attempt;
  takeFacts(play, host, prepared, attempt);
  if (attempt.effects.length === 0) return attempt;
  const extra = await carryOut(play, host, prepared, attempt.effects);
  const changed = typeof extra.changed === 'boolean' ? extra.changed : attempt.changed;
  return { ...attempt, changed, result: { ...attempt.result, ...extra } };
}

/** Gives up on work that does not end when everything was told to end: a wait, a request, a transfer. */
function unlessAbandoned<T>(abandon: AbortSignal, task: Task, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () =>
      reject(
        new CutoverError('interrupted', 'given up because the operator asked for it', {
          position: task.position,
        }),
      );
    if (abandon.aborted) return leave();
    abandon.addEventListener('abort', leave, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => abandon.removeEventListener('abort', leave));
  });
}

function stoppedAfter(done: number, items: number, task: Task): CutoverError {
  return new CutoverError('interrupted', `stopped by the operator after ${done} of ${items} items`, {
    position: task.position,
  });
}

function outcomeOf(attempt: Attempt): TaskOutcome {
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
        : attempt.skipped && attempt.result.rc === undefined
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
    loop: false,
    noLog: false,
  };
}

function withoutChanged({ changed: _, ...result }: Record<string, unknown>): Record<string, unknown> {
  return result;
}

/** Lets `changed_when`, `failed_when` and `ignore_errors` have their say. */
function settle(play: PlayContext, task: Task, scope: LayeredScope, outcome: TaskOutcome): TaskOutcome {
  if (outcome.status === 'unreachable')
    return { ...outcome, ignored: flag(play, task.ignoreUnreachable, scope) };
  if (outcome.status === 'skipped' || outcome.unseen) return outcome;
  const result =
    Object.hasOwn(outcome.result, 'results') || outcome.status === 'unknown'
      ? outcome.result
      : { ...outcome.result };
  const seen = task.register === undefined ? scope : scope.with({ [task.register]: result });
  let status = outcome.status;
  if (task.changedWhen) {
    const changed = judge(task.changedWhen, seen, rules(play)).holds;
    if (status === 'failed') result.changed = isUnknown(changed) ? result.changed : changed;
    else if (isUnknown(changed)) status = 'unknown';
    else if (status !== 'unknown' || changed === false) {
      // A step that says of itself that it never changes anything is "won't" in a dry run too, though its output stays unknown.
      if (status !== 'unknown') result.changed = changed;
      status = changed ? 'changed' : 'ok';
    }
  }
  if (task.failedWhen && status !== 'unknown') {
    const failed = judge(task.failedWhen, seen, rules(play)).holds;
    if (isUnknown(failed)) status = 'unknown';
    else {
      result.failed = failed;
      result.failed_when_result = failed;
      status = failed ? 'failed' : result.changed === true ? 'changed' : 'ok';
    }
  }
  const ignored = status === 'failed' && flag(play, task.ignoreErrors, scope);
  return { ...outcome, status, result, ignored };
}

function withResult(
  play: PlayContext,
  host: HostState,
  task: Task,
  extras: Extras,
  result: Record<string, unknown>,
): LayeredScope {
  const own = task.register === undefined ? [] : [{ [task.register]: result }];
  return scopeFor(play.run, { host, play, task, extras: [...extras, ...own] });
}

function rules(play: PlayContext) {
  return { templar: play.run.templar, truthy: play.run.options.config.allowBrokenConditionals === true };
}

function flag(play: PlayContext, written: Task['noLog'], scope: LayeredScope): boolean {
  if (written === undefined) return false;
  const value = play.run.templar.renderDeep(written.value, scope, { at: written.at });
  return value === true || (typeof value === 'string' && /^(?:true|yes|on|1)$/i.test(value));
}

function conditionIsFalse(play: PlayContext, task: Task, scope: LayeredScope): boolean {
  for (const condition of task.when) {
    try {
      if (judge([condition], scope, rules(play)).holds === false) return true;
    } catch {
      return false;
    }
  }
  return false;
}

function skippedOutcome(decidedBy: string | undefined): TaskOutcome {
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

/** Turns an error into an outcome: unreachable when the host cannot be reached, failed otherwise. */
function failure(
  play: PlayContext,
  host: HostState,
  task: Task,
  error: CutoverError,
  extras: Extras,
): TaskOutcome {
  const unreachable = isUnreachable(error);
  const message = error.hint ? `${error.message} (${error.hint})` : error.message;
  const result = {
    changed: false,
    ...(unreachable ? { unreachable: true } : { failed: true }),
    msg: message,
    kind: error.kind,
  };
  let ignored = false;
  try {
    ignored = flag(
      play,
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

function joinItems(outcomes: readonly TaskOutcome[], result: Record<string, unknown>): TaskOutcome {
  const has = (status: HostStatus) => outcomes.some((outcome) => outcome.status === status);
  const order: HostStatus[] = ['unreachable', 'failed', 'unknown', 'changed', 'ok'];
  const status =
    outcomes.length === 0 || outcomes.every((outcome) => outcome.status === 'skipped')
      ? 'skipped'
      : (order.find(has) ?? 'ok');
  const failed = outcomes.find((outcome) => outcome.error && !outcome.ignored);
  return {
    status,
    ignored:
      (status === 'failed' || status === 'unreachable') &&
      outcomes.every((outcome) => outcome.status !== status || outcome.ignored),
    result,
    changes: outcomes.flatMap((outcome) => outcome.changes),
    diffs: outcomes.flatMap((outcome) => outcome.diffs),
    ...(failed?.error ? { error: failed.error } : {}),
    loop: true,
    noLog: false,
  };
}

async function pauseBetween(play: PlayContext, task: Task, scope: LayeredScope): Promise<void> {
  const written = task.loop?.control.pause;
  if (!written || play.run.check) return;
  await sleep(1000 * Number(play.run.templar.renderDeep(written.value, scope, { at: written.at })));
}

function label(play: PlayContext, task: Task, scope: LayeredScope, item: unknown): string {
  const written = task.loop?.control.label;
  const value = written ? play.run.templar.renderDeep(written.value, scope, { at: written.at }) : item;
  return typeof value === 'string' ? value : JSON.stringify(printableValue(value));
}

function printableValue(value: unknown): unknown {
  return isUnknown(value) ? '<unknown>' : value;
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
  return JSON.parse(
    JSON.stringify(result, (_, value: unknown) =>
      value instanceof Unknown ? '<unknown until it is carried out>' : value,
    ),
  ) as Record<string, unknown>;
}

function untilMessage(task: Task, attempt: number): string {
  return `"until: ${String(task.until?.[0]?.value)}" did not hold after ${attempt} attempts`;
}
