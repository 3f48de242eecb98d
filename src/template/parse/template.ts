/** Parses a whole template into statements. */

import { nearest } from '../../errors/index.ts';
import type { Statement } from '../ast.ts';
import { TemplateFault } from '../faults.ts';
import { Cursor } from './cursor.ts';
import { parseTuple } from './expression.ts';
import { type Segment, segments } from './lexer.ts';
import { type BodyReader, STATEMENTS } from './statements.ts';
import type { Syntax } from './syntax.ts';

/** Parses a template. Line ends must be `\n`. Throws TemplateFault with the offset of a mistake. */
export function parseTemplate(text: string, syntax: Syntax): readonly Statement[] {
  return new TemplateParser(segments(text, syntax)).parse();
}

const DEEPEST = 100;

class TemplateParser implements BodyReader {
  private readonly parts: readonly Segment[];
  private readonly open: { word: string; at: number }[] = [];
  private index = 0;

  constructor(parts: readonly Segment[]) {
    this.parts = parts;
  }

  parse(): readonly Statement[] {
    const { statements, ending } = this.statements([]);
    if (ending) ending.cursor.fail(this.strayMessage(ending.word), ending.at);
    return statements;
  }

  body(
    word: string,
    at: number,
    endings: readonly string[],
  ): { statements: Statement[]; word: string; at: number; cursor: Cursor } {
    if (this.open.length > DEEPEST)
      throw new TemplateFault('the blocks are nested too deeply', { offset: at });
    this.open.push({ word, at });
    const { statements, ending } = this.statements(endings);
    if (!ending) throw new TemplateFault(`"${word}" is never closed with "end${word}"`, { offset: at });
    this.open.pop();
    return { statements, ...ending };
  }

  private statements(endings: readonly string[]): {
    statements: Statement[];
    ending: { word: string; at: number; cursor: Cursor } | undefined;
  } {
    const statements: Statement[] = [];
    while (this.index < this.parts.length) {
      const part = this.parts[this.index++]!;
      if (part.kind === 'text') {
        statements.push(part);
        continue;
      }
      const cursor = new Cursor(part.tokens);
      if (part.kind === 'print') {
        const value = parseTuple(cursor);
        cursor.expectEnd();
        statements.push({ kind: 'print', at: part.at, value });
        continue;
      }
      const { text: word } = cursor.name("a statement's name");
      if (endings.includes(word)) return { statements, ending: { word, at: part.at, cursor } };
      const parser = Object.hasOwn(STATEMENTS, word) ? STATEMENTS[word] : undefined;
      if (!parser) cursor.fail(this.strayMessage(word), part.at);
      else statements.push(parser(cursor, part.at, this));
    }
    return { statements, ending: undefined };
  }

  private strayMessage(word: string): string {
    const inner = this.open.at(-1);
    if (word.startsWith('end') || word === 'else' || word === 'elif')
      return inner
        ? `"${word}" does not belong to the open "${inner.word}"`
        : `"${word}" has nothing to close`;
    const near = nearest(word, Object.keys(STATEMENTS));
    return `there is no statement "${word}"${near ? `, did you mean "${near}"?` : ''}`;
  }
}
