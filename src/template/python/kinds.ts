/** The kinds of value that templates know: those that plain data has not, and objects with attributes. */
import {
  BigInteger,
  Float,
  integerOf,
  isMapping,
  mapValues,
  namesOf,
  Omit,
  Tuple,
  tuple,
  Undefined,
  Unknown,
} from '../../values/index.ts';
import type { Run } from '../run.ts';

export { BigInteger, Float, Tuple, tuple };

/** What `groupby` gives: a pair whose halves also have names. */
export class GroupTuple extends Tuple {
  /** Gives a half by its name. */
  half(name: string): unknown {
    return name === 'grouper' ? this[0] : name === 'list' ? this[1] : NO_ATTRIBUTE;
  }
}

/** Makes a Python float of a number. */
export function float(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

/** Makes a pair of a value and what has it. */
export function groupTuple(grouper: unknown, list: unknown[]): GroupTuple {
  const made = new GroupTuple();
  made.push(grouper, list);
  return made;
}

/** What a `PyObject` answers for an attribute it does not have. */
export const NO_ATTRIBUTE: unique symbol = Symbol('no attribute');

/** An object that templates see through its `attr` only. */
export abstract class PyObject {
  abstract readonly typeName: string;

  attr(_name: string): unknown {
    return NO_ATTRIBUTE;
  }

  /** Assigns an attribute (`{% set ns.x = 1 %}`); false when that is not possible. */
  assign(_name: string, _value: unknown): boolean {
    return false;
  }

  /** The items of something that can be looped over. */
  iterate(): unknown[] | undefined {
    return undefined;
  }

  repr(): string {
    return `<${this.typeName} object>`;
  }

  str(): string {
    return this.repr();
  }

  /** What is left of it when it leaves the template. */
  plain(): unknown {
    return this.str();
  }
}

/** Something that can be called: a macro, a global function, a method bound to its value. */
export abstract class Callable extends PyObject {
  abstract readonly name: string;
  readonly typeName: string = 'function';
  /** Whether arguments that are undefined may be given. */
  readonly takesUndefined: boolean = false;
  abstract call(run: Run, positional: unknown[], named: Record<string, unknown>): unknown;

  override repr(): string {
    return `<function ${this.name}>`;
  }
}

/** Whether a value is a Python int (a bool is not one here). */
export function isInt(value: unknown): value is number | bigint | BigInteger {
  return (
    typeof value === 'bigint' ||
    (typeof value === 'number' && Number.isInteger(value)) ||
    value instanceof BigInteger
  );
}

/** Whether a value is a Python float. */
export function isFloat(value: unknown): value is number | Float {
  return value instanceof Number || (typeof value === 'number' && !Number.isInteger(value));
}

/** Whether a value is an int or a float. */
export function isNumber(value: unknown): value is number | bigint | Float | BigInteger {
  return typeof value === 'number' || value instanceof Number || isInt(value);
}

/** Gives the name of a value's type as Python prints it. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'str';
  if (isInt(value)) return 'int';
  if (isFloat(value)) return 'float';
  if (value instanceof GroupTuple) return '_GroupTuple';
  if (value instanceof Tuple) return 'tuple';
  if (Array.isArray(value)) return 'list';
  if (isMapping(value)) return 'dict';
  if (value instanceof Undefined) return 'AnsibleUndefined';
  if (value instanceof PyObject) return value.typeName;
  if (value instanceof Unknown) return 'unknown';
  if (value instanceof Omit) return 'omit';
  return 'object';
}

/** Gives a value's type as Python prints it, `<class 'list'>`: playbooks compare messages with it. */
export function className(value: unknown): string {
  return `<class '${typeName(value)}'>`;
}

/** Copies a mapping. */
export function copyDict(from: Record<string, unknown>): Record<string, unknown> {
  return mapValues(from, (value) => value);
}

/** Turns what only a template can hold (ranges, dates, namespaces) into data, in place where nothing changes. */
export function toData(value: unknown): unknown {
  if (typeof value !== 'object' || value === null)
    return value === undefined ? null : typeof value === 'bigint' ? integerOf(value) : value;
  if (value instanceof PyObject) return toData(value.plain());
  if (Array.isArray(value)) return listData(value);
  if (!isMapping(value)) return value;
  const changed = new Map<string, unknown>();
  for (const name of namesOf(value)) {
    const item = toData(value[name]);
    if (item !== value[name]) changed.set(name, item);
  }
  if (changed.size === 0) return value;
  return mapValues(value, (item, name) => (changed.has(name) ? changed.get(name) : item));
}

function listData(list: unknown[]): unknown[] {
  let made: unknown[] | undefined;
  for (const [index, before] of list.entries()) {
    const item = toData(before);
    if (item !== before) made ??= list.slice(0, index);
    made?.push(item);
  }
  if (!made) return list;
  return list instanceof Tuple ? tuple(...made) : made;
}
