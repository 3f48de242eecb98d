import { describe, expect, it, test } from 'vitest';
import { literal as mysqlLiteral } from '../../src/modules/mysql_query/literal.ts';
import { literal as postgresqlLiteral } from '../../src/modules/postgresql_query/literal.ts';
import { splitStatements } from '../../src/modules/postgresql_query/statements.ts';
import { valueOfType } from '../../src/modules/postgresql_query/values.ts';
import { fillIn } from '../../src/modules/sql/arguments.ts';
import { numberOf } from '../../src/modules/sql/numbers.ts';
import { Float } from '../../src/values/index.ts';

describe('places of a statement', () => {
  const fill = (query: string, given: Parameters<typeof fillIn>[1]) =>
    fillIn(query, given, (value) => `<${value}>`);
  test.each<[string, Parameters<typeof fillIn>[1], string]>([
    ["SELECT '100%'", {}, "SELECT '100%'"],
    [
      "a = %s AND b LIKE 'x%%' AND c = %s",
      { positional_args: [1, 'z'] },
      "a = <1> AND b LIKE 'x%' AND c = <z>",
    ],
    ['a = %(x y)s OR b = %(x y)s', { named_args: { 'x y': 2 } }, 'a = <2> OR b = <2>'],
  ])('%s', (query, given, sql) => {
    expect(fill(query, given)).toEqual({ sql });
  });

  test.each<[string, Parameters<typeof fillIn>[1], string]>([
    ['%s %s', { positional_args: [1] }, 'not enough arguments for format string'],
    ['%s', { positional_args: [1, 2] }, 'not all arguments converted during string formatting'],
    ['%(a)s', { named_args: { b: 1 } }, "'a'"],
    ['%(a)s', { positional_args: [1] }, 'format requires a mapping'],
    ['100%', { positional_args: [] }, 'incomplete format'],
    ['%d', { positional_args: [1] }, "unsupported format character 'd' (0x64)"],
  ])('that cannot be filled: %s', (query, given, fault) => {
    expect(fill(query, given)).toEqual({ fault });
  });
});

describe('values in a statement', () => {
  test.each<[unknown, string, string]>([
    [null, 'NULL', 'NULL'],
    [true, '1', 'true'],
    [5, '5', '5'],
    [-5, '-5', ' -5'],
    [1.5, '1.5e0', '1.5'],
    [new Float(2), '2.0e0', '2.0'],
    ["it's", "'it\\'s'", "'it''s'"],
    ['a\\b\n"', `'a\\\\b\\n\\"'`, `E'a\\\\b\n"'`],
    [[1, 'a b', null], "(1,'a b',NULL)", `'{1, "a b", NULL}'`],
    [[[1], [2]], '((1),(2))', "'{{1}, {2}}'"],
  ])('%j', (value, mysql, postgresql) => {
    expect([mysqlLiteral(value), postgresqlLiteral(value)]).toEqual([mysql, postgresql]);
  });
});

describe('statements of a text', () => {
  test.each<[string, string[]]>([
    ['SELECT 1;', ['SELECT 1']],
    ['SELECT \'a;b\'; SELECT "c;d" ;', ["SELECT 'a;b'", ' SELECT "c;d"']],
    ['DO $x$ BEGIN PERFORM 1; END $x$; SELECT 2', ['DO $x$ BEGIN PERFORM 1; END $x$', ' SELECT 2']],
    ['SELECT 1; -- end; of it\n /* ; */', ['SELECT 1']],
    ["SELECT E'\\';', 1; SELECT 2", ["SELECT E'\\';', 1", ' SELECT 2']],
    ['-- nothing', []],
  ])('%s', (text, statements) => {
    expect(splitStatements(text)).toEqual(statements);
  });
});

describe('values of PostgreSQL', () => {
  test.each<[string, string, unknown]>([
    ['5', 'integer', 5],
    ['1.50', 'numeric(5,2)', 1.5],
    ['t', 'boolean', true],
    ['{"a": [1]}', 'jsonb', { a: [1] }],
    ['{1,NULL,3}', 'integer[]', [1, null, 3]],
    ['{"a b",c,NULL,"\\"NULL\\""}', 'text[]', ['a b', 'c', null, '"NULL"']],
    [
      '{{t,f},{f,t}}',
      'boolean[]',
      [
        [true, false],
        [false, true],
      ],
    ],
    ['{}', 'text[]', []],
    ['2020-01-02 03:04:05.5+02', 'timestamp with time zone', '2020-01-02T03:04:05.500000+02:00'],
    ['2020-01-02 03:04:05', 'timestamp without time zone', '2020-01-02T03:04:05'],
    ['NaN', 'double precision', 'NaN'],
    ['x', 'character varying(20)', 'x'],
  ])('%s %s', (text, type, value) => {
    expect(valueOfType(text, type)).toEqual(value);
  });

  it('keeps all digits', () => {
    expect(String(numberOf('123456789012345678'))).toBe('123456789012345678');
  });
});
