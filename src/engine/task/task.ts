import { setTimeout as sleep } from 'node:timers/promises';
import { CutoverError } from '../../errors/index.ts';
import type { HostStatus } from '../../journal/index.ts';
import { loadModule } from '../../modules/index.ts';
import type { Task } from '../../playbook/index.ts';
import { asOpenAs, isUnknown, type Unknown } from '../../values/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import { judge } from '../variables/conditions.ts';
import { keywordNumber } from '../variables/keyword.ts';
import { loopItems, loopVariables, withNames } from '../variables/loops.ts';
import { isOn } from '../variables/switches.ts';
import { scopeFor } from '../variables/variables.ts';
import { unknownAttempt } from './attempt.ts';
import { attempts } from './attempts.ts';
import { beforeActing, endsLoop } from './before-acting.ts';
import { itemEnd } from './item-end.ts';
import type { Rest } from './lookahead.ts';
import type { TaskPass } from './pass.ts';
import { delegateName } from './place.ts';
import { atTask, checksOnly } from './prepare.ts';
import { loopResult } from './results.ts';
import { failure, rules, settle } from './settle.ts';
import {
  censored,
  type Extras,
  outcomeOf,
  printableResult,
  skippedOutcome,
  type TaskOutcome,
} from './task-outcome.ts';

/** Runs a task on a host: condition, loop, retries, register, notifications are left to the caller. Never throws: what goes wrong is in the outcome. */
export async function runTask(
  play: PlayContext,
  host: HostState,
  task: Task,
  rest: Rest | undefined,
  extras: Extras,
): Promise<TaskOutcome> {
  if (play.run.stopping()) return { ...skippedOutcome(undefined), stopped: true };
  if (task.as) return runNamed(play, host, task as TemplateNamed, rest, extras);
  let noLog = false;
  try {
    const scope = scopeFor(play.run, { host, play, task, extras });
    const pass = { play, host, task, rest, extras, scope };
    // What may name the item is hidden until the items tell.
    if (task.loop) {
      noLog = (task.noLog?.value ?? false) !== false;
      return await runLoop(pass);
    }
    noLog = isOn(play.run.templar, task.noLog, scope);
    return { ...(await runOnce(pass)), noLog };
  } catch (error) {
    return { ...failure(play, host, task, atTask(error, task), extras), noLog };
  }
}

type TemplateNamed = Task & Required<Pick<Task, 'as'>>;

/** Of a task whose module's name is a template: the variables of the host say what it is. */
async function runNamed(
  play: PlayContext,
  host: HostState,
  task: TemplateNamed,
  rest: Rest | undefined,
  extras: Extras,
): Promise<TaskOutcome> {
  try {
    const scope = scopeFor(play.run, { host, play, task, extras });
    const module = play.run.templar.renderDeep(task.module, scope, { at: task.argsAt });
    if (isUnknown(module)) return outcomeOf({ ...unknownAttempt(module), open: true });
    const named = task.as(String(module));
    return { ...(await runTask(play, host, named, rest, extras)), module: named.module };
  } catch (error) {
    return failure(play, host, task, atTask(error, task), extras);
  }
}

async function runOnce(pass: TaskPass): Promise<TaskOutcome> {
  const { play, task, scope } = pass;
  const verdict = await beforeActing(() => judge(task.when, scope, rules(play)));
  if (verdict.holds === false) return skippedOutcome(verdict.decidedBy);
  const delegatedTo = await beforeActing(() => delegateName(play, task, scope));
  // A plan only reads, whatever its tasks say of themselves.
  const check = play.run.planning ? play.run.check : checksOnly(play, task, scope);
  const outcome = isUnknown(verdict.holds)
    ? outcomeOf({ ...unknownAttempt(verdict.holds), open: await reachesHosts(task) })
    : await attempts(pass);
  const settled = { ...settle(play, task, scope, outcome), ...(check === play.run.check ? {} : { check }) };
  return delegatedTo === undefined ? settled : { ...settled, delegatedTo };
}

