import { CutoverError } from '../../errors/index.ts';
import { type JournalEntry, readJournal, type Session } from '../../resources/index.ts';
import type { ArmedChange, RunContext } from '../context.ts';
import { placeAgain } from '../hosts/way.ts';
import type { RollbackRequest } from './request.ts';
import { keptOf, reviveUndo } from './undo-record.ts';

/** One change to take back, with the journal that knows it. */
export interface Step {
  readonly event: ArmedChange;
  readonly change: ArmedChange['changes'][number];
  readonly entry: JournalEntry;
  readonly session: Session;
}

/** Finds what the host's journals know of the armed changes, newest first. An armed change that no journal knows never reached the host. */
export async function stepsOf(
  run: RunContext,
  host: string,
  events: readonly ArmedChange[],
  request: RollbackRequest,
): Promise<readonly Step[]> {
  const journals = new Map<string, { session: Session; entries: Map<number, JournalEntry> }>();
  const steps: Step[] = [];
  for (const event of events) {
    const key = `${event.become.method}:${event.become.user ?? ''}:${event.stateDir ?? ''}:${event.journal}`;
    let journal = journals.get(key);
    if (!journal) {
      const session = await undoSession(run, host, event, request);
      const entries = await readJournal(session, event.journal);
      journal = { session, entries: new Map(entries.map((entry) => [entry.seq, entry])) };
      journals.set(key, journal);
    }
    for (const change of event.changes) {
      const entry = journal.entries.get(change.seq);
      if (!entry && !request.force && request.happened?.has(`${host} ${change.seq}`))
        throw new CutoverError(
          'drift',
          `the journal of ${event.journal} on the host does not know change #${change.seq} (${change.summary}) any more`,
          { hint: 'nothing was put back there; --force puts back what the journal still knows' },
        );
      if (
        entry &&
        entry.state !== 'undone' &&
        entry.state !== 'failed' &&
        !request.done?.has(`${host} ${change.seq}`)
      )
        steps.push({ event, change, entry, session: journal.session });
    }
  }
  return steps.sort((a, b) => b.change.seq - a.change.seq);
}

async function undoSession(
  run: RunContext,
  host: string,
  event: ArmedChange,
  request: RollbackRequest,
): Promise<Session> {
  return run.fleet.session({
    host: run.host(host),
    ...placeAgain(run, host, event.become, keptOf(event).way),
    stateDir: event.stateDir,
    run: event.journal,
    task: event.task,
    environment: {},
    timeoutMs: undefined,
    onArm: async () => {},
    // Waits too for what a killed controller left running there: its shell holds the lock until it has ended.
    hold: !request.check,
  });
}

/** The longest row of steps, from `start` on, that the host can undo by itself in one go. */
export function automaticRow(steps: readonly Step[], start: number): readonly Step[] {
  const first = steps[start];
  if (!first || !isAutomatic(first)) return [];
  let end = start + 1;
  while (
    end < steps.length &&
    isAutomatic(steps[end]!) &&
    steps[end]!.session === first.session &&
    steps[end]!.event.journal === first.event.journal
  )
    end++;
  return steps.slice(start, end);
}

function isAutomatic(step: Step): boolean {
  return (
    (step.change.undo === 'restorable' || step.change.undo === 'invertible') &&
    reviveUndo(keptOf(step.event).undo) === undefined
  );
}
