/**
 * Regular expressions as Python's `re` reads them, because that is what playbooks are written in.
 *
 * The pattern is translated into JavaScript's stricter Unicode syntax. `^`, `$`, `.`, `\w`, `\b` become what they mean in
 * Python: only `\n` ends a line, words hold letters of every script, a plain `$` also matches before a last newline.
 */
import { CutoverError, type SourcePosition } from '../errors/index.ts';

/** How a pattern is to be read, as the flags of Python's `re.compile`. */
export interface RegexFlags {
  /** `^` and `$` match at every line. */
  readonly multiline?: boolean;
  /** `.` matches a newline too. */
  readonly dotall?: boolean;
  readonly ignoreCase?: boolean;
  /** Matches only at the start of the text, as `re.match`. */
  readonly anchored?: boolean;
}

const WORD = '\\p{L}\\p{N}_';
const BOUNDARY = `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`;
const NO_BOUNDARY = `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`;

/** Gives a global, Unicode RegExp. Throws CutoverError('playbook') that quotes the pattern and says what is wrong. */
export function pythonRegex(pattern: string, flags: RegexFlags = {}, at?: SourcePosition): RegExp {
  try {
    const translated = new Translator(pattern, flags).translate();
    return new RegExp(
      flags.anchored ? `(?<![\\s\\S])(?:${translated.source})` : translated.source,
      translated.ignoreCase ? 'giu' : 'gu',
    );
  } catch (cause) {
    const reason = (cause as Error).message.replace(/^Invalid regular expression: \/[\s\S]*\/[a-z]*: /, '');
    throw new CutoverError('playbook', `"${pattern}" is no regular expression: ${reason}`, {
      position: at,
      cause,
    });
  }
}

class Translator {
  private readonly pattern: string;
  private at = 0;
  private out = '';
  private multiline: boolean;
  private dotall: boolean;
  private ignoreCase: boolean;
  private verbose = false;

  constructor(pattern: string, flags: RegexFlags) {
    this.pattern = pattern;
    this.multiline = flags.multiline ?? false;
    this.dotall = flags.dotall ?? false;
    this.ignoreCase = flags.ignoreCase ?? false;
  }

  translate(): { source: string; ignoreCase: boolean } {
    this.leadingFlags();
    while (this.at < this.pattern.length) this.step();
    return { source: this.out, ignoreCase: this.ignoreCase };
  }

  /** `(?im)` is only legal at the start, and then holds for the whole pattern. */
  private leadingFlags(): void {
    const flags = /^\(\?([aiLmsux]+)\)/.exec(this.pattern);
    if (!flags) return;
    this.at = flags[0].length;
    if (flags[1]!.includes('i')) this.ignoreCase = true;
    if (flags[1]!.includes('m')) this.multiline = true;
    if (flags[1]!.includes('s')) this.dotall = true;
    if (flags[1]!.includes('x')) this.verbose = true;
  }

  private step(): void {
    const char = this.pattern[this.at]!;
    if (this.verbose && /\s/.test(char)) this.at++;
    else if (this.verbose && char === '#') this.comment();
    else if (char === '\\') this.escape();
    else if (char === '[') this.characterClass();
    else if (char === '(') this.group();
    else if (char === '{') this.brace();
    else this.plain(char);
  }

  private comment(): void {
    const end = this.pattern.indexOf('\n', this.at);
    this.at = end < 0 ? this.pattern.length : end + 1;
  }

  private plain(char: string): void {
    this.at++;
    if (char === '^') this.out += this.multiline ? '(?<![^\\n])' : '(?<![\\s\\S])';
    else if (char === '$') this.out += this.multiline ? '(?![^\\n])' : '(?=\\n?(?![\\s\\S]))';
    else if (char === '.') this.out += this.dotall ? '[\\s\\S]' : '[^\\n]';
    else if (char === ']' || char === '}') this.out += `\\${char}`;
    else this.out += char;
  }

  private brace(): void {
    const repeat = /^\{(\d*)(,?)(\d*)\}/.exec(this.pattern.slice(this.at));
    if (repeat && (repeat[1] || (repeat[2] && repeat[3]))) {
      this.at += repeat[0].length;
      this.out += `{${repeat[1] || '0'}${repeat[2]}${repeat[3]}}`;
    } else {
      this.at++;
      this.out += '\\{';
    }
  }

