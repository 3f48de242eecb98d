import { z } from 'zod';
import { fnmatch } from '../../regex/index.ts';
import { facts } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, factsPlan, unknownPlan } from '../answer.ts';
import { defineModule, type PlanContext } from '../types.ts';
import { gatherShape } from './shape.ts';

const params = z.strictObject(gatherShape);

/** Looks at a host and keeps what it saw as `ansible_facts`. */
export default defineModule({
  name: 'setup',
  sideBySide: true,
  summary: 'Gathers facts about the target.',
  params,
  needs: (given, _seen, context) => [asked(given, context)],
  plan(given, seen, context) {
    const gathered = answer(seen, asked(given, context));
    if (isUnknown(gathered)) return unknownPlan(gathered);
    const kept = filtered(gathered, given.filter);
    return factsPlan(
      Object.fromEntries(Object.entries(kept).map(([name, value]) => [prefixed(name), value])),
    );
  },
});

function asked(given: z.infer<typeof params>, { environment }: PlanContext) {
  return facts(given.gather_subset, given.fact_path, given.gather_timeout, environment);
}

function filtered(all: Record<string, unknown>, patterns: readonly string[]): Record<string, unknown> {
  const wanted = patterns.filter((pattern) => pattern !== '');
  if (wanted.length === 0) return all;
  const keep = (name: string): boolean =>
    wanted.some((pattern) => fnmatch(pattern).test(name) || fnmatch(pattern).test(prefixed(name)));
  return Object.fromEntries(Object.entries(all).filter(([name]) => keep(name)));
}

function prefixed(name: string): string {
  return name.startsWith('ansible_') || name === 'gather_subset' || name === 'module_setup'
    ? name
    : `ansible_${name}`;
}
