import type { z } from 'zod';
import { boolean, choice, strings, text, withAliases } from '../params.ts';
import { loginAliases, loginParams } from '../postgresql_client/login.ts';

const OF_SCHEMA = ['table', 'sequence', 'function', 'procedure', 'type', 'default_privs'];

/** What the `postgresql_privs` module takes. */
export const privsParams = withAliases(
  {
    db: 'database',
    login_db: 'database',
    priv: 'privs',
    obj: 'objs',
    role: 'roles',
    admin_option: 'grant_option',
    password: 'login_password',
    ...loginAliases,
  },
  {
    database: text.describe('Database to log in to.'),
    state: choice('present', 'absent').default('present').describe('Granted or revoked.'),
    privs: strings.optional().describe('Privileges, with commas in between.'),
    type: choice(
      'table',
      'database',
      'default_privs',
      'foreign_data_wrapper',
      'foreign_server',
      'function',
      'group',
      'language',
      'procedure',
      'schema',
      'sequence',
      'tablespace',
      'type',
    )
      .default('table')
      .describe('Kind of the objects.'),
    objs: strings
      .optional()
      .describe('The objects, or ALL_IN_SCHEMA; of a function with its arguments, and colons for commas.'),
    schema: text.optional().describe('Schema of the objects; public when not given.'),
    roles: strings.describe('The roles that get the privileges; PUBLIC is everybody.'),
    target_roles: strings.optional().describe('Roles whose future objects `default_privs` is about.'),
    grant_option: boolean.optional().describe('Whether the roles may hand them on.'),
    fail_on_role: boolean.default(true).describe('Fail when a role does not exist, else leave it out.'),
    usage_on_types: boolean.default(true).describe('`default_privs` grants USAGE on types too.'),
    ...loginParams,
  },
).superRefine((given, refine) => {
  const fault = (message: string) => refine.addIssue({ code: 'custom', message });
  if (given.type === 'group' ? given.privs !== undefined : given.privs === undefined)
    fault(
      given.type === 'group'
        ? '"privs" is not for type group'
        : `argument "privs" is required for type "${given.type}".`,
    );
  if (given.objs === undefined && given.type !== 'database')
    fault(`argument "objs" is required for type "${given.type}".`);
  if (given.schema !== undefined && !OF_SCHEMA.includes(given.type))
    fault(`argument "schema" is not allowed for type "${given.type}".`);
  if (given.target_roles !== undefined && given.type !== 'default_privs')
    fault('argument "target_roles" is only for type default_privs');
  for (const one of given.privs ?? [])
    if (!/^\w+(?: \w+)*(?:\s*\([^()]*\))?$/.test(one)) fault(`"${one}" is no privilege`);
});

/** The parameters as the module gets them. */
export type Params = z.output<typeof privsParams>;
