/** Parses what follows a value: `.name`, `[index]`, calls, filters and tests. */
import type { Arguments, Expression } from '../ast.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression, parsePrimary } from './expression.ts';

/** Parses what may follow a value: members, subscripts, calls. */
export function parsePostfix(cursor: Cursor, start: Expression): Expression {
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

/** Parses the filters, tests and calls behind a value. */
export function parseFilters(cursor: Cursor, start: Expression): Expression {
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
