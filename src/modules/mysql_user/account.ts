import { createHash } from 'node:crypto';
import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import { loggedIn, sqlText } from '../mysql_client/client.ts';
import type { Setting } from '../setting.ts';
import type { Params } from './params.ts';
import { type Privileges, readGrants } from './privileges.ts';

/** A user as the server shows it. */
export interface Account {
  /** Of a user that is there: all after its name in CREATE USER. */
  readonly definition: string | undefined;
  readonly plugin: string;
  readonly hash: string;
  /** `NONE`, or what connections need, in the server's words. */
  readonly requires: string;
  readonly limits: ReadonlyMap<string, string>;
  readonly privileges: Privileges;
  readonly isMariaDb: boolean;
}

// MySQL shows hashes with bytes that are no text as hexadecimal numbers only when asked; MariaDB reads this as a comment.
const LOOK = `
echo "SELECT IF(VERSION() LIKE '%MariaDB%', 'MariaDB', 'MySQL');" | sql || exit
there=$(echo "$1" | sql) || exit
[ "$there" != 0 ] || exit 0
printf '%s\\n' "/*!80017 SET SESSION print_identified_with_as_hex = ON */;" "$2" | sql
`;
const BACK = `
read -r server
{ printf '%s\\n' "$1"; sed 's/$/;/'; } | sql
`;

/** A user's name in a statement. */
export function accountName(user: string, host: string): string {
  return `${sqlText(user)}@${sqlText(host)}`;
}

function looking(given: Params, host: string) {
  const name = accountName(given.name, host);
  return loggedIn(given, LOOK, [
    `SELECT COUNT(*) FROM mysql.user WHERE BINARY User = ${sqlText(given.name)} AND Host = ${sqlText(host)};`,
    `SHOW CREATE USER ${name}; SHOW GRANTS FOR ${name};`,
  ]);
}

/** Asks for a user. */
export function accountProbe(given: Params, host: string): Probe<CommandResult> {
  return commandOutput(looking(given, host));
}

/** A user with password and privileges, which a rollback makes anew. */
export function accountSetting(given: Params, host: string): Setting {
  const name = accountName(given.name, host);
  return {
    key: `mysql_user:${given.name}@${host}`,
    look: looking(given, host).argv!,
    back: loggedIn(given, BACK, [`DROP USER IF EXISTS ${name};`]).argv!,
  };
}

/** Asks for the hosts that users of the name have. */
export function hostsProbe(given: Params): Probe<CommandResult> {
  const sql = `SELECT Host FROM mysql.user WHERE BINARY User = ${sqlText(given.name)} ORDER BY Host;`;
  return commandOutput(loggedIn(given, 'echo "$1" | sql', [sql]));
}

/** Reads what `accountProbe` got. */
export function readAccount(shown: string): Account {
  const [server, create = '', ...grants] = shown.split('\n');
  const definition = /^CREATE USER .+?@[`'].*?[`'](?= |$)(.*)$/.exec(create)?.[1];
  const text = definition ?? '';
  const [, native] = /IDENTIFIED BY PASSWORD '([^']*)'/.exec(text) ?? [];
  const [, plugin, hash] =
    /IDENTIFIED (?:VIA|WITH) ['`]?(\w+)['`]?(?: (?:AS|USING) '?(0x[0-9A-F]+|(?<=')[^']*)'?)?/.exec(text) ??
    [];
  const requires = / REQUIRE (.*?)(?= WITH | PASSWORD | ACCOUNT |$)/.exec(text)?.[1] ?? 'NONE';
  return {
    definition: create === '' ? undefined : text,
    plugin: plugin ?? 'mysql_native_password',
    hash: native ?? hash ?? '',
    requires,
    limits: new Map([...text.matchAll(/(MAX_\w+) ([\d.]+)/g)].map(([, name, value]) => [name!, value!])),
    privileges: readGrants(grants),
    isMariaDb: server === 'MariaDB',
  };
}

/** The hash that mysql_native_password keeps of a password. */
export function nativeHash(password: string): string {
  if (password === '') return '';
  const once = createHash('sha1').update(password).digest();
  return `*${createHash('sha1').update(once).digest('hex').toUpperCase()}`;
}
