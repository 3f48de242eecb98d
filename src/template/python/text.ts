/** `str()` and `repr()` of values, letter for letter as Python prints them. */
import {
  BigInteger,
  floatText,
  isMapping,
  isOmit,
  isUndefined,
  isUnknown,
  keyOf,
  namesOf,
  numberText,
} from '../../values/index.ts';
import { refuseUndefined, TemplateFault, UnknownSignal } from '../faults.ts';
import { PyObject, Tuple } from './kinds.ts';

/** The longest text a template may make, in UTF-16 units. */
export const LONGEST_TEXT = 64 * 1024 * 1024;

/** How far a text is filled up to a width at most. */
export const WIDEST_FILL = 1_000_000;
const DEEPEST = 200;

/** Gives `str(value)`. Throws on something undefined, signals something unknown. */
export function str(value: unknown): string {
  return typeof value === 'string' ? value : repr(value, 0);
}

/** Gives `repr(value)`. */
export function repr(value: unknown, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return reprText(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return numberText(value);
    case 'bigint':
      return String(value);
    case 'undefined':
      return 'None';
    case 'object':
      return value === null ? 'None' : reprObject(value, depth);
    default:
      throw new TemplateFault('a value that is not data cannot become text');
  }
}

function reprObject(value: object, depth: number): string {
  if (depth > DEEPEST) throw new TemplateFault('a value is nested too deeply to become text');
  if (value instanceof Number) return floatText(value.valueOf());
  if (value instanceof BigInteger) return String(value);
  if (Array.isArray(value)) {
    const items = Array.from(value, (item) => repr(item, depth + 1));
    if (value instanceof Tuple) return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
    return `[${items.join(', ')}]`;
  }
  if (isUndefined(value)) refuseUndefined(value);
  if (isUnknown(value)) throw new UnknownSignal(value);
  if (value instanceof PyObject) return depth === 0 ? value.str() : value.repr();
  if (isOmit(value))
    throw new TemplateFault('omit cannot be part of a text', {
      hint: 'use it alone, as the value of an argument',
    });
  if (!isMapping(value)) throw new TemplateFault('a value that is not data cannot become text');
  const parts = namesOf(value).map(
    (name) => `${repr(keyOf(value, name), depth + 1)}: ${repr(value[name], depth + 1)}`,
  );
  return `{${parts.join(', ')}}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const UNPRINTABLE =
  /[\\\u0000-\u001f\u007f-\u00a0\u00ad\u0378\u0379\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff\ue000-\uf8ff\ufeff\ufff0-\ufffb\ufffe\uffff]/gu;

/** Gives `repr()` of a string: single quotes unless it holds one and no double quote. */
function reprText(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  let inner = value.replace(UNPRINTABLE, (character) => {
    const short = ESCAPES[character];
    if (short !== undefined) return short;
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
  if (quote === "'") inner = inner.replaceAll("'", "\\'");
  return quote + inner + quote;
}

/** Gives `ascii(value)`: as `repr`, with every other letter escaped. */
export function ascii(value: unknown): string {
  return repr(value).replace(/[^\x20-\x7e]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const [mark, size] = code < 0x100 ? ['x', 2] : code < 0x10000 ? ['u', 4] : ['U', 8];
    return `\\${mark}${code.toString(16).padStart(size as number, '0')}`;
  });
}

/** Refuses a text that is longer than a template may make. */
export function capText(text: string): string {
  if (text.length > LONGEST_TEXT) throw new TemplateFault('the text grows beyond 64 million characters');
  return text;
}
