import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import { loggedIn, question, sqlName, sqlText } from '../postgresql_client/client.ts';
import type { Setting } from '../setting.ts';
import type { Params } from './params.ts';
import { grantStatement, lackingQuery, type Privileges, readPrivileges } from './privileges.ts';
import { flagsIn, holdsFlag, isPassword, RESTORE_ROLE, type Role, SHOW_ROLE } from './role.ts';

const LOOK = `printf '%s\\n' "$2" | sql -v name="$1"`;
// The lines of a role hold its hash: they reach psql by a file that it reads itself, not by an argument.
const BACK = `
folder=$(mktemp -d) || exit
trap 'rm -rf "$folder"' EXIT
cat >"$folder/was"
if [ ! -s "$folder/was" ]; then
  printf '%s\\n' "SELECT format('DROP ROLE IF EXISTS %I', :'name') \\\\gexec" | sql -v name="$1"
  exit
fi
{ printf '%s\\n' "\\\\set was \\\`cat '$folder/was'\\\`"; printf '%s\\n' "$2"; } | sql -v name="$1"
`;

/** The database to log in to. */
export function databaseOf(given: Params): string {
  return given.db === '' ? 'postgres' : given.db;
}

function looking(given: Params) {
  return loggedIn(given, databaseOf(given), LOOK, [given.name, SHOW_ROLE]);
}

/** Asks for the role. */
export function roleProbe(given: Params): Probe<CommandResult> {
  return commandOutput(looking(given));
}

/** A role, which a rollback removes, makes anew or changes back. */
export function roleSetting(given: Params): Setting {
  return {
    key: `postgresql_user:${given.name}`,
    look: looking(given).argv!,
    back: loggedIn(given, databaseOf(given), BACK, [given.name, RESTORE_ROLE]).argv!,
  };
}

/** Asks what only the server can tell of a role that is there: whether it expires then, and which of each wanted privileges it lacks. A line each. */
export function detailProbe(given: Params): Probe<CommandResult> {
  const name = sqlText(given.name);
  const until = `SELECT coalesce((SELECT coalesce(rolvaliduntil, 'infinity') = ${sqlText(given.expires ?? 'infinity')}::timestamptz FROM pg_roles WHERE rolname = ${name}), false);`;
  const lacking = privilegesOf(given).map((one) => lackingQuery(one, given.name));
  return commandOutput(question(given, databaseOf(given), [until, ...lacking].join('\n')));
}

function privilegesOf({ priv }: Params): readonly Privileges[] {
  return readPrivileges(priv ?? '') ?? [];
}

/** A statement, and how it reads in the result. */
interface Query {
  readonly sql: string;
  readonly shown: string;
}

/** Gives the statements that make the role what it shall be. `detail`: the answer of detailProbe. */
export function wishes(given: Params, role: Role | undefined, detail: string): Query[] {
  const name = sqlName(given.name);
  const plain = (sql: string): Query => ({ sql, shown: sql });
  const [expiresSo, ...lacking] = detail.split('\n');
  const grants = privilegesOf(given).flatMap(({ table }, index) =>
    lacking[index] ? [grantStatement(table, lacking[index], given.name, databaseOf(given))] : [],
  );
  const groups = (given.groups ?? []).filter((group) => !role?.groups.includes(group));
  return [
    ...(role ? altered(given, role, expiresSo === 't') : [created(given)]),
    ...(given.comment === undefined || given.comment === (role?.comment ?? '')
      ? []
      : [plain(`COMMENT ON ROLE ${name} IS ${sqlText(given.comment)}`)]),
    ...groups.map((group) => plain(`GRANT ${sqlName(group)} TO ${name}`)),
    ...grants.map(plain),
  ];
}

function created(given: Params): Query {
  const flags = flagsIn(given.role_attr_flags).join(' ');
  const secret = given.password === undefined ? '' : ' WITH ENCRYPTED PASSWORD ';
  const limit = given.conn_limit === undefined ? '' : ` CONNECTION LIMIT ${given.conn_limit}`;
  const until = (value: string) => (given.expires === undefined ? '' : ` VALID UNTIL ${value}`);
  const start = `CREATE USER ${sqlName(given.name)}${secret}`;
  return {
    sql: `${start}${given.password === undefined ? '' : sqlText(given.password)}${until(sqlText(given.expires ?? ''))}${limit} ${flags}`,
    shown: `${start}${given.password === undefined ? '' : '%(password)s'}${until('%(expires)s')}${limit} ${flags}`,
  };
}

function altered(given: Params, role: Role, expiresSo: boolean): Query[] {
  const sets =
    given.password !== undefined &&
    !given.no_password_changes &&
    !isPassword(role.password, given.password, given.name);
  const flags = flagsIn(given.role_attr_flags);
  const changed = flags.some((flag) => !holdsFlag(role, flag));
  const expires = given.expires !== undefined && !expiresSo;
  const limits = given.conn_limit !== undefined && given.conn_limit !== role.limit;
  if (!sets && !changed && !expires && !limits) return [];
  const words = (password: string, until: string) =>
    [
      `ALTER USER ${sqlName(given.name)} WITH`,
      ...(sets ? [`ENCRYPTED PASSWORD ${password}`] : []),
      flags.join(' '),
      ...(expires ? [`VALID UNTIL ${until}`] : []),
      ...(limits ? [`CONNECTION LIMIT ${given.conn_limit}`] : []),
    ].join(' ');
  return [
    {
      sql: words(sqlText(given.password ?? ''), sqlText(given.expires ?? '')),
      shown: words('%(password)s', '%(expires)s'),
    },
  ];
}
