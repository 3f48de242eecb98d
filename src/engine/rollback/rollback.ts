import { CutoverError, describeError } from '../../errors/index.ts';
import {
  type JournalEntry,
  readJournal,
  type Session,
  type UndoOutcome,
  undoEntries,
} from '../../resources/index.ts';
import type { ArmedChange, RunContext } from '../context.ts';
import { isUnreachable } from '../hosts/fleet.ts';
import { resolveTarget } from '../hosts/target.ts';
import { scopeFor } from '../variables/variables.ts';
import { reviveUndo } from './undo-record.ts';
import { runUndoTasks } from './undo-tasks.ts';

/** What to take back, and how. */
export interface RollbackRequest {
  readonly armed: readonly ArmedChange[];
  /** Id of the run whose changes these are. */
  readonly of: string;
  readonly scope: 'host' | 'batch' | 'run' | 'command';
  readonly check: boolean;
  /** Undo even what was changed by others since. */
  readonly force: boolean;
  /** `host seq` of changes that an earlier, interrupted rollback has already taken back by hand. */
  readonly done?: ReadonlySet<string>;
  /** `host seq` of changes that are known to have happened: the host's journal must know them too. */
  readonly happened?: ReadonlySet<string>;
}

/** How a host ended. */
export type HostRollback = 'restored' | 'partial' | 'drifted' | 'failed' | 'unreachable' | 'nothing';

/**
 * Takes changes back: batches in reverse order, hosts of a batch together, per host the newest change first. A host stops at its first
 * drift or failure. Never throws; gives how each host ended.
 */
export async function rollbackArmed(
  run: RunContext,
  request: RollbackRequest,
): Promise<ReadonlyMap<string, HostRollback>> {
  const sections = sectionsOf(request.armed);
  const hosts = [...new Set(request.armed.map((event) => event.host))];
  const ended = new Map<string, HostRollback>();
  run.emit({ type: 'rollback-started', run: request.of, hosts, scope: request.scope });
  for (const section of sections.reverse()) {
    await Promise.all(
      [...section].map(([host, events]) =>
        run.forks.run(async () => {
          const before = ended.get(host);
          if (before !== undefined && before !== 'restored' && before !== 'nothing' && before !== 'partial')
            return;
          ended.set(host, worse(before, await rollbackHost(run, host, events, request)));
        }),
      ),
    );
  }
  for (const host of hosts)
    run.emit({ type: 'host-rolled-back', host, status: ended.get(host) ?? 'nothing' });
  return ended;
}

/** Groups changes by batch, in the order in which the batches ran, and inside by host. */
function sectionsOf(armed: readonly ArmedChange[]): Map<string, ArmedChange[]>[] {
  const sections = new Map<string, Map<string, ArmedChange[]>>();
  for (const event of armed) {
    const key = `${event.play}.${event.batch}`;
    const section = sections.get(key) ?? new Map<string, ArmedChange[]>();
    sections.set(key, section);
    section.set(event.host, [...(section.get(event.host) ?? []), event]);
  }
  return [...sections.values()];
}

async function rollbackHost(
  run: RunContext,
  host: string,
  events: readonly ArmedChange[],
  request: RollbackRequest,
): Promise<HostRollback> {
  try {
    return await undoHost(run, host, events, request);
  } catch (error) {
    run.emit({
      type: 'undo-result',
      host,
      seq: 0,
      key: '',
      summary: 'rollback',
      outcome: 'failed',
      detail: describeError(error),
    });
    return isUnreachable(error) ? 'unreachable' : 'failed';
  }
}

/** One change to take back, with the journal that knows it. */
interface Step {
  readonly event: ArmedChange;
  readonly change: ArmedChange['changes'][number];
  readonly entry: JournalEntry;
  readonly session: Session;
}

async function undoHost(
  run: RunContext,
  host: string,
  events: readonly ArmedChange[],
  request: RollbackRequest,
): Promise<HostRollback> {
  const steps = await stepsOf(run, host, events, request);
  const downTo = Math.min(...steps.map((step) => step.change.seq));
  let partial = false;
  let undone = 0;
  for (let i = 0; i < steps.length; ) {
    // A rollback that a failed play started goes to its end: stopping it would leave a state that nobody asked for.
    if (request.scope === 'command' && run.stopping())
      throw new CutoverError('interrupted', 'stopped before everything was taken back', {
        hint: 'repeat the rollback: it goes on from here',
      });
    const row = automaticRow(steps, i);
    if (row.length > 0) {
      const outcomes = await undoAutomatic(run, host, row, request, downTo);
      undone += outcomes.filter(
        ({ status }) => status === 'undone' || status === 'already' || status === 'would-undo',
      ).length;
      const stopper = outcomes.find((outcome) => outcome.status === 'drift' || outcome.status === 'failed');
      if (stopper) return stopper.status === 'drift' ? 'drifted' : 'failed';
      i += row.length;
      continue;
    }
    const step = steps[i++]!;
    const outcome = await undoByHand(run, host, step, request, downTo);
    if (outcome === 'failed') return 'failed';
    if (outcome === 'irreversible') partial = true;
    else undone++;
  }
  return partial ? 'partial' : undone > 0 ? 'restored' : 'nothing';
}

