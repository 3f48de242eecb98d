import { type CommandSpec, commandOutput } from '../../resources/index.ts';
import { loggedIn, sqlName, sqlText } from '../mysql_client/client.ts';
import type { Login } from '../mysql_client/login.ts';
import type { Setting } from '../setting.ts';
import type { Params } from './params.ts';

/** Asks which of the databases there are. */
export function databasesProbe(given: Params) {
  const names = given.name.map(sqlText).join(', ');
  return commandOutput(
    loggedIn(given, `echo "$1" | sql`, [
      `SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE BINARY SCHEMA_NAME IN (${names});`,
    ]),
  );
}

/** Gives the statement that makes a database. */
export function creation(name: string, given: Params): string {
  return [
    `CREATE DATABASE ${sqlName(name)}`,
    ...(given.encoding === '' ? [] : [`CHARACTER SET ${sqlText(given.encoding)}`]),
    ...(given.collation === '' ? [] : [`COLLATE ${sqlText(given.collation)}`]),
  ].join(' ');
}

const LOOK = `echo "$1" | sql`;
const BACK = `
[ "$(cat)" = absent ] || exit 0
full=$(echo "$2" | sql) || exit
[ "$full" = 0 ] || { echo "$4 has tables now: it is not taken away" >&2; exit 1; }
echo "$3" | sql
`;

/** That a database is there. A rollback takes it away only when nothing is in it. */
export function databaseSetting(login: Login, name: string): Setting {
  const is = `FROM information_schema.SCHEMATA WHERE BINARY SCHEMA_NAME = ${sqlText(name)};`;
  const words = [
    `SELECT IF(COUNT(*) = 0, 'absent', 'present') ${is}`,
    `SELECT COUNT(*) FROM information_schema.TABLES WHERE BINARY TABLE_SCHEMA = ${sqlText(name)};`,
    `DROP DATABASE ${sqlName(name)};`,
    name,
  ];
  const argv = (spec: CommandSpec) => spec.argv!;
  return {
    key: `mysql_db:${name}`,
    look: argv(loggedIn(login, LOOK, words.slice(0, 1))),
    back: argv(loggedIn(login, BACK, words)),
  };
}
