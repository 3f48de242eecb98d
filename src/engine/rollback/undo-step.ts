import { type UndoOutcome, undoEntries } from '../../resources/index.ts';
import type { RunContext } from '../context.ts';
import type { RollbackRequest } from './request.ts';
import type { Step } from './steps.ts';
import { keptOf, reviveUndo } from './undo-record.ts';
import { runUndoTasks } from './undo-tasks.ts';

/** Lets the host undo a row of steps by itself, newest first, and reports each. */
export async function undoAutomatic(
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
export async function undoByHand(
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
  const record = reviveUndo(keptOf(event).undo);
  if (!record) {
    report(
      'irreversible',
      change.undo === 'compensable' ? 'its undo: list was in the store of the controller' : undefined,
    );
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
