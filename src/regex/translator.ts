/** The translation of Python's regular expressions to JavaScript's, which then run with the flag `v`. */

import { type Alphabet, ASCII, literal, readClass, readEscaped, readSet, UNICODE } from './characters.ts';
import { NotSupported } from './fault.ts';
import { Reader } from './reader.ts';

/** Flags that decide how a part of a pattern is read. */
interface Reading {
  readonly multiLine: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly alphabet: Alphabet;
}

/** A pattern in JavaScript's syntax, and what it says about the time that it may take. */
export interface Translated {
  readonly source: string;
  readonly ignoreCase: boolean;
  /** Numbers of the named groups: JavaScript's own names would change what numbers mean. */
  readonly groups: ReadonlyMap<string, number>;
  readonly groupCount: number;
  /** How many parts repeat; each can multiply the time by the length of the text. */
  readonly repeats: number;
  /** How many parts may be missing; each can double the time. */
  readonly optionals: number;
  /** Whether something repeats that itself repeats or chooses: the time can double with every character. */
  readonly ambiguous: boolean;
}

interface OpenGroup {
  readonly number: number | undefined;
  /** How the pattern around it is read. */
  readonly outer: Reading;
  /** Whether something inside repeats or chooses. */
  varies: boolean;
}

const REPEAT = /([*+?]|\{(?!\})(\d*)(?:(,)(\d*))?\})([?+]?)/y;

/** Translates one pattern. */
export class Translator {
  private readonly reader: Reader;
  private reading: Reading;
  private ignoreCase: boolean;
  private made = '';
  private groupCount = 0;
  private repeats = 0;
  private optionals = 0;
  private ambiguous = false;
  private readonly groups = new Map<string, number>();
  private readonly open: OpenGroup[] = [];
  private readonly closed = new Set<number>();
  /** Whether a group that varies was closed just now. */
  private variesBefore = false;

  constructor(pattern: string, flags: { ignoreCase: boolean; multiLine: boolean; dotAll: boolean }) {
    this.reader = new Reader(pattern);
    this.ignoreCase = flags.ignoreCase;
    this.reading = {
      multiLine: flags.multiLine,
      dotAll: flags.dotAll,
      verbose: false,
      alphabet: UNICODE,
    };
  }

  /** Throws Error that says what is wrong with the pattern. */
  translate(): Translated {
    while (!this.reader.atEnd) this.made += this.next();
    if (this.open.length > 0) throw new Error('missing )');
    const { made: source, ignoreCase, groups, groupCount, repeats, optionals, ambiguous } = this;
    return { source, ignoreCase, groups, groupCount, repeats, optionals, ambiguous };
  }

