/**
 * Values of INI inventories are read as Python literals when they are one, and stay text otherwise
 * (https://docs.python.org/3/library/ast.html#ast.literal_eval, as Ansible's documentation of the INI format says).
 */

import { ESCAPES } from '../source/index.ts';
import { Float, put } from '../values/index.ts';

/** Gives the value of a Python literal, or the text as it is when it is none. */
export function pythonLiteral(text: string): unknown {
  if (!/^[\s]*(?:[-+0-9.'"([{]|True\b|False\b|None\b|[bBuUrR]{1,2}['"])/.test(text)) return text;
  try {
    return new LiteralReader(text.replace(/^[ \t]+/, '')).whole();
  } catch (thrown) {
    if (thrown === NOT_A_LITERAL) return text;
    throw thrown;
  }
}

/** One error for all: making one for each of 60,000 addresses would cost more than reading them. */
const NOT_A_LITERAL = new Error('not a Python literal');

class LiteralReader {
  private readonly text: string;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  whole(): unknown {
    let value = this.value();
    this.blank();
    if (this.text[this.at] === ',') value = this.bareTuple(value);
    this.blank();
    if (this.text[this.at] === '#') this.at = this.text.length;
    if (this.at < this.text.length) throw NOT_A_LITERAL;
    return value;
  }

  /** `1,2` without parentheses is a tuple too. */
  private bareTuple(first: unknown): unknown[] {
    const items = [first];
    while (this.take(',')) {
      this.blank();
      if (this.at >= this.text.length || this.text[this.at] === '#') break;
      items.push(this.value());
      this.blank();
    }
    return items;
  }

  private value(): unknown {
    this.blank();
    const rest = this.text.slice(this.at);
    const word = /^(?:True|False|None)\b/.exec(rest)?.[0];
    if (word !== undefined) {
      this.at += word.length;
      return word === 'None' ? null : word === 'True';
    }
    if (/^(?:[bBuUrR]{0,2})['"]/.test(rest)) return this.strings();
    if (rest.startsWith('[')) return this.items('[', ']').values;
    if (rest.startsWith('{')) return this.braces();
    if (rest.startsWith('(')) {
      const { values, comma } = this.items('(', ')');
      return values.length === 1 && !comma ? values[0] : values;
    }
    return this.number(rest);
  }

  private number(rest: string): number | Float | string {
    const sign = /^[-+\s]*/.exec(rest)![0];
    const digits =
      /^(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.?(?:\d(?:_?\d)*)?(?:[eE][-+]?\d(?:_?\d)*)?)(?![\w.])/.exec(
        rest.slice(sign.length),
      )?.[0];
    if (!digits || !/\d/.test(digits) || /^0[\d_]*[1-9][\d_]*$/.test(digits)) throw NOT_A_LITERAL;
    if (!/^(?:0[xXoObB]|\d|\.\d)/.test(digits)) throw NOT_A_LITERAL;
    this.at += sign.length + digits.length;
    const plain = digits.replaceAll('_', '');
    const negative = sign.replace(/[^-]/g, '').length % 2 === 1;
    const number = Number(plain);
    // More digits than a number holds: the text is the only faithful value.
    if (Number.isInteger(number) && !Number.isSafeInteger(number) && /^\d+$/.test(plain))
      return `${negative ? '-' : ''}${plain}`;
    const signed = negative ? -number : number;
    // `3.0` is written with its point wherever it is used.
    return Number.isInteger(number) && !/^0[xX]/.test(plain) && /[.eE]/.test(plain)
      ? new Float(signed)
      : signed;
  }

  private items(open: string, close: string): { values: unknown[]; comma: boolean } {
    this.enter(open);
    const values: unknown[] = [];
    let comma = false;
    while (!this.take(close)) {
      if (values.length > 0 && !comma) throw NOT_A_LITERAL;
      values.push(this.value());
      comma = this.take(',');
    }
    this.depth--;
    return { values, comma };
  }

  /** A dictionary, or a set: sets become lists. */
  private braces(): unknown {
    this.enter('{');
    const mapping: Record<string, unknown> = {};
    const set: unknown[] = [];
    let more = true;
    let pairs = 0;
    while (!this.take('}')) {
      if (!more) throw NOT_A_LITERAL;
      const key = this.value();
      if (this.take(':')) {
        pairs++;
        put(mapping, keyText(key), this.value());
      } else set.push(key);
      more = this.take(',');
    }
    this.depth--;
    if (pairs > 0 && set.length > 0) throw NOT_A_LITERAL;
    return set.length > 0 ? set : mapping;
  }

  /** Neighbouring strings are one string. */
  private strings(): string {
    let whole = '';
    let more = true;
    while (more) {
      whole += this.string();
      this.blank();
      more = /^[bBuUrR]{0,2}['"]/.test(this.text.slice(this.at, this.at + 3));
    }
    return whole;
  }

  private string(): string {
    const prefix = /^[bBuUrR]*/.exec(this.text.slice(this.at))![0];
    this.at += prefix.length;
    const raw = /[rR]/.test(prefix);
    const quote = this.text[this.at]!;
    const fence = this.text.startsWith(quote.repeat(3), this.at) ? quote.repeat(3) : quote;
    this.at += fence.length;
    let out = '';
    while (!this.text.startsWith(fence, this.at)) {
      const letter = this.text[this.at];
      if (letter === undefined || (letter === '\n' && fence.length === 1)) throw NOT_A_LITERAL;
      if (letter === '\\' && !raw) out += this.escape();
      else if (letter === '\\') {
        out += this.text.slice(this.at, this.at + 2);
        this.at += 2;
      } else {
        out += letter;
        this.at++;
      }
    }
    this.at += fence.length;
    return out;
  }

  private escape(): string {
    const rest = this.text.slice(this.at + 1);
    const code = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3}))/.exec(rest);
    if (code) {
      this.at += 1 + code[0].length;
      const point =
        code[4] === undefined
          ? Number.parseInt((code[1] ?? code[2] ?? code[3])!, 16)
          : Number.parseInt(code[4], 8);
      if (point > 0x10ffff) throw NOT_A_LITERAL;
      return String.fromCodePoint(point);
    }
    if (rest === '' || /^[xuUN]/.test(rest)) throw NOT_A_LITERAL;
    this.at += 2;
    return ESCAPES[rest[0]!] ?? `\\${rest[0]}`;
  }

  private enter(open: string): void {
    if (!this.take(open) || ++this.depth > 100) throw NOT_A_LITERAL;
  }

  private take(token: string): boolean {
    this.blank();
    if (this.text[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private blank(): void {
    while (/[ \t\n\r\f]/.test(this.text[this.at] ?? '')) this.at++;
  }
}

function keyText(key: unknown): string {
  if (key === true) return 'True';
  if (key === false) return 'False';
  if (key === null) return 'None';
  if (typeof key === 'object') throw NOT_A_LITERAL;
  return String(key);
}
