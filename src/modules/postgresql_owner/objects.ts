import { loggedIn, question, sqlName, sqlText } from '../postgresql_client/client.ts';
import type { Login } from '../postgresql_client/login.ts';
import type { Setting } from '../setting.ts';

/** What has an owner. */
export type Kind =
  | 'database'
  | 'function'
  | 'matview'
  | 'sequence'
  | 'schema'
  | 'table'
  | 'tablespace'
  | 'view';

/** Kind -> catalog, the column of the owner, and what finds the object: the name as a whole, or the quoted one as the server reads names. */
const CATALOGS: Readonly<Record<Kind, readonly [catalog: string, owner: string, found: string]>> = {
  database: ['pg_database', 'datdba', 'datname = $whole'],
  schema: ['pg_namespace', 'nspowner', 'nspname = $whole'],
  tablespace: ['pg_tablespace', 'spcowner', 'spcname = $whole'],
  function: ['pg_proc', 'proowner', 'oid = $function($quoted)'],
  matview: ['pg_class', 'relowner', 'oid = to_regclass($quoted)'],
  sequence: ['pg_class', 'relowner', 'oid = to_regclass($quoted)'],
  table: ['pg_class', 'relowner', 'oid = to_regclass($quoted)'],
  view: ['pg_class', 'relowner', 'oid = to_regclass($quoted)'],
};

/** Gives the statement that makes a role the owner. */
export function alteration(kind: Kind, name: string, owner: string): string {
  return `${start(kind, name)} ${sqlName(owner)}`;
}

function start(kind: Kind, name: string): string {
  const word = kind === 'matview' ? 'MATERIALIZED VIEW' : kind.toUpperCase();
  return `ALTER ${word} ${quoted(kind, name)} OWNER TO`;
}

/** A name with its schema. That of a function may have arguments, and is quoted only where it must be. */
function quoted(kind: Kind, name: string): string {
  if (kind === 'database' || kind === 'schema' || kind === 'tablespace') return sqlName(name);
  if (kind !== 'function') return name.split('.').map(sqlName).join('.');
  const [, path = name, args = ''] = /^([^(]*)(\([^();]*\))?$/.exec(name) ?? [];
  const parts = path.split('.').map((part) => (/^[a-z_][a-z0-9_$]*$/.test(part) ? part : sqlName(part)));
  return `${parts.join('.')}${args}`;
}

// $1 the statement without the role. Standard input: the owner as it was.
const BACK = `
IFS= read -r owner
[ -n "$owner" ] || exit 0
printf '%s\\n' "SELECT :'start' || ' ' || quote_ident(:'owner') \\\\gexec" | sql -v start="$1" -v owner="$owner"
`;

/** Who owns an object. */
export function ownerSetting(login: Login, database: string, kind: Kind, name: string): Setting {
  const [catalog, owner, found] = CATALOGS[kind];
  const is = found
    .replaceAll('$whole', () => sqlText(name))
    .replace('$function', name.includes('(') ? 'to_regprocedure' : 'to_regproc')
    .replaceAll('$quoted', () => sqlText(quoted(kind, name)));
  return {
    key: `postgresql_owner:${database}:${kind}:${name}`,
    look: question(login, database, `SELECT pg_get_userbyid(${owner}) FROM ${catalog} WHERE ${is};`).argv!,
    back: loggedIn(login, database, BACK, [start(kind, name)]).argv!,
  };
}
