import { plainNumber } from './numbers.ts';

const WORDS = new Map([
  ...['y', 'yes', 'on', '1', 'true', 't'].map((word) => [word, true] as const),
  ...['n', 'no', 'off', '0', 'false', 'f'].map((word) => [word, false] as const),
]);

/** Reads a value as Ansible reads a boolean: `yes`, `off`, `T`, 1 and 0 are booleans too. Gives undefined when it is none. */
export function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return WORDS.get(value.trim().toLowerCase());
  const number = plainNumber(value);
  return number === 1 ? true : number === 0 ? false : undefined;
}

/**
 * Reads the text that a condition gave. What braces give is itself a condition, so their `false` says no; a variable that
 * holds this text says nothing (undefined): to Ansible it is true, being a text that is not empty.
 */
export function conditionWord(given: unknown, written: string): boolean | undefined {
  const word = typeof given === 'string' ? given.trim().toLowerCase() : '';
  if (word === 'true') return true;
  return word === 'false' && /\{[{%]/.test(written) ? false : undefined;
}
