import { isIPv6 } from 'node:net';
import { CutoverError } from '../errors/index.ts';
import { compileRegex, fnmatch } from '../regex/index.ts';

/** Splits a pattern into its parts. With a comma only commas split, so that IPv6 addresses and `~a:b` can be written. */
export function splitPattern(pattern: string): string[] {
  const text = pattern.trim();
  const parts = text.includes(',')
    ? text.split(',').map((part) => part.trim())
    : isIPv6(text)
      ? [text]
      : [...text.matchAll(/(?:[^\s:[\]]|\[[^\]]*\]?|\])+/g)].map((match) => match[0]);
  return parts.filter((part) => part !== '');
}

/** A part of a pattern: what it does to the hosts found so far, the names it looks for, and which of those it takes. */
export interface PatternPart {
  readonly text: string;
  readonly role: 'add' | 'keep' | 'drop';
  readonly name: string;
  /** Inclusive; `end` undefined is the last. A lone index has `start === end` and may be negative. */
  readonly slice: { readonly start: number; readonly end: number | undefined } | undefined;
}

/** Parses one part such as `!web[0:2]`. Throws CutoverError('inventory') when it is malformed. */
export function parsePart(text: string): PatternPart {
  const role = text.startsWith('!') ? 'drop' : text.startsWith('&') ? 'keep' : 'add';
  const name = role === 'add' ? text : text.slice(1).trim();
  if (name === '' || name === '~')
    throw malformed(text, `"${text}" has nothing behind it`, 'write the name of a group or host');
  if (name.startsWith('~')) return { text, role, name, slice: undefined };
  const old = /\[\d+-\d*\]$/.exec(name);
  if (old && !/[*?]/.test(name))
    throw malformed(text, `"${old[0]}" is not a slice`, 'write [x:y], both ends included');
  const slice = /^(.+)\[(?:(-?\d+)|(\d+):(\d*))\]$/.exec(name);
  if (!slice) {
    if (/\[[^\]]*$/.test(name)) throw malformed(text, 'a "[" is opened and never closed');
    if (/\[-?\d*:-?\d*\]$/.test(name))
      throw malformed(text, 'a slice needs a start, and both ends count from 0', 'write [0:2] or [2:]');
    return { text, role, name, slice: undefined };
  }
  if (slice[2] !== undefined) {
    const index = Number(slice[2]);
    return { text, role, name: slice[1]!, slice: { start: index, end: index } };
  }
  return {
    text,
    role,
    name: slice[1]!,
    slice: { start: Number(slice[3]), end: slice[4] === '' ? undefined : Number(slice[4]) },
  };
}

/** Takes the sliced part of the hosts. An index beyond the end gives none. */
export function takeSlice(hosts: readonly string[], slice: PatternPart['slice']): readonly string[] {
  if (!slice) return hosts;
  if (slice.start === slice.end) {
    const host = hosts.at(slice.start);
    return host === undefined ? [] : [host];
  }
  return hosts.slice(slice.start, slice.end === undefined ? undefined : slice.end + 1);
}

/** Whether a name needs comparing with every host: a glob or a regular expression. */
export function isWild(name: string): boolean {
  return name.startsWith('~') || /[*?[]/.test(name);
}

/** Makes the test for a glob or `~regex`. The expression is bound to the start of the name only. Throws CutoverError('inventory'). */
export function nameTest(name: string): (candidate: string) => boolean {
  if (!name.startsWith('~')) {
    const glob = fnmatch(name);
    return (candidate) => glob.test(candidate);
  }
  try {
    const regex = compileRegex(name.slice(1));
    return (candidate) => regex.find(candidate, 'match') !== undefined;
  } catch (thrown) {
    throw malformed(name, (thrown as Error).message);
  }
}

function malformed(pattern: string, message: string, hint?: string): CutoverError {
  return new CutoverError('inventory', `in the pattern "${pattern}": ${message}`, { hint });
}
