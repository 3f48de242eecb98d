import { CutoverError, ErrorList, type SourcePosition } from '../errors/index.ts';
import { parseYaml, positionOf } from '../source/index.ts';
import { isMapping, parseJson, put } from '../values/index.ts';
import type { SourceText } from './source-text.ts';

/**
 * A fast reader for the YAML that large inventories are made of: block mappings of plain words, numbers and short flow
 * mappings. Sixty thousand hosts take the general parser several seconds, and this one a fraction of one. Whatever is
 * not plain goes to the general parser, block by block, so that both give the same data.
 */

/** Data, and where its parts stand. */
export interface PlainYaml {
  readonly data: unknown;
  locate(container: object, key?: string | number, part?: 'key' | 'value'): SourcePosition | undefined;
}

/** Below this many letters the general parser is fast enough. */
export const LARGE = 64 * 1024;

const KEY = String.raw`(?:[A-Za-z0-9_][\w.\-]*(?:\[[\w:.\-]+\][\w.\-]*)*|"[^"\\]*"|'[^']*')`;
const LINE = new RegExp(`^( *)(${KEY}):(?: +(.*?))?(?: +#.*)? *$`);
const WORD = /^[A-Za-z_/][\w./@+-]*$/;
const SPECIAL = /^(?:true|false|null|yes|no|on|off)$/i;
const VALUE = String.raw`[\w./@+-]+|"[^"\\]*"|'[^']*'`;
const FLOW = new RegExp(`^\\{ *(?:${KEY}: +(?:${VALUE})(?: *, *${KEY}: +(?:${VALUE}))*)? *\\}$`);
const FLOW_ITEM = new RegExp(`(${KEY}): +(${VALUE})`, 'g');

/** Thrown to give the whole file to the general parser. */
const NOT_PLAIN = new Error('not plain');
/** A value that only the general parser can read. */
const HARD = Symbol('hard');

/** Reads a file of plain YAML; undefined when it is not plain enough, or broken. Throws ErrorList for keys written twice. */
export function readPlainYaml(source: SourceText): PlainYaml | undefined {
  if (source.text.trimStart().startsWith('{')) return readJson(source);
  // Anchors reach across blocks, and tabs and further documents need the general parser's errors.
  if (/\t|^<<|[ {]<<:|(?:^|[ ,[{])[&*]\w|^(?:%|\.\.\.)/m.test(source.text)) return undefined;
  try {
    return new PlainReader(source).read();
  } catch (thrown) {
    if (thrown === NOT_PLAIN) return undefined;
    throw thrown;
  }
}

/** JSON that the engine's own parser takes has no places: an error in it names the file. */
function readJson(source: SourceText): PlainYaml | undefined {
  try {
    const data = parseJson(source.text);
    return { data, locate: () => ({ file: source.file, line: 1, column: 1 }) };
  } catch {
    return undefined;
  }
}

interface Row {
  readonly indent: number;
  readonly key: string;
  readonly value: string;
}

class PlainReader {
  private readonly source: SourceText;
  private readonly lines: readonly string[];
  /** Line numbers, from 0, of the keys of each container. */
  private readonly places = new WeakMap<object, ReadonlyMap<string, number>>();
  private readonly twice: CutoverError[] = [];
  private at = 0;

  constructor(source: SourceText) {
    this.source = source;
    this.lines = source.text.split(/\r?\n/);
  }

  read(): PlainYaml | undefined {
    this.skipBlank();
    if (this.lines[this.at]?.trimEnd() === '---') this.at++;
    this.skipBlank();
    const first = this.lines[this.at];
    if (first === undefined || first.startsWith(' ')) return undefined;
    const data = this.mapping(0);
    if (this.at < this.lines.length) throw NOT_PLAIN;
    if (this.twice.length > 0) throw new ErrorList(this.twice);
    return { data, locate: (container, key, part) => this.locate(container, key, part) };
  }

  private mapping(indent: number): Record<string, unknown> {
    const entries: Record<string, unknown> = {};
    const places = new Map<string, number>();
    this.places.set(entries, places);
    for (this.skipBlank(); this.at < this.lines.length; this.skipBlank()) {
      const start = this.at;
      const row = parseRow(this.lines[start]!);
      if (!row) throw NOT_PLAIN;
      if (row.indent < indent) break;
      if (row.indent > indent) throw NOT_PLAIN;
      if (places.has(row.key)) this.twice.push(this.sameKey(start, indent));
      places.set(row.key, start);
      put(entries, row.key, this.value(row, start));
    }
    return entries;
  }

  private value(row: Row, start: number): unknown {
    this.at++;
    this.skipBlank();
    const next = this.lines[this.at];
    const deeper = next === undefined ? -1 : indentOf(next);
    if (row.value === '') {
      if (deeper > row.indent) return parseRow(next!) ? this.mapping(deeper) : this.general(row, start);
      // A list may stand at the indent of its key.
      return deeper === row.indent && /^ *-(?: |$)/.test(next!) ? this.general(row, start) : null;
    }
    if (deeper > row.indent) return this.general(row, start);
    const value = plainValue(row.value);
    if (value === HARD) return this.general(row, start);
    if (isMapping(value)) this.places.set(value, new Map(Object.keys(value).map((key) => [key, start])));
    return value;
  }

  /** Cuts out an entry with everything below it and hands it to the general parser, at its own place. */
  private general(row: Row, start: number): unknown {
    this.at = start + 1;
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at]!;
      if (line.trim() === '' || indentOf(line) > row.indent) continue;
      if (line.startsWith('#') && row.value === '') continue;
      if (indentOf(line) === row.indent && /^ *-(?: |$)/.test(line) && row.value === '') continue;
      break;
    }
    const text = `${this.lines.slice(start, this.at).join('\n')}\n`;
    let block: unknown;
    try {
      block = parseYaml({ text, file: this.source.file, kind: 'inventory', firstLine: start + 1 });
    } catch {
      throw NOT_PLAIN;
    }
    if (!isMapping(block) || Object.keys(block).length !== 1 || !Object.hasOwn(block, row.key))
      throw NOT_PLAIN;
    return block[row.key];
  }

  private locate(
    container: object,
    key?: string | number,
    part: 'key' | 'value' = 'value',
  ): SourcePosition | undefined {
    const places = this.places.get(container);
    if (!places) return positionOf(container, key, part);
    const index = key === undefined ? places.values().next().value : places.get(String(key));
    if (index === undefined) return undefined;
    const line = this.lines[index]!;
    const name = key === undefined ? undefined : String(key);
    const found = name === undefined ? -1 : keyColumn(line, name);
    const start = found < 0 ? indentOf(line) : found;
    const column = part === 'value' && name !== undefined ? valueColumn(line, start, name) : start;
    return { file: this.source.file, line: index + 1, column: column + 1 };
  }

  private sameKey(index: number, indent: number): CutoverError {
    return new CutoverError('inventory', 'YAML: the same key is written twice in one mapping', {
      position: { file: this.source.file, line: index + 1, column: indent + 1 },
    });
  }

  private skipBlank(): void {
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at]!;
      const first = indentOf(line);
      if (first < line.length && line[first] !== '#') return;
    }
  }
}

