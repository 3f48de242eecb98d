/** What can be told of a server, by the name that `filter` has for it. */
export type Subset = keyof typeof QUERIES;

const byName = (name: string, value: string, from: string) =>
  `SELECT coalesce(json_object_agg(${name}, ${value}), '{}') FROM ${from}`;

/** Subset -> the query for its value. That of `databases` tells what the server knows without looking into them. */
export const QUERIES = {
  version: 'SELECT to_json(version())',
  in_recovery: 'SELECT to_json(pg_is_in_recovery())',
  settings: byName(
    'name',
    `json_build_object('setting', coalesce(setting, ''), 'unit', coalesce(unit, ''), 'context', context, 'vartype', vartype,
  'boot_val', coalesce(boot_val, ''), 'min_val', coalesce(min_val, ''), 'max_val', coalesce(max_val, ''),
  'sourcefile', coalesce(sourcefile, ''), 'pending_restart', pending_restart, 'pretty_val', current_setting(name))`,
    'pg_settings',
  ),
  tablespaces: byName(
    'spcname',
    `json_build_object('spcowner', pg_get_userbyid(spcowner), 'spcacl', coalesce(spcacl::text, ''), 'spcoptions', coalesce(spcoptions, '{}'))`,
    'pg_tablespace',
  ),
  roles: byName(
    'rolname',
    `json_build_object('superuser', rolsuper, 'canlogin', rolcanlogin, 'valid_until', coalesce(to_json(rolvaliduntil) #>> '{}', ''),
  'member_of', ARRAY(SELECT b.rolname FROM pg_auth_members m JOIN pg_roles b ON m.roleid = b.oid WHERE m.member = r.oid))`,
    `pg_roles r WHERE rolname !~ '^pg_'`,
  ),
  replications: byName(
    'pid',
    `json_build_object('usename', usename, 'app_name', application_name, 'client_addr', host(client_addr),
  'client_hostname', client_hostname, 'backend_start', backend_start::text, 'state', state)`,
    'pg_stat_replication',
  ),
  repl_slots: byName(
    'slot_name',
    `json_build_object('plugin', plugin, 'slot_type', slot_type, 'database', database, 'active', active)`,
    'pg_replication_slots',
  ),
  databases: byName(
    'datname',
    `json_build_object('owner', pg_get_userbyid(datdba), 'encoding', pg_encoding_to_char(encoding), 'collate', datcollate, 'ctype', datctype,
  'access_priv', coalesce(array_to_string(datacl, E'\\n'), ''),
  'size', CASE WHEN has_database_privilege(datname, 'CONNECT') THEN pg_database_size(datname)::text ELSE 'No Access' END)`,
    'pg_database WHERE datallowconn',
  ),
} as const;

/** A line for each database that can be entered: its name as libpq takes it in a connection string. */
export const DATABASES = `SELECT 'dbname=''' || replace(replace(datname, '\\', '\\\\'), '''', '\\''') || '''' FROM pg_database WHERE datallowconn;`;

/** What a database tells of itself when one is in it. */
export const OF_A_DATABASE = `SELECT json_build_object('name', current_database(), 'parts', json_build_object(
'namespaces', (${byName(
  'nspname',
  `json_build_object('nspowner', pg_get_userbyid(nspowner), 'nspacl', coalesce(nspacl::text, ''))`,
  `pg_namespace WHERE nspname !~ '^pg_(?:toast_)?temp_'`,
)}),
'languages', (${byName(
  'lanname',
  `json_build_object('lanowner', pg_get_userbyid(lanowner), 'lanacl', coalesce(lanacl::text, ''))`,
  'pg_language',
)}),
'extensions', (${byName(
  'e.extname',
  `json_build_object('extversion', e.extversion, 'nspname', n.nspname, 'description', d.description)`,
  `pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace LEFT JOIN pg_description d ON d.objoid = e.oid AND d.classoid = 'pg_extension'::regclass`,
)}),
'publications', (${byName(
  'p.pubname',
  `(to_jsonb(p) - 'pubname') || jsonb_build_object('ownername', pg_get_userbyid(p.pubowner))`,
  'pg_publication p',
)}),
'subscriptions', (${byName(
  's.subname',
  `(to_jsonb(s) - 'subname') || jsonb_build_object('ownername', pg_get_userbyid(s.subowner))`,
  `pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()`,
)})));`;
