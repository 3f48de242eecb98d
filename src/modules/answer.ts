import { CutoverError } from '../errors/index.ts';
import type { Observed, Probe } from '../resources/index.ts';
import type { Unknown } from '../values/index.ts';
import type { Plan } from './types.ts';

/** Gives what a probe saw. Throws CutoverError('internal') when a module plans with a probe that its `needs` never asked. */
export function answer<State>(seen: Observed, probe: Probe<State>): State | Unknown {
  const state = seen.get(probe);
  if (state === undefined) throw new CutoverError('internal', `${probe.key} was never asked`);
  return state;
}

/** The plan of a module that only finds facts. Their names here are their names as variables. */
export function factsPlan(facts: Record<string, unknown>, result: Record<string, unknown> = {}): Plan {
  return {
    changes: [],
    changed: false,
    result: () => ({ ansible_facts: facts, ...result }),
  };
}

/** The plan of a dry run that cannot know what the task would do. */
export function unknownPlan(unknown: Unknown, result: Record<string, unknown> = {}): Plan {
  return { changes: [], changed: unknown, result: () => result };
}
