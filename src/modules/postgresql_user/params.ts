import type { z } from 'zod';
import { boolean, choice, integer, strings, text, withAliases } from '../params.ts';
import { loginAliases, loginParams } from '../postgresql_client/login.ts';
import { readPrivileges } from './privileges.ts';
import { isFlag } from './role.ts';

/** What the `postgresql_user` module takes. */
export const userParams = withAliases(
  { user: 'name', login_db: 'db', fail_on_role: 'fail_on_user', ...loginAliases },
  {
    name: text.describe('Name of the role.'),
    state: choice('present', 'absent').default('present').describe('Whether it shall be there.'),
    password: text.optional().describe('Its password, or the hash of it.'),
    encrypted: boolean.default(true).describe('Accepted; PostgreSQL keeps hashes only.'),
    no_password_changes: boolean.default(false).describe('Leave the password of a role that is there alone.'),
    role_attr_flags: text
      .default('')
      .refine((flags) => flags.split(',').every((flag) => flag.trim() === '' || isFlag(flag)), {
        error: 'takes flags such as CREATEDB,NOLOGIN with commas in between',
      })
      .describe(
        'SUPERUSER, CREATEROLE, CREATEDB, INHERIT, LOGIN, REPLICATION, BYPASSRLS, or NO before them.',
      ),
    expires: text.optional().describe('When the password expires; `infinity`: never.'),
    conn_limit: integer.optional().describe('How many connections it may have.'),
    comment: text.optional().describe('A comment.'),
    groups: strings.optional().describe('Roles that it shall be a member of.'),
    db: text.default('').describe('Database to log in to, and the one of `priv`.'),
    priv: text
      .optional()
      .refine((priv) => priv === undefined || readPrivileges(priv) !== undefined, {
        error: 'takes privileges of a database, such as CONNECT/CREATE, and of tables: orders:SELECT,INSERT',
      })
      .describe('Privileges of the database `db` and of its tables: `CONNECT/orders:SELECT,INSERT`.'),
    fail_on_user: boolean
      .default(true)
      .describe('Fail when the role cannot be removed because something belongs to it.'),
    ...loginParams,
  },
);

/** The parameters as the module gets them. */
export type Params = z.output<typeof userParams>;
