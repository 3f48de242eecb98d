import { parse, TomlDate, TomlError } from 'smol-toml';
import { CutoverError, ErrorList, type SourcePosition } from '../errors/index.ts';
import { isMapping } from '../values/index.ts';
import type { InventoryGraph } from './graph.ts';
import { type Locate, readGroups } from './group-document.ts';
import type { SourceText } from './source-text.ts';

/** Reads an inventory in TOML (`[web]` with `hosts`, `vars`, `children`) into the graph. Throws ErrorList with every error of the file. */
export function readToml(source: SourceText, graph: InventoryGraph): void {
  let data: unknown;
  try {
    data = plain(parse(source.text));
  } catch (thrown) {
    if (!(thrown instanceof TomlError)) throw thrown;
    const reason = thrown.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '');
    throw new ErrorList([
      new CutoverError('inventory', `TOML: ${reason}`, {
        position: { file: source.file, line: thrown.line, column: thrown.column },
      }),
    ]);
  }
  readGroups(data, source.file, graph, tomlPositions(data, source));
}

/** Dates become text, as Ansible's JSON shows them. */
function plain(value: unknown): unknown {
  if (value instanceof TomlDate) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/**
 * Says where a key stands, from the lines of the text: table headers and `key =` lines. Keys inside inline tables answer
 * with the line of the table.
 */
function tomlPositions(data: unknown, source: SourceText): Locate {
  const places = scan(source);
  const paths = new WeakMap<object, readonly string[]>();
  const walk = (value: unknown, path: readonly string[]): void => {
    if (typeof value !== 'object' || value === null) return;
    paths.set(value, path);
    for (const [key, item] of Object.entries(value)) walk(item, [...path, key]);
  };
  walk(isMapping(data) ? data : {}, []);
  return (container, key) => {
    const path = [...(paths.get(container) ?? [])];
    if (key !== undefined) path.push(String(key));
    for (; path.length > 0; path.pop()) {
      const place = places.get(JSON.stringify(path));
      if (place) return place;
    }
    return { file: source.file, line: 1, column: 1 };
  };
}

function scan(source: SourceText): Map<string, SourcePosition> {
  const places = new Map<string, SourcePosition>();
  let table: string[] = [];
  source.text.split('\n').forEach((raw, index) => {
    const column = raw.length - raw.trimStart().length + 1;
    const header = /^\s*\[\[?\s*(.+?)\s*\]\]?\s*(?:#.*)?$/.exec(raw);
    const assigned = header
      ? undefined
      : /^\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=/.exec(raw);
    if (!header && !assigned) return;
    const keys = [...(header ?? assigned)![1]!.matchAll(/"([^"]*)"|'([^']*)'|([\w-]+)/g)].map(
      (m) => m[1] ?? m[2] ?? m[3]!,
    );
    if (header) table = keys;
    const path = header ? keys : [...table, ...keys];
    for (let length = path.length; length > 0; length--) {
      const id = JSON.stringify(path.slice(0, length));
      if (!places.has(id)) places.set(id, { file: source.file, line: index + 1, column });
    }
  });
  return places;
}
