/** What a role may do by `priv`: with its database, and with tables of it. */
import { sqlName, sqlText } from '../postgresql_client/client.ts';

const OF_DATABASE = ['CREATE', 'CONNECT', 'TEMPORARY'];
const OF_TABLES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'];

/** Privileges for the database, or for one of its tables. */
export interface Privileges {
  /** Quoted, with its schema; undefined: they are for the database. */
  readonly table: string | undefined;
  readonly words: readonly string[];
}

/** Reads `CONNECT/CREATE/shop.orders:SELECT,INSERT`; undefined when a word in it is no privilege. A table without a schema is one of `public`. */
export function readPrivileges(priv: string): Privileges[] | undefined {
  const all = priv
    .split('/')
    .filter((part) => part.trim() !== '')
    .map(readPart);
  return all.every((one) => one !== undefined) ? all : undefined;
}

function readPart(part: string): Privileges | undefined {
  const colon = part.indexOf(':');
  const [usual, table] =
    colon < 0 ? [OF_DATABASE, undefined] : [OF_TABLES, quotedTable(part.slice(0, colon).trim())];
  const words = part
    .slice(colon + 1)
    .split(',')
    .map((word) => word.trim().toUpperCase())
    .flatMap((word) => (word === 'ALL' ? usual : [word === 'TEMP' ? 'TEMPORARY' : word]));
  return words.every((word) => usual.includes(word)) ? { table, words } : undefined;
}

function quotedTable(name: string): string {
  const [first = '', ...rest] = name.split('.');
  return rest.length === 0
    ? `${sqlName('public')}.${sqlName(first)}`
    : `${sqlName(first)}.${sqlName(rest.join('.'))}`;
}

/** Gives the question which of some privileges a role lacks: one line, the words with commas in between. What everybody may do with a database counts. */
export function lackingQuery({ table, words }: Privileges, role: string): string {
  const owned =
    table === undefined
      ? `pg_database o, aclexplode(coalesce(o.datacl, acldefault('d', o.datdba))) a WHERE o.datname = current_database() AND a.grantee IN (0, r.oid)`
      : `pg_class o, aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a WHERE o.oid = ${sqlText(table)}::regclass AND a.grantee = r.oid`;
  const wanted = `unnest(ARRAY[${words.map(sqlText).join(', ')}]) p`;
  return `SELECT string_agg(p, ',') FROM ${wanted} WHERE NOT EXISTS (SELECT FROM pg_roles r, ${owned} AND r.rolname = ${sqlText(role)} AND a.privilege_type = p);`;
}

/** Gives the statement that grants what a role lacks. `words`: what lackingQuery told. */
export function grantStatement(table: string | undefined, words: string, role: string, db: string): string {
  const what = table === undefined ? `DATABASE ${sqlName(db)}` : `TABLE ${table}`;
  return `GRANT ${words.split(',').join(', ')} ON ${what} TO ${sqlName(role)}`;
}
