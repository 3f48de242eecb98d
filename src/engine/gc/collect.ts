import { dueAfter, type RunEvent, type RunInfo, type RunStore } from '../../journal/index.ts';
import { removeRuns, stateBytes } from '../../resources/index.ts';
import type { RunContext } from '../context.ts';
import { isUnreachable } from '../hosts/fleet.ts';
import { type Keeper, keepersOf } from '../hosts/keepers.ts';
import type { HostOptions } from '../options.ts';
import { tellFailure } from '../rollback/rollback.ts';
import { finishRun, type RunSummary } from '../run.ts';
import { openRun, prepareRun } from '../session-setup.ts';
import { type Aged, expendable, oldest, type Retention } from './retention.ts';

/** Options of `cutover gc`. */
export interface GcOptions extends HostOptions {
  readonly retention: Retention;
  readonly check: boolean;
}

/** A place where runs are kept: the store of the controller, or a user's state folder on a host. */
interface Place {
  /** Undefined: the controller. */
  readonly host: string | undefined;
  readonly runs: readonly Aged[];
  remove(runs: readonly string[]): Promise<void>;
  /** Bytes that it holds now. */
  size(): Promise<number>;
}

/**
 * Removes old runs: from the store of the controller, and with their before-images from the hosts of the inventory.
 * The newest run of a place stays, and so does one that is going on, was cut short, or owes handlers. What is gone cannot be rolled back.
 */
export async function collectGarbage(options: GcOptions): Promise<RunSummary> {
  const prepared = await prepareRun(options);
  const { hosts } = prepared.inventory.match(
    'all',
    options.limit === undefined ? {} : { limit: options.limit },
  );
  const known = await storedRuns(options.store);
  const run = await openRun(options, prepared, {
    command: 'gc',
    playbook: 'old runs',
    check: options.check,
    diff: false,
    frozen: {},
  });
  return finishRun(run, async () => {
    await tidy(run, options, storePlace(options.store, known));
    await Promise.all(hosts.map((host) => run.forks.run(() => tidyHost(run, options, host))));
  });
}

async function tidyHost(run: RunContext, options: GcOptions, host: string): Promise<void> {
  const state = run.host(host);
  try {
    let removed = false;
    for (const keeper of await keepersOf(run, host, !options.check))
      removed = (await tidy(run, options, hostPlace(host, keeper))) || removed;
    state.count(removed ? 'changed' : 'ok', false);
  } catch (error) {
    tellFailure(run, host, error);
    state.status = isUnreachable(error) ? 'unreachable' : 'failed';
    state.count(state.status, false);
  }
}

/** Gives whether something went, or would. */
async function tidy(run: RunContext, { retention, check }: GcOptions, place: Place): Promise<boolean> {
  const gone = [...expendable(place.runs, retention, Date.now())];
  if (!check && gone.length > 0) await place.remove(gone);
  // What a dry run would free is not known, so it names none for the sake of room.
  const { maxBytes } = retention;
  if (maxBytes !== undefined && !check)
    for (const next of oldest(place.runs)) {
      if (gone.includes(next)) continue;
      if ((await place.size()) <= maxBytes) break;
      await place.remove([next]);
      gone.push(next);
    }
  run.emit({ type: 'collected', ...(place.host === undefined ? {} : { host: place.host }), runs: gone });
  return gone.length > 0;
}

function hostPlace(host: string, { session, runs }: Keeper): Place {
  // What undo lists changed in a rollback is kept beside the run, and goes with it.
  const besides = (run: string) => runs.map((one) => one.run).filter((name) => name.startsWith(`${run}~`));
  return {
    host,
    runs: runs
      .filter((one) => !one.run.includes('~'))
      .map(({ run, startedAt, open }) => ({ run, startedAt: startedAt * 1000, spared: open })),
    remove: (gone) =>
      removeRuns(
        session,
        gone.flatMap((run) => [run, ...besides(run)]),
      ),
    size: () => stateBytes(session),
  };
}

function storePlace(store: RunStore, runs: readonly Aged[]): Place {
  const left = new Set(runs.map(({ run }) => run));
  return {
    host: undefined,
    runs,
    async remove(gone) {
      for (const run of gone) {
        await store.remove(run);
        left.delete(run);
      }
    },
    async size() {
      const sizes = await Promise.all([...left].map((run) => store.size(run)));
      return sizes.reduce((sum, size) => sum + size, 0);
    },
  };
}

async function storedRuns(store: RunStore): Promise<readonly Aged[]> {
  const runs = await store.list();
  const last = runs.find(isReal);
  const aged: Aged[] = [];
  for (const info of runs) {
    const unsettled = info.endedAt === undefined && info.rolledBackBy === undefined && info.changed > 0;
    aged.push({
      run: info.id,
      startedAt: Date.parse(info.startedAt),
      spared:
        info === last || info.status === 'running' || unsettled || (await owesHandlers(store, runs, info)),
    });
  }
  return aged;
}

const isReal = ({ command, check, changed }: RunInfo): boolean => command === 'run' && !check && changed > 0;

/** Whether handlers are due that only this run tells of: the newest of its playbook that counts. */
async function owesHandlers(store: RunStore, runs: readonly RunInfo[], info: RunInfo): Promise<boolean> {
  const counts = (one: RunInfo) => one.command === 'run' && !one.check && one.rolledBackBy === undefined;
  const newest = runs.find((one) => counts(one) && one.playbook === info.playbook);
  if (newest !== info) return false;
  const events: RunEvent[] = [];
  for await (const event of store.events(info.id)) events.push(event);
  return dueAfter(info.id, events).length > 0;
}
