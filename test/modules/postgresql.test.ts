import { describe, expect, it, test } from 'vitest';
import { connectionOf } from '../../src/modules/postgresql_client/login.ts';
import postgresqlDb from '../../src/modules/postgresql_db/index.ts';
import { dbParams } from '../../src/modules/postgresql_db/params.ts';
import { grants } from '../../src/modules/postgresql_privs/grants.ts';
import postgresqlPrivs from '../../src/modules/postgresql_privs/index.ts';
import { privsParams } from '../../src/modules/postgresql_privs/params.ts';
import { rehearsal, rolesProbe } from '../../src/modules/postgresql_privs/rehearsal.ts';
import postgresqlUser from '../../src/modules/postgresql_user/index.ts';
import { userParams } from '../../src/modules/postgresql_user/params.ts';
import { detailProbe } from '../../src/modules/postgresql_user/queries.ts';
import { isPassword } from '../../src/modules/postgresql_user/role.ts';
import { isUnknown } from '../../src/values/index.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

interface Detail {
  readonly spec: { readonly argv: readonly string[]; readonly stdin?: string };
}

const sent = (ran: { changes: readonly { detail: unknown }[] }) =>
  ran.changes.map((change) => (change.detail as Detail).spec.stdin);
const says = (stdout: string) => ({ answers: { command: ended(0, stdout) } });

describe('postgresql_db', () => {
  const NOW = 'me\n-1\nUTF8\nC.UTF-8\nC.UTF-8\npg_default\n';
  test.each<[Record<string, unknown>, string, string[]]>([
    [{}, NOW, []],
    [{}, '', ['CREATE DATABASE "shop";\n']],
    [
      { owner: 'x"y', encoding: 'UTF8', template: 'template0', conn_limit: 7 },
      '',
      ['CREATE DATABASE "shop" OWNER "x""y" TEMPLATE "template0" ENCODING \'UTF8\' CONNECTION LIMIT 7;\n'],
    ],
    [{ owner: 'me', encoding: 'utf-8', lc_ctype: 'C.UTF-8', conn_limit: '-1' }, NOW, []],
    [
      { owner: 'you', conn_limit: '5' },
      NOW,
      ['ALTER DATABASE "shop" OWNER TO "you";\nALTER DATABASE "shop" CONNECTION LIMIT 5;\n'],
    ],
    [{ state: 'absent' }, NOW, ['DROP DATABASE "shop";\n']],
    [{ state: 'absent' }, '', []],
  ])('%j where there is %j', async (args, now, sql) => {
    const ran = await run(postgresqlDb, { name: 'shop', ...args }, says(now));
    expect(sent(ran)).toEqual(sql);
    expect(ran.result.db).toBe('shop');
    for (const change of ran.changes)
      expect(change.undo).toBe(args.state === 'absent' ? 'irreversible' : 'invertible');
  });

  test.each([
    [{ encoding: 'LATIN1' }, 'Changing database encoding is not supported. Current encoding: UTF8'],
    [{ lc_collate: 'de_DE' }, 'Changing LC_COLLATE is not supported. Current LC_COLLATE: C.UTF-8'],
    [{ state: 'rename', target: 'other' }, 'Both the source and the target databases exist: shop, other'],
  ])('%j fails', async (args, message) => {
    expect((await run(postgresqlDb, { name: 'shop', ...args }, says(NOW))).plan.failed).toBe(message);
  });

  test.each([
    ['/d.sql', 'pg_dump shop --port=5432 --username=postgres > /d.sql'],
    ['/d.pgc', 'pg_dump shop --port=5432 --username=postgres --format=c > /d.pgc'],
    ['/d.sql.gz', 'pg_dump shop --port=5432 --username=postgres | gzip > /d.sql.gz'],
  ])('dumps to %s', async (target, shown) => {
    const ran = await run(postgresqlDb, { name: 'shop', state: 'dump', target });
    expect(ran.result.executed_commands).toEqual([shown]);
  });

  it('does not know in a dry run what a server that is not there would say', async () => {
    const said = { answers: { command: ended(2, '', 'psql: error: connection to server failed\n') } };
    const dry = await run(postgresqlDb, { name: 'x' }, { ...said, checkMode: true });
    expect(isUnknown(dry.plan.changed)).toBe(true);
    expect((await run(postgresqlDb, { name: 'x' }, said)).plan.failed).toBe(
      'unable to connect to database: connection to server failed\n',
    );
  });
});

