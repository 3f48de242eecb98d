/** Characters, escapes and sets of Python's patterns, as JavaScript's `v` syntax has them. */
import type { Reader } from './reader.ts';

/** What the letters `\d`, `\s` and `\w` stand for, as the inside of a set. */
export interface Alphabet {
  readonly d: string;
  readonly s: string;
  readonly w: string;
}

/** Of texts, by Unicode: Python's spaces are not quite JavaScript's. */
export const UNICODE: Alphabet = {
  d: '\\p{Nd}',
  s: '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000',
  w: '\\p{L}\\p{N}_',
};

/** With the flag `a`. */
export const ASCII: Alphabet = { d: '0-9', s: '\\t-\\r\\x20', w: 'A-Za-z0-9_' };

const CONTROLS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** Gives what `\n`, `\t` and the like stand for in sets and replacement texts, `undefined` for other letters. */
export function control(letter: string): string | undefined {
  return CONTROLS[letter];
}

/** Writes a character so that it stands for itself, inside and outside of sets. */
export function literal(character: string): string {
  const code = character.codePointAt(0)!;
  return code > 0x7f || /[A-Za-z0-9]/.test(character) ? character : `\\u{${code.toString(16)}}`;
}

/** Reads what stands behind a backslash and is a class such as `\d`. */
export function readClass(reader: Reader, alphabet: Alphabet): string | undefined {
  const letter = reader.take(/[dsw]/iy)?.[0];
  if (letter === undefined) return undefined;
  const inside = alphabet[letter.toLowerCase() as keyof Alphabet];
  return letter === letter.toLowerCase() ? `[${inside}]` : `[^${inside}]`;
}

/** Reads what stands behind a backslash and is one character. Throws Error that says what is wrong. */
export function readEscaped(reader: Reader, inSet: boolean): string {
  if (reader.atEnd) throw new Error('bad escape (end of pattern)');
  const code = reader.take(/x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})/y);
  if (code) return character(Number.parseInt(code.slice(1).join(''), 16));
  const octal = reader.take(inSet ? /[0-7]{1,3}/y : /0[0-7]{0,2}|[0-7]{3}/y);
  if (octal) return octalCharacter(octal[0]);
  const letter = reader.next();
  if (/[fnrtva]/.test(letter) || (inSet && letter === 'b')) return control(letter)!;
  if (/[A-Za-z0-9]/.test(letter)) throw new Error(`bad escape \\${letter}`);
  return letter;
}

/** Gives the character of an octal escape, which Python allows up to 0o377. Throws Error. */
export function octalCharacter(digits: string): string {
  const code = Number.parseInt(digits, 8);
  if (code > 0o377) throw new Error(`the octal escape \\${digits} is above \\377`);
  return String.fromCharCode(code);
}

function character(code: number): string {
  if (code > 0x10ffff) throw new Error(`there is no character ${code.toString(16)}`);
  return String.fromCodePoint(code);
}

/** Reads a set behind its `[`. Throws Error that says what is wrong. */
export function readSet(reader: Reader, alphabet: Alphabet): string {
  let made = reader.take(/\^/y) ? '[^' : '[';
  // A "]" that stands first is a member.
  for (let isFirst = true; isFirst || !reader.take(/\]/y); isFirst = false) {
    const from = readMember(reader, alphabet);
    if (!reader.take(/-(?!\])/y)) {
      made += from.text;
      continue;
    }
    const to = readMember(reader, alphabet);
    if (from.isClass || to.isClass) throw new Error('bad character range: one end is a class');
    made += `${from.text}-${to.text}`;
  }
  return `${made}]`;
}

function readMember(reader: Reader, alphabet: Alphabet): { text: string; isClass: boolean } {
  if (reader.atEnd) throw new Error('unterminated character set');
  if (!reader.take(/\\/y)) return { text: literal(reader.next()), isClass: false };
  const found = readClass(reader, alphabet);
  return { text: found ?? literal(readEscaped(reader, true)), isClass: found !== undefined };
}
