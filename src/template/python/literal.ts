/** `ast.literal_eval`: data written as a Python literal. */
import { put } from '../../values/index.ts';
import { TemplateFault } from '../faults.ts';
import { Cursor } from '../parse/cursor.ts';
import { readTokens } from '../parse/tokens.ts';
import { negate } from './arithmetic.ts';
import { tuple } from './kinds.ts';
import { keyText } from './logic.ts';

/** Reads a literal. Throws TemplateFault for anything else. */
export function readLiteral(text: string): unknown {
  const run = readTokens(text, 0, undefined, false);
  if (!run) throw new TemplateFault('the literal is empty');
  const cursor = new Cursor(run.tokens);
  const value = readValue(cursor, 0);
  cursor.expectEnd();
  return value;
}

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

function readValue(cursor: Cursor, depth: number): unknown {
  if (depth > 100) throw new TemplateFault('the literal is nested too deeply');
  const token = cursor.now;
  if (token.type === 'string') {
    let value = '';
    while (cursor.now.type === 'string') value += cursor.next().value as string;
    return value;
  }
  if (token.type === 'number') return cursor.next().value;
  if (token.type === 'name' && WORDS.has(token.text)) return WORDS.get(cursor.next().text);
  if (cursor.take('-')) return negate(readValue(cursor, depth + 1));
  if (cursor.take('[')) return readItems(cursor, ']', depth).items;
  if (cursor.take('(')) {
    const { items, comma } = readItems(cursor, ')', depth);
    return items.length === 1 && !comma ? items[0] : tuple(...items);
  }
  if (cursor.take('{')) return readDict(cursor, depth);
  return cursor.fail('this is not a literal');
}

function readItems(cursor: Cursor, close: string, depth: number): { items: unknown[]; comma: boolean } {
  const items: unknown[] = [];
  let comma = false;
  while (!cursor.at(close)) {
    items.push(readValue(cursor, depth + 1));
    if (!cursor.take(',')) break;
    comma = true;
  }
  cursor.expect(close);
  return { items, comma };
}

function readDict(cursor: Cursor, depth: number): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  while (!cursor.at('}')) {
    const key = readValue(cursor, depth + 1);
    cursor.expect(':');
    put(made, keyText(key), readValue(cursor, depth + 1));
    if (!cursor.take(',')) break;
  }
  cursor.expect('}');
  return made;
}