function parseRow(line: string): Row | undefined {
  const found = LINE.exec(line);
  if (!found || SPECIAL.test(found[2]!)) return undefined;
  const value = found[3] ?? '';
  return { indent: found[1]!.length, key: unquoted(found[2]!), value: value.startsWith('#') ? '' : value };
}

/** Gives what is certain without the general parser, or HARD. */
function plainValue(text: string): unknown {
  if (WORD.test(text)) return SPECIAL.test(text) ? HARD : text;
  if (/^(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  if (/^\d+(?:\.\d+){2,}$/.test(text)) return text;
  if (/^"[^"\\]*"$/.test(text) || /^'[^']*'$/.test(text)) return unquoted(text);
  return FLOW.test(text) ? flowMapping(text) : HARD;
}

function flowMapping(text: string): unknown {
  const entries: Record<string, unknown> = {};
  for (const [, key, raw] of text.matchAll(FLOW_ITEM)) {
    const name = unquoted(key!);
    const value = plainValue(raw!);
    if (value === HARD || SPECIAL.test(key!) || Object.hasOwn(entries, name)) return HARD;
    put(entries, name, value);
  }
  return entries;
}

function keyColumn(line: string, name: string): number {
  for (let at = line.indexOf(name); at >= 0; at = line.indexOf(name, at + 1)) {
    const quoted = /["']/.test(line[at - 1] ?? '');
    const before = line[at - (quoted ? 2 : 1)] ?? ' ';
    const behind = line[at + name.length + (quoted ? 1 : 0)];
    if (/[ {,]/.test(before) && behind === ':') return at - (quoted ? 1 : 0);
  }
  return -1;
}

function valueColumn(line: string, start: number, name: string): number {
  const colon = line.indexOf(':', start + name.length);
  const blanks = /^:\s*/.exec(line.slice(colon))?.[0].length ?? 1;
  return colon + blanks < line.length ? colon + blanks : start;
}

function indentOf(line: string): number {
  let at = 0;
  while (line[at] === ' ') at++;
  return at;
}

function unquoted(text: string): string {
  return text.startsWith('"') || text.startsWith("'") ? text.slice(1, -1) : text;
}
