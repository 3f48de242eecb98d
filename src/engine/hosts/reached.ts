import { isDeepStrictEqual } from 'node:util';
import type { Target } from '../../transport/index.ts';
import type { RunContext } from '../context.ts';
import { scopeFor } from '../variables/variables.ts';
import { HostState } from './host.ts';
import { isLoopbackName, resolveTarget } from './target.ts';

/** What says where a host is and as whom to log in. Passwords are none of it: they are never kept. */
const FIELDS = [
  'connection',
  'address',
  'port',
  'user',
  'privateKeyFile',
  'hostKeyChecking',
  'knownHostsFiles',
  'jump',
] as const satisfies readonly (keyof Target)[];

/** How a task reached its host, as far as inventory and flags do not say it. */
export type Reached = Partial<Pick<Target, (typeof FIELDS)[number]>>;

/** Gives the way to a host by inventory and flags alone, as a later command sees it. Throws CutoverError. */
export function targetOfHost(run: RunContext, host: string): Target {
  const target = resolveTarget({
    host,
    scope: scopeFor(run, { host: new HostState(host) }),
    play: undefined,
    task: undefined,
    options: run.options,
    templar: run.templar,
    secrets: run.secrets,
  });
  return isLoopbackName(host) && !run.inventory.hosts.has(host) ? { ...target, connection: 'local' } : target;
}

/**
 * Gives what a rollback must know to come to the same host by the same way: what keywords, variables of the play and results made different,
 * and everything for a host that no source of the inventory names. Undefined where nothing differs.
 */
export function reachedOtherwise(run: RunContext, target: Target): Reached | undefined {
  const own = run.inventory.isWritten(target.name) ? targetOfHost(run, target.name) : undefined;
  const fields = FIELDS.filter(
    (field) => target[field] !== undefined && !isDeepStrictEqual(target[field], own?.[field]),
  );
  return fields.length === 0 ? undefined : Object.fromEntries(fields.map((field) => [field, target[field]]));
}
