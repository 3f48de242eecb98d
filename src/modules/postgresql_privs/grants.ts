import { sqlName, sqlText } from '../postgresql_client/client.ts';
import type { Params } from './params.ts';

/** Gives the statements that grant or revoke, as one text, to these roles. */
export function grants(given: Params, roles: readonly string[]): string {
  const to = roles.map((role) => (role.toUpperCase() === 'PUBLIC' ? 'PUBLIC' : sqlName(role))).join(',');
  if (given.type === 'default_privs') return defaults(given, to);
  const what =
    given.type === 'group'
      ? (given.objs ?? []).map(sqlName).join(',')
      : `${privileges(given)} ON ${objects(given)}`;
  if (given.state === 'absent') return `REVOKE ${what} FROM ${to};`;
  const option = given.type === 'group' ? 'ADMIN OPTION' : 'GRANT OPTION';
  if (given.grant_option === false)
    return `GRANT ${what} TO ${to};\nREVOKE ${option} FOR ${what} FROM ${to};`;
  return `GRANT ${what} TO ${to}${given.grant_option ? ` WITH ${option}` : ''};`;
}

function privileges({ privs }: Params): string {
  return (privs ?? []).map((one) => one.replace(/^[^(]+/, (word) => word.toUpperCase())).join(',');
}

/** The schema of objects that have one; none with `not-specified`. */
function schemaOf({ schema }: Params): string {
  return schema === 'not-specified' ? '' : sqlName(schema ?? 'public');
}

function objects(given: Params): string {
  const names = given.objs ?? [given.database];
  const kind = given.type.replace(/_/g, ' ');
  if (names.length === 1 && names[0]!.toUpperCase() === 'ALL_IN_SCHEMA')
    return `ALL ${kind.toUpperCase()}S IN SCHEMA ${schemaOf(given)}`;
  const schema = ['table', 'sequence', 'function', 'procedure', 'type'].includes(given.type)
    ? schemaOf(given)
    : '';
  const within = schema === '' ? '' : `${schema}.`;
  return `${kind} ${names.map((name) => `${within}${objectName(given, name)}`).join(',')}`;
}

/** The arguments of a function are no part of its name. */
function objectName({ type }: Params, name: string): string {
  if (type !== 'function' && type !== 'procedure') return sqlName(name);
  const [, start, rest] = /^([^(]+)(.*)$/.exec(name) ?? [];
  return `${sqlName(start ?? name)}${(rest ?? '').replace(/:/g, ', ')}`;
}

function defaults(given: Params, to: string): string {
  const whose = given.target_roles ? ` FOR ROLE ${given.target_roles.map(sqlName).join(',')}` : '';
  const schema = schemaOf(given);
  const start = `ALTER DEFAULT PRIVILEGES${whose}${schema === '' ? '' : ` IN SCHEMA ${schema}`}`;
  const kinds = (given.objs ?? []).flatMap((one) =>
    one.toUpperCase() === 'ALL_DEFAULT' ? ['TABLES', 'SEQUENCES', 'TYPES'] : [one.toUpperCase()],
  );
  const revokes = kinds.map((kind) => `${start} REVOKE ALL ON ${kind} FROM ${to};`);
  if (given.state === 'absent') return revokes.join('\n');
  const option = given.grant_option ? ' WITH GRANT OPTION' : '';
  const words = privileges(given);
  return [
    ...revokes,
    ...kinds.map((kind) => `${start} GRANT ${words} ON ${kind} TO ${to}${option};`),
    ...(given.usage_on_types && !kinds.includes('TYPES')
      ? [`${start} GRANT USAGE ON TYPES TO ${to}${option};`]
      : []),
  ].join('\n');
}

/** Type -> the catalog that keeps who may do what, and its columns. */
const CATALOGS: Readonly<Record<Params['type'], readonly [string, string]>> = {
  table: ['pg_class', 'relacl'],
  sequence: ['pg_class', 'relacl'],
  function: ['pg_proc', 'proacl'],
  procedure: ['pg_proc', 'proacl'],
  type: ['pg_type', 'typacl'],
  database: ['pg_database', 'datacl'],
  schema: ['pg_namespace', 'nspacl'],
  language: ['pg_language', 'lanacl'],
  tablespace: ['pg_tablespace', 'spcacl'],
  foreign_data_wrapper: ['pg_foreign_data_wrapper', 'fdwacl'],
  foreign_server: ['pg_foreign_server', 'srvacl'],
  default_privs: ['pg_default_acl', 'defaclacl'],
  group: ['pg_auth_members', ''],
};

/** Gives the statement that shows all privileges of objects of the type. */
export function pictureOf({ type }: Params): string {
  const [catalog, column] = CATALOGS[type];
  if (type === 'group')
    return 'SELECT roleid, member, admin_option FROM pg_auth_members ORDER BY roleid, member, grantor;';
  const who = type === 'default_privs' ? 'defaclrole || defaclobjtype::text || defaclnamespace' : 'oid';
  const columns =
    type === 'table'
      ? '\nUNION ALL SELECT attrelid || attname, ARRAY(SELECT unnest(attacl)::text ORDER BY 1)::text FROM pg_attribute WHERE attacl IS NOT NULL'
      : '';
  return `SELECT ${who}${type === 'default_privs' ? '' : '::text'}, ARRAY(SELECT unnest(${column})::text ORDER BY 1)::text FROM ${catalog} WHERE ${column} IS NOT NULL${columns} ORDER BY 1, 2;`;
}

/** Gives the statement that tells which of the roles do not exist, a line each. */
export function unknownRoles(given: Params): string {
  const named = [...given.roles, ...(given.target_roles ?? [])].filter(
    (role) => role.toUpperCase() !== 'PUBLIC',
  );
  if (named.length === 0) return '';
  return `SELECT n FROM unnest(ARRAY[${named.map(sqlText).join(', ')}]) n WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = n);`;
}
