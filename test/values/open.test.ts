import { expect, it } from 'vitest';
import { asOpenAs, filterMapping, mapValues, openMapping, Unknown } from '../../src/values/index.ts';

const rest = new Unknown('not looked at');
const open = openMapping({ a: 1 }, rest, ['results']);

it('an open mapping lists what is known, and has every other key', () => {
  expect(Object.keys(open)).toEqual(['a']);
  expect(open.a).toBe(1);
  expect(open.b).toBe(rest);
  expect(Object.hasOwn(open, 'b')).toBe(true);
  expect(Object.hasOwn(open, 'results')).toBe(false);
  expect(JSON.stringify(open)).toBe('{"a":1}');
});

it('copies of it are open too, those of others are not', () => {
  expect(mapValues(open, (value) => Number(value) + 1)).toMatchObject({ a: 2 });
  expect(mapValues(open, (value) => value).b).toBe(rest);
  expect(filterMapping(open, () => false).b).toBe(rest);
  expect(asOpenAs(open, { results: [] }).results).toEqual([]);
  expect(asOpenAs({}, { a: 1 }).b).toBeUndefined();
});
