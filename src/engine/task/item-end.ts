import { isUnknown } from '../../values/index.ts';
import { judge } from '../variables/conditions.ts';
import { isOn } from '../variables/switches.ts';
import type { TaskPass } from './pass.ts';
import { atTask } from './prepare.ts';
import { rules } from './settle.ts';
import { isForeign, type TaskOutcome } from './task-outcome.ts';

/** What is settled after an item of a loop. */
export interface ItemEnd {
  readonly outcome: TaskOutcome;
  /** What stands for the item in reports. */
  readonly text: string;
  /** `break_when` holds: the loop ends with this item. */
  readonly last: boolean;
}

/** Settles what `loop_control` asks after an item. As in Ansible, an item that did something fails when its label cannot be made; so it does when `break_when` cannot be judged. */
export function itemEnd({ play, task, scope }: TaskPass, item: unknown, outcome: TaskOutcome): ItemEnd {
  const { result } = outcome;
  const { label, breakWhen } = task.loop?.control ?? {};
  const seen =
    task.register === undefined
      ? scope
      : scope.with({ [task.register]: result }, isForeign(task.module, result));
  let asks = 'the label of an item';
  let value = item;
  try {
    if (label) value = play.run.templar.renderDeep(label.value, seen, { at: label.at });
    asks = 'break_when';
    return {
      outcome,
      text: shown(value),
      // In a dry run the answer may be unknown: what the further items would do is shown then.
      last: breakWhen !== undefined && judge(breakWhen, seen, rules(play)).holds === true,
    };
  } catch (error) {
    if (outcome.status !== 'ok' && outcome.status !== 'changed')
      return { outcome, text: shown(value), last: false };
    const problem = atTask(error, task);
    const failed = { ...result, failed: true, msg: `${asks}: ${problem.message}` };
    const ignored = isOn(play.run.templar, task.ignoreErrors, scope);
    return {
      outcome: { ...outcome, status: 'failed', result: failed, error: problem, ignored },
      text: shown(value),
      last: false,
    };
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, inner) => (isUnknown(inner) ? '<unknown>' : inner));
}
