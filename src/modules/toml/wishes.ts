import { CutoverError } from '../../errors/index.ts';
import { put } from '../../values/index.ts';
import { locateSteps, parseKeyPath } from './key-path.ts';
import type { KeyPath } from './scan.ts';
import { isTable, sameToml } from './value.ts';

/** What shall become of a document. Done in this order. */
export interface TomlWishes {
  /** Deeply: tables are merged, anything else is replaced. */
  readonly merge: readonly Readonly<Record<string, unknown>>[];
  readonly remove: readonly string[];
  /** Key path -> value. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Key path of an array of tables -> elements it shall have too. */
  readonly append: Readonly<Record<string, unknown>>;
}

/** Gives the document as it shall be. The given one is not touched. */
export function applyWishes(document: Record<string, unknown>, wishes: TomlWishes): Record<string, unknown> {
  const wanted = copyOf(document) as Record<string, unknown>;
  for (const given of wishes.merge) mergeInto(wanted, given);
  for (const key of wishes.remove) {
    const path = locateSteps(wanted, parseKeyPath(key));
    if (path) removeAt(wanted, path);
  }
  for (const [key, value] of Object.entries(wishes.set))
    setAt(wanted, existing(wanted, key), copyOf(value), key);
  for (const [key, value] of Object.entries(wishes.append))
    appendAt(wanted, existing(wanted, key), value, key);
  return wanted;
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isTable(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf(inner)]));
}

function mergeInto(target: Record<string, unknown>, given: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(given)) {
    const present = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isTable(present) && isTable(value)) mergeInto(present, value);
    else put(target, key, copyOf(value));
  }
}

function existing(document: unknown, key: string): KeyPath {
  const path = locateSteps(document, parseKeyPath(key));
  if (path) return path;
  throw new CutoverError('playbook', `toml: there is no element for "${key}"`, { hint: 'append makes one' });
}

function setAt(document: Record<string, unknown>, path: KeyPath, value: unknown, key: string): void {
  if (value === null || value === undefined) {
    throw new CutoverError('playbook', `toml: "${key}" has no value`, { hint: 'remove takes keys away' });
  }
  let at: unknown = document;
  for (const [index, step] of path.slice(0, -1).entries()) {
    const inner = (at as Record<string | number, unknown>)[step];
    if (inner === undefined && typeof step === 'string') put(at as Record<string, unknown>, step, {});
    else if (typeof inner !== 'object' || inner === null || inner instanceof Date) {
      throw new CutoverError(
        'playbook',
        `toml: "${key}" cannot be set: ${path.slice(0, index + 1).join('.')} is no table`,
      );
    }
    at = (at as Record<string | number, unknown>)[step];
  }
  const last = path.at(-1)!;
  if (Array.isArray(at) && typeof last === 'number' && last < at.length) at[last] = value;
  else if (isTable(at) && typeof last === 'string') put(at, last, value);
  else throw new CutoverError('playbook', `toml: "${key}" names no place in the file`);
}

function appendAt(document: Record<string, unknown>, path: KeyPath, value: unknown, key: string): void {
  const present = valueAt(document, path);
  if (present !== undefined && !Array.isArray(present))
    throw new CutoverError('playbook', `toml: "${key}" is no array`);
  const items = (Array.isArray(value) ? value : [value]).map(copyOf);
  const missing = items.filter((item) => !(present ?? []).some((other) => sameToml(other, item)));
  if (missing.length > 0) setAt(document, path, [...(present ?? []), ...missing], key);
}

function removeAt(document: Record<string, unknown>, path: KeyPath): void {
  const parent = valueAt(document, path.slice(0, -1));
  const last = path.at(-1)!;
  if (Array.isArray(parent) && typeof last === 'number') parent.splice(last, 1);
  else if (isTable(parent)) delete parent[last];
}

/** Gives what stands at a path, or undefined. */
export function valueAt(document: unknown, path: KeyPath): unknown {
  let at = document;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}
