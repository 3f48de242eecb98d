/** A Pratt parser for Jinja's expressions. */
import type { Comparison, Expression } from '../ast.ts';
import type { Cursor } from './cursor.ts';
import { parseFilters, parsePostfix } from './postfix.ts';

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
/** Binding powers of the arithmetic operators; `~` stands between sums and products. */
const POWER: Readonly<Record<string, number>> = { '+': 1, '-': 1, '~': 2, '*': 3, '/': 3, '//': 3, '%': 3 };
const DEEPEST = 200;
let depth = 0;

/** Parses one expression, `a if b else c` included. */
export function parseExpression(cursor: Cursor, withCondition = true): Expression {
  if (++depth > DEEPEST) {
    depth = 0;
    cursor.fail('the expression is nested too deeply');
  }
  try {
    return withCondition ? parseCondition(cursor) : parseOr(cursor);
  } finally {
    depth = Math.max(0, depth - 1);
  }
}

/** Parses `a, b, c` into a tuple; one expression without a comma stays itself. */
export function parseTuple(cursor: Cursor, withCondition = true): Expression {
  const { at } = cursor.now;
  const first = parseExpression(cursor, withCondition);
  if (!cursor.at(',')) return first;
  const items = [first];
  while (cursor.take(',')) {
    if (cursor.ended || cursor.at(')') || cursor.at(']') || cursor.at('}') || cursor.at('=')) break;
    items.push(parseExpression(cursor, withCondition));
  }
  return { kind: 'tuple', at, items };
}

function parseCondition(cursor: Cursor): Expression {
  let value = parseOr(cursor);
  while (cursor.atWord('if')) {
    const { at } = cursor.next();
    const test = parseOr(cursor);
    const otherwise = cursor.takeWord('else') ? parseCondition(cursor) : undefined;
    value = { kind: 'condition', at, test, value, otherwise };
  }
  return value;
}

function parseOr(cursor: Cursor): Expression {
  let left = parseAnd(cursor);
  while (cursor.atWord('or')) {
    const { at } = cursor.next();
    left = { kind: 'or', at, left, right: parseAnd(cursor) };
  }
  return left;
}

function parseAnd(cursor: Cursor): Expression {
  let left = parseNot(cursor);
  while (cursor.atWord('and')) {
    const { at } = cursor.next();
    left = { kind: 'and', at, left, right: parseNot(cursor) };
  }
  return left;
}

function parseNot(cursor: Cursor): Expression {
  if (!cursor.atWord('not')) return parseCompare(cursor);
  const { at } = cursor.next();
  return { kind: 'not', at, operand: parseNot(cursor) };
}

function parseCompare(cursor: Cursor): Expression {
  const { at } = cursor.now;
  const left = parseArithmetic(cursor, 1);
  const steps: Comparison[] = [];
  for (;;) {
    if (cursor.now.type === 'operator' && COMPARISONS.has(cursor.now.text)) {
      const operator = cursor.next().text;
      steps.push({ operator, right: parseArithmetic(cursor, 1) });
    } else if (cursor.takeWord('in')) {
      steps.push({ operator: 'in', right: parseArithmetic(cursor, 1) });
    } else if (cursor.atWord('not') && cursor.following.type === 'name' && cursor.following.text === 'in') {
      cursor.next();
      cursor.next();
      steps.push({ operator: 'not in', right: parseArithmetic(cursor, 1) });
    } else {
      return steps.length === 0 ? left : { kind: 'compare', at, left, steps };
    }
  }
}

function parseArithmetic(cursor: Cursor, least: number): Expression {
  let left = parsePower(cursor);
  for (;;) {
    const operator = cursor.now.text;
    const power = cursor.now.type === 'operator' ? POWER[operator] : undefined;
    if (power === undefined || power < least) return left;
    const { at } = cursor.next();
    const right = parseArithmetic(cursor, power + 1);
    if (operator !== '~') left = { kind: 'binary', at, operator, left, right };
    else
      left = { kind: 'concat', at, parts: left.kind === 'concat' ? [...left.parts, right] : [left, right] };
  }
}

/** `**` binds to the left and looser than a sign, in Jinja: `-2 ** 2` is 4. */
function parsePower(cursor: Cursor): Expression {
  let left = parseUnary(cursor, true);
  while (cursor.at('**')) {
    const { at } = cursor.next();
    left = { kind: 'binary', at, operator: '**', left, right: parseUnary(cursor, true) };
  }
  return left;
}

function parseUnary(cursor: Cursor, withFilters: boolean): Expression {
  const { at } = cursor.now;
  let node: Expression;
  if (cursor.take('-')) node = { kind: 'negate', at, operand: parseUnary(cursor, false) };
  else if (cursor.take('+')) node = { kind: 'plus', at, operand: parseUnary(cursor, false) };
  else node = parsePrimary(cursor);
  node = parsePostfix(cursor, node);
  return withFilters ? parseFilters(cursor, node) : node;
}

const CONSTANTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

/** Parses a value: a name, a literal, a list, something in parentheses. */
export function parsePrimary(cursor: Cursor): Expression {
  const token = cursor.now;
  const { at } = token;
  if (token.type === 'name') {
    cursor.next();
    if (CONSTANTS.has(token.text)) return { kind: 'constant', at, value: CONSTANTS.get(token.text) };
    return { kind: 'name', at, name: token.text };
  }
  if (token.type === 'string') {
    let value = '';
    while (cursor.now.type === 'string') value += cursor.next().value as string;
    return { kind: 'constant', at, value };
  }
  if (token.type === 'number') {
    cursor.next();
    return { kind: 'constant', at, value: token.value };
  }
  if (cursor.take('(')) return parseParentheses(cursor, at);
  if (cursor.take('[')) return { kind: 'list', at, items: parseItems(cursor, ']') };
  if (cursor.take('{'))
    return cursor.allowsBraces && cursor.at('{') ? parseBraces(cursor) : parseDict(cursor, at);
  return cursor.fail(cursor.ended ? 'an expression is missing here' : `unexpected "${token.text}"`);
}

function parseParentheses(cursor: Cursor, at: number): Expression {
  if (cursor.take(')')) return { kind: 'tuple', at, items: [] };
  const inner = parseTuple(cursor);
  cursor.expect(')');
  return inner;
}

function parseBraces(cursor: Cursor): Expression {
  cursor.expect('{');
  const inner = parseTuple(cursor);
  cursor.expect('}');
  cursor.expect('}');
  return inner;
}

function parseItems(cursor: Cursor, close: string): Expression[] {
  const items: Expression[] = [];
  while (!cursor.at(close)) {
    items.push(parseExpression(cursor));
    if (!cursor.take(',')) break;
  }
  cursor.expect(close);
  return items;
}

function parseDict(cursor: Cursor, at: number): Expression {
  const entries: (readonly [Expression, Expression])[] = [];
  while (!cursor.at('}')) {
    const key = parseExpression(cursor);
    cursor.expect(':');
    entries.push([key, parseExpression(cursor)]);
    if (!cursor.take(',')) break;
  }
  cursor.expect('}');
  return { kind: 'dict', at, entries };
}
