import { resolve } from 'node:path';
import type { ChangeRecord, RunEvent, RunStore } from './types.ts';

/** A handler that was notified and has not run. */
export interface DueNotification {
  readonly host: string;
  readonly play: number;
  /** The handler's place in the playbook. */
  readonly id: string;
  /** As it was notified: its name, or what it listens to. */
  readonly handler: string;
  /** The run in which it was notified first. */
  readonly since: string;
}

/**
 * Gives what is still due after the newest run of a playbook that counts: no dry run, not taken back, not going on. Each run takes over
 * what was due before it, so that one log tells.
 */
export async function dueNotifications(
  store: RunStore,
  playbook: string,
  folder: string,
): Promise<readonly DueNotification[]> {
  const path = resolve(folder, playbook);
  for (const run of await store.list()) {
    const counts = run.command === 'run' && !run.check && run.rolledBackBy === undefined;
    if (!counts || run.status === 'running') continue;
    const events = await eventsOf(store, run.id, path);
    if (events) return dueAfter(run.id, events);
  }
  return [];
}

async function eventsOf(store: RunStore, id: string, playbook: string): Promise<RunEvent[] | undefined> {
  const events: RunEvent[] = [];
  for await (const event of store.events(id)) {
    const isOther =
      event.type === 'run-started' &&
      (event.folder === undefined || resolve(event.folder, event.playbook) !== playbook);
    if (isOther) return undefined;
    events.push(event);
  }
  return events;
}

/** Reads out of the events of a run which handlers it still owes its hosts. */
export function dueAfter(run: string, events: readonly RunEvent[]): readonly DueNotification[] {
  const due = new Map<string, DueNotification>();
  const armed = new Map<string, readonly DueNotification[]>();
  const key = ({ host, play, id }: Pick<DueNotification, 'host' | 'play' | 'id'>) => `${host} ${play} ${id}`;
  const forget = (host: string) => {
    for (const one of due.values()) if (one.host === host) due.delete(key(one));
    for (const [task, [one]] of armed) if (one?.host === host) armed.delete(task);
  };
  for (const event of events) {
    if (event.type === 'notified') {
      const { host, play, id, handler, since = run } = event;
      due.set(key(event), { host, play, id, handler, since });
    } else if (event.type === 'delivered') {
      due.delete(key(event));
    } else if (event.type === 'change-armed' && event.notifies && event.changes.some(isLasting)) {
      const { play, forHost: host, notifies } = event;
      armed.set(
        `${event.task} ${host}`,
        notifies.map(({ id, handler }) => ({ host, play, id, handler, since: run })),
      );
    } else if (event.type === 'host-result' && !event.undo) {
      // A task that failed halfway has changed something and notified nobody; so has one that never came to its end.
      const halfway = (event.status === 'failed' || event.status === 'unreachable') && !event.ignored;
      if (!halfway) armed.delete(`${event.task.id} ${event.host}`);
    } else if (event.type === 'host-rolled-back' && event.status === 'restored') {
      forget(event.host);
    }
  }
  for (const one of [...armed.values()].flat()) if (!due.has(key(one))) due.set(key(one), one);
  return [...due.values()];
}

/** A command or request that failed is made again by the next run, which notifies by itself. */
function isLasting({ key }: ChangeRecord): boolean {
  return !/^(?:command|http):/.test(key);
}
