import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CutoverError } from '../errors/index.ts';
import type { ChangeRecord, DiffRecord } from '../journal/index.ts';
import type { Effect, Plan } from '../modules/index.ts';
import {
  applyChanges,
  type Change,
  type ChangeOutcome,
  commandOutput,
  type Observed,
  type Probe,
  probeAll,
  type Session,
} from '../resources/index.ts';
import { isMapping, isUnknown, type Unknown } from '../values/index.ts';
import type { PlayContext } from './context.ts';
import {
  type Async,
  asyncOf,
  isOneCommand,
  type JobWork,
  keepForLater,
  runJob,
  statusOfJob,
} from './jobs.ts';
import type { Prepared } from './prepare.ts';
import { recordUndo } from './undo-record.ts';

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
}

/** Probes that others will want soon and that may travel along: asked once, when a round trip is due anyway. */
export type Ahead = () => Promise<readonly Probe[]>;

const MAX_ROUNDS = 8;
const MAX_STALE = 3;

/** Probes, plans and (unless this is a dry run) applies a prepared task. Throws CutoverError for what is not the task's own failure. */
export async function execute(play: PlayContext, prepared: Prepared, ahead: Ahead): Promise<Attempt> {
  const job = asyncOf(play, prepared);
  const told = await statusOfJob(play, prepared, jobWork(play, prepared));
  if (told) return told;
  const attempt = await carryThrough(play, prepared, ahead, job);
  return job?.poll === 0 && attempt.result.ansible_job_id === undefined
    ? keepForLater(play, attempt)
    : attempt;
}

async function carryThrough(
  play: PlayContext,
  prepared: Prepared,
  ahead: Ahead,
  job: Async | undefined,
): Promise<Attempt> {
  for (let attempt = 1; ; attempt++) {
    const seen = await observe(play, prepared, ahead);
    if (isUnknown(seen))
      return seen === prepared.knowledge.doubt ? unseenAttempt(seen) : unknownAttempt(seen);
    const plan = await prepared.module.plan(prepared.params, seen, prepared.context);
    if (plan.failed !== undefined) return failedAttempt(plan.failed, plan);
    const changes = plan.changes.map((change) => withUndoOf(prepared, change));
    refuseIrreversible(play, prepared, changes);
    if (prepared.check) return predict(prepared, plan, changes);
    if (changes.length === 0) return finish(prepared, plan, []);
    if (job && isOneCommand(changes))
      return runJob(play, prepared, changes[0]!, job, jobWork(play, prepared, plan));
    const outcomes = await apply(play, prepared, changes);
    if (outcomes.some((outcome) => outcome.status === 'stale') && attempt < MAX_STALE) continue;
    return finish(prepared, plan, outcomes);
  }
}

function jobWork(play: PlayContext, prepared: Prepared, plan: Plan = { changes: [] }): JobWork {
  return {
    apply: async (change) => (await apply(play, prepared, [change], true))[0]!,
    finish: (outcomes) => finish(prepared, plan, outcomes),
    ask: async <State>(probe: Probe<State>) => {
      const answers = await probeAll(await openSession(play, prepared, true), [probe]);
      return answers.get(probe.key) as State;
    },
  };
}

/** Asks everything that the module needs, in as few round trips as its questions allow. */
async function observe(play: PlayContext, prepared: Prepared, ahead: Ahead): Promise<Observed | Unknown> {
  const { module, knowledge } = prepared;
  const volatile = new Map<string, unknown>();
  const seen: Observed = {
    get: (probe) => (probe.volatile ? volatile.get(probe.key) : knowledge.get(probe)) as never,
  };
  if (!module.needs) return seen;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const wanted = await module.needs(prepared.params, seen, prepared.context);
    const missing = wanted.filter((probe) =>
      probe.volatile ? !volatile.has(probe.key) : !knowledge.has(probe),
    );
    const unknown = wanted.map((probe) => seen.get(probe)).find((state) => isUnknown(state));
    if (isUnknown(unknown)) return unknown;
    if (missing.length === 0) return seen;
    if (prepared.check && knowledge.doubt && missing.some((probe) => probe.volatile)) return knowledge.doubt;
    const session = await openSession(play, prepared);
    const extra = round === 0 && missing.some((probe) => !probe.volatile) ? await ahead() : [];
    const answers = await probeAll(session, [...missing, ...extra.filter((probe) => !knowledge.has(probe))]);
    for (const probe of missing) if (probe.volatile) volatile.set(probe.key, answers.get(probe.key));
    for (const probe of [...missing, ...extra])
      if (!probe.volatile && answers.has(probe.key)) knowledge.learn(probe.key, answers.get(probe.key));
  }
  throw new CutoverError('internal', `the module ${module.name} keeps asking`, {
    position: prepared.context.position,
  });
}

