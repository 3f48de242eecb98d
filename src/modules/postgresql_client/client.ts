import type { CommandSpec } from '../../resources/index.ts';
import { connectionOf, type Login } from './login.ts';

/**
 * A script that logs in: $1 words of the connection, $2 `secret` when the first line of standard input is the password. `sql` then
 * runs the statements on its standard input; `program` fails when a program is not there.
 */
const LOGIN = `
info=$1 secret=$2
shift 2
program() {
  command -v "$1" >/dev/null && return
  echo "there is no program $1 on the target" >&2
  exit 127
}
PGCONNECT_TIMEOUT=\${PGCONNECT_TIMEOUT:-30}
export PGCONNECT_TIMEOUT
if [ "$secret" = secret ]; then
  IFS= read -r PGPASSWORD
  export PGPASSWORD
fi
program psql
sql() { psql -X -q -A -t -w -v ON_ERROR_STOP=1 -d "$info" "$@"; }
`;

/** Whether the login is told without a secret: only then can a host keep how a change is taken back. */
export function isOpen(login: Login): boolean {
  return login.login_password === '';
}

/** Gives the command that logs in to a database and runs a script, in which `sql` works. */
export function loggedIn(
  login: Login,
  database: string,
  script: string,
  words: readonly string[] = [],
  input = '',
): CommandSpec {
  const stdin = `${isOpen(login) ? '' : `${login.login_password}\n`}${input}`;
  const secret = isOpen(login) ? '' : 'secret';
  return {
    argv: ['/bin/sh', '-c', `${LOGIN}${script}`, 'sh', connectionOf(login, database), secret, ...words],
    ...(stdin === '' ? {} : { stdin }),
  };
}

/** Gives the command that runs statements; they travel as standard input, because passwords are in them. */
export function statements(login: Login, database: string, sql: readonly string[]): CommandSpec {
  return loggedIn(login, database, 'sql', [], `${[...roleOf(login), ...sql].join(';\n')};\n`);
}

/** Gives the command that asks. No secret may be in the statements. */
export function question(login: Login, database: string, sql: string): CommandSpec {
  const all = [...roleOf(login).map((one) => `${one};\n`), sql].join('');
  return loggedIn(login, database, `printf '%s\\n' "$1" | sql`, [all]);
}

/** Statements that make the session act as its role. */
export function roleOf({ session_role: role }: Login): string[] {
  return role === undefined ? [] : [`SET ROLE ${sqlName(role)}`];
}

/** A text in a statement. */
export function sqlText(value: string): string {
  const quoted = value.replace(/'/g, "''");
  return value.includes('\\') ? `E'${quoted.replace(/\\/g, '\\\\')}'` : `'${quoted}'`;
}

/** A name in a statement. */
export function sqlName(name: string): string {
  return `"${name.replace(/"/g, '""')}"`;
}
