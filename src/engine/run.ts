import { asCutoverError, CutoverError, ErrorList } from '../errors/index.ts';
import type { HostStats, RunStatus } from '../journal/index.ts';
import { maskedError } from '../secrets/index.ts';
import type { RunContext } from './context.ts';
import { misspeltVariables } from './lint/lint.ts';
import type { RunOptions } from './options.ts';
import { foreseeMissing } from './paper/foresee.ts';
import { takeOverDue } from './play/due.ts';
import { runPlay } from './play/play.ts';
import { findStart } from './play/start-at.ts';
import { Stepper } from './play/step.ts';
import { type OpenRun, openRun, type Prepared, prepareRun, readPlaybook } from './session-setup.ts';

/** How a run ended. */
export interface RunSummary {
  readonly id: string;
  readonly status: RunStatus;
  /** 0 ok, 1 error, 2 failed hosts, 4 unreachable hosts (also when others failed), 99 interrupted. */
  readonly exitCode: number;
  readonly stats: Readonly<Record<string, HostStats>>;
}

/**
 * Runs a playbook. Everything that can be checked without a host is checked first: ErrorList and CutoverError are thrown then, and
 * nothing was touched. After that it does not throw: what happens is told through the sinks and the summary.
 */
export async function runPlaybook(options: RunOptions): Promise<RunSummary> {
  const prepared = await prepareRun(options);
  return carryOutPlaybook(
    options,
    prepared,
    await readPlaybook(options.playbook, options, prepared, options.following),
  );
}

/** Runs a playbook that was read; `by` binds it to a plan. Throws and does not throw as `runPlaybook`. */
export async function carryOutPlaybook(
  options: RunOptions,
  prepared: Prepared,
  read: Awaited<ReturnType<typeof readPlaybook>>,
  by: Pick<OpenRun, 'planning' | 'guard'> = {},
): Promise<RunSummary> {
  const { playbook, includes } = read;
  const tags = { only: options.tags, skip: options.skipTags };
  const startAt =
    options.startAtTask === undefined ? undefined : findStart(playbook, options.startAtTask, tags);
  if (startAt === undefined && !options.step) {
    const missing = await foreseeMissing(options, prepared, playbook, includes);
    if (missing.length > 0) throw new ErrorList(missing.map((error) => maskedError(error, prepared.secrets)));
  }
  const step = options.step ? new Stepper(options.prompt) : undefined;
  const run = await openRun(options, prepared, {
    command: 'run',
    playbook: [options.playbook, ...(options.following ?? [])].join(' '),
    check: options.check,
    diff: options.diff,
    tags: options.tags,
    skipTags: options.skipTags,
    ...(options.forceHandlers === undefined ? {} : { forceHandlers: options.forceHandlers }),
    startAt,
    step,
    ...by,
    frozen: frozenOptions(options),
  });
  for (const message of [...playbook.warnings, ...(await misspelt(run, read))])
    run.emit({ type: 'warning', message });
  await takeOverDue(run, options.playbook);
  return finishRun(run, async () => {
    let matched = 0;
    for (const play of playbook.plays) {
      const end = await runPlay(run, playbook, play, includes);
      if (end.matched) matched++;
      if (end.stop || run.stopping()) break;
      if (playbook.lastPlays.includes(play.index) && judgeRun(run, undefined).exitCode !== 0) break;
    }
    tellWhatWasNotMade(run);
    if (matched === 0 && playbook.plays.length > 0 && !options.allowNoHosts) {
      throw nobodyThere(
        run,
        'no play of this playbook matched any host',
        '; --allow-no-hosts makes this fine',
      );
    }
  });
}

async function misspelt(
  run: RunContext,
  read: Awaited<ReturnType<typeof readPlaybook>>,
): Promise<readonly string[]> {
  if (run.options.extraVars.length === 0) return [];
  return misspeltVariables(run, read);
}

