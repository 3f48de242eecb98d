import type { CommandResult, CommandSpec } from '../../resources/index.ts';
import { Unknown } from '../../values/index.ts';
import { unknownPlan } from '../answer.ts';
import { complaintOf } from '../command/result.ts';
import type { Plan } from '../types.ts';
import { type Login, optionsOf, quotedOption } from './login.ts';

/**
 * A script that logs in: $1 lines of an option file, $2 a configuration file, $3 `secret` when the first line of standard input is
 * the line of the password, $4 `implicit` to try root without one first. Programs are then called as `sql` (with statements on its
 * standard input) and `tool NAME`. The password is in a file that only the user can read, never among arguments.
 */
const LOGIN = `
options=$1 config=$2 secret=$3 implicit=$4
shift 4
program() {
  for name; do ! command -v "$name" >/dev/null || return 0; done
  echo "there is no program $1 on the target" >&2
  exit 127
}
case $config in "~/"*) config=$HOME/\${config#"~/"} ;; esac
password=
[ "$secret" != secret ] || IFS= read -r password
folder=$(mktemp -d) || exit
trap 'rm -rf "$folder"' EXIT
(
  umask 077
  echo "[client]"
  echo user=root
  if [ -n "$config" ] && [ -f "$config" ]; then printf '!include %s\\n[client]\\n' "$config"; fi
  printf '%s' "$options"
  [ -z "$password" ] || printf '%s\\n' "$password"
) >"$folder/login.cnf"
tool() {
  tool=$1
  shift
  HOME=/nonexistent "$tool" --defaults-extra-file="$folder/login.cnf" "$@"
}
program mysql mariadb
client=$name
sql() { tool "$client" -N -B -r "$@"; }
if [ "$implicit" = implicit ]; then
  cp "$folder/login.cnf" "$folder/given.cnf"
  printf '%s' "$options" | sed '/^user=/d' >"$folder/rest"
  { printf '[client]\\nuser=root\\n'; cat "$folder/rest"; } >"$folder/login.cnf"
  echo 'SELECT 1' | sql >/dev/null 2>&1 || mv "$folder/given.cnf" "$folder/login.cnf"
fi
`;

/** Whether the login is told without a secret: only then can a host keep how a change is taken back. */
export function isOpen(login: Login): boolean {
  return login.login_password === undefined;
}

/** Gives the command that logs in and runs a script, in which `sql` and `tool` work. `input`: standard input of the script. */
export function loggedIn(
  login: Login,
  script: string,
  words: readonly string[] = [],
  input?: string,
): CommandSpec {
  const { login_password: password } = login;
  const stdin = [
    ...(password === undefined ? [] : [`password=${quotedOption(password)}\n`]),
    input ?? '',
  ].join('');
  return {
    argv: [
      '/bin/sh',
      '-c',
      `${LOGIN}${script}`,
      'sh',
      optionsOf(login),
      login.config_file,
      password === undefined ? '' : 'secret',
      login.check_implicit_admin ? 'implicit' : '',
      ...words,
    ],
    ...(stdin === '' ? {} : { stdin }),
  };
}

/** Gives the command that runs statements; they travel as standard input, because passwords are in them. */
export function statements(login: Login, sql: readonly string[]): CommandSpec {
  return loggedIn(login, 'sql', [], sql.map((one) => `${one};\n`).join(''));
}

/** A text in a statement. */
export function sqlText(value: string): string {
  return `'${value.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`;
}

/** A name in a statement. */
export function sqlName(name: string): string {
  return `\`${name.replace(/`/g, '``')}\``;
}

/**
 * The plan when the server did not answer. In a dry run a server or client that is not there may be the work of an earlier task,
 * so nobody knows.
 */
export function unanswered(said: CommandResult, checkMode: boolean): Plan {
  const complaint = complaintOf(said);
  return checkMode && (said.rc === 127 || /ERROR (?:2002|2003|2005)/.test(complaint))
    ? unknownPlan(new Unknown(`the server could not be asked: ${complaint}`))
    : { changes: [], failed: complaint };
}
