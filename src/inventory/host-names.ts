import { isIPv6 } from 'node:net';

/** A host entry as written: what to expand, and the port that stood behind it. */
export interface HostAddress {
  readonly name: string;
  readonly port: number | undefined;
}

const MOST_HOSTS_OF_A_RANGE = 1_000_000;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Splits `host:port`, `[v6]:port` and plain names; `a::b` stays whole. Throws Error with a sentence that has no place in it. */
export function splitAddress(text: string): HostAddress {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  if (bracketed && isIPv6(bracketed[1]!))
    return { name: bracketed[1]!, port: bracketed[2] === undefined ? undefined : port(bracketed[2]) };
  if (isIPv6(text)) return { name: text, port: undefined };
  const named = /^((?:[^:[\]]|\[[^\]]*\])+):(\d+)$/.exec(text);
  if (named) return { name: named[1]!, port: port(named[2]!) };
  if (text.endsWith(':')) throw new Error(`"${text}" ends in ":", which announces a port`);
  return { name: text, port: undefined };
}

/** Gives every name of a host entry with ranges such as `web[01:50]` or `db[a:f]-[1:9:2]`. Throws Error with a sentence that has no place in it. */
export function expandRanges(text: string): string[] {
  const range = /^(.*?)\[([^\]]*)\](.*)$/s.exec(text);
  if (!range || isIPv6(text)) return [text];
  const [, before, inside, after] = range;
  const steps = expandOne(inside!);
  const tails = expandRanges(after!);
  if (steps.length * tails.length > MOST_HOSTS_OF_A_RANGE)
    throw new Error(`the range in "${text}" has too many hosts`);
  return steps.flatMap((step) => tails.map((tail) => `${before}${step}${tail}`));
}

function expandOne(inside: string): string[] {
  const parts = inside.split(':');
  if (parts.length < 2 || parts.length > 3)
    throw new Error(`the range "[${inside}]" must be [from:to] or [from:to:step]`);
  const from = parts[0] || '0';
  const to = parts[1]!;
  const step = parts[2] === undefined ? 1 : Number(parts[2]);
  if (to === '') throw new Error(`the range "[${inside}]" has no end`);
  if (!Number.isInteger(step) || step < 1)
    throw new Error(`the step of the range "[${inside}]" must be a whole number above 0`);
  if (from.length === 1 && LETTERS.includes(from)) {
    const last = to.length === 1 ? LETTERS.indexOf(to) : -1;
    if (last < LETTERS.indexOf(from))
      throw new Error(`the range "[${inside}]" must go from a letter to a later one`);
    return count(LETTERS.indexOf(from), last, step).map((index) => LETTERS[index]!);
  }
  if (!/^\d+$/.test(from) || !/^\d+$/.test(to))
    throw new Error(`the range "[${inside}]" must have two numbers or two letters`);
  const padded = from.length > 1 && from.startsWith('0');
  if (padded && from.length !== to.length)
    throw new Error(`the range "[${inside}]" starts with a 0, so both ends need the same number of digits`);
  if (Number(to) - Number(from) > MOST_HOSTS_OF_A_RANGE * step)
    throw new Error(`the range "[${inside}]" has too many hosts`);
  return count(Number(from), Number(to), step).map((number) =>
    padded ? String(number).padStart(from.length, '0') : String(number),
  );
}

function count(from: number, to: number, step: number): number[] {
  const numbers: number[] = [];
  for (let number = from; number <= to; number += step) numbers.push(number);
  return numbers;
}

function port(text: string): number {
  const number = Number(text);
  if (number < 1 || number > 65535) throw new Error(`"${text}" is not a port (1 to 65535)`);
  return number;
}