test('a connection is told without its password, which comes on standard input', async () => {
  const args = { login_host: "o'h", login_user: 'u', login_password: 'pw' };
  expect(connectionOf(dbParams.parse({ name: 'x', ...args }), 'my db')).toBe(
    "dbname='my db' user='u' port='5432' host='o\\'h' sslmode='prefer'",
  );
  const ran = await run(postgresqlDb, { name: 'x', ...args }, says(''));
  const { spec } = ran.changes[0]!.detail as Detail;
  expect(spec.argv).not.toContain('pw');
  expect(spec.stdin).toBe('pw\nCREATE DATABASE "x";\n');
  expect(ran.changes[0]!.undo).toBe('irreversible');
});

test('a password is no parameter of the connection, where arguments would show it', () => {
  expect(() => dbParams.parse({ name: 'x', connect_params: { password: 'pw' } })).toThrow(/login_password/);
});

describe('passwords of roles', () => {
  // What PostgreSQL 15 kept.
  test.each([
    [
      'SCRAM-SHA-256$4096:q5AmXsQO3QT0/aismaIw6Q==$g00y4YRj9lBoSsX8gkxO6i8a2ZlMbddIn++UH/rNO2g=:QhRo3d3/ajTxLBtqNS5sa+stGHJ8RhpNlhNHC7rAkWk=',
      'first',
      'old',
    ],
    ['md509dae425a2378acd361b7d2cd21844fc', '12345', 'm5'],
  ])('%s', (hash, password, user) => {
    expect(isPassword(hash, password, user)).toBe(true);
    expect(isPassword(hash, hash, user)).toBe(true);
    expect(isPassword(hash, 'other', user)).toBe(false);
  });
  test('none', () => {
    expect([isPassword(null, '', 'x'), isPassword(null, 'p', 'x')]).toEqual([true, false]);
  });
});

describe('postgresql_user', () => {
  const ROLE = {
    flags: { SUPERUSER: false, CREATEDB: true, LOGIN: true },
    password: 'md5known',
    until: null,
    limit: -1,
    comment: 'old',
    groups: ['staff'],
  };
  const around = (args: Record<string, unknown>, role?: object, detail = 't\n\n') => ({
    answers: {
      [detailProbe(userParams.parse({ name: 'bob', ...args })).key]: ended(0, detail),
      command: ended(0, role ? `${JSON.stringify(role)}\n` : ''),
    },
  });
  test.each<[Record<string, unknown>, string[]]>([
    [{}, []],
    [{ password: 'md5known', role_attr_flags: 'CREATEDB,NOSUPERUSER', comment: 'old', groups: 'staff' }, []],
    [{ password: 'x', no_password_changes: true }, []],
    [{ password: "o'x" }, ["ALTER USER \"bob\" WITH ENCRYPTED PASSWORD 'o''x' ;\n"]],
    [{ role_attr_flags: 'NOCREATEDB,LOGIN' }, ['ALTER USER "bob" WITH NOCREATEDB LOGIN;\n']],
    [
      { comment: 'new', groups: ['staff', 'ops'] },
      ['COMMENT ON ROLE "bob" IS \'new\';\nGRANT "ops" TO "bob";\n'],
    ],
    [{ state: 'absent' }, ['DROP USER "bob";\n']],
  ])('%j', async (args, sql) => {
    const ran = await run(postgresqlUser, { name: 'bob', ...args }, around(args, ROLE));
    expect(sent(ran)).toEqual(sql);
    for (const change of ran.changes) expect(change.undo).toBe('invertible');
  });

  it('makes a role, and tells no password', async () => {
    const args = { password: 'p', expires: 'infinity', conn_limit: 3 };
    const ran = await run(postgresqlUser, { name: 'bob', ...args }, around(args, undefined, 'f\n\n'));
    expect(sent(ran)).toEqual([
      "CREATE USER \"bob\" WITH ENCRYPTED PASSWORD 'p' VALID UNTIL 'infinity' CONNECTION LIMIT 3 ;\n",
    ]);
    expect(ran.result).toEqual({
      user: 'bob',
      queries: [
        'CREATE USER "bob" WITH ENCRYPTED PASSWORD %(password)s VALID UNTIL %(expires)s CONNECTION LIMIT 3 ',
      ],
    });
    expect(ran.changes[0]!.diff).toEqual({ prepared: `${(ran.result.queries as string[])[0]}\n` });
  });

  it('grants the privileges of the database that are missing', async () => {
    const args = { db: 'shop', priv: 'CONNECT/CREATE' };
    const ran = await run(postgresqlUser, { name: 'bob', ...args }, around(args, ROLE, 't\nCREATE\n'));
    expect(ran.result.queries).toEqual(['GRANT CREATE ON DATABASE "shop" TO "bob"']);
  });

  it('grants the privileges of tables that are missing', async () => {
    const args = { db: 'shop', priv: 'orders:ALL/CONNECT/old.lines:select' };
    const detail = 't\nINSERT,UPDATE\n\nSELECT\n';
    const ran = await run(postgresqlUser, { name: 'bob', ...args }, around(args, ROLE, detail));
    expect(ran.result.queries).toEqual([
      'GRANT INSERT, UPDATE ON TABLE "public"."orders" TO "bob"',
      'GRANT SELECT ON TABLE "old"."lines" TO "bob"',
    ]);
  });

  it.each(['orders:CONNECT', 'SELECT', 'orders'])('knows no privilege %s', (priv) => {
    expect(() => userParams.parse({ name: 'bob', priv })).toThrow(/takes privileges of a database/);
  });
});

