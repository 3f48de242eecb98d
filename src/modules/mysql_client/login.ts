import type { z } from 'zod';
import { boolean, integer, path, text } from '../params.ts';

/** Parameters of every module that talks to a MySQL or MariaDB server. */
export const loginParams = {
  login_user: text.optional().describe('User to log in as; else that of the configuration file, else root.'),
  login_password: text.optional().describe('Password of that user.'),
  login_host: text.default('localhost').describe('Where the server is, as seen from the target.'),
  login_port: integer.default(3306).describe('Port of the server.'),
  login_unix_socket: path.optional().describe('Socket of a server on the target.'),
  config_file: text
    .default('~/.my.cnf')
    .describe('File with user and password, read when it is there. Empty: none.'),
  config_overrides_defaults: boolean
    .default(false)
    .describe('Host and port of the configuration file count when the task does not say others.'),
  check_implicit_admin: boolean
    .default(false)
    .describe('Try root without a password first, and use what is given only when that fails.'),
  connect_timeout: integer.default(30).describe('Seconds to wait for a connection.'),
  ca_cert: path.optional().describe('Certificate of the authority that the server must have its own from.'),
  client_cert: path.optional().describe('Certificate to log in with.'),
  client_key: path.optional().describe('Key of that certificate.'),
  check_hostname: boolean.optional().describe("Whether the server's certificate must have its name."),
} as const;

/** Other names of some of them. */
export const loginAliases = { ssl_ca: 'ca_cert', ssl_cert: 'client_cert', ssl_key: 'client_key' } as const;

/** How to reach a server. */
export type Login = z.output<z.ZodObject<typeof loginParams>>;

/** Gives the lines of an option file that say so, but for the password. */
export function optionsOf(login: Login): string {
  const isDefault = login.login_host === 'localhost' && login.login_port === 3306;
  const server: Record<string, string | number | undefined> =
    login.login_unix_socket !== undefined
      ? { socket: login.login_unix_socket }
      : isDefault && login.config_overrides_defaults
        ? {}
        : {
            host: login.login_host,
            ...(isDefault ? {} : { port: login.login_port, protocol: 'tcp' }),
          };
  const verify = login.check_hostname;
  const options = {
    user: login.login_user,
    ...server,
    'loose-connect-timeout': login.connect_timeout,
    'ssl-ca': login.ca_cert,
    'ssl-cert': login.client_cert,
    'ssl-key': login.client_key,
    'loose-ssl-verify-server-cert': verify === undefined ? undefined : Number(verify),
    'loose-ssl-mode': verify ? 'VERIFY_IDENTITY' : undefined,
  };
  return Object.entries(options)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${quotedOption(String(value))}\n`]))
    .join('');
}

/** A value in an option file. */
export function quotedOption(value: string): string {
  return `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}
