/** Truth, equality, order and membership as Python has them. */
import {
  integerOf,
  isMapping,
  isUndefined,
  isUnknown,
  type Key,
  keyOf,
  keysOf,
  nameOfKey,
  put,
} from '../../values/index.ts';
import { refuseUndefined, TemplateFault, typeFault, UnknownSignal } from '../faults.ts';
import { BigInteger, isNumber, PyObject, Tuple, typeName } from './kinds.ts';

/** Refuses something undefined and signals something unknown; every value that is really used goes through here. */
export function known<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    if (isUndefined(value)) refuseUndefined(value);
    if (isUnknown(value)) throw new UnknownSignal(value);
  }
  return value;
}

/** Gives `bool(value)`. */
export function truthy(value: unknown): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'number':
    case 'bigint':
      return Number(value) !== 0;
    case 'undefined':
      return false;
    default:
  }
  if (value === null) return false;
  if (value instanceof Number) return value.valueOf() !== 0;
  if (value instanceof BigInteger) return true;
  if (Array.isArray(value)) return value.length > 0;
  known(value);
  if (isMapping(value)) {
    for (const _ in value) return true;
    return false;
  }
  return value instanceof PyObject ? (value.iterate()?.length ?? 1) > 0 : true;
}

/** Gives the number that a number or a bool stands for, or undefined. */
export function numeric(value: unknown): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof BigInteger) return value.value;
  return value instanceof Number ? value.valueOf() : undefined;
}

/** Whether two numbers are equal, be they big integers or not. */
const sameNumber = (a: number | bigint, b: number | bigint): boolean =>
  a === b || (typeof a !== typeof b && a >= b && a <= b);

/** Gives `a == b`. */
export function equals(a: unknown, b: unknown): boolean {
  if (a === b) {
    if (typeof a === 'object') known(a);
    return true;
  }
  if (typeof a === 'string' && typeof b === 'string') return false;
  known(a);
  known(b);
  const left = numeric(a);
  if (left !== undefined) {
    const right = numeric(b);
    return right !== undefined && sameNumber(left, right);
  }
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length || a instanceof Tuple !== b instanceof Tuple) return false;
    return a.every((item, index) => equals(item, b[index]));
  }
  if (isMapping(a) && isMapping(b)) {
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    return keys.every(
      (key) => Object.hasOwn(b, key) && equals(keyOf(a, key), keyOf(b, key)) && equals(a[key], b[key]),
    );
  }
  if (a instanceof PyObject && b instanceof PyObject) {
    const order = compareObjects(a, b);
    return order === 0;
  }
  return (a ?? null) === (b ?? null);
}

/** An object that can be ordered (a date, a duration) gives a number for it. */
export interface Ordered {
  readonly order: number;
}

function compareObjects(a: PyObject, b: PyObject): number | undefined {
  const left = (a as Partial<Ordered>).order;
  const right = (b as Partial<Ordered>).order;
  return typeof left === 'number' && typeof right === 'number' && a.typeName === b.typeName
    ? left - right
    : undefined;
}

/** Gives a negative number, 0 or a positive number for `a < b`, `a == b`, `a > b`. Throws when Python could not order them. */
export function compare(a: unknown, b: unknown, operator = '<'): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  known(a);
  known(b);
  const left = numeric(a);
  const right = numeric(b);
  if (left !== undefined && right !== undefined)
    return left < right ? -1 : left > right ? 1 : sameNumber(left, right) ? 0 : Number.NaN;
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < a.length && i < b.length; i++) {
      if (!equals(a[i], b[i])) return compare(a[i], b[i], operator);
    }
    return a.length - b.length;
  }
  if (a instanceof PyObject && b instanceof PyObject) {
    const order = compareObjects(a, b);
    if (order !== undefined) return order;
  }
  return typeFault(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

/** Orders texts by code point, as Python does; UTF-16 order differs beyond the basic plane. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const highX = x >= 0xd800 && x <= 0xdfff;
    const highY = y >= 0xd800 && y <= 0xdfff;
    return highX === highY ? x - y : highX ? 1 : -1;
  }
  return a.length - b.length;
}

/** Gives `item in container`. */
export function contains(container: unknown, item: unknown): boolean {
  known(item);
  if (typeof container === 'string') {
    if (typeof item !== 'string')
      typeFault(`'in <string>' requires string as left operand, not ${typeName(item)}`);
    return container.includes(item);
  }
  if (Array.isArray(container)) {
    if (typeof item === 'string' && container.includes(item)) return true;
    return container.some((element) => equals(element, item));
  }
  known(container);
  if (isMapping(container)) return findKey(container, item) !== undefined;
  const items = container instanceof PyObject ? container.iterate() : undefined;
  if (items) return items.some((element) => equals(element, item));
  return typeFault(`argument of type '${typeName(container)}' is not iterable`);
}

/** Gives the property under which a mapping holds a key; undefined when it has no such key. */
export function findKey(mapping: Record<string, unknown>, key: unknown): string | undefined {
  const name = keyText(key);
  if (!Object.hasOwn(mapping, name)) return undefined;
  const own = keyOf(mapping, name);
  return own === key || equals(own, key) ? name : undefined;
}

/** Sets an item of a mapping. */
export function setItem(mapping: Record<string, unknown>, key: unknown, value: unknown): void {
  put(mapping, keyText(key), value, typeof key === 'bigint' ? integerOf(key) : (key as Key));
}

/** Gives a mapping of pairs. */
export function dictOf(pairs: Iterable<readonly [unknown, unknown]>): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [key, value] of pairs) setItem(made, key, value);
  return made;
}

/** Gives the text under which a mapping holds a key: equal keys have the same. */
export function keyText(value: unknown): string {
  if (typeof value === 'string') return value;
  known(value);
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean' || isNumber(value)) return nameOfKey(value as Key);
  if (value instanceof Tuple) return value.map(keyText).join(', ');
  throw new TemplateFault(`unhashable type: '${typeName(value)}'`);
}

/** Gives the items that a loop over a value sees: a list's items, a mapping's keys, a text's characters. */
export function iterate(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return Array.from(value);
  known(value);
  if (isMapping(value)) return keysOf(value);
  const items = value instanceof PyObject ? value.iterate() : undefined;
  if (items) return items;
  return typeFault(`'${typeName(value)}' object is not iterable`);
}

/** Gives `len(value)`. */
export function length(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'string') return codePoints(value);
  known(value);
  if (isMapping(value)) return Object.keys(value).length;
  const items = value instanceof PyObject ? value.iterate() : undefined;
  if (items) return items.length;
  return typeFault(`object of type '${typeName(value)}' has no len()`);
}

function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdbff) count--;
  }
  return count;
}

const ORDER: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Gives the result of one comparison operator of expressions. */
export function holds(operator: string, left: unknown, right: unknown): boolean {
  if (operator === '==') return equals(left, right);
  if (operator === '!=') return !equals(left, right);
  if (operator === 'in') return contains(right, left);
  if (operator === 'not in') return !contains(right, left);
  return ORDER[operator]!(compare(left, right, operator));
}
