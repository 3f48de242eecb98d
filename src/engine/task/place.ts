import { CutoverError } from '../../errors/index.ts';
import type { Task } from '../../playbook/index.ts';
import type { Identity, Target } from '../../transport/index.ts';
import { isUndefined } from '../../values/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import { isLoopbackName, resolveIdentity, resolveTarget } from '../hosts/target.ts';
import { keywordValue } from '../variables/keyword.ts';
import type { LayeredScope } from '../variables/scope.ts';
import { scopeFor } from '../variables/variables.ts';

/** How a task gets to where it acts, and as whom. */
export interface Place {
  readonly target: Target;
  readonly identity: Identity;
  readonly stateDir: string | undefined;
}

/** Gives the host that a task is delegated to. Throws CutoverError. */
export function delegate(play: PlayContext, task: Task, scope: LayeredScope): HostState | undefined {
  if (task.delegateTo === undefined) return undefined;
  const name = keywordValue(task.delegateTo, scope, play.run.templar);
  if (name === undefined || name === null || name === '') return undefined;
  if (isUndefined(name))
    throw new CutoverError('template', `delegate_to: ${name.message}`, { position: task.delegateTo.at });
  return play.run.host(String(name));
}

/** Gives the host that a task is delegated to, for reports. */
export function delegateName(play: PlayContext, task: Task, scope: LayeredScope): string | undefined {
  return delegate(play, task, scope)?.name;
}

/** Gives the way to the host on which a task of `host` acts. Throws CutoverError. */
export function locateHost(
  play: PlayContext,
  onHost: HostState,
  host: HostState,
  task: Task,
  scope: LayeredScope,
): Place {
  const run = play.run;
  // A delegated task uses the connection variables of the host that it is delegated to, and the task's own become.
  const connectionScope =
    onHost === host ? scope : scopeFor(run, { host: onHost, play, task: { ...task, delegateTo: undefined } });
  const sources = {
    host: onHost.name,
    scope: connectionScope,
    play: play.play,
    task,
    options: run.options,
    templar: run.templar,
    secrets: run.secrets,
  };
  const target =
    isLoopbackName(onHost.name) && !run.inventory.hosts.has(onHost.name)
      ? { ...resolveTarget(sources), connection: 'local' as const }
      : resolveTarget(sources);
  const stateDir = connectionScope.has('cutover_state_dir')
    ? connectionScope.get('cutover_state_dir')
    : undefined;
  return {
    target,
    identity: resolveIdentity(sources),
    stateDir: typeof stateDir === 'string' ? stateDir : undefined,
  };
}
