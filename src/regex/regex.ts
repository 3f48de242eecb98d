import { didYouMean } from '../errors/index.ts';
import { NotSupported, quoted, RegexFault } from './fault.ts';
import { readReplacement } from './replacement.ts';
import { late, limited } from './time-limit.ts';
import { type Translated, Translator } from './translator.ts';

/** How a pattern is to be read, as the flags of Python's `re.compile`. */
export interface RegexFlags {
  readonly ignoreCase?: boolean;
  /** `^` and `$` match at every line. */
  readonly multiLine?: boolean;
  /** `.` matches a newline too. */
  readonly dotAll?: boolean;
}

/** Where a match may lie: anywhere, at the start of the text, or over all of it. As the functions of `re`. */
export type How = 'search' | 'match' | 'fullmatch';

/** A search that may need more steps runs under the time limit, which itself takes a quarter of a millisecond to set up. */
const MOST_STEPS = 1e8;

/**
 * A Python regular expression. What it does throws RegexFault when it takes longer than three seconds.
 *
 * Two ways of JavaScript stay: a reference to a group that took no part matches nothing instead of failing, and a group
 * that repeats forgets what it held in an earlier round.
 */
export class Regex {
  /** How many groups it has. */
  readonly groupCount: number;
  private readonly pattern: string;
  private readonly flags: string;
  private readonly translated: Translated;
  private readonly forms: Readonly<Record<How, RegExp>>;

  /** Throws Error that says what is wrong with the pattern. */
  constructor(pattern: string, translated: Translated) {
    const { source } = translated;
    this.pattern = pattern;
    this.translated = translated;
    this.groupCount = translated.groupCount;
    this.flags = translated.ignoreCase ? 'vi' : 'v';
    this.forms = {
      search: new RegExp(source, this.flags),
      match: new RegExp(source, `${this.flags}y`),
      fullmatch: new RegExp(`(?:${source})$`, `${this.flags}y`),
    };
  }

  /** Gives the first match, or undefined. */
  find(text: string, how: How = 'search'): RegExpExecArray | undefined {
    return this.run([text], () => this.exec(text, how));
  }

  /** Gives the indexes of the texts that match, all of them in the time of one. */
  findIn(texts: readonly string[], how: How = 'search'): number[] {
    return this.run(texts, () => [...texts.keys()].filter((index) => this.exec(texts[index]!, how)));
  }

  /** Gives every match, from the beginning to the end of the text. */
  findAll(text: string): RegExpExecArray[] {
    return this.run([text], () => [...text.matchAll(new RegExp(this.forms.search, `${this.flags}g`))]);
  }

  /** Gives begin and end of a named group in the first match, or undefined. */
  findGroup(text: string, name: string): readonly [begin: number, end: number] | undefined {
    const form = new RegExp(this.forms.search, `${this.flags}d`);
    return this.run([text], () => form.exec(text))?.indices?.[this.groupNumber(name)!];
  }

  /** Gives the text with every match replaced as `re.subn` does, and how many there were; with `most`, no more than so many. */
  replace(
    text: string,
    replacement: string,
    most = Number.POSITIVE_INFINITY,
  ): { readonly text: string; readonly count: number } {
    const expand = this.replacement(replacement);
    const matches = this.findAll(text).slice(0, most);
    let made = '';
    let end = 0;
    for (const match of matches) {
      made += text.slice(end, match.index) + expand(match);
      end = match.index + match[0].length;
    }
    return { text: made + text.slice(end), count: matches.length };
  }

  /** Gives what a replacement text makes of a match. Throws RegexFault for a group that there is not. */
  expand(replacement: string, match: RegExpMatchArray): string {
    return this.replacement(replacement)(match);
  }

  /** Gives the number of a group by its name or number; undefined when there is none. */
  groupNumber(name: string): number | undefined {
    const number = /^\d+$/.test(name) ? Number(name) : this.translated.groups.get(name);
    return number !== undefined && number <= this.groupCount ? number : undefined;
  }

  /** Gives what the named groups hold in a match; empty for those that took no part. */
  namedGroups(match: RegExpMatchArray): Record<string, string> {
    return Object.fromEntries([...this.translated.groups].map(([name, index]) => [name, match[index] ?? '']));
  }

  private replacement(text: string): (match: RegExpMatchArray) => string {
    const group = (name: string): number => {
      const number = this.groupNumber(name);
      if (number === undefined)
        throw new RegexFault(
          `the replacement ${quoted(text)} names group ${name}, which the regular expression ${quoted(this.pattern)} does not have`,
          didYouMean(name, this.translated.groups.keys()),
        );
      return number;
    };
    return explained(`the replacement ${quoted(text)} cannot be used`, () => readReplacement(text, group));
  }

  private exec(text: string, how: How): RegExpExecArray | undefined {
    const form = this.forms[how];
    form.lastIndex = 0;
    return form.exec(text) ?? undefined;
  }

  private run<T>(texts: readonly string[], action: () => T): T {
    const { repeats, optionals, ambiguous } = this.translated;
    let steps = 0;
    for (const { length } of texts)
      steps += ambiguous ? 2 ** length : 2 ** optionals * length ** (repeats + 1);
    const made = explained(`${quoted(this.pattern)} is no usable regular expression`, () =>
      steps > MOST_STEPS ? limited(action) : action(),
    );
    if (made !== late) return made;
    throw new RegexFault(
      `the regular expression ${quoted(this.pattern)} takes more than three seconds`,
      'it backtracks too much: avoid a repeated group that itself repeats',
    );
  }
}

/** Makes a RegexFault of what an action throws. */
function explained<T>(problem: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof RegexFault) throw error;
    const reason = (error as Error).message.replace(/^Invalid regular expression: [\s\S]*: /, '');
    const message = `${problem}: ${reason[0]?.toLowerCase()}${reason.slice(1)}`;
    throw new RegexFault(message, undefined, error instanceof NotSupported);
  }
}

const cache = new Map<string, Regex>();
const MOST_CACHED = 2000;

/** Translates a Python pattern. Throws RegexFault that says what is wrong with it, or not supported. */
export function compileRegex(pattern: string, flags: RegexFlags = {}): Regex {
  const { ignoreCase = false, multiLine = false, dotAll = false } = flags;
  const key = `${ignoreCase}${multiLine}${dotAll}/${pattern}`;
  let found = cache.get(key);
  if (!found) {
    found = explained(
      `${quoted(pattern)} is no usable regular expression`,
      () => new Regex(pattern, new Translator(pattern, { ignoreCase, multiLine, dotAll }).translate()),
    );
    if (cache.size >= MOST_CACHED) cache.clear();
    cache.set(key, found);
  }
  return found;
}
