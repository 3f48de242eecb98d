import { z } from 'zod';
import { loginAliases, loginParams } from '../mysql_client/login.ts';
import { boolean, choice, mapping, text, withAliases } from '../params.ts';
import { readPrivileges } from './privileges.ts';

/** What the `mysql_user` module takes. */
export const userParams = withAliases(
  { user: 'name', ...loginAliases },
  {
    name: text.describe('Name of the user; empty for users without a name.'),
    host: text.default('localhost').describe('Where the user comes from; `%` stands for anything.'),
    host_all: boolean.default(false).describe('Whatever host a user of that name has.'),
    state: choice('present', 'absent').default('present').describe('Whether the user shall be there.'),
    password: text.optional().describe('Password, for mysql_native_password.'),
    encrypted: boolean.default(false).describe('`password` is its hash.'),
    update_password: choice('always', 'on_create', 'on_new_username')
      .default('always')
      .describe(
        'When it is set: when another is, for new users, or for those of a new name; a new user of a known name then has the password of the others.',
      ),
    plugin: text.optional().describe('Plugin that checks who it is.'),
    plugin_hash_string: text.optional().describe('Hash for the plugin.'),
    plugin_auth_string: text.optional().describe('Text for the plugin.'),
    priv: z
      .union([text, mapping])
      .optional()
      .describe(
        'Privileges: `db.table:priv,priv/db.*:ALL`, or a mapping of the same. Others are taken away.',
      ),
    append_privs: boolean.default(false).describe('Others stay.'),
    subtract_privs: boolean.default(false).describe('These are taken away, others stay.'),
    tls_requires: mapping.optional().describe('What a connection needs: SSL, X509, SUBJECT, ISSUER, CIPHER.'),
    resource_limits: mapping.optional().describe('Limits, as `MAX_USER_CONNECTIONS: 10`.'),
    session_vars: mapping.optional().describe('Variables of the session.'),
    sql_log_bin: boolean.default(true).describe('Whether the binary log has the changes.'),
    force_context: boolean.default(false).describe('Have `mysql` as the database of the statements.'),
    ...loginParams,
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  if (given.append_privs && given.subtract_privs)
    fault('parameters are mutually exclusive: append_privs|subtract_privs');
  if (given.priv !== undefined) {
    const privileges = readPrivileges(given.priv);
    if (typeof privileges === 'string') fault(privileges);
  }
  const names = ['SSL', 'X509', 'SUBJECT', 'ISSUER', 'CIPHER'];
  for (const name of Object.keys(given.tls_requires ?? {}))
    if (!names.includes(name.toUpperCase())) fault(`tls_requires has ${names.join(', ')}, not "${name}"`);
  for (const name of [
    ...Object.keys(given.resource_limits ?? {}),
    ...Object.keys(given.session_vars ?? {}),
    ...(given.plugin === undefined ? [] : [given.plugin]),
  ])
    if (!/^\w+$/.test(name)) fault(`"${name}" is no name`);
  if (given.encrypted && given.password && !/^\*[0-9A-F]{40}$/i.test(given.password))
    fault('password is no hash of mysql_native_password: a star and 40 hexadecimal digits');
});

/** The parameters as the module gets them. */
export type Params = z.output<typeof userParams>;
