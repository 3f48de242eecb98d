import { describe, expect, it, test } from 'vitest';
import { optionsOf } from '../../src/modules/mysql_client/login.ts';
import mysqlDb from '../../src/modules/mysql_db/index.ts';
import { accountName, nativeHash, readAccount } from '../../src/modules/mysql_user/account.ts';
import mysqlUser from '../../src/modules/mysql_user/index.ts';
import { userParams } from '../../src/modules/mysql_user/params.ts';
import {
  differences,
  privilegeStatements,
  readGrants,
  readPrivileges,
} from '../../src/modules/mysql_user/privileges.ts';
import { isUnknown } from '../../src/values/index.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

interface Detail {
  readonly spec: { readonly argv: readonly string[]; readonly stdin?: string };
}

const sent = (ran: { changes: readonly { detail: unknown }[] }) =>
  ran.changes.map((change) => (change.detail as Detail).spec.stdin?.replace(/;\n/g, ';').trim());

describe('mysql_db', () => {
  const around = (there: string) => ({ answers: { command: ended(0, there) }, files: { '/d.sql': '' } });
  test.each<[Record<string, unknown>, string, string[]]>([
    [{ name: 'shop' }, 'shop\n', []],
    [{ name: ['shop', 'b`d'] }, 'shop\n', ['CREATE DATABASE `b``d`;']],
    [
      { db: 'shop', encoding: 'utf8mb4', collation: 'utf8mb4_bin' },
      '',
      ["CREATE DATABASE `shop` CHARACTER SET 'utf8mb4' COLLATE 'utf8mb4_bin';"],
    ],
    [{ name: 'shop,old', state: 'absent' }, 'old\n', ['DROP DATABASE `old`;']],
    [{ name: 'shop', state: 'absent' }, '', []],
  ])('%j where there is %j', async (args, there, sql) => {
    expect(sent(await run(mysqlDb, args, around(there)))).toEqual(sql);
  });

  it('tells what it ran, but not in check mode', async () => {
    const ran = await run(mysqlDb, { name: ['a', 'b'] }, around('a\n'));
    expect(ran.result).toEqual({
      db: 'a b',
      db_list: ['a', 'b'],
      executed_commands: ['CREATE DATABASE `b`'],
    });
    const dry = await run(mysqlDb, { name: 'b' }, { ...around(''), checkMode: true });
    expect(dry.result).toEqual({ db: 'b', db_list: ['b'] });
  });

  it('can be taken back unless a password is needed for that', async () => {
    const undo = async (args: Record<string, unknown>) =>
      (await run(mysqlDb, { name: 'b', ...args }, around(''))).changes.map((change) => change.undo);
    expect(await undo({})).toEqual(['invertible']);
    expect(await undo({ login_password: 'x' })).toEqual(['irreversible']);
    expect((await run(mysqlDb, { name: 'b', state: 'absent' }, around('b\n'))).changes[0]?.undo).toBe(
      'irreversible',
    );
  });

  it('keeps the password out of arguments', async () => {
    const login = { login_user: 'me', login_password: 'a"b\\c' };
    const ran = await run(mysqlDb, { name: 'b', ...login }, around(''));
    const { spec } = ran.changes[0]!.detail as Detail;
    expect(spec.argv.join(' ')).not.toContain('a"b');
    expect(spec.stdin).toBe('password="a\\"b\\\\c"\nCREATE DATABASE `b`;\n');
  });

  it('dumps and imports', async () => {
    const dump = await run(
      mysqlDb,
      { name: ['a', 'b'], state: 'dump', target: '/d.sql.gz' },
      around('a\nb\n'),
    );
    expect(dump.result.executed_commands).toEqual(['mysqldump --quick --databases a b | gzip > /d.sql.gz']);
    const load = await run(mysqlDb, { name: 'new', state: 'import', target: '/d.sql' }, around(''));
    expect(load.summaries).toEqual(['make the database new', 'import new from /d.sql']);
    const none = await run(mysqlDb, { name: 'new', state: 'import', target: '/no.sql' }, around(''));
    expect(none.plan.failed).toBe('target /no.sql does not exist on the host');
    const lost = await run(mysqlDb, { name: 'c', state: 'dump', target: '/d.sql' }, around(''));
    expect(lost.plan.failed).toBe("Cannot dump database(s) 'c' - not found");
  });

  it('does not know in a dry run what a server that is not there would say', async () => {
    const said = { answers: { command: ended(1, '', "ERROR 2002 (HY000): Can't connect\n") } };
    expect((await run(mysqlDb, { name: 'x' }, said)).plan.failed).toMatch(/2002/);
    const dry = await run(mysqlDb, { name: 'x' }, { ...said, checkMode: true });
    expect(dry.plan.failed).toBeUndefined();
    expect(isUnknown(dry.plan.changed)).toBe(true);
  });
});

