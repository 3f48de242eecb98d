/** Replacement texts of Python's `re.sub`: `\1`, `\g<1>`, `\g<name>`, `\n` and the like. */
import { control, octalCharacter } from './characters.ts';

const PART = /[^\\]+|\\(?:g<([^>]*)>|(0[0-7]{0,2}|[0-7]{3})|([1-9]\d?)|([\s\S]))|\\/g;

/**
 * Gives what a replacement text makes of a match; groups that took no part are empty. `groupOf` gives the number of a
 * group or throws. Throws Error that says what is wrong.
 */
export function readReplacement(
  text: string,
  groupOf: (name: string) => number,
): (match: RegExpMatchArray) => string {
  if (!text.includes('\\')) return () => text;
  const parts = [...text.matchAll(PART)].map(([whole, named, octal, index, letter]) => {
    const name = named ?? index;
    if (name !== undefined) return groupOf(name);
    if (octal !== undefined) return octalCharacter(octal);
    if (whole === '\\') throw new Error('bad escape (end of text)');
    if (letter === undefined) return whole;
    const escaped = control(letter);
    if (escaped === undefined && /[A-Za-z]/.test(letter)) throw new Error(`bad escape ${whole}`);
    return escaped ?? whole;
  });
  return (match) => parts.map((part) => (typeof part === 'number' ? (match[part] ?? '') : part)).join('');
}
