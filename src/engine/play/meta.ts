import { asCutoverError, type CutoverError } from '../../errors/index.ts';
import { loadModule, parseParams } from '../../modules/index.ts';
import type { Task } from '../../playbook/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import { rematch } from '../hosts/refreshed.ts';
import { resolveTarget } from '../hosts/target.ts';
import type { Extras } from '../task/task-outcome.ts';
import { judge } from '../variables/conditions.ts';
import { scopeFor } from '../variables/variables.ts';
import type { Flow } from './flow.ts';
import { matchPlay } from './pattern.ts';

/** What a `meta` task makes of a host's walk. */
export type MetaOutcome =
  | { readonly kind: 'flow'; readonly flow: Flow }
  | { readonly kind: 'flush' }
  | { readonly kind: 'failed'; readonly error: CutoverError };

/** Actions for all hosts at once: the first host of a group decides. */
const FOR_ALL = ['end_play', 'end_batch', 'clear_facts', 'clear_host_errors', 'refresh_inventory'];

/** Whether a `meta` task acts for all hosts together, so that only one of them carries it out. */
export function isForAll(task: Task): boolean {
  return Object.values(task.args).some((action) => typeof action === 'string' && FOR_ALL.includes(action));
}

/** Has the first host of a group carry out an action for all of them; the others go on when it is done. */
export async function metaForAll(
  play: PlayContext,
  host: HostState,
  { key, first }: { readonly key: string; readonly first: string },
  work: () => Promise<MetaOutcome>,
): Promise<MetaOutcome> {
  if (host.name === first) {
    const working = work();
    play.metas.set(key, working);
    return working;
  }
  // Hosts of one group are released in order: the first one has set its promise by the time the others get here.
  await await Promise.resolve().then(() => play.metas.get(key));
  return { kind: 'flow', flow: 'next' };
}

/** Carries out a `meta` action for a host. Never throws. */
export async function runMeta(
  play: PlayContext,
  host: HostState,
  task: Task,
  extras: Extras,
): Promise<MetaOutcome> {
  try {
    const run = play.run;
    const scope = scopeFor(run, { host, play, task, extras });
    const holds = judge(task.when, scope, {
      templar: run.templar,
      truthy: run.options.config.allowBrokenConditionals === true,
    }).holds;
    if (holds === false) return { kind: 'flow', flow: 'next' };
    const { action } = parseParams(
      await loadModule('meta'),
      run.templar.renderDeep(task.args, scope, { at: task.argsAt }) as Record<string, unknown>,
      task.argsAt,
    ) as { action: string };
    switch (action) {
      case 'flush_handlers':
        return { kind: 'flush' };
      case 'end_play':
        play.abort.endPlay = true;
        return { kind: 'flow', flow: 'end-play' };
      case 'end_batch':
        play.abort.endBatch = true;
        return { kind: 'flow', flow: 'end-batch' };
      case 'end_host':
        host.status = 'ended';
        return { kind: 'flow', flow: 'end-host' };
      case 'end_role':
        return { kind: 'flow', flow: 'end-role' };
      case 'clear_facts':
        for (const name of play.allHosts) run.host(name).clearFacts();
        break;
      case 'clear_host_errors':
        for (const name of play.allHosts) {
          const other = run.host(name);
          if (other.status === 'failed' || other.status === 'unreachable') other.status = 'active';
          other.forgiven = true;
        }
        break;
      case 'refresh_inventory':
        await run.inventory.refresh();
        rematch(play, matchPlay(run, play.play).hosts);
        break;
      case 'reset_connection':
        await run.fleet.forget(
          resolveTarget({
            host: host.name,
            scope,
            play: play.play,
            task,
            options: run.options,
            templar: run.templar,
            secrets: run.secrets,
          }),
        );
        break;
    }
    return { kind: 'flow', flow: 'next' };
  } catch (error) {
    return { kind: 'failed', error: asCutoverError(error, 'playbook', { position: task.position }) };
  }
}
