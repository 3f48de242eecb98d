import { CutoverError } from '../../errors/index.ts';
import type { Plan } from '../../modules/index.ts';
import {
  applyChanges,
  type Change,
  type ChangeOutcome,
  type CommandResult,
  commandOutput,
  type Observed,
  type Probe,
  probeAll,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import type { PlayContext } from '../context.ts';
import { machineOf } from '../hosts/fleet.ts';
import { type Attempt, failedAttempt, finish, predict, unknownAttempt, unseenAttempt } from './attempt.ts';
import {
  type Async,
  asyncOf,
  isOneCommand,
  type JobWork,
  runJob,
  statusOfJob,
  toldAsJob,
  whyNoJob,
} from './jobs.ts';
import { identityMayCome, mayComeTrue } from './missing.ts';
import type { Prepared } from './prepare.ts';
import { openSession } from './session.ts';
import { asWritten } from './written-paths.ts';

/** Probes that others will want soon and that may travel along: asked once, when a round trip is due anyway. */
export type Ahead = () => Promise<readonly Probe[]>;

const MAX_ROUNDS = 8;

const MAX_STALE = 3;

/** Probes, plans and (unless this is a dry run) applies a prepared task. Throws CutoverError for what is not the task's own failure. */
export async function execute(play: PlayContext, prepared: Prepared, ahead: Ahead): Promise<Attempt> {
  const job = asyncOf(play, prepared);
  const told = await statusOfJob(play, prepared, jobWork(play, prepared));
  if (told) return told;
  const { place, module } = prepared;
  const refusal = whyNoJob(job, module.name);
  if (refusal) return failedAttempt(refusal, { changes: [] });
  const carry = () => carryThrough(play, prepared, ahead, job);
  const attempt =
    job || !place || module.sideBySide
      ? await carry()
      : await play.run.inTurn(machineOf(place.target), carry);
  return job && attempt.result.ansible_job_id === undefined ? toldAsJob(play, attempt, job) : attempt;
}

async function carryThrough(
  play: PlayContext,
  prepared: Prepared,
  ahead: Ahead,
  job: Async | undefined,
): Promise<Attempt> {
  for (let attempt = 1; ; attempt++) {
    const { check, knowledge } = prepared;
    const volatile = new Map<string, unknown>();
    const seen = await observe(play, prepared, ahead, volatile).catch((error) =>
      identityMayCome(error, check, knowledge),
    );
    if (isUnknown(seen)) return withoutAnswer(prepared, seen);
    const planned = await prepared.module.plan(prepared.params, seen, prepared.context);
    const plan = asWritten(planned, prepared.written);
    if (plan.failed !== undefined) {
      const open = mayComeTrue(prepared, plan.failed, volatile.size > 0);
      return open ? unknownAttempt(open) : failedAttempt(plan.failed, plan);
    }
    const changes = plan.changes.map((change) => withUndoOf(prepared, change));
    refuseIrreversible(play, prepared, changes);
    if (check || onlyPlans(play, prepared, changes, job))
      return predict(prepared, plan, changes, !check || play.run.check);
    if (changes.length === 0) return finish(prepared, plan, []);
    const { task, onHost, noLog } = prepared;
    play.run.guard?.allow({ task: task.id, on: onHost.name, hidden: noLog }, changes);
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
      const answers = await probeAll(await openSession(play, prepared, { asJob: true, reads: true }), [
        probe,
      ]);
      return answers.get(probe.key) as State;
    },
  };
}

/** A dry run has no answer for the module. */
function withoutAnswer({ module, params, knowledge }: Prepared, reason: Unknown): Attempt {
  const spared = reason === knowledge.doubt && module.onlyAsks?.(params) === true;
  return spared ? unseenAttempt(reason) : unknownAttempt(reason);
}

/** Asks everything that the module needs, in as few round trips as its questions allow. */
async function observe(
  play: PlayContext,
  prepared: Prepared,
  ahead: Ahead,
  volatile: Map<string, unknown>,
): Promise<Observed | Unknown> {
  const { module, knowledge } = prepared;
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
    if (prepared.check && knowledge.doubt && missing.some((probe) => probe.volatile && !probe.evenInDoubt))
      return knowledge.doubt;
    const session = await openSession(play, prepared, { reads: true });
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
  const session = await openSession(play, prepared, { asJob });
  const reading = readingCommand(prepared, changes);
  if (reading) {
    // The host does not look at its clock for what only reads: that would be two programs more.
    const startedAt = Date.now();
    const ended = (await probeAll(session, [reading.probe])).get(reading.probe.key) as CommandResult;
    prepared.knowledge.forgetAll();
    warnOfOmission(play, prepared, ended);
    const result = { ...ended, startedAt, endedAt: Date.now() };
    return [{ change: reading.change, status: 'done', result }];
  }
  const outcomes = await applyChanges(session, changes);
  prepared.knowledge.forget(outcomes.map(({ change }) => change));
  for (const outcome of outcomes) warnOfOmission(play, prepared, outcome.result);
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

function warnOfOmission(play: PlayContext, prepared: Prepared, result: unknown): void {
  const omitted = (result as Partial<CommandResult> | undefined)?.omittedBytes;
  if (omitted === undefined) return;
  play.run.emit({
    type: 'warning',
    message: `the command wrote too much: about ${Math.ceil(omitted / 1e6)} MB in the middle of its output are left out (cutover_output_limit)`,
    position: prepared.task.position,
    host: prepared.onHost.name,
  });
}

/** A task's `undo:` makes its changes compensable; `undo: none` makes them irreversible, on purpose. */
function withUndoOf(prepared: Prepared, change: Change): Change {
  const undo = prepared.task.undo;
  if (undo?.kind === 'tasks' && change.undo === 'irreversible') return { ...change, undo: 'compensable' };
  return undo?.kind === 'none' ? { ...change, undo: 'irreversible' } : change;
}

/** A plan changes nothing: of the tasks with `check_mode: false` it carries out those that only read. */
function onlyPlans(
  play: PlayContext,
  prepared: Prepared,
  changes: readonly Change[],
  job: Async | undefined,
): boolean {
  return play.run.planning !== undefined && (job !== undefined || !readingCommand(prepared, changes));
}

/** A command whose task says `changed_when: false` only reads: it needs no journal, and there is nothing to take back. */
function readingCommand(
  prepared: Prepared,
  changes: readonly Change[],
): { change: Change; probe: Probe } | undefined {
  if (!isOneCommand(changes) || prepared.task.undo || !saysReadOnly(prepared)) return undefined;
  const change = changes[0]!;
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
