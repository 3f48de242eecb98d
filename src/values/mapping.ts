/**
 * Mappings are plain objects. What JavaScript's objects cannot keep is remembered beside them: the order of keys that look
 * like numbers (objects put those first), and keys that are no texts.
 */
import { type BigInteger, Float } from './numbers.ts';
import { asOpenAs } from './open.ts';
import { Tuple } from './tuple.ts';

/** A key as it was written. */
export type Key = string | number | boolean | null | Float | BigInteger | Tuple;

type Mapping = Record<string, unknown>;

/** Keys by property, in the order in which they came; only for mappings that need it. */
const written = new WeakMap<object, Map<string, Key>>();

/** Gives the property under which a mapping keeps a key: equal keys have the same. */
export function nameOfKey(key: Key): string {
  if (typeof key === 'string') return key;
  if (key === null) return 'None';
  if (typeof key === 'boolean') return key ? '1' : '0';
  if (key instanceof Tuple) return key.map((item) => nameOfKey(item as Key)).join(', ');
  return key instanceof Float ? String(key.valueOf()) : String(key);
}

/** Whether a value is a plain mapping (not an array, not one of the special values). */
export function isMapping(value: unknown): value is Mapping {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** Sets a key of a mapping as its own property, whatever it is called: `__proto__` too. `key`: the key itself, when it is no text. */
export function put(target: Mapping, name: string, value: unknown, key: Key = name): void {
  let known = written.get(target);
  if (!known && (key !== name || looksLikeIndex(name))) {
    known = new Map(Object.keys(target).map((before) => [before, before]));
    written.set(target, known);
  }
  if (known && !known.has(name)) known.set(name, key);
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  else target[name] = value;
}

/** Takes a key out of a mapping. */
export function remove(target: Mapping, name: string): void {
  delete target[name];
  written.get(target)?.delete(name);
}

/** Gives the properties of a mapping, in the order in which they came. */
export function namesOf(mapping: Mapping): string[] {
  const names = Object.keys(mapping);
  const known = written.get(mapping);
  if (!known) return names;
  const ordered = [...known.keys()].filter((name) => Object.hasOwn(mapping, name));
  // A mapping may also be filled without `put`.
  return ordered.length === names.length
    ? ordered
    : [...ordered, ...names.filter((name) => !known.has(name))];
}

/** Gives the key that a property stands for. */
export function keyOf(mapping: Mapping, name: string): Key {
  const key = written.get(mapping)?.get(name);
  return key === undefined ? name : key;
}

/** Gives a key as a word for people: `true`, not the property that keeps it. */
export function wordOfKey(mapping: Mapping, name: string): string {
  const key = keyOf(mapping, name);
  return typeof key === 'boolean' ? String(key) : name;
}

/** Gives the keys of a mapping as they were written, in order. */
export function keysOf(mapping: Mapping): Key[] {
  const names = namesOf(mapping);
  const known = written.get(mapping);
  return known ? names.map((name) => (known.has(name) ? known.get(name)! : name)) : names;
}

/** Gives the values of a mapping, in order. */
export function valuesOf(mapping: Mapping): unknown[] {
  return namesOf(mapping).map((name) => mapping[name]);
}

/** Gives a mapping with other values; keys and their order stay. */
export function mapValues(mapping: Mapping, change: (value: unknown, name: string) => unknown): Mapping {
  const made: Mapping = {};
  for (const name of namesOf(mapping)) put(made, name, change(mapping[name], name), keyOf(mapping, name));
  return asOpenAs(mapping, made);
}

/** Gives a mapping with some of its keys. */
export function filterMapping(mapping: Mapping, keep: (value: unknown, name: string) => boolean): Mapping {
  const made: Mapping = {};
  for (const name of namesOf(mapping))
    if (keep(mapping[name], name)) put(made, name, mapping[name], keyOf(mapping, name));
  return asOpenAs(mapping, made);
}

/** Whether an object would put a key of this name before all others. */
function looksLikeIndex(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= 48 && first <= 57 && /^(?:0|[1-9]\d{0,9})$/.test(name);
}
