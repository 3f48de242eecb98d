/** Reading JSON without losing what JavaScript's reader does: the kinds of numbers, and the order of keys. */
import { isMapping, namesOf, put } from './mapping.ts';
import { Float, integerOf } from './numbers.ts';

/** Stands before keys that an object would put first, until they are put in order. No key of real data begins with it. */
const MARK = '\u0001';

/** Reads JSON: `1.0` is a float, integers of any size are exact, keys keep their order. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  // Inside a text of the JSON a quote has a backslash before it: only keys match.
  const marked = text.replace(/"(\d+)"(?=\s*:)/g, `"\\u0001$1"`);
  return JSON.parse(marked, revived);
}

/** The reviver's third argument holds the number as it was written (Node 22 and later). */
function revived(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === 'number' && context?.source !== undefined) {
    if (/[.eE]/.test(context.source)) return Number.isInteger(value) ? new Float(value) : value;
    return Number.isSafeInteger(value) ? value : integerOf(BigInt(context.source));
  }
  return isMapping(value) && Object.keys(value).some(needsPut) ? inOrder(value) : value;
}

const needsPut = (name: string): boolean => name.startsWith(MARK) || name === '__proto__';

function inOrder(marked: Record<string, unknown>): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const name of namesOf(marked)) put(made, name.startsWith(MARK) ? name.slice(1) : name, marked[name]);
  return made;
}
