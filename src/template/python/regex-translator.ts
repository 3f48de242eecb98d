/** The translation of Python's regular expressions to JavaScript's. */
import { TemplateFault } from '../faults.ts';

/** A pattern in JavaScript's syntax. */
export interface Translated {
  readonly source: string;
  readonly flags: string;
  readonly groups: ReadonlyMap<string, number>;
  readonly count: number;
  readonly risky: boolean;
}

interface OpenGroup {
  /** Whether something inside repeats or chooses: repeating the group then can backtrack without end. */
  varies: boolean;
}

/** Translates one pattern of Python's `re`. Throws TemplateFault for what has no counterpart. */
export class Translator {
  private readonly pattern: string;
  private readonly multiLine: boolean;
  private readonly dotAll: boolean;
  private position = 0;
  private made = '';
  private flags = '';
  private verbose = false;
  private count = 0;
  private risky = false;
  private readonly groups = new Map<string, number>();
  private readonly open: OpenGroup[] = [];
  private closed: OpenGroup | undefined;
  private repeats = 0;

  constructor(pattern: string, multiLine: boolean, dotAll: boolean) {
    this.pattern = pattern;
    this.multiLine = multiLine;
    this.dotAll = dotAll;
  }

  translate(): Translated {
    while (this.position < this.pattern.length) this.step();
    if (this.open.length > 0) throw refuse('missing ), unterminated subpattern');
    // Several unbounded repetitions in a row can take polynomial time on a hostile text.
    return {
      source: this.made,
      flags: this.flags,
      groups: this.groups,
      count: this.count,
      risky: this.risky || this.repeats > 2,
    };
  }

  private step(): void {
    const character = String.fromCodePoint(this.pattern.codePointAt(this.position) ?? 0);
    if (character === '\\') this.escape(false);
    else if (character === '[') this.set();
    else if (character === '(') this.group();
    else if (character === ')') this.close();
    else if ('*+?'.includes(character)) this.quantifier(character);
    else if (character === '{') this.braces();
    else if (character === '$') this.emit(this.multiLine ? '(?=\\n|(?![^]))' : '(?=\\n?(?![^]))', 1);
    else if (character === '^') this.emit(this.multiLine ? '(?<![^\\n])' : '^', 1);
    else if (character === '.') this.emit(this.dotAll || this.flags.includes('s') ? '[^]' : '[^\\n]', 1);
    else if (character === '|') this.alternative();
    else if (character === ']' || character === '}') this.emit(`\\${character}`, 1);
    else if (this.verbose && /\s/.test(character)) this.position++;
    else if (this.verbose && character === '#') this.comment();
    else if (character === '/') this.emit('\\/', 1);
    else this.emit(character, character.length);
  }

  private emit(text: string, taken: number): void {
    this.made += text;
    this.position += taken;
    this.closed = undefined;
  }

  private comment(): void {
    while (this.position < this.pattern.length && this.pattern[this.position] !== '\n') this.position++;
  }

  private alternative(): void {
    for (const group of this.open) group.varies = true;
    this.emit('|', 1);
  }

