import { BigInteger, Float, isMapping, numberText } from '../../values/index.ts';
import { sqlText } from '../postgresql_client/client.ts';

/** Writes a value into a statement; a list becomes an array. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || value instanceof Float || value instanceof BigInteger) {
    const digits = numberText(value);
    return digits.startsWith('-') ? ` ${digits}` : digits;
  }
  if (Array.isArray(value)) return sqlText(arrayText(value));
  return sqlText(isMapping(value) ? JSON.stringify(value) : String(value));
}

function arrayText(values: readonly unknown[]): string {
  const parts = values.map((value) => {
    if (Array.isArray(value)) return arrayText(value);
    if (value === null) return 'NULL';
    const text = typeof value === 'string' ? value : literal(value).trim();
    return typeof value !== 'string' || /^[\w.:-]+$/.test(text)
      ? text
      : `"${text.replace(/[\\"]/g, '\\$&')}"`;
  });
  return `{${parts.join(', ')}}`;
}
