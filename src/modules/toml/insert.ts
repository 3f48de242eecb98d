import { type KeyPath, type Statement, scanToml } from './scan.ts';
import { isTable, tomlKey, tomlValue } from './value.ts';

/**
 * Gives the text with one more key, table or array element, next to what it belongs to: a key after the last one of its
 * section, an element after the last one of its array, a table after its nearest relative, or else at the end.
 * Undefined when the place is inside an inline value, which has to be rewritten as a whole.
 */
export function insertToml(text: string, path: KeyPath, value: unknown): string | undefined {
  const statements = scanToml(text);
  if (insideInline(statements, path)) return undefined;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const tables = isTable(value) || (Array.isArray(value) && value.length > 0 && value.every(isTable));
  const dotted = dottedHome(statements, path);
  if (dotted) return insertPairs(text, statements, dotted, leaves(path.slice(dotted.length), value), end);
  if (tables) return insertBlock(text, statements, path, block(path, value), end);
  const parent = path.slice(0, -1);
  const pair = [`${tomlKey(String(path.at(-1)))} = ${tomlValue(value)}`];
  if (parent.length === 0 || sectionExists(statements, parent))
    return insertPairs(text, statements, parent, pair, end);
  return insertBlock(text, statements, parent, [[header(parent), ...pair]], end);
}

const startsWith = (path: KeyPath, prefix: KeyPath) => prefix.every((step, index) => path[index] === step);

const samePath = (a: KeyPath, b: KeyPath) => a.length === b.length && startsWith(a, b);

/** A pair whose path is a beginning of this one holds an inline table or array. */
function insideInline(statements: readonly Statement[], path: KeyPath): boolean {
  return statements.some(
    ({ kind, path: set }) => kind === 'pair' && set.length < path.length && startsWith(path, set),
  );
}

/** The section in which a parent of this path is made by dotted keys: such a table cannot get a header of its own. */
function dottedHome(statements: readonly Statement[], path: KeyPath): KeyPath | undefined {
  for (let length = path.length - 1; length > 0; length--) {
    const parent = path.slice(0, length);
    const maker = statements.find(
      (one) =>
        one.kind === 'pair' &&
        one.section.length < length &&
        one.path.length > length &&
        startsWith(one.path, parent),
    );
    if (maker) return maker.section;
  }
  return undefined;
}

function sectionExists(statements: readonly Statement[], path: KeyPath): boolean {
  return statements.some(
    (one) => (one.kind === 'table' || one.kind === 'element') && samePath(one.path, path),
  );
}

/** Dotted pairs for everything in a value. */
function leaves(path: KeyPath, value: unknown): string[] {
  if (isTable(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, inner]) => leaves([...path, key], inner));
  }
  return [`${path.map((step) => tomlKey(String(step))).join('.')} = ${tomlValue(value)}`];
}

const names = (path: KeyPath) => path.filter((step) => typeof step === 'string').map((name) => tomlKey(name));

const header = (path: KeyPath) => `[${names(path).join('.')}]`;

/** The lines of a table, its subtables, or the elements of an array: one list for each section. */
function block(path: KeyPath, value: unknown): string[][] {
  if (Array.isArray(value)) return value.flatMap((element, index) => block([...path, index], element));
  const table = value as Record<string, unknown>;
  const isSection = (inner: unknown) =>
    isTable(inner) || (Array.isArray(inner) && inner.length > 0 && inner.every(isTable));
  const entries = Object.entries(table);
  const own = entries
    .filter(([, inner]) => !isSection(inner))
    .map(([key, inner]) => `${tomlKey(key)} = ${tomlValue(inner)}`);
  const below = entries
    .filter(([, inner]) => isSection(inner))
    .flatMap(([key, inner]) => block([...path, key], inner));
  const element = typeof path.at(-1) === 'number';
  const head = element ? `[${header(path)}]` : header(path);
  return element || own.length > 0 || below.length === 0 ? [[head, ...own], ...below] : below;
}

function insertPairs(
  text: string,
  statements: readonly Statement[],
  section: KeyPath,
  pairs: readonly string[],
  end: string,
): string {
  const last = statements.findLast(
    (one) =>
      samePath(one.section, section) &&
      (one.kind === 'pair' || (section.length > 0 && one.kind !== 'comment' && one.kind !== 'blank')),
  );
  const at = last ? last.end : topOf(statements);
  const indent = last?.kind === 'pair' ? (/^[ \t]*/.exec(text.slice(last.start))?.[0] ?? '') : '';
  const after = last === undefined && text.slice(at).trim() !== '' ? end : '';
  return splice(text, at, pairs.map((pair) => `${indent}${pair}${end}`).join('') + after, end);
}

/** Where a first key of the root goes: below the comments that the file begins with. */
function topOf(statements: readonly Statement[]): number {
  const heading = statements.findIndex(({ kind }) => kind !== 'comment');
  return statements[heading]?.kind === 'blank' ? statements[heading]!.end : 0;
}

function insertBlock(
  text: string,
  statements: readonly Statement[],
  path: KeyPath,
  sections: readonly string[][],
  end: string,
): string {
  const at = afterRelatives(statements, path) ?? text.length;
  const lines = sections.map((section) => section.map((line) => `${line}${end}`).join('')).join(end);
  const gap = at === 0 || text.slice(0, at).endsWith(`${end}${end}`) ? '' : end;
  const trail = at < text.length && !/^\r?\n/.test(text.slice(at)) ? end : '';
  return splice(text, at, `${gap}${lines}${trail}`, end);
}

/** The end of the last section that shares the longest beginning of the path. */
function afterRelatives(statements: readonly Statement[], path: KeyPath): number | undefined {
  for (let length = path.length - 1; length > 0; length--) {
    const prefix = path.slice(0, length);
    const last = statements.findLast(
      (one) =>
        one.kind !== 'comment' &&
        one.kind !== 'blank' &&
        one.section.length >= length &&
        startsWith(one.section, prefix),
    );
    if (last) return last.end;
  }
  return undefined;
}

function splice(text: string, at: number, addition: string, end: string): string {
  const before = text.slice(0, at);
  const closed = before === '' || before.endsWith('\n') ? before : `${before}${end}`;
  return closed + addition + text.slice(at);
}

/** Gives the text without one element of an array of tables, its subtables, and the comment right above it. */
export function removeElement(text: string, path: KeyPath): string {
  const statements = scanToml(text);
  const own = (one: Statement) =>
    one.kind !== 'comment' && one.kind !== 'blank' && startsWith(one.section, path);
  const first = statements.findIndex(own);
  const last = statements.findLastIndex(own);
  if (first < 0) return text;
  let from = first;
  while (from > 0 && statements[from - 1]!.kind === 'comment') from--;
  // A blank line before goes along, so that two sections stay one blank line apart.
  const start =
    from > 0 && statements[from - 1]!.kind === 'blank'
      ? statements[from - 1]!.start
      : statements[from]!.start;
  return text.slice(0, start) + text.slice(statements[last]!.end);
}
