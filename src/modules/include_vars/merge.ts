import { isMapping } from '../../values/index.ts';

/** Merges mappings to any depth; where both have something else, the second one wins. */
export function merged(
  under: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const both = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const present = Object.hasOwn(both, key) ? both[key] : undefined;
    both[key] = isMapping(present) && isMapping(value) ? merged(present, value) : value;
  }
  return both;
}
