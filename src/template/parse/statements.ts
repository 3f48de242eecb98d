/** The statements of Jinja: one parser per tag. */
import type { Expression, FilterStep, MacroParameter, Statement, Target } from '../ast.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression, parseTuple } from './expression.ts';
import { NO_ARGUMENTS, parseArguments, parseDottedName } from './postfix.ts';

/** Reads statements up to one of the ending tags. Throws TemplateFault when the template ends first. */
export interface BodyReader {
  body(
    word: string,
    at: number,
    endings: readonly string[],
  ): { statements: Statement[]; word: string; at: number; cursor: Cursor };
}

type StatementParser = (cursor: Cursor, at: number, reader: BodyReader) => Statement;

const parseIf: StatementParser = (cursor, at, reader) => {
  const branches: { test: Expression; body: readonly Statement[] }[] = [];
  let test = parseTuple(cursor);
  cursor.expectEnd();
  for (;;) {
    const part = reader.body('if', at, ['elif', 'else', 'endif']);
    branches.push({ test, body: part.statements });
    if (part.word === 'elif') {
      test = parseTuple(part.cursor);
      part.cursor.expectEnd();
      continue;
    }
    part.cursor.expectEnd();
    if (part.word === 'endif') return { kind: 'if', at, branches, otherwise: [] };
    const last = reader.body('if', at, ['endif']);
    last.cursor.expectEnd();
    return { kind: 'if', at, branches, otherwise: last.statements };
  }
};

const parseFor: StatementParser = (cursor, at, reader) => {
  const target = parseTarget(cursor, false);
  cursor.expectWord('in');
  const items = parseTuple(cursor, false);
  const filter = cursor.takeWord('if') ? parseExpression(cursor) : undefined;
  const recursive = cursor.takeWord('recursive');
  cursor.expectEnd();
  const part = reader.body('for', at, ['else', 'endfor']);
  part.cursor.expectEnd();
  let otherwise: readonly Statement[] = [];
  if (part.word === 'else') {
    const last = reader.body('for', at, ['endfor']);
    last.cursor.expectEnd();
    otherwise = last.statements;
  }
  return { kind: 'for', at, target, items, filter, recursive, body: part.statements, otherwise };
};

function parseTarget(cursor: Cursor, withAttributes: boolean): Target {
  const { at } = cursor.now;
  const first = parseSingleTarget(cursor, withAttributes);
  if (!cursor.at(',')) return first;
  const items = [first];
  while (cursor.take(',')) {
    if (cursor.atWord('in') || cursor.at('=') || cursor.at(')')) break;
    items.push(parseSingleTarget(cursor, withAttributes));
  }
  return { kind: 'tuple', at, items };
}

function parseSingleTarget(cursor: Cursor, withAttributes: boolean): Target {
  if (cursor.take('(')) {
    const inner = parseTarget(cursor, withAttributes);
    cursor.expect(')');
    return inner;
  }
  const { text: name, at } = cursor.name('a name');
  if (withAttributes && cursor.take('.'))
    return { kind: 'attribute', at, object: name, name: cursor.name("an attribute's name").text };
  return { kind: 'name', at, name };
}

function parseFilterChain(cursor: Cursor, firstBare: boolean): FilterStep[] {
  const steps: FilterStep[] = [];
  while (firstBare && steps.length === 0 ? !cursor.ended : cursor.take('|')) {
    const { name, at } = parseDottedName(cursor, "a filter's name");
    steps.push({ name, at, args: cursor.at('(') ? parseArguments(cursor) : NO_ARGUMENTS });
  }
  return steps;
}

const parseSet: StatementParser = (cursor, at, reader) => {
  const target = parseTarget(cursor, true);
  if (cursor.take('=')) {
    const value = parseTuple(cursor);
    cursor.expectEnd();
    return { kind: 'set', at, target, value };
  }
  const filters = parseFilterChain(cursor, false);
  cursor.expectEnd();
  const part = reader.body('set', at, ['endset']);
  part.cursor.expectEnd();
  return { kind: 'capture', at, target, filters, body: part.statements };
};

const parseWith: StatementParser = (cursor, at, reader) => {
  const bindings: { target: Target; value: Expression }[] = [];
  while (!cursor.ended) {
    const target = parseSingleTarget(cursor, false);
    cursor.expect('=');
    bindings.push({ target, value: parseExpression(cursor) });
    if (!cursor.take(',')) break;
  }
  cursor.expectEnd();
  const part = reader.body('with', at, ['endwith']);
  part.cursor.expectEnd();
  return { kind: 'with', at, bindings, body: part.statements };
};

function parseParameters(cursor: Cursor): MacroParameter[] {
  const parameters: MacroParameter[] = [];
  cursor.expect('(');
  while (!cursor.at(')')) {
    const name = cursor.name("a parameter's name").text;
    parameters.push({ name, initial: cursor.take('=') ? parseExpression(cursor) : undefined });
    if (!cursor.take(',')) break;
  }
  cursor.expect(')');
  return parameters;
}

