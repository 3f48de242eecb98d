import { setTimeout as sleep } from 'node:timers/promises';
import { CutoverError } from '../../errors/index.ts';
import type { Effect } from '../../modules/index.ts';
import type { Task } from '../../playbook/index.ts';
import { readsForeignText } from '../../template/index.ts';
import { isMapping } from '../../values/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import { restrictedFacts } from '../variables/facts.ts';
import { isOn } from '../variables/switches.ts';
import type { Attempt } from './attempt.ts';
import { writeLocal } from './local-file.ts';
import { writeLocalTree } from './local-tree.ts';
import type { Prepared } from './prepare.ts';
import { awaitConnection } from './reconnect.ts';

/** Does what a module asked of the engine itself. Gives what the result gains by it (`user_input` of a prompt). */
export async function carryOut(
  play: PlayContext,
  host: HostState,
  prepared: Prepared,
  effects: readonly Effect[],
): Promise<Record<string, unknown>> {
  const extra: Record<string, unknown> = {};
  for (const effect of effects) Object.assign(extra, await one(play, host, prepared, effect));
  return extra;
}

/** Keeps the `ansible_facts` of a result, whichever module gave them; `set_fact` and `include_vars` have levels of their own. */
export function takeFacts(play: PlayContext, host: HostState, prepared: Prepared, attempt: Attempt): void {
  const facts = attempt.result.ansible_facts;
  const otherLevel = attempt.effects.some(({ kind }) => kind === 'set-facts' || kind === 'include-vars');
  if (!isMapping(facts) || otherLevel) return;
  const owner = delegatesFacts(play, prepared) ? prepared.onHost : host;
  owner.addFacts(facts);
  if (gathersForPlay(prepared.task) && attempt.result.failed !== true) owner.gathered = true;
  const restricted = restrictedFacts(facts);
  if (restricted.length > 0)
    play.run.emit({
      type: 'warning',
      message: `${owner.name}: its facts say ${restricted.join(', ')}: how a host is reached is not its own to say, so they are in ansible_facts only`,
      position: prepared.task.position,
    });
}

/** A task `setup` does not count, as in Ansible: it may have asked for a part only. */
function gathersForPlay(task: Task): boolean {
  return task.module === 'gather_facts' || task.id.endsWith('.facts');
}

async function one(
  play: PlayContext,
  host: HostState,
  prepared: Prepared,
  effect: Effect,
): Promise<Record<string, unknown>> {
  const run = play.run;
  const factsOwner = delegatesFacts(play, prepared) ? prepared.onHost : host;
  switch (effect.kind) {
    case 'set-facts':
      factsOwner.setLive(effect.facts, foreignFacts(prepared, effect.facts));
      if (effect.cacheable) factsOwner.addFacts(effect.facts);
      return {};
    case 'include-vars':
      host.setIncluded(effect.vars, run.options.config.hashBehaviour === 'merge');
      return {};
    case 'add-host':
      return { changed: run.inventory.addHost(effect.host, effect.groups, effect.vars) };
    case 'group-by':
      return { changed: run.inventory.addGroup(effect.group, effect.parents, [host.name]) };
    case 'pause':
      return prepared.check ? {} : pause(play, effect, prepared.task);
    case 'await-connection':
      return prepared.check ? {} : awaitConnection(play, prepared, effect);
    case 'write-local':
      if (!prepared.check) await writeLocal(effect.path, effect.bytes);
      return {};
    case 'write-local-tree':
      if (!prepared.check) await writeLocalTree(effect);
      return {};
    case 'debug':
      return {};
  }
}

function delegatesFacts(play: PlayContext, prepared: Prepared): boolean {
  return isOn(play.run.templar, prepared.task.delegateFacts, prepared.scope);
}

async function pause(
  play: PlayContext,
  effect: Effect & { kind: 'pause' },
  task: Task,
): Promise<Record<string, unknown>> {
  const { options } = play.run;
  const begun = Date.now();
  if (effect.seconds !== undefined) {
    await sleep(
      effect.seconds * 1000,
      undefined,
      options.interrupt ? { signal: options.interrupt.stop } : {},
    ).catch(() => undefined);
    return effect.tells ? { ...pauseTimes(begun), user_input: '' } : {};
  }
  if (!options.prompt) {
    play.run.emit({
      type: 'warning',
      message: 'nobody is at the terminal: the pause was not waited for',
      position: task.position,
    });
    return { ...pauseTimes(begun), user_input: '' };
  }
  const text = effect.prompt ?? 'Press enter to continue, Ctrl-C to interrupt';
  play.run.emit({ type: 'prompt', text });
  const answer = await options.prompt(text, { echo: effect.echo ?? true }).catch((cause) => {
    throw new CutoverError('interrupted', 'the pause was interrupted', { position: task.position, cause });
  });
  return { ...pauseTimes(begun), user_input: answer };
}

/** `start` and `stop` in the controller's time, `delta` in whole seconds. */
function pauseTimes(begun: number): Record<string, unknown> {
  const ended = Date.now();
  const stamp = (moment: number): string =>
    `${new Date(moment).toISOString().replace('T', ' ').replace('Z', '')}000`;
  return { start: stamp(begun), stop: stamp(ended), delta: Math.floor((ended - begun) / 1000) };
}

/** Which of the variables that a `set_fact` sets are made of texts of hosts, programs or files. */
function foreignFacts(prepared: Prepared, facts: Readonly<Record<string, unknown>>): readonly string[] {
  const { args } = prepared.task;
  return isMapping(args)
    ? Object.keys(facts).filter((name) => readsForeignText(args[name], prepared.scope))
    : [];
}
