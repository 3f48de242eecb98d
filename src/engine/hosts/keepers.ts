import { type HostRun, listRuns, type Session } from '../../resources/index.ts';
import type { Identity } from '../../transport/index.ts';
import type { RunContext } from '../context.ts';
import type { SessionRequest } from './fleet.ts';
import { HostState } from './host.ts';
import { resolveIdentity } from './target.ts';
import { placeFor, sourcesFor } from './way.ts';

/** A user of a host in whose state folder journals are. */
export interface Keeper {
  readonly identity: Identity;
  readonly stateDir: string | undefined;
  readonly session: Session;
  /** The runs whose journals are there, oldest first. */
  readonly runs: readonly HostRun[];
}

/**
 * Finds the journals on a host by inventory and flags alone: those of the login user, and of whom these say to become.
 * With `hold` the host's lock is taken where there are some. Throws CutoverError when the host cannot be reached.
 */
export async function keepersOf(run: RunContext, host: string, hold: boolean): Promise<readonly Keeper[]> {
  const state = new HostState(host);
  const sources = sourcesFor(run, host, state);
  const become = resolveIdentity(sources);
  const written = sources.scope.has('cutover_state_dir') ? sources.scope.get('cutover_state_dir') : undefined;
  const stateDir = typeof written === 'string' ? written : undefined;
  const keepers: Keeper[] = [];
  for (const identity of become.method === 'none' ? [become] : [{ method: 'none' } as const, become]) {
    const request: SessionRequest = {
      host: run.host(host),
      ...placeFor(run, host, identity, state),
      stateDir,
      run: run.id,
      task: '',
      environment: {},
      timeoutMs: undefined,
      onArm: async () => {},
    };
    const session = await run.fleet.session(request);
    // Who becomes oneself has one folder.
    if (keepers.some((known) => known.session.lane.uid === session.lane.uid)) continue;
    const shared = new Set(
      stateDir === undefined ? [] : keepers.flatMap(({ runs }) => runs.map((one) => one.run)),
    );
    const runs = (await listRuns(session)).filter((one) => !shared.has(one.run));
    if (runs.length === 0) continue;
    if (hold) await run.fleet.session({ ...request, hold: true });
    keepers.push({ identity, stateDir, session, runs });
  }
  return keepers;
}
