/** Numbers that a JavaScript number cannot hold. Templates print and compute them as Python does; modules get plain ones. */

const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** A float with a whole value, as YAML's `4.0` is: a JavaScript number cannot tell it from the integer 4, and it is printed differently. */
export class Float extends Number {
  /** JSON keeps the difference: `4.0`. */
  toJSON(): unknown {
    const value = this.valueOf();
    return Number.isFinite(value) ? rawJSON(floatText(value)) : value;
  }
}

/** An integer beyond 2^53. */
export class BigInteger {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }

  toString(): string {
    return String(this.value);
  }

  /** Its digits, all of them. */
  toJSON(): unknown {
    return rawJSON(String(this.value));
  }
}

/** Gives an integer as a plain number where that is exact. */
export function integerOf(value: bigint): number | BigInteger {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
    ? Number(value)
    : new BigInteger(value);
}

/** Gives a number as modules know it: one kind, as exact as JavaScript can. Anything else stays what it is. */
export function plainNumber(value: unknown): unknown {
  if (value instanceof Float) return value.valueOf();
  return value instanceof BigInteger ? Number(value.value) : value;
}

/** Gives a number as Python prints it: an integer whole, anything else as a float. */
export function numberText(value: number | Float | BigInteger): string {
  if (value instanceof Float) return floatText(value.valueOf());
  if (typeof value !== 'number') return String(value);
  if (Number.isInteger(value)) return Math.abs(value) < 1e21 ? String(value) : String(BigInt(value));
  return floatText(value);
}

/** Gives `repr()` of a Python float: shortest digits, exponent from 1e16 up and below 1e-4. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e16 || magnitude < 1e-4) {
    const [digits, exponent] = value.toExponential().split('e') as [string, string];
    const size = exponent.slice(1).padStart(2, '0');
    return `${digits}e${exponent[0]}${size}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}