/** Gives the error of work that found no host to do it on. */
export function nobodyThere(run: RunContext, what: string, otherwise = ''): CutoverError {
  const { sources } = run.inventory;
  const hint =
    sources.length === 0
      ? 'no inventory was given, so only localhost is known: name one with -i'
      : `look at ${run.options.limit === undefined ? '' : '--limit and '}the inventory ${sources.join(', ')}`;
  return new CutoverError('usage', what, { hint: `${hint}${otherwise}` });
}

/** Changes of a plan that a run to its good end did not need to make. */
function tellWhatWasNotMade(run: RunContext): void {
  if (run.check || [...run.hosts.values()].some(({ status }) => ['failed', 'unreachable'].includes(status)))
    return;
  for (const line of run.guard?.notMade() ?? [])
    run.emit({ type: 'warning', message: `planned, and not needed any more: ${line}` });
}

/** Runs the work of a run and writes its end, whatever happens. */
export async function finishRun(run: RunContext, work: () => Promise<void>): Promise<RunSummary> {
  let problem: CutoverError | undefined;
  try {
    await work();
  } catch (error) {
    problem =
      error instanceof ErrorList ? new CutoverError('playbook', error.message) : asCutoverError(error);
  }
  await run.fleet.close();
  await run.writer.flush().catch((error) => {
    problem ??= asCutoverError(error);
  });
  const stats = Object.fromEntries(
    [...run.hosts]
      .map(([name, host]) => [name, host.stats()] as const)
      .filter(([, counts]) => Object.values(counts).some((count) => count > 0)),
  );
  const { status, exitCode } = judgeRun(run, problem);
  const custom = run.customStats.collected();
  run.emit({
    type: 'run-ended',
    status,
    exitCode,
    stats,
    ...(custom ? { custom } : {}),
    ...(run.check ? { prediction: run.tally.prediction() } : {}),
    coverage: run.tally.coverage(),
    ...(problem ? { message: problemLine(problem) } : {}),
  });
  // What went wrong with the log was told by the event above.
  await run.writer.close().catch(() => undefined);
  return { id: run.id, status, exitCode, stats };
}

function judgeRun(
  run: RunContext,
  problem: CutoverError | undefined,
): { status: RunStatus; exitCode: number } {
  if (run.guard?.refusal) return { status: 'failed', exitCode: 2 };
  if (run.stopping() || problem?.kind === 'interrupted') return { status: 'interrupted', exitCode: 99 };
  if (problem) return { status: 'error', exitCode: 1 };
  // Not the counts: `meta: clear_host_errors` makes failures good again.
  const hosts = [...run.hosts.values()];
  const states = hosts.map((host) => host.status);
  // An error that ends the play for all hosts is a failure; hosts that are only away stay 4, which means nothing else.
  if (hosts.some((host) => host.fatal && host.status === 'failed')) return { status: 'failed', exitCode: 2 };
  const failed = states.includes('failed') || hosts.some((host) => host.leftInRescue);
  const unreachable = states.includes('unreachable');
  if (failed || unreachable)
    return { status: failed ? 'failed' : 'unreachable', exitCode: unreachable ? 4 : 2 };
  return { status: 'ok', exitCode: 0 };
}

function problemLine(problem: CutoverError): string {
  const place = problem.position
    ? `${problem.position.file}:${problem.position.line}:${problem.position.column}: `
    : '';
  return `${place}${problem.message}${problem.hint ? ` (${problem.hint})` : ''}`;
}

/** What `cutover rollback` needs to reach the hosts again. Passwords are not kept: they are asked for again. */
export function frozenOptions(
  options: RunOptions | (Omit<RunOptions, 'playbook'> & { readonly playbook?: string }),
): Readonly<Record<string, unknown>> {
  const { password: _password, becomePassword: _become, ...connection } = options.connection;
  return {
    inventory: options.inventory.map(absolute),
    connection,
    extraVars: options.extraVars,
    forks: options.forks,
    playbook: options.playbook,
  };
}

function absolute(source: string): string {
  return source.includes(',') || source.startsWith('/') ? source : `${process.cwd()}/${source}`;
}
