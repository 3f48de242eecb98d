import { isDeepStrictEqual } from 'node:util';
import { CutoverError } from '../../errors/index.ts';
import type { Identity, Target } from '../../transport/index.ts';
import { isMapping } from '../../values/index.ts';
import type { RunContext } from '../context.ts';
import { scopeFor } from '../variables/variables.ts';
import { HostState } from './host.ts';
import { isLoopbackName, resolveBecome, resolveTarget, type TargetSources } from './target.ts';

/** What says where a host is and how to log in. */
const TARGET = [
  'connection',
  'address',
  'port',
  'user',
  'password',
  'privateKeyFile',
  'passphrase',
  'hostKeyChecking',
  'knownHostsFiles',
  'jump',
] as const satisfies readonly (keyof Target)[];

const IDENTITY = ['password', 'flags', 'exe'] as const satisfies readonly (keyof Identity)[];

/** Where a task acts, and as whom. */
interface Place {
  readonly target: Target;
  readonly identity: Identity;
}

/**
 * How a task came to its host, as far as inventory and flags do not say it. To be kept sealed: passwords that variables gave are in it,
 * those that were typed or given by flags are not.
 */
export interface Way {
  readonly target: Partial<Pick<Target, (typeof TARGET)[number]>>;
  readonly identity: Partial<Pick<Identity, (typeof IDENTITY)[number]>>;
}

type Whom = Pick<Identity, 'method' | 'user'>;

/** Gives what inventory, flags and a state of a host say of the way to it, without any play. */
export function sourcesFor(run: RunContext, host: string, state: HostState): TargetSources {
  return {
    host,
    scope: scopeFor(run, { host: state }),
    play: undefined,
    task: undefined,
    options: run.options,
    templar: run.templar,
    secrets: run.secrets,
  };
}

/** Gives the way to a host by what a state of it says, as a later command sees it. `whom` says as whom to act there. Throws CutoverError. */
export function placeFor(run: RunContext, host: string, whom: Whom, state: HostState): Place {
  const sources = sourcesFor(run, host, state);
  const target = resolveTarget(sources);
  const isController = isLoopbackName(host) && !run.inventory.hosts.has(host);
  return {
    target: isController ? { ...target, connection: 'local' } : target,
    identity:
      whom.method === 'none'
        ? { method: 'none' }
        : { ...resolveBecome(sources, whom.method), user: whom.user ?? 'root' },
  };
}

/** Gives the way by inventory and flags alone; undefined where that needs what only the play or a run knows. */
function placeByInventory(run: RunContext, host: string, whom: Whom): Place | undefined {
  try {
    return placeFor(run, host, whom, new HostState(host));
  } catch (error) {
    if (error instanceof CutoverError) return undefined;
    throw error;
  }
}

/**
 * Gives what a rollback must know to come to the same host in the same way: what keywords, variables of the play and results made different,
 * and everything for a host of which the inventory does not say it. Undefined where nothing differs.
 */
export function wayOtherwise(run: RunContext, { target, identity }: Place): Way | undefined {
  const { password, becomePassword } = run.options.connection;
  const own = run.inventory.isWritten(target.name) ? placeByInventory(run, target.name, identity) : undefined;
  const way = {
    target: differing(
      target,
      { ...own?.target, ...(target.password === password ? { password } : {}) },
      TARGET,
    ),
    identity: differing(
      identity,
      { ...own?.identity, ...(identity.password === becomePassword ? { password: becomePassword } : {}) },
      IDENTITY,
    ),
  };
  return Object.keys({ ...way.target, ...way.identity }).length === 0 ? undefined : way;
}

/** Gives the way by which a run came to a host, from what it kept sealed and what inventory and flags say now. Its passwords become secrets. Throws CutoverError. */
export function placeAgain(run: RunContext, host: string, whom: Whom, kept: unknown): Place {
  if (!isMapping(kept)) return placeFor(run, host, whom, new HostState(host));
  const own = placeByInventory(run, host, whom) ?? placeFor(run, host, whom, run.nobody);
  const way = kept as unknown as Way;
  for (const secret of [way.target.password, way.target.passphrase, way.identity.password])
    if (secret !== undefined) run.secrets.add(secret);
  return { target: { ...own.target, ...way.target }, identity: { ...own.identity, ...way.identity } };
}

function differing<Whole extends object, Field extends keyof Whole>(
  whole: Whole,
  own: Partial<Whole>,
  fields: readonly Field[],
): Partial<Pick<Whole, Field>> {
  const found = fields.filter(
    (field) => whole[field] !== undefined && !isDeepStrictEqual(whole[field], own[field]),
  );
  return Object.fromEntries(found.map((field) => [field, whole[field]])) as Partial<Pick<Whole, Field>>;
}
