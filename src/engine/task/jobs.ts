/** `async`: commands that run as jobs of their host, waited for (`poll`) or left alone (`poll: 0`) until `async_status` asks. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CutoverError } from '../../errors/index.ts';
import {
  endJob,
  forgetJob,
  type Job,
  type JobState,
  jobProbe,
  jobsFolder,
  readJob,
  startJob,
} from '../../modules/index.ts';
import {
  type Change,
  type ChangeOutcome,
  type CommandResult,
  type CommandSpec,
  commandOutput,
  isPlainCommand,
  type Probe,
} from '../../resources/index.ts';
import type { PlayContext, RunContext } from '../context.ts';
import { isUnreachable } from '../hosts/fleet.ts';
import { keywordNumber } from '../variables/keyword.ts';
import type { Attempt } from './attempt.ts';
import type { Prepared } from './prepare.ts';

/** How long a task may take, and how often it is asked how it is; seconds, 0 means never. */
export interface Async {
  readonly seconds: number;
  readonly poll: number;
}

/** What running a job needs of whoever executes tasks. */
export interface JobWork {
  apply(change: Change): Promise<ChangeOutcome>;
  ask<State>(probe: Probe<State>): Promise<State>;
  finish(outcomes: readonly ChangeOutcome[]): Attempt;
}

/** Reads a task's `async` and `poll`; undefined when it has none. Throws CutoverError('playbook') for what is no number. */
export function asyncOf(play: PlayContext, { task, scope, check }: Prepared): Async | undefined {
  const number = (keyword: 'async' | 'poll') => {
    const value = keywordNumber(keyword, task[keyword], scope, play.run.templar);
    if (value === undefined || value >= 0) return value;
    throw new CutoverError('playbook', `"${keyword}" must be a number of seconds, not ${value}`, {
      position: task[keyword]?.at,
    });
  };
  const seconds = number('async') ?? 0;
  if (seconds === 0 || check) return undefined;
  return { seconds, poll: number('poll') ?? play.run.options.config.pollInterval };
}

/** Modules that Ansible's controller has a part in: `async` is for none of them. */
const NEVER_JOBS = new Set([
  ...['add_host', 'assemble', 'assert', 'copy', 'debug', 'fail', 'fetch', 'gather_facts', 'group_by'],
  ...['include_vars', 'pause', 'raw', 'reboot', 'script', 'set_fact', 'set_stats', 'template', 'unarchive'],
  ...['validate_argument_spec', 'wait_for_connection'],
]);

/** Says why a task with `async` fails without being tried; undefined when it can be a job. */
export function whyNoJob(job: Async | undefined, module: string): string | undefined {
  return job && NEVER_JOBS.has(module) ? 'async is not supported for this task.' : undefined;
}

/** Whether the work of a task is one command: only that can go on without us. */
export function isOneCommand(changes: readonly Change[]): boolean {
  return changes.length === 1 && isPlainCommand(changes[0]!);
}

/** Jobs of this run, and how to make the task's own result of what they leave. */
const started = new WeakMap<RunContext['tally'], Map<string, (state: JobState) => Attempt>>();
/** Tasks that could not be left alone: they were waited for, and their outcome is kept for whoever asks. */
const waitedFor = new WeakMap<RunContext['tally'], Map<string, Attempt>>();
let count = 0;

/** Starts the command of a task as a job, and waits for it unless `poll` is 0. */
export async function runJob(
  play: PlayContext,
  prepared: Prepared,
  change: Change,
  { seconds, poll }: Async,
  work: JobWork,
): Promise<Attempt> {
  const job: Job = { id: newJobId(play.run), stateDir: jobsFolder(prepared.scope, prepared.place?.stateDir) };
  const { spec } = change.detail as { readonly spec: CommandSpec };
  const launch = { ...change, detail: { spec: startJob(spec, job, seconds) } };
  const outcome = await work.apply(launch);
  const launched = outcome.result as CommandResult | undefined;
  if (outcome.status !== 'done' || launched?.rc !== 0)
    return work.finish([{ ...outcome, change, status: 'failed', message: cannotStart(outcome, launched) }]);
  const complete = (state: JobState): Attempt => {
    const attempt = work.finish([{ ...outcome, change, result: { ...state.ended } }]);
    return { ...attempt, result: { ...attempt.result, ...jobKeys(job, state.path, true) } };
  };
  if (poll === 0) {
    upsert(started, play.run).set(job.id, complete);
    const attempt = work.finish([{ ...outcome, change, result: { rc: 0, stdout: '', stderr: '' } }]);
    const { path } = await lookAt(job, work);
    return {
      ...attempt,
      changed: true,
      failed: false,
      result: { changed: true, failed: false, ...jobKeys(job, path, false) },
    };
  }
  const state = await waitFor(play, prepared, job, { seconds, poll }, work);
  if (state.state === 'ended') {
    await work.ask(commandOutput(forgetJob(job)));
    return complete(state);
  }
  await work.ask(commandOutput(endJob(job)));
  const message =
    state.state === 'lost'
      ? 'the job ended without leaving a result: it was killed, or the target was started anew'
      : `async task did not complete within the requested time - ${seconds}s`;
  return failed(work.finish([{ ...outcome, change }]), message, jobKeys(job, state.path, false));
}

