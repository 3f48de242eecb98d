import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import { isForeign, type TaskOutcome } from '../task/task-outcome.ts';

/** What became of a `run_once` task on a host: it ran there, or what it left elsewhere was taken over. */
export type Once =
  | { readonly kind: 'ran'; readonly outcome: TaskOutcome }
  | { readonly kind: 'copied'; readonly failed: boolean };

/** One use of a `run_once` task. */
export interface OnceTask {
  /** The same for all hosts of the batch. */
  readonly key: string;
  readonly register: string | undefined;
  readonly module: string;
  /** The host that runs it. */
  readonly first: string | undefined;
}

/** Runs a `run_once` task on the first host of the group; the others take over what it registered. */
export async function onceForAll(
  play: PlayContext,
  host: HostState,
  { key, register, module, first }: OnceTask,
  work: () => Promise<TaskOutcome>,
): Promise<Once> {
  const known = play.once.get(key);
  if (known === undefined && first === host.name) {
    const before = { live: { ...host.live }, facts: host.facts };
    const working = work();
    play.once.set(
      key,
      working.then((outcome) => ({
        failed: (outcome.status === 'failed' || outcome.status === 'unreachable') && !outcome.ignored,
        live: {
          ...differing(host.live, before.live),
          ...(register === undefined ? {} : { [register]: outcome.result }),
        },
        foreign: [
          ...host.foreign,
          ...(register === undefined || !isForeign(module, outcome.result) ? [] : [register]),
        ],
        facts: host.facts === before.facts ? {} : differing(host.facts, before.facts),
      })),
    );
    return { kind: 'ran', outcome: await working };
  }
  // Hosts of one group are released in order: the first one has set its promise by the time the others get here.
  const shared = known ?? (await Promise.resolve().then(() => play.once.get(key)));
  if (!shared) return { kind: 'ran', outcome: await work() };
  const result = await shared;
  host.setLive(
    result.live,
    result.foreign.filter((name) => Object.hasOwn(result.live, name)),
  );
  if (Object.keys(result.facts).length > 0) host.addFacts(result.facts);
  return { kind: 'copied', failed: result.failed };
}

function differing(
  after: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value));
}