describe('how to reach a server', () => {
  const options = (args: Record<string, unknown>) =>
    optionsOf(userParams.parse({ name: 'x', ...args })).replace(/loose-connect-timeout="30"\n/, '');
  test.each<[Record<string, unknown>, string]>([
    [{}, 'host="localhost"\n'],
    [{ config_overrides_defaults: true }, ''],
    [{ login_unix_socket: '/run/s' }, 'socket="/run/s"\n'],
    [{ login_port: 3307 }, 'host="localhost"\nport="3307"\nprotocol="tcp"\n'],
    [{ login_user: 'u', login_host: 'db' }, 'user="u"\nhost="db"\nport="3306"\nprotocol="tcp"\n'],
  ])('%j', (args, lines) => {
    expect(options(args)).toBe(lines);
  });
});

const MARIA = `MariaDB
CREATE USER \`bob\`@\`localhost\` IDENTIFIED BY PASSWORD '*00A51F3F48415C7D4E8908980D443C29C69B60C9' REQUIRE SSL WITH MAX_USER_CONNECTIONS 10
GRANT USAGE ON *.* TO \`bob\`@\`localhost\` IDENTIFIED BY PASSWORD '*00A51F3F48415C7D4E8908980D443C29C69B60C9'
GRANT SELECT, INSERT (\`b\`, \`a\`) ON \`shop\`.\`t\` TO \`bob\`@\`localhost\`
GRANT ALL PRIVILEGES ON \`a_b\`.* TO \`bob\`@\`localhost\` WITH GRANT OPTION
GRANT \`role\` TO \`bob\`@\`localhost\`
`;

describe('users as the server shows them', () => {
  test('of MariaDB', () => {
    const account = readAccount(MARIA);
    expect(account).toMatchObject({
      plugin: 'mysql_native_password',
      hash: nativeHash('12345'),
      requires: 'SSL',
      limits: new Map([['MAX_USER_CONNECTIONS', '10']]),
      isMariaDb: true,
    });
    expect(account.privileges).toEqual(
      new Map([
        ['*.*', new Set()],
        ['`shop`.`t`', new Set(['SELECT', 'INSERT (`a`, `b`)'])],
        ['`a_b`.*', new Set(['ALL', 'GRANT'])],
      ]),
    );
  });

  test('of MySQL', () => {
    expect(
      readAccount(
        "MySQL\nCREATE USER `u`@`%` IDENTIFIED WITH 'caching_sha2_password' AS 0x24412430 REQUIRE NONE PASSWORD EXPIRE DEFAULT\n",
      ),
    ).toMatchObject({
      plugin: 'caching_sha2_password',
      hash: '0x24412430',
      requires: 'NONE',
      isMariaDb: false,
    });
  });

  test('that are not there', () => {
    expect(readAccount('MySQL\n').definition).toBeUndefined();
  });
});

