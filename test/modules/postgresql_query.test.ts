import { describe, expect, it } from 'vitest';
import postgresqlQuery from '../../src/modules/postgresql_query/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

const MARK = '-- cutover\n';
const table = (...records: string[][]) => `${records.map((one) => one.join('\x1f')).join('\x1e')}\n`;
const columns = (...pairs: [string, string][]) => table(['Column', 'Type'], ...pairs);
const ONE = `SET\nBEGIN\n${MARK}${columns(['n', 'integer'], ['x', 'text'])}${MARK}${table(['n', 'x'], ['1', '<cutover: null>'], ['2', 'a\nb'])}${MARK}COMMIT\n`;
const NONE = 'The command has no result, or the result has no columns.\n';
const INSERTED = `BEGIN\n${MARK}${NONE}${MARK}INSERT 0 3\n${MARK}ROLLBACK\n`;
const shown = (text: string, rc = 0, stderr = '') => ({ answers: { command: ended(rc, text, stderr) } });
const readOnly =
  'psql:<stdin>:9: ERROR:  25006: cannot execute INSERT in a read-only transaction\nLOCATION:  x\n';
const wish = { db: 'shop' };

describe('postgresql_query', () => {
  it('asks what only reads', async () => {
    const ran = await run(postgresqlQuery, { ...wish, query: 'SELECT n, x FROM t;' }, shown(ONE));
    const rows = [
      { n: 1, x: null },
      { n: 2, x: 'a\nb' },
    ];
    expect([ran.changes, ran.result]).toEqual([
      [],
      {
        changed: false,
        query: 'SELECT n, x FROM t;',
        query_list: ['SELECT n, x FROM t;'],
        statusmessage: 'SELECT 2',
        query_result: rows,
        query_all_results: [rows],
        rowcount: 2,
      },
    ]);
  });

  it('runs others; a dry run does them in a transaction that is taken back', async () => {
    const args = { ...wish, query: 'INSERT INTO t VALUES (%s)', positional_args: ['x'] };
    const ran = await run(postgresqlQuery, args);
    expect(ran.changes.map(({ undo }) => undo)).toEqual(['irreversible']);
    const { stdin } = (ran.changes[0]!.detail as { spec: { stdin: string } }).spec;
    expect(stdin).toContain("INSERT INTO t VALUES ('x')\n\\gdesc\n");
    expect(stdin).toMatch(/COMMIT;\n$/);
    const dry = await run(postgresqlQuery, args, { ...shown(INSERTED), checkMode: true });
    expect(dry.changes).toEqual([]);
    expect(dry.result).toMatchObject({
      changed: true,
      rowcount: 3,
      statusmessage: 'INSERT 0 3',
      query_result: {},
    });
  });

  it('a reading that turns out to write is run', async () => {
    const args = { ...wish, query: 'WITH a AS (INSERT INTO t VALUES (1) RETURNING x) SELECT * FROM a' };
    expect((await run(postgresqlQuery, args, shown('', 3, readOnly))).changes).toHaveLength(1);
  });

  it('reads what comes back of rows that are written', async () => {
    const returned = `${MARK}${columns(['id', 'bigint'])}${MARK}id\x1e7\nINSERT 0 1\n${MARK}`;
    const args = { ...wish, query: 'INSERT INTO t DEFAULT VALUES RETURNING id' };
    const dry = await run(postgresqlQuery, args, { ...shown(returned), checkMode: true });
    expect(dry.result).toMatchObject({
      query_result: [{ id: 7 }],
      statusmessage: 'INSERT 0 1',
      changed: true,
    });
  });

  it('says which statement failed; a dry run is only sure of the grammar', async () => {
    const args = { ...wish, query: ['SELECT 1', 'SELECT * FROM nowhere'] };
    const said =
      'psql:<stdin>:9: ERROR:  42P01: relation "nowhere" does not exist\nLINE 1: SELECT * FROM nowhere\n';
    const first = ONE.replace(/COMMIT\n$/, '');
    const ran = await run(postgresqlQuery, args, shown(first, 3, `${said}LOCATION:  parse.c:1\n`));
    expect(ran.plan.failed).toBe(
      `Cannot execute SQL 'SELECT * FROM nowhere' None: relation "nowhere" does not exist\nLINE 1: SELECT * FROM nowhere\n, query list: ['SELECT 1', 'SELECT * FROM nowhere']`,
    );
    const dry = await run(postgresqlQuery, args, { ...shown('', 3, said), checkMode: true });
    expect(isUnknown(dry.plan.changed)).toBe(true);
    const wrong = await run(postgresqlQuery, args, {
      ...shown('', 3, 'ERROR:  42601: syntax error\n'),
      checkMode: true,
    });
    expect(wrong.plan.failed).toMatch(/syntax error/);
  });

  it('reads a script of the target', async () => {
    const files = { '/s.sql': "SELECT 1;\nINSERT INTO t VALUES ('a;b');\n" };
    const list = async (more: Record<string, unknown>) =>
      (
        await run(
          postgresqlQuery,
          { ...wish, path_to_script: '/s.sql', ...more },
          { files, checkMode: true, ...shown(ONE.replace('COMMIT\n', INSERTED.slice(6 + MARK.length))) },
        )
      ).result.query_list;
    expect(await list({})).toEqual([files['/s.sql']]);
    expect(await list({ as_single_query: false })).toEqual(['SELECT 1', "\nINSERT INTO t VALUES ('a;b')"]);
    expect((await run(postgresqlQuery, { ...wish, path_to_script: '/no.sql' })).plan.failed).toMatch(
      /^Cannot read/,
    );
  });

  it('refuses what has no rehearsal, and no statement', async () => {
    const vacuum = { ...wish, query: 'VACUUM', autocommit: true };
    expect((await run(postgresqlQuery, vacuum, { checkMode: true })).plan.failed).toMatch(
      /mutually exclusive/,
    );
    expect((await run(postgresqlQuery, { ...wish, query: ' -- x' })).plan.failed).toMatch(/an empty query/);
    await expect(run(postgresqlQuery, wish)).rejects.toThrow(/query or path_to_script/);
  });
});
