import { CutoverError } from '../../errors/index.ts';
import type { ChangeRecord, DiffRecord } from '../../journal/index.ts';
import type { Effect, Plan } from '../../modules/index.ts';
import type { Change, ChangeOutcome } from '../../resources/index.ts';
import { isMapping, isUnknown, type Unknown } from '../../values/index.ts';
import type { Prepared } from './prepare.ts';

/** What became of one attempt at a task. */
export interface Attempt {
  readonly changed: boolean | Unknown;
  readonly failed: boolean;
  readonly skipped: boolean;
  readonly result: Record<string, unknown>;
  readonly changes: readonly ChangeRecord[];
  readonly diffs: readonly DiffRecord[];
  readonly effects: readonly Effect[];
  readonly error?: CutoverError;
  /** A dry run did not look: it changes nothing, and what it would have seen is not known. */
  readonly unseen?: Unknown;
  /** A dry run cannot even say what it would change. */
  readonly open?: boolean;
}

/**
 * What a dry run makes of a plan. When the whole run is one (`lasting`), later tasks see the states that it would have left;
 * after a single task with `check_mode: yes` they see what is there.
 */
export function predict(
  prepared: Prepared,
  plan: Plan,
  changes: readonly Change[],
  lasting: boolean,
): Attempt {
  if (lasting) for (const change of changes) prepared.knowledge.foresee(change);
  const changed = plan.changed ?? changes.length > 0;
  if (isUnknown(changed)) {
    if (!lasting) return notInCheckMode(changed, plan);
    prepared.knowledge.doubtEverything(changed.reason);
    return {
      ...unknownAttempt(changed),
      open: changes.length === 0 && prepared.module.controllerOnly !== true,
      changes: changes.map((change) => recordOf(change, prepared)),
      diffs: shown(prepared, diffsOf(changes)),
    };
  }
  const result = plan.result?.(changes.map((change) => ({ change, status: 'done' as const }))) ?? {};
  return {
    changed,
    failed: result.failed === true,
    skipped: plan.skipped !== undefined,
    result: {
      changed,
      ...result,
      ...(plan.skipped !== undefined
        ? { skipped: true, skip_reason: plan.skipped, msg: result.msg ?? plan.skipped }
        : {}),
    },
    changes: changes.map((change) => recordOf(change, prepared)),
    diffs: shown(prepared, allDiffs(changes, result.diff)),
    effects: plan.effects ?? [],
  };
}

/** What the outcomes of its changes make of a plan. */
export function finish(prepared: Prepared, plan: Plan, told: readonly ChangeOutcome[]): Attempt {
  const outcomes = plan.endsLink ? told.map(doneThoughLost) : told;
  const done = outcomes.filter((outcome) => outcome.status === 'done' && !outcome.unchanged);
  const bad = outcomes.find((outcome) => outcome.status !== 'done' && outcome.status !== 'not-run');
  const result = plan.result?.(outcomes) ?? {};
  const changed =
    typeof result.changed === 'boolean'
      ? result.changed
      : bad || isUnknown(plan.changed)
        ? done.length > 0
        : (plan.changed ?? done.length > 0);
  const base = {
    changed,
    skipped: plan.skipped !== undefined,
    changes: outcomes
      .filter(({ status, unchanged }) => status !== 'not-run' && status !== 'stale' && !unchanged)
      .map((outcome) => ({
        ...recordOf(outcome.change, prepared),
        ...(outcome.seq === undefined ? {} : { seq: outcome.seq }),
      })),
    diffs: shown(
      prepared,
      allDiffs(
        done.map((outcome) => outcome.change),
        result.diff,
      ),
    ),
    effects: plan.effects ?? [],
  };
  if (bad && result.failed !== true) {
    const message = bad.message ?? `${bad.change.summary}: ${bad.status}`;
    const kind =
      bad.kind ?? (bad.status === 'unknown' ? 'lost' : bad.status === 'stale' ? 'stale' : 'command');
    return {
      ...base,
      failed: true,
      result: { ...result, changed, failed: true, msg: message },
      error: new CutoverError(kind, message, {
        position: prepared.task.position,
        host: prepared.onHost.name,
      }),
    };
  }
  const notes = [...(plan.warnings ?? []), ...outcomes.flatMap(omission)];
  const warnings = notes.length > 0 ? { warnings: notes } : {};
  const skipped =
    plan.skipped !== undefined
      ? { skipped: true, skip_reason: plan.skipped, msg: result.msg ?? plan.skipped }
      : {};
  return {
    ...base,
    failed: result.failed === true,
    // A module of one's own may say so itself.
    skipped: base.skipped || result.skipped === true,
    result: { changed, ...result, ...warnings, ...skipped },
  };
}