async function apply(
  play: PlayContext,
  prepared: Prepared,
  changes: readonly Change[],
  asJob = false,
): Promise<readonly ChangeOutcome[]> {
  const session = await openSession(play, prepared, asJob);
  const reading = readingCommand(prepared, changes);
  if (reading) {
    const answers = await probeAll(session, [reading.probe]);
    prepared.knowledge.forgetAll();
    return [
      {
        change: reading.change,
        status: 'done',
        result: answers.get(reading.probe.key) as Record<string, unknown>,
      },
    ];
  }
  const outcomes = await applyChanges(session, changes);
  prepared.knowledge.forget(changes);
  for (const outcome of outcomes) {
    if (outcome.seq === undefined) continue;
    play.run.emit({
      type: 'change-done',
      task: prepared.task.id,
      host: prepared.onHost.name,
      seq: outcome.seq,
      outcome: outcome.status,
    });
  }
  return outcomes;
}

function openSession(play: PlayContext, prepared: Prepared, asJob = false): Promise<Session> {
  const { place, onHost, task } = prepared;
  if (!place)
    throw new CutoverError(
      'internal',
      `the module ${prepared.module.name} asks a host although it said it would not`,
    );
  const run = play.run;
  const timeout = timeLimit(play, prepared, asJob);
  return run.fleet.session({
    host: onHost,
    target: place.target,
    identity: place.identity,
    stateDir: place.stateDir,
    run: run.id,
    task: task.id,
    environment: prepared.environment,
    timeoutMs: timeout > 0 ? timeout * 1000 : undefined,
    onArm: async (entries, identity) => {
      const undo = recordUndo(task, prepared, play.play.folder, run.secrets);
      run.emit({
        type: 'change-armed',
        play: play.play.index,
        batch: play.batchIndex,
        task: task.id,
        taskName: task.name ? String(task.name.value) : task.module,
        host: onHost.name,
        forHost: prepared.scope.get('inventory_hostname') as string,
        identity,
        become: {
          method: place.identity.method,
          ...(place.identity.user ? { user: place.identity.user } : {}),
        },
        stateDir: place.stateDir,
        journal: run.id,
        changes: entries.map(({ seq, change }) => ({
          ...recordOf(change),
          ...(prepared.noLog ? { summary: change.key } : {}),
          seq,
        })),
        ...(undo ? { sealed: undo } : {}),
      });
      await run.writer.flush();
    },
  });
}

/** Seconds; 0 is no limit. For what cannot run as a job, `async` is a time limit too. */
function timeLimit(play: PlayContext, prepared: Prepared, asJob: boolean): number {
  const { timeout } = prepared.task;
  const own = timeout
    ? Number(play.run.templar.renderDeep(timeout.value, prepared.scope, { at: timeout.at }))
    : 0;
  const seconds = asJob ? 0 : (asyncOf(play, prepared)?.seconds ?? 0);
  const limits = [own, seconds].filter((limit) => limit > 0);
  return limits.length === 0 ? 0 : Math.min(...limits);
}

/** A task's `undo:` makes its changes compensable; `undo: none` makes them irreversible, on purpose. */
function withUndoOf(prepared: Prepared, change: Change): Change {
  const undo = prepared.task.undo;
  if (undo?.kind === 'tasks' && change.undo === 'irreversible') return { ...change, undo: 'compensable' };
  return undo?.kind === 'none' ? { ...change, undo: 'irreversible' } : change;
}

