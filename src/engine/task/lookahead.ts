import type { Task, TaskNode } from '../../playbook/index.ts';
import type { Observed, Probe } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import { judge } from '../variables/conditions.ts';
import { loopItems, loopVariables } from '../variables/loops.ts';
import { LOOKS_AHEAD } from '../variables/scope.ts';
import { scopeFor } from '../variables/variables.ts';
import type { Knowledge } from './predictions.ts';
import { prepare } from './prepare.ts';

/** The tasks that come after the present one, as far as the tree shows them without running it. */
export interface Rest {
  readonly nodes: readonly TaskNode[];
  readonly index: number;
  readonly outer: Rest | undefined;
}

/** Enough for a round trip to pay; a longer list would mostly be thrown away by the changes in between. */
const MAX_TASKS = 60;
const MAX_ITEMS = 500;

/** Modules after which nothing known is worth anything: looking past them would be in vain. */
const CLEARS_KNOWLEDGE = new Set(['command', 'shell', 'raw', 'script']);

/**
 * Collects the probes of the tasks that come next, so that one round trip answers them all. A task whose arguments depend on something
 * that is not there yet, or on a lookup that runs a program, is simply left out; what turns out to be stale is caught by compare-and-swap.
 */
export async function probesAhead(
  play: PlayContext,
  host: HostState,
  rest: Rest | undefined,
  extras: readonly Readonly<Record<string, unknown>>[],
  knowledge: Knowledge,
): Promise<readonly Probe[]> {
  const probes = new Map<string, Probe>();
  const seen: Observed = { get: (probe) => knowledge.get(probe) };
  for (const task of tasksAhead(rest)) {
    for (const probe of await probesOf(play, host, task, extras, seen, knowledge)) {
      if (!probe.volatile && !knowledge.has(probe)) probes.set(probe.key, probe);
    }
    // Its own questions (`creates`, `removes`) come before it runs, and often keep it from running.
    if (CLEARS_KNOWLEDGE.has(task.module)) break;
  }
  return [...probes.values()];
}

function tasksAhead(rest: Rest | undefined): readonly Task[] {
  const tasks: Task[] = [];
  const visit = (node: TaskNode): boolean => {
    if (tasks.length >= MAX_TASKS || node.kind === 'include') return false;
    if (node.kind === 'block') return node.block.every(visit);
    tasks.push(node);
    return true;
  };
  for (let at = rest; at; at = at.outer) {
    for (const node of at.nodes.slice(at.index + 1)) if (!visit(node)) return tasks;
  }
  return tasks;
}

async function probesOf(
  play: PlayContext,
  host: HostState,
  task: Task,
  extras: readonly Readonly<Record<string, unknown>>[],
  seen: Observed,
  knowledge: Knowledge,
): Promise<readonly Probe[]> {
  if (task.delegateTo || (task.undo?.kind === 'tasks' && task.module === 'meta')) return [];
  try {
    const base = scopeFor(play.run, { host, play, task, extras }).saying(LOOKS_AHEAD, true);
    const items = task.loop ? loopItems(task.loop, base, play.run.templar) : [undefined];
    if (isUnknown(items) || items.length > MAX_ITEMS) return [];
    const probes: Probe[] = [];
    for (const index of items.keys()) {
      const item = task.loop && [...extras, loopVariables(task.loop, items, index)];
      const scope = item
        ? scopeFor(play.run, { host, play, task, extras: item }).saying(LOOKS_AHEAD, true)
        : base;
      if (judge(task.when, scope, { templar: play.run.templar, truthy: true }).holds === false) continue;
      const prepared = await prepare(play, host, task, scope);
      if (isUnknown(prepared) || prepared.knowledge !== knowledge) return [];
      probes.push(...((await prepared.module.needs?.(prepared.params, seen, prepared.context)) ?? []));
    }
    return probes;
  } catch {
    return [];
  }
}
