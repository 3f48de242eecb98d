import { setTimeout as sleep } from 'node:timers/promises';
import { CutoverError } from '../../errors/index.ts';
import type { Task } from '../../playbook/index.ts';
import { isUnknown } from '../../values/index.ts';
import { judge } from '../variables/conditions.ts';
import { keywordNumber } from '../variables/keyword.ts';
import type { LayeredScope } from '../variables/scope.ts';
import { isOn } from '../variables/switches.ts';
import { scopeFor } from '../variables/variables.ts';
import { type Attempt, unknownAttempt } from './attempt.ts';
import { beforeActing } from './before-acting.ts';
import { carryOut, takeFacts } from './effects.ts';
import { execute } from './execute.ts';
import { probesAhead } from './lookahead.ts';
import type { TaskPass } from './pass.ts';
import { prepare } from './prepare.ts';
import { rules, settle } from './settle.ts';
import { censored, outcomeOf, printableResult, type TaskOutcome } from './task-outcome.ts';

/** Repeats until `until` holds, or once. */
export async function attempts(pass: TaskPass): Promise<TaskOutcome> {
  const { play, host, task, scope } = pass;
  const number = (keyword: 'retries' | 'delay', otherwise: number) =>
    keywordNumber(keyword, task[keyword], scope, play.run.templar) ?? otherwise;
  const until = task.until;
  const tries = until || task.retries ? number('retries', 3) : 0;
  const delaySeconds = number('delay', 5);
  for (let attempt = 1; ; attempt++) {
    const outcome = outcomeOf(await attemptOnce(pass));
    // A dry run waits for nothing.
    if (outcome.unseen || outcome.status === 'unknown') return outcome;
    // Without another try nobody asks `until`, as in Ansible.
    if (tries <= 0) return outcome;
    const result = { ...outcome.result, attempts: attempt };
    const judged = settle(play, task, scope, { ...outcome, result });
    const done = until
      ? judge(until, withResult(pass, judged.result), rules(play)).holds
      : judged.status !== 'failed';
    if (done !== false || outcome.status === 'unreachable') return { ...outcome, result };
    if (attempt > tries || play.run.stopping())
      return {
        ...outcome,
        status: 'failed',
        gaveUp: true,
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
      result: isOn(play.run.templar, task.noLog, scope) ? censored(result) : printableResult(result),
    });
    const stop = play.run.options.interrupt?.stop;
    await sleep(delaySeconds * 1000, undefined, stop ? { signal: stop } : {}).catch(() => undefined);
  }
}

async function attemptOnce({ play, host, task, rest, extras, scope }: TaskPass): Promise<Attempt> {
  const prepared = await beforeActing(() => prepare(play, host, task, scope));
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

function withResult({ play, host, task, extras }: TaskPass, result: Record<string, unknown>): LayeredScope {
  const own = task.register === undefined ? [] : [{ [task.register]: result }];
  return scopeFor(play.run, { host, play, task, extras: [...extras, ...own] });
}

function untilMessage(task: Task, attempt: number): string {
  return `"until: ${String(task.until?.[0]?.value)}" did not hold after ${attempt} attempts`;
}
