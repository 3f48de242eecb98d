import { isMapping, isOmit, isUndefined } from '../../values/index.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** Tells whether an argument was given: `null` was. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && !isOmit(value) && !isUndefined(value);
}

/** Says which arguments must not be, or must be, given with others. `place` ends every line. */
export function relationErrors(relations: Arguments, args: Arguments, place = ''): string[] {
  const given = (name: unknown): boolean => isGiven(args[String(name)]);
  return [
    ...groups(relations.mutually_exclusive)
      .filter((names) => names.filter(given).length > 1)
      .map((names) => `parameters are mutually exclusive: ${names.join('|')}${place}`),
    ...groups(relations.required_together)
      .filter((names) => names.some(given) && !names.every(given))
      .map((names) => `parameters are required together: ${names.join(', ')}${place}`),
    ...groups(relations.required_one_of)
      .filter((names) => !names.some(given))
      .map((names) => `one of the following is required: ${names.join(', ')}${place}`),
    ...ifErrors(relations.required_if, args, given, place),
    ...byErrors(relations.required_by, args, place),
  ];
}

/** A list of names, or a list of such lists. */
function groups(value: unknown): string[][] {
  if (!Array.isArray(value)) return [];
  return value.some(Array.isArray) ? value.map((one) => [one].flat().map(String)) : [value.map(String)];
}

/** Entries of [argument, value, names, any?]. */
function ifErrors(
  rules: unknown,
  args: Arguments,
  given: (name: unknown) => boolean,
  place: string,
): string[] {
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule) => {
    if (!Array.isArray(rule) || rule.length < 3) return [];
    const [name, value, names, any] = rule as [unknown, unknown, unknown, unknown];
    if (args[String(name)] !== value && String(args[String(name)]) !== String(value)) return [];
    const needed = [names].flat();
    const missing = needed.filter((one) => !given(one));
    if (any === true ? missing.length < needed.length : missing.length === 0) return [];
    const which = any === true ? 'any of the following' : 'all of the following';
    return [`${String(name)} is ${String(value)} but ${which} are missing: ${missing.join(', ')}${place}`];
  });
}

/** Here, unlike in the other relations, `null` is not enough. */
function byErrors(rules: unknown, args: Arguments, place: string): string[] {
  if (!isMapping(rules)) return [];
  const given = (name: unknown): boolean => isGiven(args[String(name)]) && args[String(name)] !== null;
  return Object.entries(rules).flatMap(([name, names]) => {
    const missing = given(name) ? [names].flat().filter((one) => !given(one)) : [];
    return missing.length === 0
      ? []
      : [`missing parameter(s) required by '${name}': ${missing.join(', ')}${place}`];
  });
}
