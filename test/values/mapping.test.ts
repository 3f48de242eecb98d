import { describe, expect, it } from 'vitest';
import {
  Float,
  filterMapping,
  keyOf,
  keysOf,
  mapValues,
  nameOfKey,
  namesOf,
  put,
  remove,
  valuesOf,
} from '../../src/values/index.ts';

function mapping(...pairs: readonly [name: string, value: unknown, key?: number | null][]) {
  const made: Record<string, unknown> = {};
  for (const [name, value, key] of pairs) put(made, name, value, key === undefined ? name : key);
  return made;
}

describe('mappings', () => {
  it('keep their keys in the order in which they came, numbers too', () => {
    const ports = mapping(['443', 'a'], ['80', 'b'], ['x', 'c'], ['8', 'd']);
    expect(Object.keys(ports)).toEqual(['8', '80', '443', 'x']);
    expect(namesOf(ports)).toEqual(['443', '80', 'x', '8']);
    expect(valuesOf(ports)).toEqual(['a', 'b', 'c', 'd']);
    expect(namesOf(mapValues(ports, String))).toEqual(['443', '80', 'x', '8']);
    expect(namesOf(filterMapping(ports, (_, name) => name !== '80'))).toEqual(['443', 'x', '8']);
  });

  it('know keys that are no texts', () => {
    const made = mapping(['name', 1], ['443', 2, 443], ['None', 3, null]);
    expect(keysOf(made)).toEqual(['name', 443, null]);
    expect(keyOf(made, '443')).toBe(443);
    expect(keysOf(mapValues(made, () => 0))).toEqual(['name', 443, null]);
  });

  it('hold equal keys once, as Python does', () => {
    const name = [1, new Float(1), true].map((key) => nameOfKey(key));
    expect(new Set(name)).toEqual(new Set(['1']));
    expect(nameOfKey(new Float(1.5))).toBe('1.5');
    expect(nameOfKey(null)).toBe('None');
  });

  it('forget what is taken out, and take what was set without them', () => {
    const made = mapping(['2', 'a'], ['1', 'b']);
    remove(made, '2');
    put(made, '2', 'c');
    made.late = 'd';
    expect(namesOf(made)).toEqual(['1', '2', 'late']);
    delete made['1'];
    expect(namesOf(made)).toEqual(['2', 'late']);
  });

  it('take any name', () => {
    const made = mapping(['__proto__', 1], ['1', 2]);
    expect(namesOf(made)).toEqual(['__proto__', '1']);
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  });
});
