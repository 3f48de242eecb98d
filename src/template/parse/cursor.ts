/** Walks over the tokens of one print or tag. */
import { TemplateFault } from '../faults.ts';
import type { Token } from './tokens.ts';

/** A position in a list of tokens that ends with an `end` token. */
export class Cursor {
  private readonly tokens: readonly Token[];
  /** Whether `{{ x }}` inside an expression means `(x)`: in conditions, where hands write it although it is not needed. */
  readonly allowsBraces: boolean;
  private index = 0;

  constructor(tokens: readonly Token[], allowsBraces = false) {
    this.tokens = tokens;
    this.allowsBraces = allowsBraces;
  }

  get now(): Token {
    return this.tokens[this.index]!;
  }

  get following(): Token {
    return this.tokens[Math.min(this.index + 1, this.tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.now;
    if (token.type !== 'end') this.index++;
    return token;
  }

  /** Whether the token is this operator. */
  at(operator: string): boolean {
    return this.now.type === 'operator' && this.now.text === operator;
  }

  /** Whether the token is this word. */
  atWord(word: string): boolean {
    return this.now.type === 'name' && this.now.text === word;
  }

  /** Takes the operator when it is there. */
  take(operator: string): boolean {
    if (!this.at(operator)) return false;
    this.next();
    return true;
  }

  /** Takes the word when it is there. */
  takeWord(word: string): boolean {
    if (!this.atWord(word)) return false;
    this.next();
    return true;
  }

  expect(operator: string): Token {
    if (!this.at(operator)) this.fail(`expected "${operator}", found ${this.shown()}`);
    return this.next();
  }

  expectWord(word: string): Token {
    if (!this.atWord(word)) this.fail(`expected "${word}", found ${this.shown()}`);
    return this.next();
  }

  name(what: string): Token {
    if (this.now.type !== 'name') this.fail(`expected ${what}, found ${this.shown()}`);
    return this.next();
  }

  get ended(): boolean {
    return this.now.type === 'end';
  }

  expectEnd(): void {
    if (!this.ended) this.fail(`expected ${this.endShown()}, found ${this.shown()}`);
  }

  fail(message: string, at = this.now.at): never {
    throw new TemplateFault(message, { offset: at });
  }

  private shown(): string {
    return this.ended ? this.endShown() : `"${this.now.text}"`;
  }

  private endShown(): string {
    const { text } = this.tokens.at(-1)!;
    return text.length > 4 ? text : `"${text}"`;
  }
}
