/** Python's format specification (`{:>10.2f}`, `%05d`): one number or text laid out in a field. */
import { floatText } from '../../values/index.ts';
import { TemplateFault } from '../faults.ts';
import { isFloat, isInt, typeName } from './kinds.ts';
import { known, numeric } from './logic.ts';
import { str } from './text.ts';

interface Spec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

const WIDEST = 1_000_000;
const PATTERN = /^(?:(.)?([<>=^]))?([-+ ]?)(#?)(0?)(\d*)([,_]?)(?:\.(\d+))?([a-zA-Z%]?)$/su;

/** Gives `format(value, spec)`. */
export function formatValue(value: unknown, spec: string): string {
  known(value);
  if (spec === '') return str(value);
  const read = readSpec(spec);
  const number = typeof value === 'string' ? undefined : numeric(value);
  const asNumber = number !== undefined && !(typeof value === 'boolean' && read.type === '');
  if (!asNumber) {
    if (typeof value === 'object')
      throw new TemplateFault(`unsupported format string passed to ${typeName(value)}.__format__`);
    if (read.type !== '' && read.type !== 's')
      throw new TemplateFault(`Unknown format code '${read.type}' for object of type '${typeName(value)}'`);
    const text = str(value);
    const cut = read.precision === undefined ? text : Array.from(text).slice(0, read.precision).join('');
    return pad(cut, '', { ...read, align: read.align || '<' });
  }
  const { sign, digits } = layOut(value, number, read);
  return pad(digits, sign, { ...read, align: read.align || '>' });
}

function readSpec(spec: string): Spec {
  const match = PATTERN.exec(spec);
  if (!match) throw new TemplateFault(`Invalid format specifier '${spec}'`);
  const [, fill, align, sign, alternate, zero, width, grouping, precision, type] = match;
  if (Number(width) > WIDEST || Number(precision ?? 0) > WIDEST)
    throw new TemplateFault(`the format '${spec}' is too wide`);
  return {
    fill: fill ?? (zero ? '0' : ' '),
    align: align ?? (zero ? '=' : ''),
    sign: sign ?? '',
    alternate: alternate === '#',
    width: Number(width),
    grouping: grouping ?? '',
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? '',
  };
}

function layOut(value: unknown, number: number | bigint, spec: Spec): { sign: string; digits: string } {
  const negative = number < 0 || Object.is(number, -0);
  const magnitude = typeof number === 'bigint' ? (negative ? -number : number) : Math.abs(number);
  const sign = negative ? '-' : spec.sign === '-' ? '' : spec.sign;
  const digits = group(numberDigits(value, magnitude, spec), spec);
  return { sign: sign + prefix(spec), digits };
}

function prefix(spec: Spec): string {
  if (!spec.alternate) return '';
  return { x: '0x', X: '0X', o: '0o', b: '0b' }[spec.type] ?? '';
}

function numberDigits(value: unknown, magnitude: number | bigint, spec: Spec): string {
  const radix = { x: 16, X: 16, o: 8, b: 2, d: 10, c: 10, n: 10 }[spec.type];
  if (radix !== undefined) {
    if (isFloat(value))
      throw new TemplateFault(`Unknown format code '${spec.type}' for object of type 'float'`);
    if (spec.type === 'c') return String.fromCodePoint(Number(magnitude));
    const text = magnitude.toString(radix);
    return spec.type === 'X' ? text.toUpperCase() : text;
  }
  if (spec.type === '' && (isInt(value) || typeof value === 'boolean')) return String(magnitude);
  return realDigits(Number(magnitude), spec);
}

/** Lays a float out in one of Python's styles f, e, g and %. */
export function realDigits(magnitude: number, spec: Pick<Spec, 'type' | 'precision' | 'alternate'>): string {
  const { type } = spec;
  if (!Number.isFinite(magnitude)) return floatText(magnitude);
  switch (type) {
    case 'f':
    case 'F':
      return fixed(magnitude, spec.precision ?? 6);
    case '%':
      return `${fixed(magnitude * 100, spec.precision ?? 6)}%`;
    case 'e':
    case 'E': {
      const text = exponent(scientificText(magnitude, Math.min(spec.precision ?? 6, 100)));
      return type === 'E' ? text.toUpperCase() : text;
    }
    case 'g':
    case 'G': {
      const text = general(magnitude, spec.precision ?? 6, spec.alternate);
      return type === 'G' ? text.toUpperCase() : text;
    }
    case '':
      if (spec.precision === undefined) return floatText(magnitude);
      return withPoint(general(magnitude, spec.precision, false));
    default:
      throw new TemplateFault(`Unknown format code '${type}' for object of type 'float'`);
  }
}

const withPoint = (text: string): string => (/[.e]/.test(text) ? text : `${text}.0`);
const exponent = (text: string): string => text.replace(/e([-+])(\d)$/, 'e$10$2');

/** Gives a number with a fixed count of decimals, rounded half to even on its exact binary value as C does. */
export function fixed(value: number, decimals: number): string {
  if (Math.abs(value) >= 1e21)
    return BigInt(value).toString() + (decimals > 0 ? `.${'0'.repeat(decimals)}` : '');
  if (decimals > 100) return value.toFixed(100) + '0'.repeat(decimals - 100);
  const text = value.toFixed(decimals);
  // toFixed rounds an exact tie up; C rounds it to even. A tie is exact only when twice the scaled value is a whole number.
  const scaled = value * 10 ** decimals;
  if (
    decimals < 16 &&
    Number.isInteger(scaled * 2) &&
    !Number.isInteger(scaled) &&
    scaled / 10 ** decimals === value &&
    isTie(value, decimals)
  ) {
    const down = Math.floor(Math.abs(scaled));
    const even = down % 2 === 0 ? down : down + 1;
    return ((Math.sign(value) * even) / 10 ** decimals).toFixed(decimals);
  }
  return text;
}

/** Whether the exact decimal expansion of a number stops with a 5 right behind the wanted decimals. */
function isTie(value: number, decimals: number): boolean {
  return /^50*$/.test(
    value
      .toFixed(Math.min(100, decimals + 40))
      .split('.')[1]
      ?.slice(decimals) ?? '',
  );
}

/** As `toExponential`, but that a tie goes to the even digit, as in Python. */
function scientificText(magnitude: number, digits: number): string {
  const text = magnitude.toExponential(digits);
  const exact = magnitude.toExponential(Math.min(100, digits + 25));
  const [mantissa = '', power = ''] = exact.split('e');
  const kept = digits === 0 ? 1 : digits + 2;
  if (!/^\.?50*$/.test(mantissa.slice(kept))) return text;
  const even = Number(mantissa[kept - 1]) % 2 === 0;
  return even ? `${mantissa.slice(0, kept)}e${power}` : text;
}

function general(magnitude: number, precision: number, keepZeros: boolean): string {
  const digits = Math.min(Math.max(precision, 1), 100);
  if (magnitude === 0) return keepZeros ? `0.${'0'.repeat(digits - 1)}` : '0';
  const scientific = scientificText(magnitude, digits - 1);
  const power = Number(scientific.split('e')[1]);
  const text =
    power < -4 || power >= digits
      ? exponent(scientific)
      : fixed(magnitude, Math.min(100, digits - 1 - power));
  if (keepZeros || !text.includes('.')) return text;
  return text.replace(/\.?0+(?=e|$)/, '');
}

function group(digits: string, spec: Spec): string {
  if (spec.grouping === '') return digits;
  const [whole = '', ...rest] = digits.split('.');
  const step = ['x', 'X', 'o', 'b'].includes(spec.type) ? 4 : 3;
  const pattern = step === 3 ? /\B(?=(?:\w{3})+$)/g : /\B(?=(?:\w{4})+$)/g;
  return [whole.replace(pattern, spec.grouping), ...rest].join('.');
}

function pad(text: string, sign: string, spec: Pick<Spec, 'fill' | 'align' | 'width'>): string {
  const missing = spec.width - Array.from(sign + text).length;
  if (missing <= 0) return sign + text;
  if (spec.align === '<') return sign + text + spec.fill.repeat(missing);
  if (spec.align === '=') return sign + spec.fill.repeat(missing) + text;
  if (spec.align === '>') return spec.fill.repeat(missing) + sign + text;
  const left = Math.floor(missing / 2);
  return spec.fill.repeat(left) + sign + text + spec.fill.repeat(missing - left);
}
