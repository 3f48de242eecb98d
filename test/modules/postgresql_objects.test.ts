import { describe, expect, it, test } from 'vitest';
import { readVersion } from '../../src/modules/postgresql_client/version.ts';
import postgresqlExt from '../../src/modules/postgresql_ext/index.ts';
import postgresqlMembership from '../../src/modules/postgresql_membership/index.ts';
import postgresqlOwner from '../../src/modules/postgresql_owner/index.ts';
import { ownerSetting } from '../../src/modules/postgresql_owner/objects.ts';
import postgresqlPing from '../../src/modules/postgresql_ping/index.ts';
import postgresqlSchema from '../../src/modules/postgresql_schema/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

type Run = Awaited<ReturnType<typeof run>>;

const says = (stdout: string, rc = 0, stderr = '') => ({ answers: { command: ended(rc, stdout, stderr) } });
const undone = (ran: Run) => ran.changes.map(({ undo }) => undo);
/** The answer to one question, and to every other one. */
const answers = (word: string, one: string, other: string) => ({
  answers: {
    command: (spec: { argv?: readonly string[] }) =>
      ended(0, spec.argv?.some((arg) => arg.includes(word)) ? one : other),
  },
});

describe('postgresql_ping', () => {
  it('tells the version', async () => {
    const ran = await run(postgresqlPing, {}, says('PostgreSQL 15.18 (Debian) on x\n'));
    expect(ran.result).toEqual({
      is_available: true,
      conn_err_msg: '',
      server_version: { raw: 'PostgreSQL 15.18 (Debian) on x', full: '15.18', major: 15, minor: 18 },
    });
  });

  it('does not fail where no server answers', async () => {
    const ran = await run(postgresqlPing, { login_port: 1 }, says('', 2, 'psql: error: failed: none\n'));
    expect(ran.result).toMatchObject({
      is_available: false,
      server_version: {},
      conn_err_msg: 'failed: none\n',
    });
  });

  it('fails where the role to act as is not there', async () => {
    const ran = await run(
      postgresqlPing,
      { session_role: 'x' },
      says('', 3, 'psql:<stdin>:1: ERROR:  no role\n'),
    );
    expect(ran.plan.failed).toBe('no role\n');
  });

  test('versions of three numbers', () => {
    expect(readVersion('PostgreSQL 9.6.24 on x')).toMatchObject({ full: '9.6.24', minor: 6, patch: 24 });
  });
});

describe('postgresql_schema', () => {
  test.each<[Record<string, unknown>, string, string[]]>([
    [{}, '', ['CREATE SCHEMA "s"']],
    [{ owner: 'bob' }, '', ['CREATE SCHEMA "s" AUTHORIZATION "bob"']],
    [{ owner: 'bob' }, 'al\n', ['ALTER SCHEMA "s" OWNER TO "bob"']],
    [{ owner: 'bob' }, 'bob\n', []],
    [{}, 'al\n', []],
    [{ state: 'absent' }, 'al\n', ['DROP SCHEMA "s"']],
    [{ state: 'absent', cascade_drop: true }, 'al\n', ['DROP SCHEMA "s" CASCADE']],
    [{ state: 'absent' }, '', []],
  ])('%j where the owner is %j', async (args, owner, queries) => {
    const ran = await run(postgresqlSchema, { name: 's', ...args }, says(owner));
    expect(ran.result).toMatchObject({ schema: 's', queries });
    expect(undone(ran)).toEqual(queries.map(() => (args.state === 'absent' ? 'irreversible' : 'invertible')));
  });

  it('is not taken back with a password', async () => {
    expect(undone(await run(postgresqlSchema, { name: 's', login_password: 'p' }, says('')))).toEqual([
      'irreversible',
    ]);
  });
});

describe('postgresql_ext', () => {
  const known = (version: string | null, newest: string | null = '1.6') =>
    answers(
      'json_build_object',
      JSON.stringify({
        version,
        newest,
        versions: ['1.4', '1.6'],
        reachable: version === '1.4' ? ['1.6'] : [],
      }),
      version === null ? '' : 'citext\n',
    );

  test.each<[Record<string, unknown>, string | null, string[]]>([
    [{}, null, ['CREATE EXTENSION "citext"']],
    [
      { version: '1.4', schema: 'x', cascade: true },
      null,
      [`CREATE EXTENSION "citext" WITH SCHEMA "x" VERSION '1.4' CASCADE`],
    ],
    [{ version: 'latest' }, null, ['CREATE EXTENSION "citext"']],
    [{}, '1.4', []],
    [{ version: '1.4' }, '1.4', []],
    [{ version: '1.6' }, '1.4', [`ALTER EXTENSION "citext" UPDATE TO '1.6'`]],
    [{ version: 'latest' }, '1.4', ['ALTER EXTENSION "citext" UPDATE']],
    [{ version: 'latest' }, '1.6', []],
    [{ state: 'absent', cascade: true }, '1.4', ['DROP EXTENSION "citext" CASCADE']],
    [{ state: 'absent' }, null, []],
  ])('%j where the version is %j', async (args, version, queries) => {
    const ran = await run(postgresqlExt, { name: 'citext', db: 'shop', ...args }, known(version));
    expect(ran.result).toMatchObject({ ext: 'citext', db: 'shop', queries });
    const added = version === null && args.state === undefined;
    expect(undone(ran)).toEqual(queries.map(() => (added ? 'invertible' : 'irreversible')));
  });

  test.each<[Record<string, unknown>, string | null, string | null, RegExp]>([
    [{}, null, null, /^Extension citext is not available$/],
    [{ version: '9' }, null, '1.6', /^Passed version '9' is not available$/],
    [{ version: '1.4' }, '1.6', '1.6', /^Passed version '1.4' has no valid update path/],
  ])('%j where the version is %j of %j fails', async (args, version, newest, message) => {
    const wish = { name: 'citext', db: 'shop', ...args };
    expect((await run(postgresqlExt, wish, known(version, newest))).plan.failed).toMatch(message);
    const dry = await run(postgresqlExt, wish, { ...known(version, newest), checkMode: true });
    expect(isUnknown(dry.plan.changed)).toBe(true);
  });
});