describe('postgresql_privs', () => {
  test.each<[Record<string, unknown>, string]>([
    [
      { privs: 'select,INSERT', objs: 't,u' },
      'GRANT SELECT,INSERT ON table "public"."t","public"."u" TO "a","b";',
    ],
    [
      { privs: 'ALL', objs: 'ALL_IN_SCHEMA', schema: 's', grant_option: true },
      'GRANT ALL ON ALL TABLES IN SCHEMA "s" TO "a","b" WITH GRANT OPTION;',
    ],
    [
      { privs: 'CONNECT', type: 'database', state: 'absent' },
      'REVOKE CONNECT ON database "shop" FROM "a","b";',
    ],
    [
      { privs: 'EXECUTE', type: 'function', objs: 'add(int:int)' },
      'GRANT EXECUTE ON function "public"."add"(int, int) TO "a","b";',
    ],
    [{ type: 'group', objs: 'staff' }, 'GRANT "staff" TO "a","b";'],
    [
      { type: 'default_privs', objs: 'TABLES', privs: 'SELECT', target_roles: 'me', usage_on_types: false },
      `ALTER DEFAULT PRIVILEGES FOR ROLE "me" IN SCHEMA "public" REVOKE ALL ON TABLES FROM "a","b";
ALTER DEFAULT PRIVILEGES FOR ROLE "me" IN SCHEMA "public" GRANT SELECT ON TABLES TO "a","b";`,
    ],
  ])('%j', (args, sql) => {
    expect(grants(privsParams.parse({ db: 'shop', roles: 'a,b', ...args }), ['a', 'b'])).toBe(sql);
  });

  const wish = { db: 'shop', privs: 'SELECT', objs: 't', roles: 'bob' };
  const rehearsed = (before: string, after: string) => {
    const given = privsParams.parse(wish);
    return run(postgresqlPrivs, wish, {
      answers: {
        [rolesProbe(given).key]: ended(0, ''),
        [rehearsal(given, ['bob']).key]: ended(0, `${before}-- then\n${after}`),
      },
    });
  };

  it('is a change when the rehearsal says so', async () => {
    const sql = 'GRANT SELECT ON table "public"."t" TO "bob";';
    const same = await rehearsed('1|{me=r}\n', '1|{me=r}\n');
    expect([same.changes, same.result]).toEqual([[], { queries: [sql] }]);
    const other = await rehearsed('1|{me=r}\n', '1|{bob=r,me=r}\n');
    expect([sent(other), other.result]).toEqual([[`${sql}\n`], { queries: [sql] }]);
  });

  it('fails for a role that is not there, or leaves it out', async () => {
    const missing = says('bob\n');
    expect((await run(postgresqlPrivs, wish, missing)).plan.failed).toBe("Role 'bob' does not exist");
    const lenient = await run(postgresqlPrivs, { ...wish, fail_on_role: false }, missing);
    expect(lenient.changes).toEqual([]);
    expect(lenient.plan.warnings).toEqual(["Role 'bob' does not exist, pass"]);
  });
});