  private quantifier(character: string): void {
    const next = this.pattern[this.position + 1];
    if (next === '+') throw refuse('a possessive quantifier');
    if (this.made === '' || (this.closed === undefined && /(?:^|[^\\])[(|]$/.test(this.made)))
      throw refuse(`nothing to repeat before "${character}"`);
    const lazy = next === '?' ? '?' : '';
    if (character !== '?') this.repeated();
    for (const group of this.open) group.varies = true;
    this.emit(character + lazy, 1 + lazy.length);
  }

  private repeated(): void {
    this.repeats++;
    if (this.closed?.varies) this.risky = true;
  }

  private braces(): void {
    const match = /^\{(\d*)(?:(,)(\d*))?\}(\?)?/.exec(this.pattern.slice(this.position));
    if (!match || (match[1] === '' && (match[2] === undefined || match[3] === ''))) {
      this.emit('\\{', 1);
      return;
    }
    const [whole, least = '', comma = '', most = '', lazy = ''] = match;
    if (Number(least) > 10_000 || Number(most) > 10_000) throw refuse('a repetition of more than 10,000');
    if (comma !== '' || Number(least) > 1) this.repeated();
    for (const group of this.open) group.varies = true;
    this.emit(`{${least || '0'}${comma}${most}}${lazy}`, whole.length);
  }

  private group(): void {
    const rest = this.pattern.slice(this.position);
    const inline = /^\(\?([aiLmsux]+)\)/.exec(rest);
    if (inline) {
      this.inlineFlags(inline[1]!);
      this.position += inline[0].length;
      return;
    }
    if (rest.startsWith('(?#')) {
      const end = rest.indexOf(')');
      if (end === -1) throw refuse('missing ), unterminated comment');
      this.position += end + 1;
      return;
    }
    const back = /^\(\?P=(\w+)\)/.exec(rest);
    if (back) {
      const number = this.groups.get(back[1]!);
      if (number === undefined) throw refuse(`unknown group name "${back[1]}"`);
      this.emit(`(?:\\${number})`, back[0].length);
      return;
    }
    this.open.push({ varies: false });
    const named = /^\(\?P<([^>]+)>/.exec(rest);
    if (named) this.namedGroup(named);
    else this.plainGroup(rest);
  }

  private namedGroup(match: RegExpExecArray): void {
    const name = match[1]!;
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) throw refuse(`bad character in group name "${name}"`);
    if (this.groups.has(name)) throw refuse(`the group name "${name}" is used twice`);
    this.groups.set(name, ++this.count);
    // The name stays in our table: JavaScript's own named groups change what \k and replacement texts mean.
    this.emit('(', match[0].length);
  }

  private plainGroup(rest: string): void {
    if (!rest.startsWith('(?')) {
      this.count++;
      this.emit('(', 1);
      return;
    }
    const scoped = /^\(\?([ims]*)(?:-([ims]+))?:/.exec(rest);
    if (scoped) {
      const flags = `${scoped[1] ?? ''}${scoped[2] ? `-${scoped[2]}` : ''}`;
      this.emit(flags === '' ? '(?:' : `(?${flags}:`, scoped[0].length);
      return;
    }
    const look = /^\(\?(?:=|!|<=|<!)/.exec(rest)?.[0];
    if (look === undefined) throw refuse(`the group "${rest.slice(0, 4)}"`);
    this.emit(look, look.length);
  }

  private inlineFlags(letters: string): void {
    for (const letter of letters) {
      if (letter === 'x') this.verbose = true;
      else if ('ims'.includes(letter)) this.flags += letter;
      else if (letter !== 'u' && letter !== 'a') throw refuse(`the flag (?${letter})`);
    }
  }

  private close(): void {
    const group = this.open.pop();
    if (!group) throw refuse('unbalanced parenthesis');
    this.emit(')', 1);
    this.closed = group;
  }

  /** Reads a class `[...]`. */
  private set(): void {
    let inner = '[';
    let at = this.position + 1;
    if (this.pattern[at] === '^') {
      inner += '^';
      at++;
    }
    const first = at;
    while (at < this.pattern.length && (this.pattern[at] !== ']' || at === first)) {
      const character = String.fromCodePoint(this.pattern.codePointAt(at) ?? 0);
      if (character === '\\') {
        const { text, taken } = this.escapeAt(at, true);
        inner += text;
        at += taken;
      } else {
        inner += '[]^$()|{}*+?./'.includes(character) ? `\\${character}` : character;
        at += character.length;
      }
    }
    if (at >= this.pattern.length) throw refuse('unterminated character set');
    // A "-" beside a class such as \w stands for itself.
    inner = inner
      .replace(/(\\[DWsS]|\\p\{[^}]*\}_?)-(?!$)/gi, '$1\\-')
      .replace(/(?<!^\[)(?<!^\[\^)(?<!\\)-(\\[DWsS]|\\p\{)/gi, '\\-$1');
    this.emit(`${inner}]`, at + 1 - this.position);
  }

  private escape(inSet: boolean): void {
    const { text, taken } = this.escapeAt(this.position, inSet);
    this.emit(text, taken);
  }

  private escapeAt(at: number, inSet: boolean): { text: string; taken: number } {
    const rest = this.pattern.slice(at + 1);
    const next = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    if (rest === '') throw refuse('bad escape (end of pattern)');
    const back = /^[1-9]\d?/.exec(rest);
    if (back && !inSet) {
      if (Number(back[0]) > this.count) throw refuse(`invalid group reference ${back[0]}`);
      return { text: `(?:\\${back[0]})`, taken: 1 + back[0].length };
    }
    const coded = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(0[0-7]{0,2}))/.exec(rest);
    if (coded) {
      const code =
        coded[4] === undefined
          ? Number.parseInt(coded[1] ?? coded[2] ?? coded[3] ?? '0', 16)
          : Number.parseInt(coded[4], 8);
      return { text: `\\u{${code.toString(16)}}`, taken: 1 + coded[0].length };
    }
    if (!inSet) {
      const anchor = { A: '(?<![^])', Z: '(?![^])', b: '\\b', B: '\\B' }[next];
      if (anchor !== undefined) return { text: anchor, taken: 2 };
    }
    const word = inSet ? '\\p{L}\\p{N}_' : '[\\p{L}\\p{N}_]';
    const shape = {
      d: '\\p{Nd}',
      D: '\\P{Nd}',
      s: '\\s',
      S: '\\S',
      w: word,
      W: inSet ? '\\W' : '[^\\p{L}\\p{N}_]',
      n: '\\n',
      r: '\\r',
      t: '\\t',
      f: '\\f',
      v: '\\v',
      a: '\\x07',
      b: '\\b',
    }[next];
    if (shape !== undefined) return { text: shape, taken: 2 };
    if (/[A-Za-z]/.test(next)) throw refuse(`bad escape \\${next}`);
    return { text: /[-^$\\.*+?()[\]{}|/]/.test(next) ? `\\${next}` : next, taken: 1 + next.length };
  }
}

function refuse(what: string): TemplateFault {
  return new TemplateFault(`the regular expression is not possible here: ${what}`);
}
