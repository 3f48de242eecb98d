import { describe, expect, test } from 'vitest';
import { anyGlob, fnmatch, pathGlob } from '../../src/regex/index.ts';

// As Python's fnmatch.fnmatchcase.
test.each([
  ['*.conf', 'a.conf', true],
  ['*.conf', '.conf', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['web[0-9]', 'web7', true],
  ['web[!0-9]', 'web7', false],
  ['[]]', ']', true],
  ['[!]]', ']', false],
  ['[&^~]', '&', true],
  ['[&^~]', '^', true],
  ['[[]', '[', true],
  ['a[', 'a[', true],
  ['a.c', 'abc', false],
  ['a+(b)$', 'a+(b)$', true],
  ['*', 'a\nb', true],
  ['?', '😀', true],
])('%j fits %j: %j', (pattern, name, fits) => {
  expect(fnmatch(pattern).test(name)).toBe(fits);
});

describe('globs over paths', () => {
  test.each([
    ['*.xml', 'conf/axis2/a.xml', true],
    ['/*.xml', 'conf/a.xml', false],
    ['conf/*.xml', 'conf/axis2/a.xml', false],
    ['conf/**/*.xml', 'conf/axis2/a.xml', true],
    ['conf/**/*.xml', 'conf/a.xml', true],
    ['conf', 'conf/axis2/a.xml', true],
    ['./logs/', 'logs/x.log', true],
  ])('%s takes %s: %j', (pattern, path, taken) => {
    expect(pathGlob(pattern)(path)).toBe(taken);
    expect(anyGlob(['nothing', pattern])(path)).toBe(taken);
  });
});