/** A command whose task says `changed_when: false` only reads: it needs no journal, and there is nothing to take back. */
function readingCommand(
  prepared: Prepared,
  changes: readonly Change[],
): { change: Change; probe: Probe } | undefined {
  const [change] = changes;
  if (changes.length !== 1 || change?.resource !== 'command' || prepared.task.undo || !saysReadOnly(prepared))
    return undefined;
  const { spec } = change.detail as { readonly spec: Parameters<typeof commandOutput>[0] };
  return { change, probe: commandOutput(spec) };
}

function saysReadOnly(prepared: Prepared): boolean {
  return (
    prepared.task.changedWhen?.some(
      (condition) => condition.value === false || condition.value === 'false',
    ) ?? false
  );
}

function refuseIrreversible(play: PlayContext, prepared: Prepared, changes: readonly Change[]): void {
  if (play.play.rollback !== 'required' || prepared.task.undo?.kind === 'none') return;
  const stuck = changes.find((change) => change.undo === 'irreversible');
  if (!stuck || saysReadOnly(prepared)) return;
  throw new CutoverError(
    'playbook',
    `"${stuck.summary}" cannot be undone, and this play says \`rollback: required\``,
    {
      position: prepared.task.position,
      hint: 'give the task an `undo:` list, or `undo: {none: "the reason"}`',
    },
  );
}

function predict(prepared: Prepared, plan: Plan, changes: readonly Change[]): Attempt {
  for (const change of changes) prepared.knowledge.foresee(change);
  const changed = plan.changed ?? changes.length > 0;
  if (isUnknown(changed)) {
    prepared.knowledge.doubtEverything(changed.reason);
    return { ...unknownAttempt(changed), changes: changes.map(recordOf), diffs: diffsOf(changes) };
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
    changes: changes.map(recordOf),
    diffs: [...diffsOf(changes), ...toldDiffs(result.diff)],
    effects: plan.effects ?? [],
  };
}

function finish(prepared: Prepared, plan: Plan, outcomes: readonly ChangeOutcome[]): Attempt {
  const done = outcomes.filter((outcome) => outcome.status === 'done');
  const bad = outcomes.find((outcome) => outcome.status !== 'done' && outcome.status !== 'not-run');
  const result = plan.result?.(outcomes) ?? {};
  const changed =
    typeof result.changed === 'boolean'
      ? result.changed
      : isUnknown(plan.changed)
        ? done.length > 0
        : (plan.changed ?? done.length > 0);
  const base = {
    changed,
    skipped: plan.skipped !== undefined,
    changes: outcomes
      .filter((outcome) => outcome.status !== 'not-run' && outcome.status !== 'stale')
      .map((outcome) => ({
        ...recordOf(outcome.change),
        ...(outcome.seq === undefined ? {} : { seq: outcome.seq }),
      })),
    diffs: [...diffsOf(done.map((outcome) => outcome.change)), ...toldDiffs(result.diff)],
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
  const warnings = plan.warnings && plan.warnings.length > 0 ? { warnings: plan.warnings } : {};
  const skipped =
    plan.skipped !== undefined
      ? { skipped: true, skip_reason: plan.skipped, msg: result.msg ?? plan.skipped }
      : {};
  return { ...base, failed: result.failed === true, result: { changed, ...result, ...warnings, ...skipped } };
}

function failedAttempt(message: string, plan: Plan): Attempt {
  return {
    changed: false,
    failed: true,
    skipped: false,
    result: { changed: false, ...plan.result?.([]), failed: true, msg: message },
    changes: [],
    diffs: [],
    effects: [],
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
  };
}

/** A question that means nothing in a dry run: the service that it is about was not restarted. */
function unseenAttempt(reason: Unknown): Attempt {
  return {
    ...unknownAttempt(reason),
    changed: false,
    result: { changed: false, msg: reason.reason },
    unseen: reason,
  };
}

function recordOf(change: Change): ChangeRecord {
  return { key: change.key, summary: change.summary, undo: change.undo };
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

/** Writes a file of the controller through a temporary one. Throws CutoverError('command'). */
export async function writeLocal(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.part`, bytes);
    await rename(`${path}.part`, path);
  } catch (cause) {
    throw new CutoverError('command', `cannot write ${path} on the controller: ${(cause as Error).message}`, {
      cause,
    });
  }
}
