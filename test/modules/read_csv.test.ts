import { describe, expect, test } from 'vitest';
import { readRows } from '../../src/modules/read_csv/csv.ts';
import readCsv from '../../src/modules/read_csv/index.ts';
import { run } from './paper-host.ts';

const PLAIN = { delimiter: ',', skipsSpace: false, strict: false };

test.each<[string, Partial<typeof PLAIN>, string[][] | string]>([
  [
    'a,b\n1,2\n',
    {},
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,"b, ""c"""\r\n\r\n,\n',
    {},
    [
      ['a', 'b, "c"'],
      ['', ''],
    ],
  ],
  ['"two\nlines",x', {}, [['two\nlines', 'x']]],
  ['a, "b"', {}, [['a', ' "b"']]],
  ['a, "b"', { skipsSpace: true }, [['a', 'b']]],
  ['a|b,c', { delimiter: '|' }, [['a', 'b,c']]],
  ['"a"b,c', {}, [['ab', 'c']]],
  ['""\n', {}, [['']]],
  ['"a"b,c', { strict: true }, "',' expected after '\"'"],
  ['"a', { strict: true }, 'unexpected end of data'],
  ['', {}, []],
])('rows of %j', (text, dialect, rows) => {
  expect(readRows(text, { ...PLAIN, ...dialect })).toEqual(rows);
});

describe('read_csv', () => {
  const files = { '/a.csv': 'name,uid\nann,1\nbob\ncy,3,x\n', '/d.csv': 'name,uid\nann,1\nann,2\n' };
  const ann = { name: 'ann', uid: '1' };

  test.each<[Record<string, unknown>, Record<string, unknown>]>([
    [
      { path: '/a.csv' },
      { list: [ann, { name: 'bob', uid: null }, { name: 'cy', uid: '3', null: ['x'] }], dict: {} },
    ],
    [
      { path: '/d.csv', key: 'uid' },
      { list: [], dict: { 1: ann, 2: { name: 'ann', uid: '2' } } },
    ],
    [
      { path: '/d.csv', key: 'name', unique: false },
      { list: [], dict: { ann: { name: 'ann', uid: '2' } } },
    ],
    [
      { path: '/d.csv', fieldnames: 'a' },
      {
        list: [
          { a: 'name', null: ['uid'] },
          { a: 'ann', null: ['1'] },
          { a: 'ann', null: ['2'] },
        ],
        dict: {},
      },
    ],
  ])('%j', async (args, result) => {
    const ran = await run(readCsv, args, { files });
    expect(ran.result).toEqual(result);
    expect(ran.changes).toEqual([]);
  });

  test.each([
    [{ path: '/d.csv', key: 'name' }, "Key 'name' is not unique for value 'ann'"],
    [{ path: '/d.csv', key: 'no' }, "Key 'no' was not found in the CSV header fields: name, uid"],
    [{ path: '/no.csv' }, "Unable to open file: [Errno 2] No such file or directory: '/no.csv'"],
    [{ path: '/d.csv', dialect: 'no' }, "Dialect 'no' is not supported by your version of python."],
  ])('%j fails', async (args, message) => {
    expect((await run(readCsv, args, { files })).plan.failed).toBe(message);
  });
});
