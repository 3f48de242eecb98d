/** The kinds of value that templates know and plain data does not: floats with a whole value, tuples, objects with attributes. */
import { Float, isMapping, Omit, put, Undefined, Unknown } from '../../values/index.ts';
import type { Run } from '../run.ts';

export { Float };

/** A tuple: prints with parentheses, otherwise a list. Never leaves the templar. */
export class Tuple extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

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

/** Makes a tuple. */
export function tuple(...items: unknown[]): Tuple {
  const made = new Tuple();
  for (const item of items) made.push(item);
  return made;
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
export function isInt(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

/** Whether a value is a Python float. */
export function isFloat(value: unknown): value is number | Float {
  return value instanceof Number || (typeof value === 'number' && !Number.isInteger(value));
}

/** Whether a value is an int or a float. */
export function isNumber(value: unknown): value is number | bigint | Float {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Number;
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

/** Makes a mapping of pairs. */
export function dictOf(pairs: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [key, value] of pairs) put(made, key, value);
  return made;
}

/** Copies a mapping's own keys; `Object.assign` would trip over `__proto__`. */
export function copyDict(from: Record<string, unknown>): Record<string, unknown> {
  return dictOf(Object.entries(from));
}

/** Turns floats, tuples and objects into plain data, in place where nothing changes. */
export function toPlain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null)
    return value === undefined ? null : typeof value === 'bigint' ? plainBig(value) : value;
  if (value instanceof Number) return value.valueOf();
  if (value instanceof PyObject) return value.plain();
  if (Array.isArray(value)) {
    if (value instanceof Tuple) return Array.from(value, toPlain);
    let copy: unknown[] | undefined;
    for (let i = 0; i < value.length; i++) {
      const item = toPlain(value[i]);
      if (item !== value[i] && copy === undefined) copy = value.slice(0, i);
      if (copy) copy.push(item);
    }
    return copy ?? value;
  }
  if (!isMapping(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const item = toPlain(value[key]);
    if (item === value[key]) continue;
    copy ??= copyDict(value);
    put(copy, key, item);
  }
  return copy ?? value;
}

function plainBig(value: bigint): unknown {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
}
