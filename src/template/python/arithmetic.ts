/** The arithmetic operators as Python has them: ints stay ints, `/` gives a float, `//` and `%` round down. */
import { TemplateFault, typeFault } from '../faults.ts';
import { float, isFloat, isNumber, PyObject, Tuple, tuple, typeName } from './kinds.ts';
import { known, numeric } from './logic.ts';
import { percentFormat } from './percent.ts';
import { capText } from './text.ts';

const LONGEST_LIST = 4_000_000;
/** A power beyond this many bits is refused: it would hold the controller up. */
const MOST_BITS = 100_000;

/** An object with operators of its own (dates and durations). */
export interface Arithmetic {
  operate(operator: string, other: unknown, reversed: boolean): unknown;
}

/** Applies a binary operator. Throws in Python's words when the types do not fit. */
export function arithmetic(operator: string, a: unknown, b: unknown): unknown {
  known(a);
  known(b);
  if (operator === '+') {
    if (typeof a === 'string' && typeof b === 'string') return capText(a + b);
    if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple)
      return joinLists(a, b);
  }
  if (operator === '%' && typeof a === 'string') return percentFormat(a, b);
  const left = numeric(a);
  const right = numeric(b);
  if (left !== undefined && right !== undefined)
    return numbers(operator, left, right, isFloat(a) || isFloat(b));
  if (operator === '*') {
    if (left !== undefined) return repeat(b, left, a);
    if (right !== undefined) return repeat(a, right, b);
  }
  for (const [self, other, reversed] of [
    [a, b, false],
    [b, a, true],
  ] as const) {
    if (self instanceof PyObject && 'operate' in self) {
      const result = (self as unknown as Arithmetic).operate(operator, other, reversed);
      if (result !== undefined) return result;
    }
  }
  return unsupported(operator, a, b);
}

function unsupported(operator: string, a: unknown, b: unknown): never {
  if (operator === '+' && typeof a === 'string')
    typeFault(`can only concatenate str (not "${typeName(b)}") to str`);
  if (operator === '+' && Array.isArray(a))
    typeFault(`can only concatenate ${typeName(a)} (not "${typeName(b)}") to ${typeName(a)}`);
  const shown = operator === '**' ? '** or pow()' : operator;
  return typeFault(`unsupported operand type(s) for ${shown}: '${typeName(a)}' and '${typeName(b)}'`);
}

function joinLists(a: unknown[], b: unknown[]): unknown[] {
  if (a.length + b.length > LONGEST_LIST) throw new TemplateFault('the list grows beyond 4 million items');
  return a instanceof Tuple ? tuple(...a, ...b) : [...a, ...b];
}

function repeat(value: unknown, count: number | bigint, counter: unknown): unknown {
  const times = Math.max(0, Number(count));
  if (typeof value === 'string') {
    if (isFloat(counter)) typeFault("can't multiply sequence by non-int of type 'float'");
    if (value.length * times > 64 * 1024 * 1024)
      throw new TemplateFault('the text grows beyond 64 million characters');
    return value.repeat(times);
  }
  if (!Array.isArray(value)) return unsupported('*', value, counter);
  if (isFloat(counter)) typeFault("can't multiply sequence by non-int of type 'float'");
  if (value.length * times > LONGEST_LIST) throw new TemplateFault('the list grows beyond 4 million items');
  const items: unknown[] = [];
  for (let i = 0; i < times; i++) for (const item of value) items.push(item);
  return value instanceof Tuple ? tuple(...items) : items;
}

function numbers(operator: string, a: number | bigint, b: number | bigint, isReal: boolean): unknown {
  if (operator === '/') {
    if (Number(b) === 0) throw new TemplateFault('division by zero');
    return float(Number(a) / Number(b));
  }
  if (isReal) return float(reals(operator, Number(a), Number(b)));
  if (operator === '**' && Number(b) < 0) {
    if (Number(a) === 0) throw new TemplateFault('0.0 cannot be raised to a negative power');
    return float(Number(a) ** Number(b));
  }
  if (typeof a === 'number' && typeof b === 'number' && Number.isFinite(a) && Number.isFinite(b)) {
    const quick = reals(operator, a, b);
    if (Number.isSafeInteger(quick)) return quick === 0 ? 0 : quick;
  }
  return shrink(integers(operator, BigInt(a), BigInt(b)));
}

function reals(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '**':
      return a ** b;
    case '//':
      if (b === 0) throw new TemplateFault('integer division or modulo by zero');
      return Math.floor(a / b);
    case '%': {
      if (b === 0) throw new TemplateFault('integer division or modulo by zero');
      const rest = a % b;
      return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
    }
    default:
      throw new TemplateFault(`the operator ${operator} is not known`);
  }
}

function integers(operator: string, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '**':
      if (bits(a) * Number(b) > MOST_BITS) throw new TemplateFault('the power is too large');
      return a ** b;
    default: {
      if (b === 0n) throw new TemplateFault('integer division or modulo by zero');
      const rest = a % b;
      const adjust = rest !== 0n && rest < 0n !== b < 0n;
      if (operator === '//') return a / b - (adjust ? 1n : 0n);
      return adjust ? rest + b : rest;
    }
  }
}

const bits = (value: bigint): number => (value < 0n ? -value : value).toString(16).length * 4;

/** Gives a plain number for a big integer that fits in one. */
export function shrink(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** Gives `-value`. */
export function negate(value: unknown): unknown {
  known(value);
  const whole = numeric(value);
  if (typeof whole === 'bigint') return shrink(-whole);
  if (isNumber(value) || typeof value === 'boolean') {
    const result = -Number(value);
    return isFloat(value) ? float(result) : result === 0 ? 0 : result;
  }
  return typeFault(`bad operand type for unary -: '${typeName(value)}'`);
}

/** Gives `+value`. */
export function plus(value: unknown): unknown {
  known(value);
  if (isNumber(value)) return value;
  if (typeof value === 'boolean') return Number(value);
  return typeFault(`bad operand type for unary +: '${typeName(value)}'`);
}
