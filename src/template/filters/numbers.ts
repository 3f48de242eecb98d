/** Filters over numbers and sizes. */
import { TemplateFault } from '../faults.ts';
import { negate } from '../python/arithmetic.ts';
import { float, isFloat, isInt, typeName } from '../python/kinds.ts';
import { compare, numeric } from '../python/logic.ts';
import { fixed } from '../python/spec.ts';
import { str } from '../python/text.ts';
import { type Args, type Routines, routine } from '../routine.ts';
import { toFloat } from './values.ts';

function number(value: unknown, args: Args): number {
  const found = numeric(value);
  return found === undefined
    ? args.fail(`can only be used on numbers, not ${typeName(value)}`)
    : Number(found);
}

/** Rounds half to even on the exact binary value, as Python does. */
function roundHalfEven(value: number, precision: number): number {
  if (!Number.isFinite(value)) return value;
  if (precision >= 0) return Number(fixed(value, Math.min(precision, 100)));
  const scale = 10 ** -precision;
  return Number(fixed(value / scale, 0)) * scale;
}

function round(value: unknown, args: Args): unknown {
  const precision = args.int('precision');
  const method = args.text('method');
  const given = number(value, args);
  if (method === 'common') {
    if (isInt(value) && precision >= 0) return numeric(value);
    const rounded = roundHalfEven(given, precision);
    return isFloat(value) ? float(rounded) : rounded;
  }
  if (method !== 'ceil' && method !== 'floor') return args.refuse('method', 'must be common, ceil or floor');
  const scale = 10 ** precision;
  return float((method === 'ceil' ? Math.ceil(given * scale) : Math.floor(given * scale)) / scale);
}

function fileSize(value: unknown, args: Args): string {
  const binary = args.flag('binary');
  const bytes = toFloat(value) ?? args.fail('needs a number');
  const base = binary ? 1024 : 1000;
  const units = binary
    ? ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB']
    : ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  let index = 0;
  while (index < units.length - 1 && bytes >= base ** (index + 2)) index++;
  return `${fixed(bytes / base ** (index + 1), 1)} ${units[index]}`;
}

const SIZES: readonly (readonly [string, number])[] = [
  ['Y', 2 ** 80],
  ['Z', 2 ** 70],
  ['E', 2 ** 60],
  ['P', 2 ** 50],
  ['T', 2 ** 40],
  ['G', 2 ** 30],
  ['M', 2 ** 20],
  ['K', 2 ** 10],
  ['B', 1],
];

function humanReadable(value: unknown, args: Args): string {
  const size =
    (typeof value === 'string' ? undefined : toFloat(value)) ??
    args.fail(`can't interpret following string: ${str(value)}`);
  const bits = args.flag('isbits');
  const unit = args.optionalText('unit')?.toUpperCase();
  const [letter, scale] =
    SIZES.find(([name, limit]) => (unit === undefined ? size >= limit : unit[0] === name)) ?? SIZES.at(-1)!;
  const suffix = letter === 'B' ? '' : letter;
  return `${fixed(size / scale, 2)} ${suffix}${bits ? (suffix === '' ? 'bits' : 'b') : suffix === '' ? 'Bytes' : 'B'}`;
}

function humanToBytes(value: unknown, args: Args): unknown {
  const bits = args.flag('isbits');
  const [, digits, letters = ''] = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/.exec(str(value)) ?? [];
  if (!digits)
    return args.fail(`can't interpret following string: ${str(value)}`, 'sizes look like 10M or 1.5 GB');
  const unit = letters === '' ? (args.optionalText('default_unit') ?? '') : letters;
  if (unit === '') return Math.round(Number(digits));
  const found = SIZES.find(([name]) => name === unit[0]!.toUpperCase());
  const tail = unit.slice(1);
  const plain = unit === (bits ? 'b' : 'B') || unit.toLowerCase().includes(bits ? 'bit' : 'byte');
  if (!found || !(plain || tail === '' || tail === (bits ? 'b' : 'B') || /^(?:bytes?|bits?)$/i.test(tail)))
    return args.fail(
      `can't interpret following string: ${str(value)}`,
      `the unit must be ${bits ? 'bits (Kb, Mb, ...)' : 'bytes (KB, MB, ...)'}`,
    );
  return roundHalfEven(Number(digits) * found[1], 0);
}

function logarithm(value: unknown, args: Args): unknown {
  const base = args.number('base');
  const given = number(value, args);
  if (given <= 0) throw new TemplateFault('math domain error');
  if (base === 10) return float(Math.log10(given));
  if (!args.given('base')) return float(Math.log(given));
  return float(Math.log(given) / Math.log(base));
}

function root(value: unknown, args: Args): unknown {
  const base = args.number('base');
  const given = number(value, args);
  if (base === 2) {
    if (given < 0) throw new TemplateFault('math domain error');
    return float(Math.sqrt(given));
  }
  if (given < 0) throw new TemplateFault('math domain error');
  return float(given ** (1 / base));
}

/** Filters by name. */
export const NUMBER_FILTERS: Routines = {
  abs: routine('', (value, args) => {
    if (isInt(value)) return compare(value, 0) < 0 ? negate(value) : value;
    const size = Math.abs(number(value, args));
    return isFloat(value) ? float(size) : size;
  }),
  filesizeformat: routine('binary=false', fileSize),
  human_readable: routine('isbits=false unit=null', humanReadable),
  human_to_bytes: routine('default_unit=null isbits=false', humanToBytes),
  log: routine('base=2.718281828459045', logarithm),
  pow: routine('power', (value, args) => float(number(value, args) ** args.number('power'))),
  root: routine('base=2', root),
  round: routine('precision=0 method="common"', round),
};
