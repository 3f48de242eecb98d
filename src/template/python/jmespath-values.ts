/** How JMESPath compares, selects and projects values. */
import { valuesOf as inner, isMapping } from '../../values/index.ts';
import { TemplateFault } from '../faults.ts';
import type { Query } from './jmespath.ts';
import { isNumber } from './kinds.ts';

/** Whether a value counts as true: empty texts, lists and mappings, false and null do not. */
export function isTrue(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isMapping(value) || Object.keys(value).length > 0;
}

/** Whether two values are the same JSON. */
function isSame(a: unknown, b: unknown): boolean {
  if (isNumber(a) && isNumber(b)) return Number(a) === Number(b);
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (isMapping(a))
    return (
      isMapping(b) &&
      Object.keys(a).length === Object.keys(b).length &&
      Object.keys(a).every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
    );
  return (a ?? null) === (b ?? null);
}

/** A reader of one key. */
export const field =
  (name: string): Query =>
  (value) =>
    isMapping(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null;

/** Gives `value[from:to:by]` of a list. */
export function slice(value: unknown, bounds: readonly (number | undefined)[]): unknown {
  if (!Array.isArray(value)) return null;
  const [from, to, by = 1] = bounds;
  if (by === 0) throw new TemplateFault('a slice of the query has the step 0');
  const clamp = (index: number): number =>
    Math.min(
      by > 0 ? value.length : value.length - 1,
      Math.max(by > 0 ? 0 : -1, index < 0 ? index + value.length : index),
    );
  const start = from === undefined ? (by > 0 ? 0 : value.length - 1) : clamp(from);
  const stop = to === undefined ? (by > 0 ? value.length : -1) : clamp(to);
  const made: unknown[] = [];
  for (let i = start; by > 0 ? i < stop : i > stop; i += by) made.push(value[i]);
  return made;
}

/** The comparisons; order is for numbers only. */
export const COMPARE: Readonly<Record<string, (a: unknown, b: unknown) => boolean | null>> = {
  '==': isSame,
  '!=': (a, b) => !isSame(a, b),
  '<': (a, b) => (isNumber(a) && isNumber(b) ? Number(a) < Number(b) : null),
  '<=': (a, b) => (isNumber(a) && isNumber(b) ? Number(a) <= Number(b) : null),
  '>': (a, b) => (isNumber(a) && isNumber(b) ? Number(a) > Number(b) : null),
  '>=': (a, b) => (isNumber(a) && isNumber(b) ? Number(a) >= Number(b) : null),
};

/** Applies a query to every item; what is null falls out. */
function project(items: readonly unknown[], right: Query): unknown[] {
  return items.map((item) => right(item)).filter((item) => item !== null && item !== undefined);
}

/** A projection over the items of a list, those that pass a test. */
export const itemsOf =
  (left: Query, right: Query, test: (item: unknown) => boolean = () => true): Query =>
  (value) => {
    const found = left(value);
    return Array.isArray(found) ? project(found.filter(test), right) : null;
  };

/** A projection over the values of a mapping. */
export const valuesOf =
  (left: Query, right: Query): Query =>
  (value) => {
    const found = left(value);
    return isMapping(found) ? project(inner(found), right) : null;
  };

/** A projection over the items of a list, lists among them opened one level. */
export const flattened =
  (left: Query, right: Query): Query =>
  (value) => {
    const found = left(value);
    if (!Array.isArray(found)) return null;
    return project(
      found.flatMap((item) => (Array.isArray(item) ? Array.from(item) : [item])),
      right,
    );
  };

/** One element of a list, counted from the end when negative. */
export const element =
  (left: Query, index: number): Query =>
  (value) => {
    const found = left(value);
    return Array.isArray(found) ? (found.at(index) ?? null) : null;
  };
