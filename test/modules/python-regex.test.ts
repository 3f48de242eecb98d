import { describe, expect, test } from 'vitest';
import { pythonRegex, type RegexFlags, substitute } from '../../src/modules/python-regex.ts';

describe('a pattern finds what it finds in Python', () => {
  test.each<[string, string, string | undefined, RegexFlags?]>([
    ['^#?\\s*Port\\b', '#Port 22', '#Port'],
    ['(?i)^foo', 'FOO', 'FOO'],
    ['(?P<a>x)(?P=a)', 'xx', 'xx'],
    ['a{,2}b', 'aab', 'aab'],
    ['a{2}', 'aaa', 'aa'],
    ['{{ x }}', '{{ x }}', '{{ x }}'],
    ['[]a]+$', 'x]a\n', ']a'],
    ['[^]]+', 'ab]', 'ab'],
    ['[[:]', '[', '['],
    ['\\-\\"\\ \\_\\#\\,', '-" _#,', '-" _#,'],
    ['^\\w+$', 'grün', 'grün'],
    ['\\d+', '٣4', '٣4'],
    ['\\bü', 'a ü', 'ü'],
    ['a.c', 'a\rc', 'a\rc'],
    ['a.c', 'a\nc', undefined],
    ['a.c', 'a\nc', 'a\nc', { dotall: true }],
    ['(?s)a.c', 'a\nc', 'a\nc'],
    ['\\Aab\\Z', 'ab', 'ab'],
    ['ab\\Z', 'ab\n', undefined],
    ['ab$', 'ab\n', 'ab'],
    ['^b$', 'a\nb\nc', undefined],
    ['^b$', 'a\nb\nc', 'b', { multiline: true }],
    ['^b', 'a\rb', undefined, { multiline: true }],
    ['(a)(b)?\\1', 'aa', 'aa'],
    ['x(?#why)y', 'xy', 'xy'],
    ['(?x) a  b # c', 'ab', 'ab'],
    ['\\x41\\u00e9\\101', 'AéA', 'AéA'],
    ['(?<=a)b|(?<!a)c', 'ac ab', 'b'],
    ['b', 'ab', undefined, { anchored: true }],
    ['[\\w.-]+@', 'a.b-c@', 'a.b-c@'],
    ['\\t\\.', '\t.', '\t.'],
  ])('%j in %j', (pattern, text, found, flags) => {
    const match = [...text.matchAll(pythonRegex(pattern, flags))][0];
    expect(match?.[0]).toBe(found);
  });

  test.each([['('], ['[a'], ['a**'], ['\\q'], ['(?>a)'], ['\\'], ['(a)\\10']])('%s is none', (pattern) => {
    expect(() => pythonRegex(pattern)).toThrow(/is no regular expression/);
  });
});

test.each<[string, string, string, string]>([
  ['(\\w+)=(?P<v>\\w*)', '\\g<v>=\\1', 'a=1', '1=a'],
  ['a', '\\n\\t\\\\', 'a', '\n\t\\'],
  ['(a)|(b)', '<\\2>', 'ab', '<><b>'],
  ['(a)', '\\g<1>0', 'a', 'a0'],
  ['a', '$1 $& `', 'a', '$1 $& `'],
  ['x*', '-', 'abc', '-a-b-c-'],
  ['a', '\\&\\.', 'a', '\\&\\.'],
])('%s -> %s', (pattern, replacement, text, result) => {
  expect(substitute(pythonRegex(pattern), replacement, text).text).toBe(result);
});

test.each([['\\2'], ['\\g<no>'], ['\\q'], ['\\']])('the replacement %s is refused', (replacement) => {
  expect(() => substitute(pythonRegex('(a)'), replacement, 'a')).toThrow(/the replacement/);
});