async function runLoop(pass: TaskPass): Promise<TaskOutcome> {
  const { play, host, task, extras, scope } = pass;
  const loop = withNames(task.loop!, scope, play.run.templar);
  let items: readonly unknown[] | Unknown;
  try {
    items = loopItems(loop, scope, play.run.templar);
  } catch (error) {
    // `loop: "{{ list }}"` with `when: list is defined`: a condition that is false without any item decides first.
    if (conditionIsFalse(pass)) return skippedOutcome('the loop has no items');
    throw error;
  }
  if (isUnknown(items)) {
    const attempt = unknownAttempt(items);
    const result = { ...attempt.result, results: items };
    return { ...outcomeOf({ ...attempt, result, open: await reachesHosts(task) }), loop: true };
  }
  const outcomes: TaskOutcome[] = [];
  const results: Record<string, unknown>[] = [];
  for (const index of items.keys()) {
    if (index > 0) await pauseBetween(pass);
    if (index > 0 && play.run.stopping()) {
      const stopped = failure(play, host, task, stoppedAfter(index, items.length, task), extras);
      return joinItems([...outcomes, stopped], { ...loopResult(results), ...stopped.result });
    }
    const variables = loopVariables(loop, items, index);
    const itemExtras = [...extras, variables];
    const itemScope = scopeFor(play.run, { host, play, task, extras: itemExtras });
    const ofItem = { ...pass, extras: itemExtras, scope: itemScope };
    const noLog = isOn(play.run.templar, task.noLog, itemScope);
    let ends = false;
    const ran = await runOnce(ofItem).catch((error) => {
      ends = endsLoop(error);
      return failure(play, host, task, atTask(error, task), itemExtras);
    });
    const { outcome, text, last } = itemEnd(ofItem, items[index], ran);
    outcomes.push({ ...outcome, noLog });
    const { loopVar, indexVar, extended } = loop.control;
    results.push(
      asOpenAs(outcome.result, {
        ...outcome.result,
        [loopVar]: items[index],
        ansible_loop_var: loopVar,
        ...(indexVar ? { [indexVar]: index, ansible_index_var: indexVar } : {}),
        ...(extended ? { ansible_loop: variables.ansible_loop } : {}),
      }),
    );
    play.run.emit({
      type: 'item-result',
      task: task.id,
      host: host.name,
      status: outcome.status,
      item: noLog ? '(hidden by no_log)' : items[index],
      label: noLog ? '(hidden by no_log)' : text,
      result: noLog ? censored(outcome.result) : printableResult(outcome.result),
      diffs: noLog ? [] : outcome.diffs,
      ignored: outcome.ignored,
      ...(outcome.check === undefined ? {} : { check: outcome.check }),
    });
    if (ends) return joinItems(outcomes, outcome.result);
    if (last) break;
    // Where nobody deals with it, the other items would only meet the same.
    if (outcome.status === 'unreachable' && task.ignoreUnreachable === undefined) break;
  }
  return joinItems(outcomes, loopResult(results));
}

async function reachesHosts(task: Task): Promise<boolean> {
  return (await loadModule(task.module)).controllerOnly !== true;
}

function conditionIsFalse({ play, task, scope }: TaskPass): boolean {
  for (const condition of task.when) {
    try {
      if (judge([condition], scope, rules(play)).holds === false) return true;
    } catch {
      return false;
    }
  }
  return false;
}

function stoppedAfter(done: number, items: number, task: Task): CutoverError {
  return new CutoverError('interrupted', `stopped by the operator after ${done} of ${items} items`, {
    position: task.position,
  });
}

function joinItems(outcomes: readonly TaskOutcome[], result: Record<string, unknown>): TaskOutcome {
  const has = (status: HostStatus) => outcomes.some((outcome) => outcome.status === status);
  const order: HostStatus[] = ['unreachable', 'failed', 'unknown', 'changed', 'ok'];
  const status =
    outcomes.length === 0 || outcomes.every((outcome) => outcome.status === 'skipped')
      ? 'skipped'
      : (order.find(has) ?? 'ok');
  const failed = outcomes.find((outcome) => outcome.error && !outcome.ignored);
  const apart = outcomes.find((outcome) => outcome.check !== undefined);
  return {
    status,
    ignored: isIgnored(outcomes, status),
    result,
    changes: outcomes.flatMap((outcome) => outcome.changes),
    diffs: outcomes.flatMap((outcome) => outcome.diffs),
    ...(failed?.error ? { error: failed.error } : {}),
    ...(outcomes.some((outcome) => outcome.open) ? { open: true } : {}),
    ...(apart === undefined ? {} : { check: apart.check }),
    loop: true,
    noLog: outcomes.some((outcome) => outcome.noLog),
  };
}

/** A failure is ignored when that of each item is; that a host is away, as in Ansible, when one item says so. */
function isIgnored(outcomes: readonly TaskOutcome[], status: HostStatus): boolean {
  const such = outcomes.filter((outcome) => outcome.status === status);
  if (status === 'unreachable') return such.some((outcome) => outcome.ignored);
  return status === 'failed' && such.every((outcome) => outcome.ignored);
}

async function pauseBetween({ play, task, scope }: TaskPass): Promise<void> {
  const written = task.loop?.control.pause;
  if (!written || play.run.check) return;
  await sleep(1000 * (keywordNumber('pause', written, scope, play.run.templar) ?? 0));
}
