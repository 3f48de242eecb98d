import { isMapping, mapValues } from './mapping.ts';

/** A Python tuple: prints with parentheses, and is a list to everybody else. */
export class Tuple extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** Gives a value with lists in place of its tuples. */
export function withoutTuples(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, withoutTuples);
  return isMapping(value) ? mapValues(value, withoutTuples) : value;
}

/** Makes a tuple. */
export function tuple(...items: unknown[]): Tuple {
  const made = new Tuple();
  for (const item of items) made.push(item);
  return made;
}
