import { describe, expect, test } from 'vitest';
import { pythonLiteral } from '../../src/inventory/python-literal.ts';
import { pythonText } from '../../src/inventory/python-text.ts';
import { Float } from '../../src/values/index.ts';

describe('values of INI inventories', () => {
  test.each<[string, unknown]>([
    ['80', 80],
    ['-5', -5],
    ['1_000', 1000],
    ['0x1F', 31],
    ['0o17', 15],
    ['0b11', 3],
    ['00', 0],
    ['1.5', 1.5],
    ['4.0', new Float(4)],
    ['1e3', new Float(1000)],
    ['.5', 0.5],
    ['12345678901234567890', '12345678901234567890'],
    ['True', true],
    ['None', null],
    ['80 # comment', 80],
    [`'it\\'s'`, "it's"],
    [`"a" 'b'`, 'ab'],
    [`r'\\n'`, '\\n'],
    [`b'x'`, 'x'],
    [`'\\x41\\u00e9\\n\\q'`, 'Aé\n\\q'],
    [`'''a 'b' c'''`, "a 'b' c"],
    ['[1, [2, ], {}]', [1, [2], {}]],
    ['(1)', 1],
    ['(1,)', [1]],
    ['1, 2', [1, 2]],
    [`{'a': 1, 2: None}`, { a: 1, 2: null }],
    ['{1, 2}', [1, 2]],
    [`{'__proto__': 1}`, JSON.parse('{"__proto__": 1}')],
  ])('%s is read', (text, value) => expect(pythonLiteral(text)).toEqual(value));

  test.each([
    '',
    'yes',
    'true',
    'null',
    '0755',
    '1.2.3',
    '192.0.2.1',
    '1+2',
    '10-5',
    '1__0',
    '"abc',
    `'a' b`,
    '[1',
    '[1 2]',
    '{1: 2, 3}',
    '{[1]: 2}',
    "'\\x4'",
    'Truex',
    '{{ x }}',
    '-',
    '1e',
    '"a" #b"c',
    '[['.repeat(200),
  ])('%s stays text', (text) => expect(pythonLiteral(text)).toBe(text === '"a" #b"c' ? 'a' : text));
});

describe('values as --graph --vars shows them', () => {
  test.each<[unknown, string]>([
    ['a b', 'a b'],
    [null, 'None'],
    [true, 'True'],
    [1.5, '1.5'],
    [['a', "it's", `"'`, 'x\n\t\\'], `['a', "it's", '"\\'', 'x\\n\\t\\\\']`],
    [{ a: [1, null], b: {} }, `{'a': [1, None], 'b': {}}`],
  ])('%j', (value, text) => expect(pythonText(value)).toBe(text));
});
