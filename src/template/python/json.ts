/** JSON as Python's `json.dumps` writes it. */
import {
  BigInteger,
  floatText,
  isMapping,
  isOmit,
  isUndefined,
  isUnknown,
  type Key,
  keyOf,
  namesOf,
  numberText,
} from '../../values/index.ts';
import { refuseUndefined, TemplateFault, typeFault, UnknownSignal } from '../faults.ts';
import { PyObject, typeName } from './kinds.ts';
import { compare } from './logic.ts';

/** How JSON is laid out: `indent` undefined gives one line. */
export interface JsonLayout {
  readonly indent?: number | undefined;
  readonly sortKeys?: boolean;
  readonly ensureAscii?: boolean;
  readonly itemSeparator?: string;
  readonly keySeparator?: string;
}

/** Gives a value as JSON. */
export function dumpJson(value: unknown, layout: JsonLayout = {}): string {
  return write(value, layout, 0);
}

function write(value: unknown, layout: JsonLayout, depth: number): string {
  if (depth > 200) throw new TemplateFault('the value is nested too deeply for JSON');
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return jsonText(value, layout.ensureAscii ?? true);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return special(value) ?? numberText(value);
  if (value instanceof Number) return special(value.valueOf()) ?? floatText(value.valueOf());
  if (value instanceof BigInteger) return String(value);
  if (value instanceof PyObject) return write(value.plain(), layout, depth + 1);
  if (isUndefined(value)) refuseUndefined(value);
  if (isUnknown(value)) throw new UnknownSignal(value);
  if (isOmit(value)) throw new TemplateFault('omit cannot become JSON');
  if (Array.isArray(value))
    return wrap(
      '[',
      ']',
      Array.from(value, (item) => write(item, layout, depth + 1)),
      layout,
      depth,
    );
  if (!isMapping(value)) throw new TemplateFault('a value that is not data cannot become JSON');
  const names = namesOf(value);
  if (layout.sortKeys) names.sort((a, b) => compare(keyOf(value, a), keyOf(value, b)));
  const colon = layout.keySeparator ?? ': ';
  const parts = names.map(
    (name) =>
      jsonText(keyAsText(keyOf(value, name)), layout.ensureAscii ?? true) +
      colon +
      write(value[name], layout, depth + 1),
  );
  return wrap('{', '}', parts, layout, depth);
}

/** JSON has text keys only: numbers, booleans and null become text. */
function keyAsText(key: Key): string {
  if (typeof key === 'string') return key;
  if (Array.isArray(key))
    return typeFault(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
  return write(key, {}, 0);
}

function special(value: number): string | undefined {
  if (Number.isFinite(value)) return undefined;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

function wrap(open: string, close: string, parts: string[], layout: JsonLayout, depth: number): string {
  if (parts.length === 0) return open + close;
  if (layout.indent === undefined) return open + parts.join(layout.itemSeparator ?? ', ') + close;
  const inner = `\n${' '.repeat(layout.indent * (depth + 1))}`;
  return (
    open +
    inner +
    parts.join((layout.itemSeparator ?? ',') + inner) +
    `\n${' '.repeat(layout.indent * depth)}` +
    close
  );
}

function jsonText(text: string, ascii: boolean): string {
  const quoted = JSON.stringify(text);
  if (!ascii) return quoted;
  return quoted.replace(/[\x7f-\uffff]/g, (unit) =>
    unit === '\x7f' ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
