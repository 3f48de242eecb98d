import type { Task } from '../../playbook/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import { keywordNumber } from '../variables/keyword.ts';
import { scopeFor } from '../variables/variables.ts';

/** Does the work of a task when fewer hosts than its `throttle` (or its play's) are at it. */
export async function throttled<T>(
  play: PlayContext,
  host: HostState,
  task: Task,
  work: () => Promise<T>,
): Promise<T> {
  const written = task.throttle ?? play.play.throttle;
  if (written === undefined) return work();
  const scope = scopeFor(play.run, { host, play, task });
  const limit = keywordNumber('throttle', written, scope, play.run.templar) ?? 0;
  if (!(limit > 0)) return work();
  return limiterFor(play, `${task.id} ${limit}`, limit).run(work);
}

function limiterFor(play: PlayContext, key: string, limit: number) {
  const known = play.run.throttles.get(key);
  if (known) return known;
  const made = play.run.newLimiter(limit);
  play.run.throttles.set(key, made);
  return made;
}