describe('postgresql_membership', () => {
  const there = answers('json_agg', '[["ro","al",false],["rw","al",false]]', 'al\nbo\nro\nrw\n');

  test.each<[Record<string, unknown>, Record<string, unknown>]>([
    [{ state: 'present' }, { granted: { ro: ['bo'] }, queries: ['GRANT "ro" TO "bo"'] }],
    [{ state: 'absent' }, { revoked: { ro: ['al'] }, queries: ['REVOKE "ro" FROM "al"'] }],
    [
      { state: 'exact' },
      {
        granted: { ro: ['bo'] },
        revoked: { rw: ['al'] },
        queries: ['REVOKE "rw" FROM "al"', 'GRANT "ro" TO "bo"'],
      },
    ],
    [{ target_roles: 'al' }, { granted: { ro: [] }, queries: [] }],
  ])('%j', async (args, result) => {
    const ran = await run(postgresqlMembership, { groups: 'ro', target_roles: 'al,bo', ...args }, there);
    expect(ran.result).toMatchObject(result);
    expect(undone(ran)).toEqual((result.queries as string[]).length === 0 ? [] : ['invertible']);
  });

  it('leaves out roles that are not there, when told so', async () => {
    const args = { groups: 'ro,none', target_roles: 'al' };
    expect((await run(postgresqlMembership, args, there)).plan.failed).toBe('Role none does not exist');
    const ran = await run(postgresqlMembership, { ...args, fail_on_role: false }, there);
    expect([ran.plan.warnings, ran.result.groups]).toEqual([['Role none does not exist, pass'], ['ro']]);
  });
});

test.each([
  ['f', "to_regproc('f')"],
  ['f(int)', "to_regprocedure('f(int)')"],
])('the owner of the function %s is asked with %s', (name, found) => {
  const login = postgresqlSchema.params.parse({ name: 's' });
  expect(ownerSetting(login, 'shop', 'function', name).look.join(' ')).toContain(found);
});

describe('postgresql_owner', () => {
  const owned = (owner: string) => answers('json_object_agg', '{"bob":false,"al":true}', owner);

  test.each<[string, string, string]>([
    ['table', 'sc.t', 'ALTER TABLE "sc"."t" OWNER TO "bob"'],
    ['matview', 'm', 'ALTER MATERIALIZED VIEW "m" OWNER TO "bob"'],
    ['function', 'f(int)', 'ALTER FUNCTION f(int) OWNER TO "bob"'],
    ['function', 'Odd.f', 'ALTER FUNCTION "Odd".f OWNER TO "bob"'],
    ['database', 'a.b', 'ALTER DATABASE "a.b" OWNER TO "bob"'],
  ])('%s %s', async (obj_type, obj_name, sql) => {
    const args = { new_owner: 'bob', obj_type, obj_name };
    const ran = await run(postgresqlOwner, args, owned('al\n'));
    expect([ran.result.queries, undone(ran)]).toEqual([[sql], ['invertible']]);
    expect((await run(postgresqlOwner, args, owned('bob\n'))).changes).toEqual([]);
    expect((await run(postgresqlOwner, args, owned(''))).plan.failed).toMatch(/does not exist$/);
  });

  test.each<[string, string[]]>([
    ['al', ['REASSIGN OWNED BY "al" TO "bob"']],
    ['bob', []],
  ])('what %s has', async (reassign_owned_by, queries) => {
    const ran = await run(postgresqlOwner, { new_owner: 'bob', reassign_owned_by }, owned(''));
    expect([ran.result.queries, undone(ran)]).toEqual([queries, queries.map(() => 'irreversible')]);
  });

  test.each([[{}], [{ obj_name: 'x' }], [{ obj_name: 'x', obj_type: 'table', reassign_owned_by: 'al' }]])(
    '%j is refused',
    (args) => {
      expect(() => postgresqlOwner.params.parse({ new_owner: 'bob', ...args })).toThrow();
    },
  );
});
