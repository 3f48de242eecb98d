/** The tokens inside `{{ }}` and `{% %}`. */
import { ESCAPES } from '../../source/index.ts';
import { TemplateFault } from '../faults.ts';
import { shrink } from '../python/arithmetic.ts';
import { float } from '../python/kinds.ts';

/** A token with its place in the template's text. `value` is that of a literal. */
export interface Token {
  readonly type: 'name' | 'number' | 'string' | 'operator' | 'end';
  readonly text: string;
  readonly value?: unknown;
  readonly at: number;
}

/** What `readTokens` gives: the tokens, where the text goes on, and the white-space mark at the end. */
export interface TokenRun {
  readonly tokens: readonly Token[];
  readonly next: number;
  readonly mark: string;
}

const SPACE = /\s+/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER =
  /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|(?:\d+(?:_\d+)*)(?:(?:\.\d+(?:_\d+)*)?[eE][-+]?\d+(?:_\d+)*|\.\d+(?:_\d+)*)?/y;
const STRING = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y;
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+*/%~<>=.:|,;()[\]{}]/y;

/** Reads tokens up to the closing delimiter, which does not count inside brackets. Undefined when the text ends first. */
export function readTokens(
  text: string,
  start: number,
  close: string | undefined,
  verbatim: boolean,
): TokenRun | undefined {
  const tokens: Token[] = [];
  const brackets: Token[] = [];
  let position = start;
  for (;;) {
    position = skip(SPACE, text, position);
    if (close !== undefined && brackets.length === 0) {
      const mark =
        (text[position] === '-' || text[position] === '+') && text.startsWith(close, position + 1)
          ? text[position]!
          : '';
      if (mark || text.startsWith(close, position)) {
        tokens.push({ type: 'end', text: close, at: position });
        return { tokens, next: position + mark.length + close.length, mark };
      }
    }
    if (position >= text.length) {
      if (brackets.length > 0) throw unclosed(brackets.at(-1)!);
      if (close !== undefined) return undefined;
      tokens.push({ type: 'end', text: 'the end of the expression', at: position });
      return { tokens, next: position, mark: '' };
    }
    const token = readToken(text, position, verbatim);
    track(token, brackets);
    tokens.push(token);
    position += token.text.length;
  }
}

function skip(pattern: RegExp, text: string, position: number): number {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : position;
}

function match(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}

function readToken(text: string, at: number, verbatim: boolean): Token {
  const name = match(NAME, text, at);
  if (name !== undefined) return { type: 'name', text: name, at };
  const number = match(NUMBER, text, at);
  if (number !== undefined && /^0[\d_]*[1-9][\d_]*$/.test(number))
    throw new TemplateFault(`a number does not begin with 0: ${number}`, {
      offset: at,
      hint: `write '${number}' as a mode, 0o${number.replace(/^0+/, '')} for the octal number`,
    });
  if (number !== undefined) return { type: 'number', text: number, value: numberValue(number), at };
  const string = match(STRING, text, at);
  if (string !== undefined) return { type: 'string', text: string, value: stringValue(string, verbatim), at };
  const operator = match(OPERATOR, text, at);
  if (operator !== undefined) return { type: 'operator', text: operator, at };
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (character === '"' || character === "'")
    throw new TemplateFault(`the string that begins with ${character} is never closed`, { offset: at });
  throw new TemplateFault(`unexpected character ${JSON.stringify(character)}`, { offset: at });
}

const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

function track(token: Token, brackets: Token[]): void {
  if (token.type !== 'operator') return;
  if (token.text === '(' || token.text === '[' || token.text === '{') brackets.push(token);
  const opening = PAIRS[token.text];
  if (opening === undefined) return;
  const last = brackets.pop();
  if (last?.text !== opening) throw new TemplateFault(`unexpected "${token.text}"`, { offset: token.at });
}

const unclosed = (bracket: Token): TemplateFault =>
  new TemplateFault(`"${bracket.text}" is never closed`, { offset: bracket.at });

function numberValue(text: string): unknown {
  const digits = text.replaceAll('_', '');
  if (/^0[box]/i.test(digits)) return shrink(BigInt(digits.toLowerCase()));
  if (/[.eE]/.test(digits)) return float(Number(digits));
  return shrink(BigInt(digits));
}

const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g;

/** Gives what a string literal stands for. An unknown escape stays as written, as in Python. */
function stringValue(literal: string, verbatim: boolean): string {
  const inner = literal.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  if (verbatim) return inner.replaceAll(`\\${literal[0]}`, literal[0] as string);
  return inner.replace(ESCAPE, (whole, hex2, hex4, hex8, octal, character) => {
    const hex = hex2 ?? hex4 ?? hex8;
    if (hex !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff));
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    return ESCAPES[character] ?? whole;
  });
}