/** Finds what the host's journals know of the armed changes, newest first. An armed change that no journal knows never reached the host. */
async function stepsOf(
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
  const state = run.host(host);
  const scope = scopeFor(run, { host: state });
  const target = resolveTarget({
    host,
    scope,
    play: undefined,
    task: undefined,
    options: run.options,
    templar: run.templar,
    secrets: run.secrets,
  });
  const password =
    ['ansible_become_password', 'ansible_become_pass', `ansible_${event.become.method}_pass`]
      .map((name) => (scope.has(name) ? scope.get(name) : undefined))
      .find((value) => typeof value === 'string') ?? run.options.connection.becomePassword;
  if (typeof password === 'string') run.secrets.add(password);
  return run.fleet.session({
    host: state,
    target:
      host === 'localhost' && !run.inventory.hosts.has(host) ? { ...target, connection: 'local' } : target,
    identity: {
      ...event.become,
      ...(typeof password === 'string' && event.become.method !== 'none' ? { password } : {}),
    },
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
function automaticRow(steps: readonly Step[], start: number): readonly Step[] {
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
    reviveUndo(step.event.sealed) === undefined
  );
}

async function undoAutomatic(
  run: RunContext,
  host: string,
  steps: readonly Step[],
  request: RollbackRequest,
  downTo: number,
): Promise<readonly UndoOutcome[]> {
  const seqs = steps.map((step) => step.change.seq);
  const first = steps[0]!;
  const outcomes = await undoEntries(first.session, first.event.journal, {
    from: Math.min(...seqs),
    to: Math.max(...seqs),
    downTo,
    check: request.check,
    force: request.force,
  });
  const summaries = new Map(steps.map((step) => [step.change.seq, step.change]));
  for (const outcome of outcomes) {
    const change = summaries.get(outcome.seq);
    if (!change) continue;
    run.emit({
      type: 'undo-result',
      host,
      seq: outcome.seq,
      key: change.key,
      summary: change.summary,
      outcome: outcome.status === 'compensable' ? 'irreversible' : outcome.status,
      ...detailOf(outcome),
    });
  }
  return outcomes;
}

/** Why an entry was not taken back; for a drift the three states side by side. */
function detailOf(outcome: UndoOutcome): { readonly detail?: string } {
  const lines = [
    outcome.message,
    ...(['before', 'after', 'present'] as const).map((name) =>
      outcome[name] === undefined ? undefined : `${name}: ${outcome[name]}`,
    ),
  ].filter((line) => line !== undefined);
  return lines.length === 0 ? {} : { detail: lines.join('\n') };
}

/** Runs a task's own `undo:`, then the automatic undo of the change where it has one. */
async function undoByHand(
  run: RunContext,
  host: string,
  step: Step,
  request: RollbackRequest,
  downTo: number,
): Promise<'undone' | 'failed' | 'irreversible'> {
  const { change, event } = step;
  const report = (outcome: 'undone' | 'failed' | 'irreversible' | 'would-undo', detail?: string) =>
    run.emit({
      type: 'undo-result',
      host,
      seq: change.seq,
      key: change.key,
      summary: change.summary,
      outcome,
      ...(detail ? { detail } : {}),
    });
  const record = reviveUndo(event.sealed);
  if (!record) {
    report('irreversible');
    return 'irreversible';
  }
  if (request.check) {
    report('would-undo', `by its own undo: list (${record.tasks.length} tasks)`);
    return 'undone';
  }
  const problem = await runUndoTasks(run, event, record, step.entry);
  if (problem) {
    report('failed', problem);
    return 'failed';
  }
  if (change.undo !== 'restorable' && change.undo !== 'invertible') {
    report('undone');
    return 'undone';
  }
  const outcomes = await undoEntries(step.session, event.journal, {
    from: change.seq,
    to: change.seq,
    downTo,
    check: false,
    force: request.force,
  });
  const bad = outcomes.find((outcome) => outcome.status === 'drift' || outcome.status === 'failed');
  report(bad ? 'failed' : 'undone', bad?.message);
  return bad ? 'failed' : 'undone';
}

const SEVERITY: readonly HostRollback[] = [
  'nothing',
  'restored',
  'partial',
  'drifted',
  'unreachable',
  'failed',
];
function worse(a: HostRollback | undefined, b: HostRollback): HostRollback {
  return a === undefined || SEVERITY.indexOf(b) > SEVERITY.indexOf(a) ? b : a;
}
