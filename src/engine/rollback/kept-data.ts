/** Tasks and variables as JSON that a later process reads back as they were: JSON alone has no tuples, and one kind of number. */
import {
  BigInteger,
  Float,
  floatText,
  integerOf,
  isMapping,
  type Key,
  keysOf,
  mapValues,
  nameOfKey,
  namesOf,
  put,
  Tuple,
  tuple,
  UnsafeText,
  VaultText,
} from '../../values/index.ts';

/** Gives plain JSON data of a value; roles keep only what file look-ups need, their variables are in the record already. */
export function toData(value: unknown, key?: string): unknown {
  if (value instanceof VaultText) return { $vault: value.ciphertext };
  if (value instanceof UnsafeText) return { $unsafe: value.text };
  if (value instanceof BigInteger) return { $integer: String(value) };
  if (value instanceof Float || (typeof value === 'number' && !Number.isFinite(value)))
    return { $float: floatText(value.valueOf()), whole: value instanceof Float };
  if (value instanceof Tuple) return { $tuple: Array.from(value, (item) => toData(item)) };
  if (Array.isArray(value)) return value.map((item) => toData(item));
  if (!isMapping(value)) return value;
  if (key === 'role') return roleData(value);
  const names = namesOf(value).filter((name) => value[name] !== undefined);
  // Keys that JSON would give back in another order or as texts.
  if (keysOf(value).some((each) => typeof each !== 'string' || /^\d/.test(each)))
    return {
      $pairs: keysOf(value).map((each) => [toData(each), toData(value[nameOfKey(each)])]),
    };
  return Object.fromEntries(names.map((name) => [name, toData(value[name], name)]));
}

/** Gives the value again. */
export function fromData(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromData);
  if (!isMapping(value)) return value;
  if (typeof value.$vault === 'string') return new VaultText(value.$vault);
  if (typeof value.$unsafe === 'string') return new UnsafeText(value.$unsafe);
  if (typeof value.$integer === 'string') return integerOf(BigInt(value.$integer));
  if (typeof value.$float === 'string') return floatOf(value.$float, value.whole === true);
  if (Array.isArray(value.$tuple)) return tuple(...value.$tuple.map(fromData));
  if (Array.isArray(value.$pairs)) return ofPairs(value.$pairs);
  return mapValues(value, fromData);
}

function roleData(role: Readonly<Record<string, unknown>>): unknown {
  const empty = { level: 'role vars', origin: '', values: {} };
  return {
    name: role.name,
    path: role.path,
    defaults: empty,
    vars: empty,
    params: empty,
    parents: [],
    public: false,
  };
}

function floatOf(text: string, whole: boolean): number | Float {
  const number = /inf$/.test(text) ? Number(text.replace('inf', 'Infinity')) : Number(text);
  return whole ? new Float(number) : number;
}

function ofPairs(pairs: readonly unknown[]): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [written, value] of pairs as [unknown, unknown][]) {
    const key = fromData(written) as Key;
    put(made, nameOfKey(key), fromData(value), key);
  }
  return made;
}
