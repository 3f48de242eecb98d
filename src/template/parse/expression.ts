/** A Pratt parser for Jinja's expressions. */
import type { Arguments, Comparison, Expression } from '../ast.ts';
import type { Cursor } from './cursor.ts';

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

function parsePrimary(cursor: Cursor): Expression {
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
  if (cursor.take('{')) return parseDict(cursor, at);
  return cursor.fail(cursor.ended ? 'an expression is missing here' : `unexpected "${token.text}"`);
}

function parseParentheses(cursor: Cursor, at: number): Expression {
  if (cursor.take(')')) return { kind: 'tuple', at, items: [] };
  const inner = parseTuple(cursor);
  cursor.expect(')');
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

function parsePostfix(cursor: Cursor, start: Expression): Expression {
  let node = start;
  for (;;) {
    const { at } = cursor.now;
    if (cursor.at('.')) node = parseMember(cursor, node);
    else if (cursor.take('[')) node = parseSubscript(cursor, node, at);
    else if (cursor.at('(')) node = { kind: 'call', at, target: node, args: parseArguments(cursor) };
    else return node;
  }
}

function parseMember(cursor: Cursor, target: Expression): Expression {
  const { at } = cursor.next();
  const token = cursor.next();
  if (token.type === 'name') return { kind: 'attribute', at, target, name: token.text };
  if (token.type !== 'number') return cursor.fail('expected a name or a number after "."', token.at);
  // `a.0.1` reads "0.1" as one number.
  let node = target;
  for (const part of token.text.split('.'))
    node = { kind: 'item', at, target: node, index: { kind: 'constant', at: token.at, value: Number(part) } };
  return node;
}

function parseSubscript(cursor: Cursor, target: Expression, at: number): Expression {
  const bound = (): Expression | undefined =>
    cursor.at(':') || cursor.at(']') || cursor.at(',') ? undefined : parseExpression(cursor);
  const start = bound();
  if (!cursor.at(':')) {
    if (start === undefined) cursor.fail('an index is missing here');
    const index = cursor.at(',') ? tupleIndex(cursor, start as Expression) : (start as Expression);
    cursor.expect(']');
    return { kind: 'item', at, target, index };
  }
  cursor.next();
  const stop = bound();
  const step = cursor.take(':') ? bound() : undefined;
  cursor.expect(']');
  return { kind: 'slice', at, target, start, stop, step };
}

function tupleIndex(cursor: Cursor, first: Expression): Expression {
  const items = [first];
  while (cursor.take(',')) if (!cursor.at(']')) items.push(parseExpression(cursor));
  return { kind: 'tuple', at: first.at, items };
}

/** Parses `(a, b=1, *c, **d)`. */
export function parseArguments(cursor: Cursor): Arguments {
  cursor.expect('(');
  const positional: Expression[] = [];
  const named: { name: string; value: Expression }[] = [];
  let spread: Expression | undefined;
  let spreadNamed: Expression | undefined;
  while (!cursor.at(')')) {
    if (cursor.take('**')) spreadNamed = parseExpression(cursor);
    else if (cursor.take('*')) spread = parseExpression(cursor);
    else if (
      cursor.now.type === 'name' &&
      cursor.following.type === 'operator' &&
      cursor.following.text === '='
    ) {
      const name = cursor.next().text;
      cursor.next();
      named.push({ name, value: parseExpression(cursor) });
    } else {
      if (named.length > 0 || spreadNamed) cursor.fail('a positional argument cannot follow a named one');
      positional.push(parseExpression(cursor));
    }
    if (!cursor.take(',')) break;
  }
  cursor.expect(')');
  return { positional, named, spread, spreadNamed };
}

/** No arguments. */
export const NO_ARGUMENTS: Arguments = {
  positional: [],
  named: [],
  spread: undefined,
  spreadNamed: undefined,
};

/** Parses a filter's or test's name, which may be qualified: `ansible.utils.ipaddr`. */
export function parseDottedName(cursor: Cursor, what: string): { name: string; at: number } {
  const { text, at } = cursor.name(what);
  let name = text;
  while (cursor.at('.') && cursor.following.type === 'name') {
    cursor.next();
    name += `.${cursor.next().text}`;
  }
  return { name, at };
}

function parseFilters(cursor: Cursor, start: Expression): Expression {
  let node = start;
  for (;;) {
    if (cursor.take('|')) {
      const { name, at } = parseDottedName(cursor, "a filter's name");
      const args = cursor.at('(') ? parseArguments(cursor) : NO_ARGUMENTS;
      node = { kind: 'filter', at, name, target: node, args };
    } else if (cursor.atWord('is')) {
      node = parseTest(cursor, node);
    } else if (cursor.at('(')) {
      node = { kind: 'call', at: cursor.now.at, target: node, args: parseArguments(cursor) };
    } else {
      return node;
    }
  }
}

function parseTest(cursor: Cursor, target: Expression): Expression {
  cursor.next();
  const negated = cursor.takeWord('not');
  const { name, at } = parseDottedName(cursor, "a test's name");
  const args = cursor.at('(') ? parseArguments(cursor) : bareArgument(cursor);
  return { kind: 'test', at, name, target, args, negated };
}

const NOT_ARGUMENTS = new Set(['else', 'or', 'and', 'is', 'if', 'in', 'not', 'recursive']);

/** A test may have one argument without parentheses: `is divisibleby 3`. */
function bareArgument(cursor: Cursor): Arguments {
  const { now } = cursor;
  const begins =
    now.type === 'string' ||
    now.type === 'number' ||
    (now.type === 'operator' && (now.text === '[' || now.text === '{')) ||
    (now.type === 'name' && !NOT_ARGUMENTS.has(now.text));
  if (!begins) return NO_ARGUMENTS;
  return { ...NO_ARGUMENTS, positional: [parsePostfix(cursor, parsePrimary(cursor))] };
}
