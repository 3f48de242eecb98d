/** What an expression is certain to give, whatever its variables hold. */
import type { Expression } from './ast.ts';
import { Cursor } from './parse/cursor.ts';
import { parseTuple } from './parse/expression.ts';
import { readTokens } from './parse/tokens.ts';

/** A kind of value that is no boolean, in words for a message. Texts are none of them: `true` in one counts as a boolean. */
export type PlainKind = 'a number' | 'a list' | 'a mapping' | 'null, or what it finds' | 'a fixed text';

const KIND_OF_FILTER: Readonly<Record<string, PlainKind>> = {
  ...each('a number', 'length', 'count', 'int', 'float', 'abs', 'round'),
  ...each(
    'a list',
    'list',
    'sort',
    'unique',
    'map',
    'select',
    'reject',
    'selectattr',
    'rejectattr',
    'flatten',
  ),
  ...each('a list', 'split', 'union', 'intersect', 'difference', 'symmetric_difference', 'dict2items', 'zip'),
  ...each('a mapping', 'combine', 'items2dict', 'from_ini'),
  ...each('null, or what it finds', 'regex_search'),
};

function each(kind: PlainKind, ...filters: readonly string[]): Record<string, PlainKind> {
  return Object.fromEntries(filters.map((filter) => [filter, kind]));
}

/** Comparisons, tests and negations give booleans; with one of them somewhere it is left to the run. */
const MAY_BE_BOOLEAN = /[=<>]|\b(?:is|in|not|if)\b/;

/** Gives the kind of value that an expression is certain to have where that is no boolean; undefined where it may be one, or cannot be parsed. */
export function certainKind(expression: string): PlainKind | undefined {
  if (MAY_BE_BOOLEAN.test(expression)) return undefined;
  try {
    const cursor = new Cursor(readTokens(expression, 0, undefined, false)!.tokens);
    const node = parseTuple(cursor);
    cursor.expectEnd();
    return kindOf(node);
  } catch {
    return undefined;
  }
}

function kindOf(node: Expression): PlainKind | undefined {
  switch (node.kind) {
    case 'constant':
      if (typeof node.value === 'string')
        return /^\s*(?:true|false)\s*$/i.test(node.value) ? undefined : 'a fixed text';
      return typeof node.value === 'number' ? 'a number' : undefined;
    case 'list':
    case 'tuple':
      return 'a list';
    case 'dict':
      return 'a mapping';
    case 'filter':
      return Object.hasOwn(KIND_OF_FILTER, node.name) ? KIND_OF_FILTER[node.name] : undefined;
    case 'and':
    case 'or':
      return kindOf(node.left) && kindOf(node.right);
    default:
      return undefined;
  }
}
