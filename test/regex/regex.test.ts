import { describe, expect, test } from 'vitest';
import { CutoverError } from '../../src/errors/index.ts';
import { compileRegex, RegexFault } from '../../src/regex/index.ts';
import {
  FINDS,
  type Find,
  REFUSED,
  REFUSED_REPLACEMENTS,
  REPLACES,
  type Replace,
  UNSUPPORTED,
} from './tables.ts';

describe('as in Python', () => {
  test.each<Find>(FINDS)('%j in %j finds %j', (pattern, text, found, flags = {}, how = 'search') => {
    expect(compileRegex(pattern, flags).find(text, how)?.[0] ?? null).toBe(found);
  });

  test.each<Replace>(REPLACES)('%j becomes %j in %j', (pattern, replacement, text, result, flags = {}) => {
    expect(compileRegex(pattern, flags).replace(text, replacement).text).toBe(result);
  });

  test.each(REFUSED)('%j is refused', (pattern) => {
    expect(() => compileRegex(pattern)).toThrow(RegexFault);
    expect(() => compileRegex(pattern)).toThrow(/is no usable regular expression: \S/);
  });

  test.each(REFUSED_REPLACEMENTS)('the replacement %j is refused, match or no match', (replacement) => {
    expect(() => compileRegex('(a)').replace('b', replacement)).toThrow(/the replacement/);
    expect(() => compileRegex('(a)').replace('a', replacement)).toThrow(RegexFault);
  });
});

test.each(UNSUPPORTED)('%j is refused by name', (pattern) => {
  expect(() => compileRegex(pattern)).toThrow(/not supported|bad escape \\N/);
});

test('what matches of many texts, replacements up to a number, places and names of groups', () => {
  const regex = compileRegex('(?P<key>\\w+)=(?P<value>\\w+)?');
  expect(regex.findIn(['a=1', 'b', ' c=3'])).toEqual([0, 2]);
  expect(regex.findIn(['a=1', 'b', ' c=3'], 'match')).toEqual([0]);
  expect(regex.replace('a=1 b=2 c=3', '\\g<key>', 2)).toEqual({ text: 'a b c=3', count: 2 });
  expect(regex.findGroup('x a=1', 'value')).toEqual([4, 5]);
  expect(regex.findGroup('x', 'value')).toBeUndefined();
  expect(regex.namedGroups(regex.find('a=')!)).toEqual({ key: 'a', value: '' });
  expect(['key', '2', 'nobody', '3'].map((name) => regex.groupNumber(name))).toEqual([
    1,
    2,
    undefined,
    undefined,
  ]);
  expect(regex.groupCount).toBe(2);
});

test('errors are for the playbook, on one line, and help with names', () => {
  const thrown = (action: () => unknown): CutoverError => {
    try {
      action();
    } catch (error) {
      return error as CutoverError;
    }
    throw new Error('nothing was thrown');
  };
  const multiline = thrown(() => compileRegex(`(?x)\n${'a '.repeat(100)}(`));
  expect(multiline).toBeInstanceOf(CutoverError);
  expect(multiline).toMatchObject({ kind: 'playbook' });
  expect(multiline.message).toMatch(
    /^"\(\?x\) a a .{1,80} \.\.\." is no usable regular expression: missing \)$/,
  );
  expect(thrown(() => compileRegex('(?P<host>a)').replace('a', '\\g<hots>'))).toMatchObject({
    message: expect.stringContaining('names group hots'),
    hint: 'did you mean "host"?',
  });
});

describe('what would take too long', () => {
  test.each([
    ['(a+)+$', `${'a'.repeat(50)}b`],
    ['a*a*b', 'a'.repeat(20_000)],
    [`${'a?'.repeat(32)}b`, 'a'.repeat(32)],
  ])('%s is stopped', (pattern, text) => {
    expect(() => compileRegex(pattern).find(text)).toThrow(/takes more than three seconds/);
  });

  test('goes on where it is quick', () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => `key_${index} = value ${index} # a comment`);
    expect(compileRegex('^(\\w+\\s*)+=.*1999.*$').findIn(lines)).toEqual([1_999]);
  });
});
