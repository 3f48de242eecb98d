/** Mappings that are written as text: `A=b,C="d e"`, or as JSON and Python print them. */
import { parseYaml } from '../source/index.ts';
import { isMapping } from '../values/index.ts';

/** A comma or a blank parts pairs, but not within quotes or behind a backslash. */
const PAIR = /(?:\\.|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s,"'\\])+/gs;
const PIECE = /\\(.)|["']/gs;

/** Gives the mapping that a text means, or the value itself when it is none. */
export function mappingOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value.trimStart().startsWith('{')) return flowMapping(value) ?? value;
  const pairs = value.match(PAIR) ?? [];
  if (pairs.length === 0 || !pairs.every((pair) => pair.includes('='))) return value;
  return Object.fromEntries(
    pairs.map((pair) => {
      const plain = pair.replace(PIECE, (_, escaped?: string) => escaped ?? '');
      const at = plain.indexOf('=');
      return [plain.slice(0, at), plain.slice(at + 1)];
    }),
  );
}

/** YAML reads what both print. */
function flowMapping(text: string): object | undefined {
  try {
    const read = parseYaml({ file: '', text });
    return isMapping(read) ? read : undefined;
  } catch {
    return undefined;
  }
}
