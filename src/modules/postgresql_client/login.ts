import type { z } from 'zod';
import { boolean, choice, integer, mapping, path, text } from '../params.ts';

/** Parameters of every module that talks to a PostgreSQL server. */
export const loginParams = {
  login_user: text.default('postgres').describe('User to log in as.'),
  login_password: text.default('').describe('Password of that user.'),
  login_host: text.default('').describe('Where the server is, as seen from the target. Empty: its socket.'),
  login_unix_socket: text.default('').describe('Folder of the socket.'),
  port: integer.default(5432).describe('Port of the server.'),
  session_role: text.optional().describe('Role to act as after the login.'),
  ssl_mode: choice('allow', 'disable', 'prefer', 'require', 'verify-ca', 'verify-full')
    .default('prefer')
    .describe('Whether the connection is encrypted, and how the server is checked.'),
  ca_cert: text.optional().describe('Certificate of the authority that the server must have its own from.'),
  ssl_cert: path.optional().describe('Certificate to log in with.'),
  ssl_key: path.optional().describe('Key of that certificate.'),
  connect_params: mapping
    .refine((given) => !('password' in given), { error: 'takes no password: use login_password' })
    .default({})
    .describe('Further parameters of the connection.'),
  trust_input: boolean.default(true).describe('Accepted; names and texts are always quoted.'),
} as const;

/** Other names of some of them. */
export const loginAliases = {
  login: 'login_user',
  host: 'login_host',
  unix_socket: 'login_unix_socket',
  login_port: 'port',
  ssl_rootcert: 'ca_cert',
} as const;

/** How to reach a server. */
export type Login = z.output<z.ZodObject<typeof loginParams>>;

/** Gives the words of a connection to a database, as libpq reads them; not the password. */
export function connectionOf(login: Login, database: string): string {
  const host = login.login_unix_socket || login.login_host;
  const words = {
    dbname: database,
    user: login.login_user,
    port: login.port,
    ...(host === '' ? {} : { host }),
    sslmode: login.ssl_mode,
    sslrootcert: login.ca_cert,
    sslcert: login.ssl_cert,
    sslkey: login.ssl_key,
    ...login.connect_params,
  };
  return Object.entries(words)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}='${String(value).replace(/[\\']/g, '\\$&')}'`],
    )
    .join(' ');
}