describe('privileges', () => {
  const account = accountName('u', '%');
  const present = readGrants([
    'GRANT SELECT, INSERT ON `a`.* TO `u`@`%`',
    'GRANT ALL PRIVILEGES ON `b`.* TO `u`@`%` WITH GRANT OPTION',
  ]);
  test.each<[string, 'exact' | 'append' | 'subtract', string[]]>([
    ['a.*:INSERT,select/b.*:ALL,GRANT', 'exact', []],
    [
      'a.*:SELECT/b.*:ALL',
      'exact',
      ["REVOKE INSERT ON `a`.* FROM 'u'@'%'", "REVOKE GRANT OPTION ON `b`.* FROM 'u'@'%'"],
    ],
    [
      'b.*:SELECT,GRANT',
      'exact',
      [
        "REVOKE SELECT, INSERT ON `a`.* FROM 'u'@'%'",
        "REVOKE ALL ON `b`.* FROM 'u'@'%'",
        "GRANT SELECT ON `b`.* TO 'u'@'%' WITH GRANT OPTION",
      ],
    ],
    ['a.*:DELETE/b.*:UPDATE', 'append', ["GRANT DELETE ON `a`.* TO 'u'@'%'"]],
    ['a.*:SELECT,DELETE', 'subtract', ["REVOKE SELECT ON `a`.* FROM 'u'@'%'"]],
    ['FUNCTION a.f:EXECUTE', 'append', ["GRANT EXECUTE ON FUNCTION `a`.`f` TO 'u'@'%'"]],
    ['a.t:SELECT(y, x),UPDATE', 'append', ["GRANT SELECT (`x`, `y`), UPDATE ON `a`.`t` TO 'u'@'%'"]],
  ])('%s %s', (written, mode, sql) => {
    const wanted = readPrivileges(written);
    if (typeof wanted === 'string') throw new Error(wanted);
    expect(differences(present, wanted, mode).flatMap((one) => privilegeStatements(one, account))).toEqual(
      sql,
    );
  });

  test.each(['SELECT', 'db:SELECT', '*.*:REQUIRESSL'])('refused: %s', (written) => {
    expect(typeof readPrivileges(written)).toBe('string');
  });
});

describe('mysql_user', () => {
  const bob = { name: 'bob', tls_requires: { SSL: null } };
  const around = (shown: string) => ({ answers: { command: ended(0, shown) } });
  test.each<[string, Record<string, unknown>, string, string | undefined]>([
    ['right password', { ...bob, password: '12345' }, MARIA, undefined],
    ['right hash', { ...bob, password: nativeHash('12345'), encrypted: true }, MARIA, undefined],
    ['another stays', { ...bob, password: 'x', update_password: 'on_create' }, MARIA, undefined],
    [
      'another',
      { ...bob, password: 'x' },
      MARIA,
      `ALTER USER 'bob'@'localhost' IDENTIFIED WITH mysql_native_password AS '${nativeHash('x')}';`,
    ],
    ['no more SSL', { name: 'bob' }, MARIA, "ALTER USER 'bob'@'localhost' REQUIRE NONE;"],
    ['limit there', { ...bob, resource_limits: { max_user_connections: 10 } }, MARIA, undefined],
    ['gone', { name: 'bob', state: 'absent' }, MARIA, "DROP USER 'bob'@'localhost';"],
    ['gone already', { name: 'bob', state: 'absent' }, 'MariaDB\n', undefined],
    [
      'new',
      { name: "o'b", host: '%', password: 'p', priv: { 'a.*': 'ALL,GRANT' } },
      'MariaDB\n',
      "CREATE USER 'o''b'@'%' IDENTIFIED BY 'p';GRANT ALL ON `a`.* TO 'o''b'@'%' WITH GRANT OPTION;",
    ],
    [
      'with a plugin',
      { name: 's', plugin: 'unix_socket', sql_log_bin: false },
      'MariaDB\n',
      "SET SESSION sql_log_bin = 0;CREATE USER 's'@'localhost' IDENTIFIED WITH unix_socket;",
    ],
  ])('%s', async (_name, args, shown, sql) => {
    const ran = await run(mysqlUser, args, around(shown));
    expect(sent(ran)).toEqual(sql === undefined ? [] : [sql]);
    for (const change of ran.changes) {
      expect(change.undo).toBe('invertible');
      expect(JSON.stringify(change.diff)).not.toContain('mysql_native_password');
    }
  });

  it('tells what it did', async () => {
    const result = async (args: Record<string, unknown>, shown: string) =>
      (await run(mysqlUser, args, around(shown))).result;
    expect(await result({ name: 'x', password: 'p' }, 'MariaDB\n')).toEqual({
      user: 'x',
      msg: 'User added',
      password_changed: true,
    });
    expect((await result(bob, MARIA)).msg).toBe('User unchanged');
    expect((await result({ name: 'x', state: 'absent' }, 'MySQL\n')).msg).toBe("User doesn't exist");
  });
});
