import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import { loggedIn, question, sqlName, sqlText } from '../postgresql_client/client.ts';
import { connectionOf } from '../postgresql_client/login.ts';
import type { Setting } from '../setting.ts';
import type { Params } from './params.ts';

/** A database as the server shows it. */
export interface Database {
  readonly owner: string;
  readonly limit: string;
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  readonly tablespace: string;
}

const COLUMNS = ['owner', 'limit', 'encoding', 'collate', 'ctype', 'tablespace'] as const;

/** Asks for a database: its lines, none when it is not there. */
function asked(given: Params, name: string) {
  const sql = `SELECT array_to_string(ARRAY[pg_get_userbyid(d.datdba), d.datconnlimit::text, pg_encoding_to_char(d.encoding), d.datcollate::text, d.datctype::text, t.spcname], E'\\n')
FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = ${sqlText(name)};`;
  return question(given, given.maintenance_db, sql);
}

/** Asks for a database. */
export function databaseProbe(given: Params, name: string): Probe<CommandResult> {
  return commandOutput(asked(given, name));
}

/** Reads the answer. */
export function readDatabase(shown: string): Database | undefined {
  if (shown.trim() === '') return undefined;
  const lines = shown.split('\n');
  return Object.fromEntries(COLUMNS.map((name, index) => [name, lines[index] ?? ''])) as unknown as Database;
}

// $1 the database's own connection, $2 its name. Standard input: the lines that it had.
const BACK = `
owner= limit=
IFS= read -r owner && IFS= read -r limit
if [ -n "$owner" ]; then
  sql -v owner="$owner" -v limit="$limit" -v name="$2" <<'SQL'
SELECT format('ALTER DATABASE %I OWNER TO %I', :'name', :'owner') \\gexec
SELECT format('ALTER DATABASE %I CONNECTION LIMIT %s', :'name', :'limit') \\gexec
SQL
  exit
fi
there=$(sql -v name="$2" <<'SQL'
SELECT count(*) FROM pg_database WHERE datname = :'name';
SQL
) || exit
[ "$there" = 1 ] || exit 0
full=$(info=$1; sql <<'SQL'
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast');
SQL
) || exit
[ "$full" = 0 ] || { echo "$2 has tables now: it is not taken away" >&2; exit 1; }
sql -v name="$2" <<'SQL'
SELECT format('DROP DATABASE %I', :'name') \\gexec
SQL
`;

/** A database with its owner and limit. A rollback takes one away only when nothing is in it. */
export function databaseSetting(given: Params): Setting {
  return {
    key: `postgresql_db:${given.name}`,
    look: asked(given, given.name).argv!,
    back: loggedIn(given, given.maintenance_db, BACK, [connectionOf(given, given.name), given.name]).argv!,
  };
}

/** Gives the statement that makes a database. */
export function creation(given: Params): string {
  const parts: [string, string][] = [
    ['OWNER', given.owner && sqlName(given.owner)],
    ['TEMPLATE', given.template && sqlName(given.template)],
    ['ENCODING', given.encoding && sqlText(given.encoding)],
    ['LC_COLLATE', given.lc_collate && sqlText(given.lc_collate)],
    ['LC_CTYPE', given.lc_ctype && sqlText(given.lc_ctype)],
    ['TABLESPACE', given.tablespace && sqlName(given.tablespace)],
    ['CONNECTION LIMIT', given.conn_limit],
  ];
  const words = parts.flatMap(([word, value]) => (value === '' ? [] : [`${word} ${value}`]));
  return ['CREATE DATABASE', sqlName(given.name), ...words].join(' ');
}

/** Gives the statements that make a database what it shall be; a text says what cannot be changed. */
export function alterations(given: Params, now: Database): string[] | string {
  const plain = (encoding: string) => encoding.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const alike = (one: string, other: string) => plain(one).replace(/^UNICODE$/, 'UTF8') === plain(other);
  if (given.encoding !== '' && !alike(given.encoding, now.encoding))
    return `Changing database encoding is not supported. Current encoding: ${now.encoding}`;
  if (given.lc_collate !== '' && given.lc_collate !== now.collate)
    return `Changing LC_COLLATE is not supported. Current LC_COLLATE: ${now.collate}`;
  if (given.lc_ctype !== '' && given.lc_ctype !== now.ctype)
    return `Changing LC_CTYPE is not supported. Current LC_CTYPE: ${now.ctype}`;
  const alter = `ALTER DATABASE ${sqlName(given.name)}`;
  return [
    ...(given.owner === '' || given.owner === now.owner ? [] : [`${alter} OWNER TO ${sqlName(given.owner)}`]),
    ...(given.conn_limit === '' || given.conn_limit === now.limit
      ? []
      : [`${alter} CONNECTION LIMIT ${given.conn_limit}`]),
    ...(given.tablespace === '' || given.tablespace === now.tablespace
      ? []
      : [`${alter} SET TABLESPACE ${sqlName(given.tablespace)}`]),
  ];
}