const parseMacro: StatementParser = (cursor, at, reader) => {
  const { text: name } = cursor.name("the macro's name");
  const parameters = parseParameters(cursor);
  cursor.expectEnd();
  const part = reader.body('macro', at, ['endmacro']);
  if (part.cursor.now.type === 'name') part.cursor.next();
  part.cursor.expectEnd();
  return { kind: 'macro', at, name, parameters, body: part.statements };
};

const parseCall: StatementParser = (cursor, at, reader) => {
  const parameters = cursor.at('(') ? parseParameters(cursor) : [];
  const call = parseExpression(cursor);
  if (call.kind !== 'call') cursor.fail('"call" needs a call of a macro', call.at);
  cursor.expectEnd();
  const part = reader.body('call', at, ['endcall']);
  part.cursor.expectEnd();
  return { kind: 'callblock', at, parameters, call, body: part.statements };
};

const parseFilterBlock: StatementParser = (cursor, at, reader) => {
  const filters = parseFilterChain(cursor, true);
  if (filters.length === 0) cursor.fail("expected a filter's name");
  cursor.expectEnd();
  const part = reader.body('filter', at, ['endfilter']);
  part.cursor.expectEnd();
  return { kind: 'filterblock', at, filters, body: part.statements };
};

const parseBlock: StatementParser = (cursor, at, reader) => {
  const { text: name } = cursor.name("the block's name");
  let required = false;
  let scoped = false;
  while (cursor.now.type === 'name') {
    const word = cursor.next().text;
    if (word === 'required') required = true;
    else if (word === 'scoped') scoped = true;
    else cursor.fail(`unexpected "${word}"`);
  }
  cursor.expectEnd();
  const part = reader.body('block', at, ['endblock']);
  if (part.cursor.now.type === 'name') {
    const closing = part.cursor.next();
    if (closing.text !== name)
      part.cursor.fail(`"endblock ${closing.text}" closes the block "${name}"`, closing.at);
  }
  part.cursor.expectEnd();
  return { kind: 'block', at, name, required, scoped, body: part.statements };
};

/** Reads `with context` or `without context` when it stands there. */
function parseContext(cursor: Cursor, initial: boolean): boolean {
  const isMark = (cursor.atWord('with') || cursor.atWord('without')) && cursor.following.text === 'context';
  if (!isMark) return initial;
  const withContext = cursor.next().text === 'with';
  cursor.next();
  return withContext;
}

const parseInclude: StatementParser = (cursor, at) => {
  const template = parseExpression(cursor);
  let ignoreMissing = false;
  if (cursor.takeWord('ignore')) {
    cursor.expectWord('missing');
    ignoreMissing = true;
  }
  const withContext = parseContext(cursor, true);
  cursor.expectEnd();
  return { kind: 'include', at, template, ignoreMissing, withContext };
};

const parseImport: StatementParser = (cursor, at) => {
  const template = parseExpression(cursor);
  cursor.expectWord('as');
  const alias = cursor.name('a name').text;
  const withContext = parseContext(cursor, false);
  cursor.expectEnd();
  return { kind: 'import', at, template, alias, withContext };
};

const parseFrom: StatementParser = (cursor, at) => {
  const template = parseExpression(cursor);
  cursor.expectWord('import');
  const names: { name: string; alias: string }[] = [];
  let withContext = false;
  while (!cursor.ended) {
    if ((cursor.atWord('with') || cursor.atWord('without')) && cursor.following.text === 'context') {
      withContext = parseContext(cursor, false);
      break;
    }
    const name = cursor.name('a name').text;
    names.push({ name, alias: cursor.takeWord('as') ? cursor.name('a name').text : name });
    if (!cursor.take(',') && !cursor.atWord('with') && !cursor.atWord('without')) break;
  }
  cursor.expectEnd();
  return { kind: 'from', at, template, names, withContext };
};

/** Parsers by the word that begins a tag. */
export const STATEMENTS: Readonly<Record<string, StatementParser>> = {
  if: parseIf,
  for: parseFor,
  set: parseSet,
  with: parseWith,
  macro: parseMacro,
  call: parseCall,
  filter: parseFilterBlock,
  block: parseBlock,
  include: parseInclude,
  import: parseImport,
  from: parseFrom,
  extends: (cursor, at) => {
    const template = parseExpression(cursor);
    cursor.expectEnd();
    return { kind: 'extends', at, template };
  },
  do: (cursor, at) => {
    const value = parseTuple(cursor);
    cursor.expectEnd();
    return { kind: 'do', at, value };
  },
  break: (cursor, at) => {
    cursor.expectEnd();
    return { kind: 'break', at };
  },
  continue: (cursor, at) => {
    cursor.expectEnd();
    return { kind: 'continue', at };
  },
};
