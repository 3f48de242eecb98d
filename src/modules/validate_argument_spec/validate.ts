import { className } from '../../template/index.ts';
import { isMapping } from '../../values/index.ts';
import { isGiven, relationErrors } from './relations.ts';
import { TAKE_NULL, TYPES } from './types.ts';

type Spec = Readonly<Record<string, unknown>>;
type Arguments = Readonly<Record<string, unknown>>;

/** Arguments with defaults filled in and values converted, and every line about what is wrong. */
export interface Validated {
  readonly values: Record<string, unknown>;
  readonly errors: readonly string[];
}

/**
 * Checks arguments against an argument specification as roles have them (`meta/argument_specs.yml`).
 * `relations` is the mapping that may hold `mutually_exclusive`, `required_together`, `required_one_of`, `required_if` and `required_by`.
 */
export function validateArguments(spec: Spec, args: Arguments, relations: Spec = {}, at = ''): Validated {
  const place = at === '' ? '' : ` found in ${at}`;
  const given = withNames(spec, args);
  const errors = unsupported(spec, given, place);
  errors.push(...relationErrors(relations, given, place));
  const missing = Object.keys(spec).filter(
    (name) => optionOf(spec, name).required === true && !isGiven(given[name]),
  );
  if (missing.length > 0) errors.push(`missing required arguments: ${missing.sort().join(', ')}${place}`);
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(spec)) {
    const option = optionOf(spec, name);
    const checked = isGiven(given[name])
      ? checkGiven(option, name, given[name], at)
      : checkDefault(option, name, at);
    values[name] = checked.value;
    errors.push(...checked.errors);
  }
  return { values, errors };
}

function optionOf(spec: Spec, name: string): Spec {
  const option = spec[name];
  return isMapping(option) ? option : {};
}

/** Aliases are turned into the names that they stand for. */
function withNames(spec: Spec, args: Arguments): Record<string, unknown> {
  const given: Record<string, unknown> = { ...args };
  for (const name of Object.keys(spec)) {
    const { aliases } = optionOf(spec, name);
    for (const alias of Array.isArray(aliases) ? aliases.map(String) : []) {
      if (!Object.hasOwn(given, alias)) continue;
      if (!isGiven(given[name])) given[name] = given[alias];
      delete given[alias];
    }
  }
  return given;
}

function unsupported(spec: Spec, given: Arguments, place: string): string[] {
  const names = Object.keys(given).filter((name) => !Object.hasOwn(spec, name));
  if (names.length === 0) return [];
  const supported = Object.keys(spec).sort().join(', ');
  const where = place === '' ? '' : `${place.slice(' found in '.length)}.`;
  return [
    `${names
      .map((name) => where + name)
      .sort()
      .join(', ')}. Supported parameters include: ${supported}.`,
  ];
}

interface Checked {
  readonly value: unknown;
  readonly errors: string[];
}

function checkDefault(option: Spec, name: string, at: string): Checked {
  const value = option.default ?? null;
  return value === null ? { value, errors: [] } : checkValue(option, name, value, at);
}

/** `null` is given, and has no type: only an argument that must be there is held to its own, where that has no word for `null`. */
function checkGiven(option: Spec, name: string, value: unknown, at: string): Checked {
  if (value !== null) return checkValue(option, name, value, at);
  if (option.required === true && !TAKE_NULL.has(typeOf(option))) return checkValue(option, name, value, at);
  return { value, errors: choiceErrors(option, name, value, at) };
}

function typeOf(option: Spec): string {
  return typeof option.type === 'string' ? option.type : 'str';
}

function checkValue(option: Spec, name: string, value: unknown, at: string): Checked {
  const type = typeOf(option);
  const place = at === '' ? '' : ` found in '${at}'.`;
  const convert = TYPES[type];
  if (!convert) return { value, errors: [`value of type for ${name} is no known type: ${type}`] };
  const converted = convert(value);
  if ('wrong' in converted) {
    const reason = option.no_log === true ? 'the value is not shown' : converted.wrong;
    const was = `argument '${name}' is of type ${className(value)}${place}`;
    // Ansible says it a second and third time where there is something below.
    const below = isMapping(option.options)
      ? [reason, `value of '${at === '' ? name : `${at} -> ${name}`}' must be of type dict or list of dicts`]
      : [];
    return { value, errors: [`${was} and we were unable to convert to ${type}: ${reason}`, ...below] };
  }
  const path = at === '' ? name : `${at} -> ${name}`;
  const items = Array.isArray(converted.value)
    ? checkElements(option, name, converted.value, path)
    : { value: converted.value, errors: [] };
  const choices = choiceErrors(option, name, items.value, at);
  const nested = checkNested(option, items.value, path);
  return { value: nested.value, errors: [...items.errors, ...choices, ...nested.errors] };
}

function checkElements(option: Spec, name: string, items: readonly unknown[], path: string): Checked {
  if (typeof option.elements !== 'string') return { value: items, errors: [] };
  const element = { type: option.elements, no_log: option.no_log };
  const checked = items.map((item) => checkValue(element, name, item, path === name ? '' : path));
  return {
    value: checked.map((item) => item.value),
    errors: checked.flatMap(({ errors }) =>
      errors.map((error) => error.replace(/^argument/, `Elements value for option`)),
    ),
  };
}

function choiceErrors(option: Spec, name: string, value: unknown, at: string): string[] {
  const { choices } = option;
  const place = at === '' ? '' : ` found in ${at}`;
  if (!Array.isArray(choices)) return [];
  const known = choices.map(String);
  const wrong = (Array.isArray(value) ? value : [value]).filter((one) => !known.includes(String(one)));
  if (wrong.length === 0) return [];
  const shown = wrong.map((one) => (one === null ? 'None' : String(one))).join(', ');
  const got = option.no_log === true ? 'a value that is not shown' : shown;
  return [
    Array.isArray(value)
      ? `value of ${name} must be one or more of: ${known.join(', ')}. Got no match for: ${got}${place}`
      : `value of ${name} must be one of: ${known.join(', ')}, got: ${got}${place}`,
  ];
}

function checkNested(
  option: Spec,
  value: unknown,
  path: string,
): { readonly value: unknown; readonly errors: readonly string[] } {
  const { options } = option;
  if (!isMapping(options)) return { value, errors: [] };
  if (isMapping(value)) {
    const checked = validateArguments(options, value, option, path);
    return { value: checked.values, errors: checked.errors };
  }
  if (!Array.isArray(value)) return { value, errors: [] };
  const checked = value.map((item) =>
    isMapping(item)
      ? validateArguments(options, item, option, path)
      : { values: item, errors: [`value of '${path}' must be of type dict or list of dicts`] },
  );
  return { value: checked.map((item) => item.values), errors: checked.flatMap((item) => item.errors) };
}