  private group(): void {
    const rest = this.pattern.slice(this.at);
    const known: readonly [RegExp, (match: RegExpExecArray) => string][] = [
      [/^\(\?P<([A-Za-z_]\w*)>/, (match) => `(?<${match[1]}>`],
      [/^\(\?P=([A-Za-z_]\w*)\)/, (match) => `\\k<${match[1]}>`],
      [/^\(\?#[^)]*\)/, () => ''],
      [/^\(\?(?::|=|!|<=|<!)/, (match) => match[0]],
      [/^\(\?([aims]*(?:-[ims]+)?):/, (match) => `(?${match[1]!.replace('a', '')}:`],
    ];
    for (const [form, give] of known) {
      const match = form.exec(rest);
      if (!match) continue;
      this.at += match[0].length;
      this.out += give(match);
      return;
    }
    if (rest.startsWith('(?')) throw new Error(`the group ${rest.slice(0, 4)} is not supported`);
    this.at++;
    this.out += '(';
  }

  private escape(): void {
    const rest = this.pattern.slice(this.at + 1);
    const char = rest[0];
    if (char === undefined) throw new Error('it ends in a lone backslash');
    const special: Readonly<Record<string, string>> = {
      A: '(?<![\\s\\S])',
      Z: '(?![\\s\\S])',
      b: BOUNDARY,
      B: NO_BOUNDARY,
      w: `[${WORD}]`,
      W: `[^${WORD}]`,
      d: '\\p{Nd}',
      D: '\\P{Nd}',
    };
    if (special[char] !== undefined) {
      this.at += 2;
      this.out += special[char];
      return;
    }
    // Three octal digits are a character, fewer name a group.
    const back = /^[0-3][0-7]{2}/.test(rest) ? null : /^[1-9]\d?/.exec(rest);
    if (back) {
      this.at += 1 + back[0].length;
      // The empty group keeps a digit that follows from becoming part of the number.
      this.out += `\\${back[0]}(?:)`;
      return;
    }
    this.out += this.literalEscape(false);
  }

  private characterClass(): void {
    this.at++;
    this.out += '[';
    if (this.pattern[this.at] === '^') {
      this.out += '^';
      this.at++;
    }
    let first = true;
    for (;;) {
      const char = this.pattern[this.at];
      if (char === undefined) throw new Error('a [ has no ]');
      if (char === ']' && !first) break;
      first = false;
      if (char === '\\') this.out += this.classEscape();
      else {
        this.at++;
        this.out += char === ']' || char === '[' ? `\\${char}` : char;
      }
    }
    this.at++;
    this.out += ']';
  }

  private classEscape(): string {
    const sets: Readonly<Record<string, string>> = {
      w: WORD,
      W: '\\W',
      d: '\\p{Nd}',
      D: '\\P{Nd}',
      b: '\\x08',
    };
    const set = sets[this.pattern[this.at + 1] ?? ''];
    if (set === undefined) return this.literalEscape(true);
    this.at += 2;
    return set;
  }

  /** An escape that stands for one character, the same in and outside a class. */
  private literalEscape(inClass: boolean): string {
    const rest = this.pattern.slice(this.at + 1);
    const code =
      /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(0[0-7]{0,2}|[1-3][0-7]{2}))/.exec(rest);
    if (code) {
      this.at += 1 + code[0].length;
      const value =
        code[4] === undefined
          ? Number.parseInt(code[1] ?? code[2] ?? code[3]!, 16)
          : Number.parseInt(code[4], 8);
      return `\\u{${value.toString(16)}}`;
    }
    const char = String.fromCodePoint(rest.codePointAt(0)!);
    this.at += 1 + char.length;
    if (char === 'a') return '\\x07';
    if (/[fnrtvsS]/.test(char)) return `\\${char}`;
    if (/[A-Za-z]/.test(char)) throw new Error(`the escape \\${char} is not known`);
    if (/[\^$\\.*+?()[\]{}|/]/.test(char) || (inClass && char === '-')) return `\\${char}`;
    return char;
  }
}

/**
 * Gives what a Python replacement text makes of a match: `\1`, `\g<1>`, `\g<name>`, `\n` and the like. Groups that took
 * no part are empty. Throws CutoverError('playbook') for a group that is not there.
 */
export function expandReplacement(template: string, match: RegExpMatchArray, at?: SourcePosition): string {
  const fault = (what: string): never => {
    throw new CutoverError('playbook', `the replacement "${template}" ${what}`, { position: at });
  };
  const group = (name: string): string => {
    if (/^\d+$/.test(name)) {
      const index = Number(name);
      return index < match.length ? (match[index] ?? '') : fault(`names group ${name}, but there is none`);
    }
    return match.groups && Object.hasOwn(match.groups, name)
      ? (match.groups[name] ?? '')
      : fault(`names group "${name}", but there is none`);
  };
  const plain: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    r: '\r',
    a: '\x07',
    f: '\f',
    v: '\v',
    b: '\b',
  };
  return template.replace(
    /\\(?:g<([^>]*)>|(0[0-7]{0,2}|[1-3][0-7]{2})|([1-9]\d?)|([\s\S])|$)/g,
    (whole, named, octal, index, char) => {
      if (named !== undefined) return group(named);
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      if (index !== undefined) return group(index);
      if (char === undefined) return fault('ends in a lone backslash');
      if (char === '\\') return '\\';
      if (plain[char] !== undefined) return plain[char];
      return /[A-Za-z]/.test(char) ? fault(`has the escape ${whole}, which is not known`) : whole;
    },
  );
}

/** Gives the text with every match replaced as `re.subn` does, and how many there were. */
export function substitute(
  regex: RegExp,
  template: string,
  text: string,
  at?: SourcePosition,
): { readonly text: string; readonly count: number } {
  let count = 0;
  let end = 0;
  let out = '';
  for (const match of text.matchAll(regex)) {
    count++;
    out += text.slice(end, match.index) + expandReplacement(template, match, at);
    end = match.index + match[0].length;
  }
  return { text: out + text.slice(end), count };
}
