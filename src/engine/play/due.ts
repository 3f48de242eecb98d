/** Handlers that an earlier run of the same playbook owes its hosts: notifications survive a failure and a crash. */
import { dueNotifications } from '../../journal/index.ts';
import type { PlayContext, RunContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import { handlersDue } from './notify.ts';

/** Takes over what is due: says so, and writes it into this run's own log, which tells the next run. */
export async function takeOverDue(run: RunContext, playbook: string): Promise<void> {
  const due = await dueNotifications(run.options.store, playbook, process.cwd());
  run.due.push(...due);
  for (const one of due) run.emit({ type: 'notified', ...one, task: '' });
  for (const alike of Map.groupBy(due, ({ handler, since }) => `${since} ${handler}`).values()) {
    const { handler, since } = alike[0]!;
    const hosts = alike.map(({ host }) => host).join(', ');
    run.emit({
      type: 'warning',
      message: `the handler "${handler}" has been due on ${hosts} since run ${since}: it runs with the handlers of this run`,
    });
  }
}

/** Notifies what is due on a host in this play; called where the handlers of its tasks run. */
export function notifyDue(play: PlayContext, host: HostState): void {
  const { run } = play;
  const index = play.play.index;
  const mine = run.due.filter((one) => one.host === host.name && one.play === index);
  for (const one of mine) {
    run.due.splice(run.due.indexOf(one), 1);
    const called = handlersDue(play, host, one.handler);
    const same = called.filter(({ id }) => id === one.id);
    for (const { id } of same.length > 0 ? same : called) {
      host.notified.add(id);
      if (id !== one.id) run.emit({ type: 'notified', ...one, id, task: '' });
    }
    if (same.length === 0) run.emit({ type: 'delivered', host: host.name, play: index, id: one.id });
    if (called.length === 0)
      run.emit({
        type: 'warning',
        message: `the handler "${one.handler}", due since run ${one.since}, is not in this play any more`,
        host: host.name,
      });
  }
}
