import { describe, expect, it, test } from 'vitest';
import mysqlQuery from '../../src/modules/mysql_query/index.ts';
import { isReading, readAnswers } from '../../src/modules/mysql_query/session.ts';
import mysqlVariables from '../../src/modules/mysql_variables/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

const set = (statement: string, rows: string) =>
  `<?xml version="1.0"?>\n\n<resultset statement="${statement}\n" xmlns:xsi="x">\n${rows}</resultset>\n`;
const row = (...fields: string[]) => `  <row>\n${fields.join('\n')}\n  </row>\n`;
const done = (index: number, count: number) =>
  set(`SELECT ROW_COUNT() AS \`cutover ${index}\``, row(`<field name="cutover ${index}">${count}</field>`));
const SHOWN = [
  set(
    'SELECT * FROM t WHERE a &lt; 5',
    row(
      '<field name="a&amp;b">1</field>',
      '<field name="c"></field>',
      '<field name="d" xsi:nil="true" />',
      '<field name="e">&lt;row&gt;\n&quot;</field>',
      '<field name="f">2020-01-02 03:04:05</field>',
    ),
  ),
  done(0, -1),
  done(1, 3),
  '-- cutover: kinds of the columns\n',
  'Field   1:  `cutover 0`\nType:       LONG\n\n+--+\n|1|\n+--+\n1 row in set\n',
  'Field   1:  `a&b`\nType:       LONGLONG\nField   2:  `e`\nType:       VAR_STRING\nField   3:  `f`\nType:       DATETIME\n\n',
  'Field   1:  `cutover 1`\nType:       LONG\n',
].join('');

test('answers are read, numbers as numbers', () => {
  expect(readAnswers(SHOWN)).toEqual([
    { rows: [{ 'a&b': 1, c: '', d: null, e: '<row>\n"', f: '2020-01-02T03:04:05' }], count: 1 },
    { rows: [], count: 3 },
  ]);
});

test.each<[string, boolean]>([
  ['SELECT 1', true],
  ['  -- why\n (select 1)', true],
  ['/* x */ SHOW TABLES', true],
  ['WITH a AS (SELECT 1) SELECT * FROM a', true],
  ['EXPLAIN SELECT 1', true],
  ['EXPLAIN ANALYZE DELETE FROM t', false],
  ['SELECT 1 INTO OUTFILE "/x"', false],
  ['SELECT * FROM t FOR UPDATE', false],
  ['CALL p()', false],
  ['/*!50000 DROP */ TABLE t', false],
])('%s reads: %j', (sql, reads) => {
  expect(isReading(sql)).toBe(reads);
});

describe('mysql_query', () => {
  const shown = (text: string, rc = 0, stderr = '') => ({ answers: { command: ended(rc, text, stderr) } });
  const stdinOf = (change: { detail: unknown } | undefined) =>
    (change as { detail: { spec: { stdin: string } } }).detail.spec.stdin;

  it('asks what only reads, in a dry run too', async () => {
    for (const checkMode of [false, true]) {
      const ran = await run(mysqlQuery, { query: 'SELECT 1' }, { ...shown(done(0, 1)), checkMode });
      expect([ran.changes, ran.result]).toEqual([
        [],
        { changed: false, executed_queries: ['SELECT 1'], query_result: [[]], rowcount: [1] },
      ]);
    }
  });

  it('runs others once, with their values as standard input; a dry run does not know', async () => {
    const args = { query: ['DELETE FROM t WHERE a = %s', 'UPDATE t SET a = %s'], positional_args: ["o'b"] };
    const ran = await run(mysqlQuery, { ...args, single_transaction: true, login_db: 'shop' });
    expect(ran.changes.map(({ undo }) => undo)).toEqual(['irreversible']);
    const stdin = stdinOf(ran.changes[0]);
    expect(stdin).toContain(
      "START TRANSACTION\n-//cutover//-\nDELETE FROM t WHERE a = 'o\\'b'\n-//cutover//-\n",
    );
    expect(stdin.indexOf('COMMIT')).toBeGreaterThan(stdin.indexOf('UPDATE t'));
    const dry = await run(mysqlQuery, args, { checkMode: true });
    expect(isUnknown(dry.plan.changed)).toBe(true);
  });

  it('a reading that turns out to write is run', async () => {
    const refused = 'ERROR 1792 (25006) at line 3: Cannot execute statement in a READ ONLY transaction\n';
    const ran = await run(mysqlQuery, { query: 'SELECT f()' }, shown('', 1, refused));
    expect(ran.changes).toHaveLength(1);
    const dry = await run(mysqlQuery, { query: 'SELECT f()' }, { ...shown('', 1, refused), checkMode: true });
    expect(isUnknown(dry.plan.changed)).toBe(true);
  });

  it('says which statement failed', async () => {
    const args = { query: ['SELECT 1', 'SELECT * FROM %(n)s'], named_args: { n: 1 } };
    const said = "ERROR 1064 (42000) at line 9: You're wrong\n";
    expect((await run(mysqlQuery, args, shown(done(0, 1), 1, said))).plan.failed).toBe(
      `Cannot execute SQL 'SELECT * FROM %(n)s' args [{'n': 1}]: (1064, "You're wrong")`,
    );
    expect((await run(mysqlQuery, { query: '%s', positional_args: [] })).plan.failed).toMatch(
      /not enough arguments/,
    );
  });

  it('takes one kind of arguments', async () => {
    const args = { query: 'x', positional_args: [1], named_args: { a: 1 } };
    await expect(run(mysqlQuery, args)).rejects.toThrow(/mutually exclusive/);
  });
});

describe('mysql_variables', () => {
  const around = (value: string) => ({ answers: { command: ended(0, value) } });
  test.each<[Record<string, unknown>, string, string | undefined]>([
    [{ value: '200' }, '200\n', undefined],
    [{ value: '2.5' }, '2.500000\n', undefined],
    [{ value: 200 }, '100\n', 'SET GLOBAL `v` = 200;'],
    [{ value: "it's" }, 'x\n', "SET GLOBAL `v` = 'it''s';"],
    [{ value: 'ON', mode: 'persist' }, 'OFF\n', "SET PERSIST `v` = 'ON';"],
    [{}, 'x\n', undefined],
  ])('%j where it is %j', async (args, value, sql) => {
    const ran = await run(mysqlVariables, { variable: 'v', ...args }, around(value));
    const sent = ran.changes.map((change) =>
      (change.detail as { spec: { stdin: string } }).spec.stdin.trim(),
    );
    expect(sent).toEqual(sql === undefined ? [] : [sql]);
    if (sql) expect(ran.changes[0]!.undo).toBe('mode' in args ? 'irreversible' : 'invertible');
  });

  it('tells the value, and what it was', async () => {
    const msg = async (args: Record<string, unknown>, value: string) =>
      (await run(mysqlVariables, { variable: 'v', ...args }, around(value))).result.msg;
    expect(await msg({}, 'a b\n')).toBe('a b');
    expect(await msg({ value: 'x' }, 'a b\n')).toBe('Variable change succeeded prev_value=a b');
    expect(await msg({ value: 'x' }, 'x\n')).toBe('Variable is already set to requested value.');
    expect((await run(mysqlVariables, { variable: 'v' }, around(''))).plan.failed).toBe(
      'Variable not available "v"',
    );
    await expect(run(mysqlVariables, { variable: 'a;b' })).rejects.toThrow(/invalid variable name/);
  });
});
