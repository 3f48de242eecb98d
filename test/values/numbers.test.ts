import { describe, expect, it } from 'vitest';
import { BigInteger, Float, floatText, integerOf, namesOf, parseJson } from '../../src/values/index.ts';

describe('numbers', () => {
  it.each([
    [1, '1.0'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e16, '1e+16'],
    [1e-5, '1e-05'],
    [0.0001, '0.0001'],
    [-0, '-0.0'],
    [123456789012345680, '1.2345678901234568e+17'],
    [Number.POSITIVE_INFINITY, 'inf'],
  ])('%d is the float %s', (value, text) => {
    expect(floatText(value)).toBe(text);
  });

  it('keep their kind in JSON, and when it is read back', () => {
    const data = { whole: new Float(2), part: 2.5, count: 2, id: integerOf(12345678901234567890n) };
    const json = JSON.stringify(data);
    expect(json).toBe('{"whole":2.0,"part":2.5,"count":2,"id":12345678901234567890}');
    expect(parseJson(json)).toEqual(data);
    expect(integerOf(5n)).toBe(5);
    expect(parseJson('[1e2, -3.0, 9007199254740993]')).toEqual([
      new Float(100),
      new Float(-3),
      new BigInteger(9007199254740993n),
    ]);
  });
});

describe('JSON', () => {
  it('keeps the order of keys that look like numbers, and leaves texts alone', () => {
    const read = parseJson('{"b": {"20": 1, "3" : "\\"1\\": x"}, "10": "a", "9": 1}') as Record<
      string,
      unknown
    >;
    expect(namesOf(read)).toEqual(['b', '10', '9']);
    expect(namesOf(read.b as Record<string, unknown>)).toEqual(['20', '3']);
    expect(read).toEqual({ b: { '20': 1, '3': '"1": x' }, '10': 'a', '9': 1 });
  });

  it('refuses what is no JSON', () => {
    expect(() => parseJson('{"1": }')).toThrow(SyntaxError);
  });
});
