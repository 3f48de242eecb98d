/** The functions of JMESPath. Expression references (`&name`) arrive as JavaScript functions of our own making. */
import { isMapping, namesOf, valuesOf } from '../../values/index.ts';
import { TemplateFault } from '../faults.ts';
import type { Query } from './jmespath.ts';
import { dumpJson } from './json.ts';
import { float, isFloat, isInt, isNumber } from './kinds.ts';
import { compare, contains, dictOf, numeric } from './logic.ts';

type Function = (args: readonly unknown[], name: string) => unknown;

function wrong(name: string, wanted: string): never {
  throw new TemplateFault(`the query function ${name}() needs ${wanted}`);
}

const list = (value: unknown, name: string): unknown[] =>
  Array.isArray(value) ? value : wrong(name, 'a list');
const text = (value: unknown, name: string): string =>
  typeof value === 'string' ? value : wrong(name, 'a text');
const number = (value: unknown, name: string): number =>
  isNumber(value) ? Number(value) : wrong(name, 'a number');
const mapping = (value: unknown, name: string): Record<string, unknown> =>
  isMapping(value) ? value : wrong(name, 'a mapping');
const query = (value: unknown, name: string): Query =>
  typeof value === 'function' ? (value as Query) : wrong(name, 'an expression such as &name');

const keep = (value: unknown, result: number): unknown => (isFloat(value) ? float(result) : result);

function extreme(items: readonly unknown[], sign: number, key: Query = (item) => item): unknown {
  return items.reduce(
    (best: unknown, item) => (best === null || sign * compare(key(item), key(best)) > 0 ? item : best),
    null,
  );
}

function sum(items: readonly unknown[], name: string): unknown {
  const total = items.reduce((sofar: number, item) => sofar + number(item, name), 0);
  return items.some(isFloat) ? float(total) : total;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isNumber(value)) return 'number';
  return isMapping(value) ? 'object' : typeof value;
}

const FUNCTIONS: Readonly<Record<string, Function>> = {
  abs: ([value], name) => keep(value, Math.abs(number(value, name))),
  avg: ([value], name) => {
    const items = list(value, name);
    return items.length === 0 ? null : float(Number(sum(items, name)) / items.length);
  },
  ceil: ([value], name) => Math.ceil(number(value, name)),
  contains: ([subject, wanted]) => contains(subject, wanted),
  ends_with: ([value, suffix], name) => text(value, name).endsWith(text(suffix, name)),
  floor: ([value], name) => Math.floor(number(value, name)),
  join: ([separator, value], name) =>
    list(value, name)
      .map((item) => text(item, name))
      .join(text(separator, name)),
  keys: ([value], name) => namesOf(mapping(value, name)),
  length: ([value], name) =>
    typeof value === 'string'
      ? Array.from(value).length
      : Array.isArray(value)
        ? value.length
        : Object.keys(mapping(value, name)).length,
  map: ([by, value], name) => list(value, name).map((item) => query(by, name)(item) ?? null),
  max: ([value], name) => extreme(list(value, name), 1),
  max_by: ([value, by], name) => extreme(list(value, name), 1, query(by, name)),
  merge: (args, name) => dictOf(args.flatMap((value) => Object.entries(mapping(value, name)))),
  min: ([value], name) => extreme(list(value, name), -1),
  min_by: ([value, by], name) => extreme(list(value, name), -1, query(by, name)),
  not_null: (args) => args.find((value) => value !== null) ?? null,
  reverse: ([value], name) =>
    typeof value === 'string' ? Array.from(value).reverse().join('') : [...list(value, name)].reverse(),
  sort: ([value], name) => [...list(value, name)].sort((a, b) => compare(a, b)),
  sort_by: ([value, by], name) =>
    [...list(value, name)].sort((a, b) => compare(query(by, name)(a), query(by, name)(b))),
  starts_with: ([value, prefix], name) => text(value, name).startsWith(text(prefix, name)),
  sum: ([value], name) => sum(list(value, name), name),
  to_array: ([value]) => (Array.isArray(value) ? value : [value]),
  to_number: ([value]) => {
    if (numeric(value) !== undefined && typeof value !== 'boolean') return value;
    if (typeof value !== 'string' || value.trim() === '' || !Number.isFinite(Number(value))) return null;
    return isInt(Number(value)) && !/[.e]/i.test(value) ? Number(value) : float(Number(value));
  },
  to_string: ([value]) =>
    typeof value === 'string' ? value : dumpJson(value, { itemSeparator: ',', keySeparator: ':' }),
  type: ([value]) => typeOf(value),
  values: ([value], name) => valuesOf(mapping(value, name)),
};

/** Calls a function of a query. */
export function callFunction(name: string, args: readonly unknown[]): unknown {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!found)
    throw new TemplateFault(`there is no query function ${name}()`, {
      hint: `there are ${Object.keys(FUNCTIONS).join(', ')}`,
    });
  return found(args, name);
}