  /** Reads one part and gives what it becomes. */
  private next(): string {
    const { reader, reading } = this;
    if (reading.verbose && reader.take(/[ \t\n\r\v\f]+|#[^\n]*/y)) return '';
    const repeat = reader.take(REPEAT);
    if (repeat) return this.repeat(repeat);
    this.variesBefore = false;
    const character = reader.next();
    switch (character) {
      case '\\':
        return this.escape();
      case '[':
        return readSet(reader, reading.alphabet);
      case '(':
        return this.group();
      case ')':
        return this.close();
      case '|':
        for (const group of this.open) group.varies = true;
        return '|';
      case '^':
        return reading.multiLine ? '(?<![^\\n])' : '^';
      case '$':
        return reading.multiLine ? '(?![^\\n])' : '(?=\\n?$)';
      case '.':
        return reading.dotAll ? '[^]' : '[^\\n]';
      default:
        return literal(character);
    }
  }

  private repeat([, sign = '', least, comma = '', most = '', mode = '']: RegExpExecArray): string {
    if (mode === '+') throw new NotSupported('possessive repetition');
    if (sign === '?') this.optionals++;
    else {
      this.repeats++;
      this.ambiguous ||= this.variesBefore;
    }
    this.variesBefore = false;
    for (const group of this.open) group.varies = true;
    return (least === undefined ? sign : `{${least || '0'}${comma}${most}}`) + mode;
  }

  private escape(): string {
    const { reader, reading } = this;
    // Three octal digits are a character, fewer name a group.
    const back = reader.take(/(?![0-7]{3})[1-9]\d?/y)?.[0];
    if (back) return this.backReference(Number(back), back);
    const anchor = reader.take(/[AZbB]/y)?.[0];
    if (anchor) return anchorAs(anchor, reading.alphabet.w);
    return readClass(reader, reading.alphabet) ?? literal(readEscaped(reader, false));
  }

  private backReference(number: number | undefined, name: string): string {
    if (number === undefined || number > this.groupCount) throw new Error(`there is no group ${name}`);
    if (!this.closed.has(number)) throw new Error(`group ${name} is still open where it is referred to`);
    // The brackets keep a digit that follows from becoming part of the number.
    return `(?:\\${number})`;
  }

  private group(): string {
    const { reader } = this;
    const flags = reader.take(/\?([aiLmsux]+)\)/y);
    if (flags) return this.globalFlags(flags[1]!);
    if (reader.take(/\?#[^)]*\)/y)) return '';
    const back = reader.take(/\?P=([^)]*)\)/y);
    if (back) return this.backReference(this.groups.get(back[1]!), `"${back[1]}"`);
    const named = reader.take(/\?P<([^>]*)>/y);
    if (named) return this.namedGroup(named[1]!);
    const scoped = reader.take(/\?([aimsux]*)(?:-([imsx]+))?:/y);
    if (scoped) return this.scopedFlags(scoped[1]!, scoped[2] ?? '');
    const look = reader.take(/\?<?[=!]/y);
    if (look) return this.enter(`(${look[0]}`);
    const extension = reader.take(/\?P?.?/y);
    if (extension) throw new NotSupported(`the group (${extension[0]}`);
    return this.enter('(', ++this.groupCount);
  }

  private enter(text: string, number?: number): string {
    this.open.push({ number, outer: this.reading, varies: false });
    return text;
  }

  private namedGroup(name: string): string {
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) throw new Error(`"${name}" is no name for a group`);
    if (this.groups.has(name)) throw new Error(`two groups are named "${name}"`);
    this.groups.set(name, ++this.groupCount);
    return this.enter('(', this.groupCount);
  }

  private globalFlags(letters: string): string {
    if (this.made !== '' || this.open.length > 0) throw new Error('flags must stand at the start');
    this.ignoreCase ||= letters.includes('i');
    this.reading = changed(this.reading, letters, true);
    return '';
  }

  private scopedFlags(on: string, off: string): string {
    const letter = on.includes('i') ? 'i' : off.includes('i') ? '-i' : '';
    const text = this.enter(`(?${letter}:`);
    this.reading = changed(changed(this.reading, on, true), off, false);
    return text;
  }

  private close(): string {
    const group = this.open.pop();
    if (!group) throw new Error('unbalanced parenthesis');
    this.reading = group.outer;
    if (group.number !== undefined) this.closed.add(group.number);
    this.variesBefore = group.varies;
    return ')';
  }
}

function anchorAs(letter: string, word: string): string {
  if (letter === 'A') return '^';
  if (letter === 'Z') return '$';
  const [inside, outside] = letter === 'b' ? ['!', '='] : ['=', '!'];
  return `(?:(?<=[${word}])(?${inside}[${word}])|(?<![${word}])(?${outside}[${word}]))`;
}

function changed(reading: Reading, letters: string, to: boolean): Reading {
  if (letters.includes('L')) throw new Error('the flag L is for bytes only');
  const has = (letter: string): boolean => letters.includes(letter);
  return {
    multiLine: has('m') ? to : reading.multiLine,
    dotAll: has('s') ? to : reading.dotAll,
    verbose: has('x') ? to : reading.verbose,
    alphabet: has('a') ? ASCII : has('u') ? UNICODE : reading.alphabet,
  };
}
