/** `ast.literal_eval`: data written as a Python literal. */
import { TemplateFault } from '../faults.ts';
import { Cursor } from '../parse/cursor.ts';
import { readTokens } from '../parse/tokens.ts';
import { negate, plus } from './arithmetic.ts';
import { tuple } from './kinds.ts';
import { setItem } from './logic.ts';

/** Reads a literal; with `jsonWords`, `true`, `false` and `null` too. Throws TemplateFault for anything else. */
export function readLiteral(text: string, jsonWords: boolean): unknown {
  const run = readTokens(text, 0, undefined, false);
  if (!run) throw new TemplateFault('the literal is empty');
  const cursor = new Cursor(run.tokens);
  const value = readValue(cursor, jsonWords ? JSON_WORDS : WORDS, 0);
  cursor.expectEnd();
  return value;
}

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
]);
const JSON_WORDS: typeof WORDS = new Map<string, unknown>([
  ...WORDS,
  ['true', true],
  ['false', false],
  ['null', null],
]);

function readValue(cursor: Cursor, words: typeof WORDS, depth: number): unknown {
  if (depth > 100) throw new TemplateFault('the literal is nested too deeply');
  const token = cursor.now;
  if (token.type === 'string') {
    let value = '';
    while (cursor.now.type === 'string') value += cursor.next().value as string;
    return value;
  }
  if (token.type === 'number') {
    // Jinja takes 0644 for 644; to Python it is no number.
    if (/^0[\d_]*[1-9][\d_]*$/.test(token.text)) return cursor.fail('a number does not begin with 0');
    return cursor.next().value;
  }
  if (token.type === 'name' && words.has(token.text)) return words.get(cursor.next().text);
  if (cursor.take('-')) return negate(readValue(cursor, words, depth + 1));
  if (cursor.take('+')) return plus(readValue(cursor, words, depth + 1));
  if (cursor.take('[')) return readItems(cursor, ']', words, depth).items;
  if (cursor.take('(')) {
    const { items, comma } = readItems(cursor, ')', words, depth);
    return items.length === 1 && !comma ? items[0] : tuple(...items);
  }
  if (cursor.take('{')) return readDict(cursor, words, depth);
  return cursor.fail('this is not a literal');
}

function readItems(
  cursor: Cursor,
  close: string,
  words: typeof WORDS,
  depth: number,
): { items: unknown[]; comma: boolean } {
  const items: unknown[] = [];
  let comma = false;
  while (!cursor.at(close)) {
    items.push(readValue(cursor, words, depth + 1));
    if (!cursor.take(',')) break;
    comma = true;
  }
  cursor.expect(close);
  return { items, comma };
}

function readDict(cursor: Cursor, words: typeof WORDS, depth: number): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  while (!cursor.at('}')) {
    const key = readValue(cursor, words, depth + 1);
    cursor.expect(':');
    setItem(made, key, readValue(cursor, words, depth + 1));
    if (!cursor.take(',')) break;
  }
  cursor.expect('}');
  return made;
}
