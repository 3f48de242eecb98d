import { isMapping, keyOf, mapValues, namesOf, put } from './mapping.ts';

/** Merges mappings to any depth; where both have something else, the second one wins. Neither is changed. */
export function mergeDeep(
  under: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const both = mapValues(under, (value) => value);
  for (const name of namesOf(over)) {
    const present = Object.hasOwn(both, name) ? both[name] : undefined;
    const value = over[name];
    put(
      both,
      name,
      isMapping(present) && isMapping(value) ? mergeDeep(present, value) : value,
      keyOf(over, name),
    );
  }
  return both;
}
