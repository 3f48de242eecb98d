/** Reading attributes and items: own properties of data and a closed list of methods, nothing else. */
import { didYouMean } from '../errors/index.ts';
import { isMapping, isUndefined, isUnknown, Undefined } from '../values/index.ts';
import { refuseUndefined, TemplateFault, typeFault } from './faults.ts';
import { DICT_METHODS } from './python/dicts.ts';
import {
  Callable,
  GroupTuple,
  isInt,
  NO_ATTRIBUTE,
  PyObject,
  Tuple,
  tuple,
  typeName,
} from './python/kinds.ts';
import { LIST_METHODS } from './python/lists.ts';
import { findKey, known } from './python/logic.ts';
import { STRING_METHODS } from './python/strings.ts';
import { invoke, type Routine, type Routines } from './routine.ts';
import type { Run } from './run.ts';

/** A method together with the value it was taken from. */
class BoundMethod extends Callable {
  readonly name: string;
  private readonly self: unknown;
  private readonly target: Routine;

  constructor(name: string, self: unknown, target: Routine) {
    super();
    this.name = name;
    this.self = self;
    this.target = target;
  }

  call(run: Run, positional: unknown[], named: Record<string, unknown>): unknown {
    const result = invoke(
      this.target,
      `${typeName(this.self)}.${this.name}()`,
      run,
      this.self,
      positional,
      named,
    );
    return typeof this.self === 'string' ? run.derive(this.self, result) : result;
  }

  override repr(): string {
    return `<built-in method ${this.name} of ${typeName(this.self)} object>`;
  }
}

function method(table: Routines, name: string, self: unknown): unknown {
  return Object.hasOwn(table, name) ? new BoundMethod(name, self, table[name]!) : NO_ATTRIBUTE;
}

function methodOf(target: unknown, name: string): unknown {
  if (typeof target === 'string') return method(STRING_METHODS, name, target);
  if (target instanceof GroupTuple && target.half(name) !== NO_ATTRIBUTE) return target.half(name);
  if (Array.isArray(target)) return method(LIST_METHODS, name, target);
  if (isMapping(target)) return method(DICT_METHODS, name, target);
  return target instanceof PyObject ? target.attr(name) : NO_ATTRIBUTE;
}

/** Gives `target.name`: a method first, then a key, as Jinja does. `path` is how the target was written. */
export function attribute(run: Run, target: unknown, name: string, path: string): unknown {
  if (isUnknown(target)) return target;
  if (isUndefined(target)) return further(target, `${path}.${name}`);
  const found = methodOf(target, name);
  if (found !== NO_ATTRIBUTE) return found;
  if (isMapping(target) && Object.hasOwn(target, name)) return run.open(target[name]);
  return absent(target, name, path, `${path}.${name}`);
}

/** Gives `target[index]`: a key or an element first, then a method. */
export function item(run: Run, target: unknown, index: unknown, path: string): unknown {
  if (isUnknown(target)) return target;
  if (isUnknown(index)) return index;
  if (isUndefined(target)) return further(target, `${path}[${shown(index)}]`);
  if (isUndefined(index)) refuseUndefined(index);
  if (isMapping(target)) {
    const key = findKey(target, index);
    if (key !== undefined) return run.open(target[key]);
  } else if (Array.isArray(target) || typeof target === 'string') {
    const position = typeof index === 'boolean' ? Number(index) : index;
    if (isInt(position)) return element(run, target, Number(position), path);
  }
  const found = typeof index === 'string' ? methodOf(target, index) : NO_ATTRIBUTE;
  if (found !== NO_ATTRIBUTE) return found;
  return absent(target, index, path, `${path}[${shown(index)}]`);
}

function element(run: Run, target: readonly unknown[] | string, index: number, path: string): unknown {
  const items = typeof target === 'string' ? characters(target) : target;
  const position = index < 0 ? items.length + index : index;
  if (position >= 0 && position < items.length) return run.open(items[position]);
  const count = items.length === 1 ? '1 element' : `${items.length} elements`;
  return new Undefined(`${path}[${index}]`, `list object has no element ${index}: "${path}" has ${count}`);
}

/** A text's characters; only texts beyond the basic plane need splitting. */
const characters = (text: string): string | string[] =>
  /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;

const further = (base: Undefined, path: string): Undefined => new Undefined(path, base.message, base.hint);

function absent(target: unknown, key: unknown, path: string, whole: string): Undefined {
  if (isMapping(target)) {
    const hint = typeof key === 'string' ? didYouMean(key, Object.keys(target)) : undefined;
    return new Undefined(whole, `'dict object' has no attribute ${quoted(key)} in "${path}"`, hint);
  }
  return new Undefined(whole, `'${typeName(target)} object' has no attribute ${quoted(key)} in "${path}"`);
}

const shown = (key: unknown): string =>
  typeof key === 'string' ? `"${key}"` : typeof key === 'object' && key !== null ? 'that key' : String(key);

const quoted = (key: unknown): string => (typeof key === 'string' ? `'${key}'` : shown(key));

/** Gives `target[start:stop:step]`. */
export function slice(run: Run, target: unknown, start: unknown, stop: unknown, step: unknown): unknown {
  known(target);
  const by = bound(step) ?? 1;
  if (by === 0) throw new TemplateFault('slice step cannot be zero');
  const source = typeof target === 'string' ? Array.from(target) : target;
  if (!Array.isArray(source)) return typeFault(`'${typeName(target)}' object cannot be sliced`);
  run.spend(source.length);
  const picked = pick(source, bound(start), bound(stop), by);
  if (typeof target === 'string') return run.derive(target, picked.join(''));
  return target instanceof Tuple ? tuple(...picked) : picked;
}

function bound(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  known(value);
  if (isInt(value)) return Number(value);
  return typeFault(`slice indices must be integers or None, not ${typeName(value)}`);
}

function pick(
  items: readonly unknown[],
  start: number | undefined,
  stop: number | undefined,
  by: number,
): unknown[] {
  const size = items.length;
  const least = by > 0 ? 0 : -1;
  const most = by > 0 ? size : size - 1;
  const clamp = (index: number): number => Math.min(most, Math.max(least, index < 0 ? index + size : index));
  const from = start === undefined ? (by > 0 ? 0 : size - 1) : clamp(start);
  const to = stop === undefined ? (by > 0 ? size : -1) : clamp(stop);
  const picked: unknown[] = [];
  for (let i = from; by > 0 ? i < to : i > to; i += by) picked.push(items[i]);
  return picked;
}
