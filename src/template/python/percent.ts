/** `'...' % values`: Python's older text formatting. */
import { isMapping } from '../../values/index.ts';
import { TemplateFault } from '../faults.ts';
import { isFloat, Tuple, typeName } from './kinds.ts';
import { numeric } from './logic.ts';
import { realDigits } from './spec.ts';
import { ascii, capText, repr, str } from './text.ts';

const CONVERSION = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([a-zA-Z%])?/g;

/** Gives `text % values`. A tuple fills the conversions in turn, a mapping fills the named ones, anything else the only one. */
export function percentFormat(text: string, values: unknown): string {
  const queue = values instanceof Tuple ? [...values] : [values];
  let used = 0;
  const next = (): unknown => {
    if (used >= queue.length) throw new TemplateFault('not enough arguments for format string');
    return queue[used++];
  };
  const made = text.replace(CONVERSION, (_, name, flags, width, precision, type) => {
    if (type === '%') return '%';
    if (type === undefined) throw new TemplateFault('incomplete format');
    const wide = width === '*' ? Number(next()) : Number(width ?? 0);
    const exact =
      precision === '*' ? Number(next()) : precision === undefined ? undefined : Number(precision);
    if (wide > 1_000_000 || (exact ?? 0) > 1_000_000) throw new TemplateFault('the format is too wide');
    const value = name === undefined ? next() : named(values, name);
    if (name !== undefined) used = queue.length;
    return field(convert(value, type, exact, flags), flags, wide, type);
  });
  if (
    used < queue.length &&
    !isMapping(values) &&
    !(Array.isArray(values) && !(values instanceof Tuple) && used === 0 && queue.length === 1)
  )
    throw new TemplateFault('not all arguments converted during string formatting');
  return capText(made);
}

function named(values: unknown, name: string): unknown {
  if (!isMapping(values)) throw new TemplateFault('format requires a mapping');
  if (!Object.hasOwn(values, name))
    throw new TemplateFault(`the format names "${name}", which is not among the values`);
  return values[name];
}

function convert(value: unknown, type: string, precision: number | undefined, flags: string): string {
  if (type === 's') return cut(str(value), precision);
  if (type === 'r') return cut(repr(value), precision);
  if (type === 'a') return cut(ascii(value), precision);
  if (type === 'c')
    return typeof value === 'string' ? value : String.fromCodePoint(Number(numeric(value) ?? 0));
  const number = numeric(value);
  if (number === undefined) {
    const wanted = 'diu'.includes(type)
      ? `%${type} format: a real number is required`
      : `%${type} format: an integer is required`;
    throw new TemplateFault(
      `${'eEfFgG'.includes(type) ? 'must be real number' : wanted}, not ${typeName(value)}`,
    );
  }
  const sign = number < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const size = typeof number === 'bigint' ? (number < 0n ? -number : number) : Math.abs(number);
  if ('eEfFgG'.includes(type))
    return (
      sign + realDigits(Number(size), { type, precision: precision ?? 6, alternate: flags.includes('#') })
    );
  return sign + whole(value, size, type, flags).padStart(precision ?? 0, '0');
}

function whole(value: unknown, size: number | bigint, type: string, flags: string): string {
  const digits = typeof size === 'number' ? BigInt(Math.trunc(size)) : size;
  if ('diu'.includes(type)) return digits.toString();
  if (isFloat(value)) throw new TemplateFault(`%${type} format: an integer is required, not float`);
  if (type === 'x') return (flags.includes('#') ? '0x' : '') + digits.toString(16);
  if (type === 'X') return (flags.includes('#') ? '0X' : '') + digits.toString(16).toUpperCase();
  if (type === 'o') return (flags.includes('#') ? '0o' : '') + digits.toString(8);
  throw new TemplateFault(`unsupported format character '${type}'`);
}

const cut = (text: string, precision: number | undefined): string =>
  precision === undefined ? text : Array.from(text).slice(0, precision).join('');

function field(text: string, flags: string, width: number, type: string): string {
  const missing = width - Array.from(text).length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0') || 'sra'.includes(type)) return ' '.repeat(missing) + text;
  const sign = /^[-+ ]?/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}
