import { BigInteger, Float, isMapping, numberText } from '../../values/index.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\x1a': '\\Z',
};

/** Writes a value into a statement; a list becomes the brackets of `IN`. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Float || (typeof value === 'number' && !Number.isInteger(value)))
    return `${numberText(value)}e0`;
  if (typeof value === 'number' || value instanceof BigInteger) return numberText(value);
  if (Array.isArray(value)) return `(${value.map(literal).join(',')})`;
  const text = isMapping(value) ? JSON.stringify(value) : String(value);
  return `'${text.replace(/[\\'"]/g, '\\$&').replace(/[^\x20-\uffff]/g, (one) => ESCAPES[one] ?? one)}'`;
}
