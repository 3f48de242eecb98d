import { openRunStore, type RunEvent, type RunInfo } from '../../journal/index.ts';
import { runText } from '../../report/index.ts';

/** `cutover runs`. */
export async function listRuns(flags: { readonly json?: boolean; readonly number: string }): Promise<void> {
  const runs = (await openRunStore().list()).slice(0, Number(flags.number) || 20);
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(runs, null, 2)}\n`);
    return;
  }
  if (runs.length === 0) {
    process.stdout.write('no runs yet\n');
    return;
  }
  const rows = runs.map(row);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  for (const cells of rows)
    process.stdout.write(
      `${cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
}

function row(run: RunInfo): string[] {
  const what = run.command === 'run' ? run.playbook : `${run.command} ${run.playbook}`;
  const note = run.check
    ? 'dry run'
    : run.rolledBackBy
      ? `rolled back by ${run.rolledBackBy}`
      : `${run.changed} changed`;
  return [
    run.id,
    run.startedAt.replace('T', ' ').slice(0, 19),
    run.status,
    `${run.hosts.length} host${run.hosts.length === 1 ? '' : 's'}`,
    note,
    what,
  ];
}

/** `cutover runs show`. */
export async function showRun(reference: string, flags: { readonly json?: boolean }): Promise<void> {
  const store = openRunStore();
  const info = await store.find(reference, 'any');
  const events: RunEvent[] = [];
  for await (const event of store.events(info.id)) events.push(withoutSealed(event));
  process.stdout.write(
    flags.json ? `${JSON.stringify({ ...info, events }, null, 2)}\n` : runText(info, events),
  );
}

function withoutSealed(event: RunEvent): RunEvent {
  if (!('sealed' in event)) return event;
  const { sealed: _, ...open } = event;
  return open as RunEvent;
}
