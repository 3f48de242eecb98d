import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** A role as the server shows it, as JSON. */
export interface Role {
  readonly flags: Readonly<Record<string, boolean>>;
  /** Its hash; null where there is none, `********` where it is not shown. */
  readonly password: string | null;
  readonly until: string | null;
  readonly limit: number;
  readonly comment: string | null;
  readonly groups: readonly string[];
}

/** Flag -> column of pg_roles(5). */
const FLAGS: Readonly<Record<string, string>> = {
  SUPERUSER: 'rolsuper',
  CREATEROLE: 'rolcreaterole',
  CREATEDB: 'rolcreatedb',
  INHERIT: 'rolinherit',
  LOGIN: 'rolcanlogin',
  REPLICATION: 'rolreplication',
  BYPASSRLS: 'rolbypassrls',
};

/** Whether a word is a flag of roles. */
export function isFlag(word: string): boolean {
  const name = word.trim().toUpperCase();
  return name in FLAGS || (name.startsWith('NO') && name.slice(2) in FLAGS);
}

/** Gives the flags of a list, in capitals. */
export function flagsIn(list: string): string[] {
  return list.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim().toUpperCase()]));
}

/** Whether a role has a flag. */
export function holdsFlag(role: Role, flag: string): boolean {
  return flag in FLAGS ? role.flags[flag] === true : role.flags[flag.slice(2)] === false;
}

/** Statements that print a role as a line of JSON. `:name` is its name. Hashes are shown to superusers only. */
export const SHOW_ROLE = `SELECT has_table_privilege('pg_authid', 'SELECT') AS yes \\gset
\\if :yes
\\set catalog pg_authid
\\else
\\set catalog pg_roles
\\endif
SELECT json_build_object(
  'flags', json_build_object(${Object.entries(FLAGS)
    .map(([name, column]) => `'${name}', ${column}`)
    .join(', ')}),
  'password', rolpassword, 'until', coalesce(rolvaliduntil, 'infinity'), 'limit', rolconnlimit, 'comment', shobj_description(oid, 'pg_authid'),
  'groups', ARRAY(SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid ORDER BY 1))
FROM :catalog r WHERE rolname = :'name';
`;

/** A program of psql that puts a role back: \`:name\`, and \`:was\`, what SHOW_ROLE printed. */
export const RESTORE_ROLE = `SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') AS missing \\gset
\\if :missing
SELECT format('CREATE ROLE %I', :'name') \\gexec
\\endif
SELECT format('ALTER ROLE %I WITH %s CONNECTION LIMIT %s', :'name',
  (SELECT string_agg(CASE WHEN value::bool THEN key ELSE 'NO' || key END, ' ') FROM json_each_text(:'was'::json -> 'flags')),
  :'was'::json ->> 'limit') \\gexec
SELECT format('ALTER ROLE %I VALID UNTIL %L', :'name', :'was'::json ->> 'until') FROM pg_roles
  WHERE rolname = :'name' AND coalesce(rolvaliduntil, 'infinity') <> (:'was'::json ->> 'until')::timestamptz \\gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'name', :'was'::json ->> 'password')
  WHERE coalesce(:'was'::json ->> 'password', '') <> '********' \\gexec
SELECT format('COMMENT ON ROLE %I IS %L', :'name', :'was'::json ->> 'comment') \\gexec
SELECT format('GRANT %I TO %I', value, :'name') FROM json_array_elements_text(:'was'::json -> 'groups') AS g(value)
  WHERE NOT pg_has_role(:'name', value, 'MEMBER') \\gexec
SELECT format('REVOKE %I FROM %I', g.rolname, :'name') FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
  JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = :'name'
  AND g.rolname NOT IN (SELECT json_array_elements_text(:'was'::json -> 'groups')) \\gexec
`;

/** Whether a hash is that of a password, or the password itself. */
export function isPassword(hash: string | null, password: string, user: string): boolean {
  if (hash === null) return password === '';
  if (hash === password) return true;
  if (hash.startsWith('md5'))
    return (
      hash ===
      `md5${createHash('md5')
        .update(password + user)
        .digest('hex')}`
    );
  const [, rounds, salt, stored] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):/.exec(hash) ?? [];
  if (stored === undefined) return false;
  const key = pbkdf2Sync(
    password.normalize('NFKC'),
    Buffer.from(salt!, 'base64'),
    Number(rounds),
    32,
    'sha256',
  );
  const client = createHmac('sha256', key).update('Client Key').digest();
  return createHash('sha256').update(client).digest('base64') === stored;
}
