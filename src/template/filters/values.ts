/** Filters that choose or convert a value: defaults, booleans, numbers, types. */
import { isMapping, isUndefined, isUnknown } from '../../values/index.ts';
import { attribute, item } from '../access.ts';
import { refuseUndefined, TemplateFault, UnknownSignal } from '../faults.ts';
import { shrink } from '../python/arithmetic.ts';
import { float, isFloat, isInt, typeName } from '../python/kinds.ts';
import { numeric, truthy } from '../python/logic.ts';
import { repr } from '../python/text.ts';
import { type Args, type Routines, routine, tolerant } from '../routine.ts';

/** Gives what Ansible's `bool` makes of a value. */
function toBool(value: unknown): boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.toLowerCase() : value;
  return text === 'yes' || text === 'on' || text === '1' || text === 'true' || numeric(text) === 1;
}

function fallback(value: unknown, args: Args): unknown {
  if (isUndefined(value)) return args.get('default_value');
  if (!args.flag('boolean')) return value;
  if (isUnknown(value)) throw new UnknownSignal(value);
  return truthy(value) ? value : args.get('default_value');
}

function mandatory(value: unknown, args: Args): unknown {
  if (!isUndefined(value)) return value;
  const message = args.optionalText('msg');
  if (message) throw new TemplateFault(message, { missing: value });
  throw new TemplateFault(`Mandatory variable '${value.path}'  not defined.`, {
    missing: value,
    hint: value.hint,
  });
}

/** Gives the whole number that a value spells, in Python's words. */
function toInt(value: unknown, base: number): number | bigint | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (isInt(value)) return numeric(value);
  if (isFloat(value))
    return Number.isFinite(value.valueOf()) ? shrink(BigInt(Math.trunc(value.valueOf()))) : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value
    .trim()
    .replace(/(?<=[\da-fA-F])_(?=[\da-fA-F])/g, '')
    .toLowerCase();
  const [, sign, prefix = '', digits = ''] = /^([-+]?)(0x|0o|0b)?([\da-z]+)$/.exec(text) ?? [];
  const radix = base === 0 ? ({ '0x': 16, '0o': 8, '0b': 2 }[prefix] ?? 10) : base;
  const expected = { 16: '0x', 8: '0o', 2: '0b' }[radix];
  if (digits !== '' && (prefix === '' || prefix === expected)) {
    const whole = parseDigits(digits, radix);
    if (whole !== undefined) return shrink(sign === '-' ? -whole : whole);
  }
  const real = toFloat(value);
  return real === undefined || !Number.isFinite(real) ? undefined : shrink(BigInt(Math.trunc(real)));
}

function parseDigits(digits: string, radix: number): bigint | undefined {
  if (radix < 2 || radix > 36 || digits.length > 5000) return undefined;
  let total = 0n;
  for (const digit of digits) {
    const value = Number.parseInt(digit, 36);
    if (Number.isNaN(value) || value >= radix) return undefined;
    total = total * BigInt(radix) + BigInt(value);
  }
  return total;
}

/** Gives the float that a value spells. */
export function toFloat(value: unknown): number | undefined {
  const number = numeric(value);
  if (number !== undefined) return Number(number);
  if (typeof value !== 'string') return undefined;
  const text = value.trim().replace(/(?<=\d)_(?=\d)/g, '');
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text);
  const special = /^([-+]?)(inf|infinity|nan)$/i.exec(text);
  if (!special) return undefined;
  return special[2]!.toLowerCase() === 'nan'
    ? Number.NaN
    : special[1] === '-'
      ? Number.NEGATIVE_INFINITY
      : Number.POSITIVE_INFINITY;
}

function ternary(value: unknown, args: Args): unknown {
  if (value === null && args.get('none_val') !== null) return args.get('none_val');
  return truthy(value) ? args.get('true_val') : args.get('false_val');
}

function attr(value: unknown, args: Args): unknown {
  // Jinja's `attr` looks at attributes only, never at keys.
  if (isMapping(value)) {
    const found = attribute(args.run, {}, args.text('name'), 'the value');
    return isUndefined(found) ? found : attribute(args.run, value, args.text('name'), 'the value');
  }
  return attribute(args.run, value, args.text('name'), 'the value');
}

/** `'key' | extract(container, 'more keys')`. */
function extract(value: unknown, args: Args): unknown {
  if (isUndefined(value)) refuseUndefined(value);
  if (isUnknown(value)) return value;
  const morekeys = args.get('morekeys');
  const more = morekeys === null ? [] : Array.isArray(morekeys) ? morekeys : [morekeys];
  let found = item(args.run, args.get('container'), value, 'the container');
  for (const key of more) found = item(args.run, found, key, 'the item');
  return found;
}

/** Filters by name. */
export const VALUE_FILTERS: Routines = {
  attr: routine('name', attr),
  bool: routine('', toBool),
  d: tolerant('default_value="" boolean=false', fallback),
  default: tolerant('default_value="" boolean=false', fallback),
  extract: tolerant('container morekeys=null', extract),
  float: routine('default=0.0', (value, args) => {
    const number = toFloat(value);
    if (number !== undefined) return float(number);
    const initial = args.get('default');
    return args.given('default') ? initial : float(0);
  }),
  int: routine('default=0 base=10', (value, args) => toInt(value, args.int('base')) ?? args.get('default')),
  mandatory: tolerant('msg=null', mandatory),
  pprint: routine('', (value) => repr(value)),
  // The value that is not taken may be undefined.
  ternary: tolerant('true_val false_val none_val=null', ternary),
  type_debug: tolerant('', (value) => (isUnknown(value) ? value : typeName(value))),
};