/**
 * Tells the outcome of a task with `async` that is no command as one of a job: it was waited for. With `poll: 0` the outcome is
 * kept, and `async_status` will tell it.
 */
export function toldAsJob(play: PlayContext, attempt: Attempt, { poll }: Async): Attempt {
  const id = newJobId(play.run);
  const keys = { ansible_job_id: id, started: true, finished: poll !== 0, results_file: '' };
  if (poll !== 0) return { ...attempt, result: { ...SAID_NOTHING, ...attempt.result, ...keys } };
  upsert(waitedFor, play.run).set(id, attempt);
  return {
    ...attempt,
    changed: true,
    failed: false,
    skipped: false,
    result: { changed: true, failed: false, ...keys },
  };
}

/** What a job that printed nothing has in its result. */
const SAID_NOTHING = { stdout: '', stdout_lines: [], stderr: '', stderr_lines: [] };

/**
 * Gives what `async_status` tells of a job of this run: the task's own result. Undefined for jobs that the module looks at
 * alone, and when the job is to be forgotten.
 */
export async function statusOfJob(
  play: PlayContext,
  prepared: Prepared,
  work: Pick<JobWork, 'ask'>,
): Promise<Attempt | undefined> {
  if (prepared.module.name !== 'async_status' || prepared.check) return undefined;
  const { jid, mode } = prepared.params as { readonly jid: string; readonly mode: string };
  if (mode !== 'status') {
    upsert(waitedFor, play.run).delete(jid);
    return undefined;
  }
  const kept = upsert(waitedFor, play.run).get(jid);
  if (kept) {
    const keys = { ansible_job_id: jid, started: true, finished: true, results_file: '' };
    return { ...kept, changes: [], effects: [], result: { ...kept.result, ...keys } };
  }
  const complete = upsert(started, play.run).get(jid);
  if (!complete) return undefined;
  const state = await lookAt(
    { id: jid, stateDir: jobsFolder(prepared.scope, prepared.place?.stateDir) },
    work,
  );
  if (state.state === 'running')
    return unchanged({ changed: false, ...jobKeys({ id: jid }, state.path, false) });
  if (state.state !== 'ended') return undefined;
  // The change was counted when the job was started.
  return { ...complete(state), changes: [], diffs: [] };
}

/** A lost connection does not end a job: a new one asks again. */
async function waitFor(
  play: PlayContext,
  prepared: Prepared,
  job: Job,
  { seconds, poll }: Async,
  work: JobWork,
): Promise<JobState> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    await sleep(Math.max(0, Math.min(poll * 1000, deadline - Date.now())));
    try {
      const state = await lookAt(job, work);
      if (state.state !== 'running' || Date.now() >= deadline) return state;
    } catch (error) {
      if (!isUnreachable(error) || Date.now() >= deadline || !prepared.place) throw error;
      await play.run.fleet.forget(prepared.place.target);
    }
  }
}

async function lookAt(job: Job, work: Pick<JobWork, 'ask'>): Promise<JobState> {
  return readJob(await work.ask(jobProbe(job)));
}

function unchanged(result: Record<string, unknown>): Attempt {
  return { changed: false, failed: false, skipped: false, result, changes: [], diffs: [], effects: [] };
}

function failed(attempt: Attempt, msg: string, async_result: Record<string, unknown>): Attempt {
  return {
    ...attempt,
    changed: false,
    failed: true,
    result: { changed: false, failed: true, msg, async_result },
  };
}

function jobKeys(job: Pick<Job, 'id'>, path: string, finished: boolean): Record<string, unknown> {
  return { ansible_job_id: job.id, results_file: path, started: true, finished };
}

function cannotStart(outcome: ChangeOutcome, launched: CommandResult | undefined): string {
  return outcome.message ?? `the job could not be started: ${launched?.stderr.trim() ?? outcome.status}`;
}

/** Run and number; the id is a folder's name. */
function newJobId(run: RunContext): string {
  count++;
  return `${run.id.replace(/[^\w.-]/g, '-')}.${count}`;
}

function upsert<Value>(map: WeakMap<object, Map<string, Value>>, run: RunContext): Map<string, Value> {
  const known = map.get(run.tally) ?? new Map<string, Value>();
  map.set(run.tally, known);
  return known;
}
