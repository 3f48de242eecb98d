import { dirname } from 'node:path';
import { CutoverError } from '../../errors/index.ts';
import type { RunEvent } from '../../journal/index.ts';
import type { ArmedChange } from '../context.ts';
import type { HostOptions } from '../options.ts';
import { finishRun, type RunSummary } from '../run.ts';
import { loadOwnModules, openRun, prepareRun } from '../session-setup.ts';
import { withoutHarmless } from './harmless.ts';
import { countEndings, rollbackArmed } from './rollback.ts';

/** Options of `cutover rollback`. */
export interface RollbackOptions extends HostOptions {
  /** Id of a run, the beginning of one, or `last`. */
  readonly run: string;
  /** Take back only what came after this task (its name, or `play:task` place); the task itself stays. */
  readonly toTask?: string;
  readonly check: boolean;
  readonly force: boolean;
}

/**
 * Takes a run back. Throws CutoverError('usage') when there is nothing to take back, before any host is touched.
 * The inventory of the run is used unless another one is given.
 */
export async function rollbackRun(options: RollbackOptions): Promise<RunSummary> {
  const info = await options.store.find(options.run);
  if (info.command === 'rollback')
    throw new CutoverError('usage', `${info.id} is itself a rollback`, {
      hint: 'name the run to take back; see `cutover runs`',
    });
  if (info.status === 'running')
    throw new CutoverError('usage', `${info.id} is still running`, { hint: 'stop it first' });
  if (info.rolledBackBy !== undefined)
    throw new CutoverError('usage', `${info.id} was already rolled back by ${info.rolledBackBy}`);
  const frozen = await options.store.inputs(info.id);
  const merged = mergeFrozen(options, frozen.options);
  const { armed, happened } = await armedChanges(options, info.id);
  const prepared = await prepareRun(merged);
  await loadOwnModules(dirname(info.playbook), merged);
  const limited =
    options.limit === undefined
      ? undefined
      : new Set(prepared.inventory.match('all', { limit: options.limit }).hosts);
  const wanted = afterTask(armed, options.toTask).filter(
    (event) => limited === undefined || limited.has(event.forHost) || limited.has(event.host),
  );
  if (wanted.length === 0)
    throw new CutoverError(
      'usage',
      info.check && armed.length === 0
        ? `${info.id} was a dry run: it changed nothing`
        : `${info.id} changed nothing${options.limit ? ` on ${options.limit}` : ''} that is not taken back already`,
    );
  const run = await openRun(patiently(merged), prepared, {
    command: 'rollback',
    playbook: info.playbook,
    check: options.check,
    diff: false,
    of: info.id,
    frozen: {},
  });
  const done = await undoneBefore(options, info.id);
  let complete = false;
  const summary = await finishRun(run, async () => {
    const ended = await rollbackArmed(run, {
      armed: wanted,
      of: info.id,
      scope: 'command',
      check: options.check,
      force: options.force,
      done,
      happened,
    });
    countEndings(run, ended);
    complete = [...ended.values()].every((status) => ['restored', 'nothing', 'partial'].includes(status));
  });
  const whole = !options.check && limited === undefined && options.toTask === undefined;
  if (complete && whole && summary.exitCode === 0) await options.store.markRolledBack(info.id, summary.id);
  return summary;
}

/** What a killed controller was in the middle of on a host may take so long to end there, in milliseconds. */
const LOCK_WAIT_MS = 10_000;

/** Gives the options of a rollback that waits for that. */
export function patiently(options: RollbackOptions): RollbackOptions {
  return { ...options, lockWaitMs: Math.max(options.lockWaitMs ?? 0, LOCK_WAIT_MS) };
}

/** Reads what a run armed. Hosts that the run has rolled back itself are left out up to that point. */
async function armedChanges(
  options: RollbackOptions,
  id: string,
): Promise<{ readonly armed: readonly ArmedChange[]; readonly happened: ReadonlySet<string> }> {
  let armed: ArmedChange[] = [];
  const happened = new Set<string>();
  for await (const event of options.store.events(id) as AsyncIterable<RunEvent>) {
    if (event.type === 'change-armed') armed.push(event);
    if (event.type === 'change-done' && event.outcome === 'done') happened.add(`${event.host} ${event.seq}`);
    if (event.type === 'host-result') armed = withoutHarmless(armed, event);
    if (event.type === 'host-rolled-back' && event.status === 'restored')
      armed = armed.filter((one) => one.host !== event.host);
  }
  return { armed, happened };
}

/** What earlier rollbacks of the same run have taken back by `undo:` lists; the hosts' own journals know of the rest. */
async function undoneBefore(options: RollbackOptions, id: string): Promise<ReadonlySet<string>> {
  const done = new Set<string>();
  for (const run of await options.store.list()) {
    if (run.command !== 'rollback' || run.check) continue;
    let ofThis = false;
    for await (const event of options.store.events(run.id)) {
      if (event.type === 'run-started') ofThis = event.of === id;
      if (!ofThis) break;
      if (event.type === 'undo-result' && event.outcome === 'undone') done.add(`${event.host} ${event.seq}`);
    }
  }
  return done;
}

function afterTask(armed: readonly ArmedChange[], task: string | undefined): readonly ArmedChange[] {
  if (task === undefined) return armed;
  const last = new Map<string, number>();
  for (const [index, event] of armed.entries())
    if (event.taskName === task || event.task === task) last.set(event.host, index);
  if (last.size === 0)
    throw new CutoverError('usage', `the run has no changing task "${task}"`, {
      hint: `it has ${[...new Set(armed.map((event) => `"${event.taskName}"`))].slice(0, 8).join(', ')}`,
    });
  return armed.filter((event, index) => index > (last.get(event.host) ?? -1));
}

function mergeFrozen(options: RollbackOptions, frozen: Readonly<Record<string, unknown>>): RollbackOptions {
  const inventory =
    options.inventory.length > 0
      ? options.inventory
      : Array.isArray(frozen.inventory)
        ? frozen.inventory.map(String)
        : [];
  const connection = {
    ...(frozen.connection as object | undefined),
    ...Object.fromEntries(Object.entries(options.connection).filter(([, value]) => value !== undefined)),
  };
  const extraVars = [
    ...(Array.isArray(frozen.extraVars) ? (frozen.extraVars as Record<string, unknown>[]) : []),
    ...options.extraVars,
  ];
  return { ...options, inventory, connection, extraVars };
}
