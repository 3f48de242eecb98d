import type { RunEvent, RunInfo, RunStatus } from './types.ts';

/** Reads the line of `cutover runs` out of a run's events. Undefined when not even its start was written. */
export function summarizeRun(
  id: string,
  events: readonly RunEvent[],
  rolledBackBy: string | undefined,
): RunInfo | undefined {
  const started = events.find((event) => event.type === 'run-started');
  if (!started) return undefined;
  const ended = events.findLast((event) => event.type === 'run-ended');
  const hosts = new Set<string>();
  let changed = 0;
  for (const event of events) {
    if (event.type === 'host-result') {
      hosts.add(event.host);
      if (event.status === 'changed' && !event.undo && !event.check) changed++;
    } else if (event.type === 'change-armed') {
      hosts.add(event.host);
    }
  }
  // A run that was killed before its first result, or a task that failed, may still have changed something: what was armed counts.
  if (changed === 0) changed = withoutResult(events).length;
  if (changed === 0 && !ended) changed = events.filter((event) => event.type === 'change-armed').length;
  return {
    id,
    startedAt: new Date(started.at).toISOString(),
    endedAt: ended ? new Date(ended.at).toISOString() : undefined,
    status: rolledBackBy ? 'rolled-back' : ended ? ended.status : statusWithoutEnd(started.pid),
    command: started.command,
    playbook: started.playbook,
    hosts: [...hosts],
    changed,
    check: started.check,
    user: started.user,
    rolledBackBy,
  };
}

/** What was done by tasks that did not end well; those that did say themselves whether they changed anything. */
function withoutResult(events: readonly RunEvent[]): readonly RunEvent[] {
  const fine = new Set(
    events.flatMap((event) =>
      event.type === 'host-result' && event.status === 'ok'
        ? [`${event.delegatedTo ?? event.host} ${event.task.id}`]
        : [],
    ),
  );
  return events.filter(
    (event) =>
      event.type === 'change-done' && event.outcome !== 'not-run' && !fine.has(`${event.host} ${event.task}`),
  );
}

function statusWithoutEnd(pid: number): RunStatus {
  try {
    process.kill(pid, 0);
    return 'running';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'running' : 'interrupted';
  }
}
