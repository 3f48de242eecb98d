import type { RunEvent } from '../../journal/index.ts';
import type { ArmedChange } from '../context.ts';

/** Leaves out commands that turned out to have changed nothing (`changed_when`): there is nothing to take back. */
export function withoutHarmless(
  armed: readonly ArmedChange[],
  result: RunEvent & { readonly type: 'host-result' },
): ArmedChange[] {
  if (result.status !== 'ok' || result.changes.every((change) => change.undo !== 'irreversible'))
    return [...armed];
  const where = result.delegatedTo ?? result.host;
  const numbers = new Set(
    result.changes.filter((change) => change.undo === 'irreversible').map((change) => change.seq),
  );
  return armed.flatMap((event) => {
    if (event.host !== where || event.task !== result.task.id) return [event];
    const changes = event.changes.filter((change) => !numbers.has(change.seq));
    return changes.length === 0 ? [] : [{ ...event, changes }];
  });
}
