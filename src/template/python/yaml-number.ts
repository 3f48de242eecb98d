/** Values that are no text, as YAML 1.1 writes them. */
import { floatText, numberText } from '../../values/index.ts';
import { isFloat } from './kinds.ts';

/** Gives null, a boolean or a number as YAML. */
export function simpleScalar(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (isFloat(value)) return realText(value.valueOf());
  return typeof value === 'number' ? numberText(value) : String(value);
}

function realText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = floatText(value);
  return text.includes('.') || !text.includes('e') ? text : text.replace('e', '.0e');
}