function doneThoughLost(outcome: ChangeOutcome): ChangeOutcome {
  return outcome.status === 'unknown' ? { ...outcome, status: 'done' } : outcome;
}

/** A command that wrote more than is kept. */
function omission({ result }: ChangeOutcome): string[] {
  const omitted = result?.omittedBytes;
  return typeof omitted === 'number'
    ? [`about ${omitted} bytes in the middle of the output are left out`]
    : [];
}

/** A wish that cannot be met: nothing was done. */
export function failedAttempt(message: string, plan: Plan): Attempt {
  return {
    changed: false,
    failed: true,
    skipped: false,
    result: { changed: false, msg: message, ...plan.result?.([]), failed: true },
    changes: [],
    diffs: [],
    effects: [],
  };
}

/** A task with `check_mode: yes` in a real run that nobody can foresee is passed over, as Ansible does: what follows is real. */
function notInCheckMode(reason: Unknown, plan: Plan): Attempt {
  const result = plan.whenPassedOver ?? { changed: false, skipped: true, msg: reason.reason };
  return {
    ...unknownAttempt(reason),
    changed: result.changed === true,
    skipped: result.skipped === true,
    result: { ...result },
  };
}

/** An attempt that a dry run cannot foresee. */
export function unknownAttempt(reason: Unknown): Attempt {
  return {
    changed: reason,
    failed: false,
    skipped: false,
    result: { changed: reason, msg: reason.reason },
    changes: [],
    diffs: [],
    effects: [],
    open: true,
  };
}

/** A question that means nothing in a dry run: the service that it is about was not restarted. */
export function unseenAttempt(reason: Unknown): Attempt {
  return {
    ...unknownAttempt(reason),
    changed: false,
    result: { changed: false, msg: reason.reason },
    unseen: reason,
  };
}

/** A change as events carry it. */
export function recordOf(
  change: Change,
  { marker, noLog }: Pick<Prepared, 'marker' | 'noLog'>,
): ChangeRecord {
  const { key, summary, undo } = change;
  return { key, summary, undo, ...(marker ? { mark: marker.mark(change, noLog) } : {}) };
}

/** The keyword `diff` overrules `--diff`: what it hides is not kept either. */
function shown({ task, diff }: Prepared, diffs: readonly DiffRecord[]): readonly DiffRecord[] {
  if (task.diff === undefined) return diffs;
  return diff ? diffs.map((record) => ({ ...record, shown: true })) : [];
}

/** Changes know their differences; where they have none, the `diff` of the result tells, unless it says that nothing differs. */
function allDiffs(changes: readonly Change[], told: unknown): DiffRecord[] {
  const own = diffsOf(changes);
  return own.length > 0 ? own : toldDiffs(told).filter(({ before, after }) => before !== after);
}

/** The differences that a module reports itself, as the `diff` of its result. */
function toldDiffs(told: unknown): DiffRecord[] {
  const text = (value: unknown) =>
    value === undefined || value === null
      ? undefined
      : typeof value === 'string'
        ? value
        : JSON.stringify(value, null, 4);
  const record = (part: Record<string, unknown>): DiffRecord => {
    const { before, after, before_header: beforeHeader, after_header: afterHeader, prepared } = part;
    const named = { before, after, beforeHeader, afterHeader, prepared };
    return Object.fromEntries(
      Object.entries(named).flatMap(([name, value]) =>
        text(value) === undefined ? [] : [[name, text(value)]],
      ),
    );
  };
  return (Array.isArray(told) ? told : [told]).filter(isMapping).map(record);
}

function diffsOf(changes: readonly Change[]): DiffRecord[] {
  return changes.flatMap((change) => (change.diff ? [change.diff] : []));
}
