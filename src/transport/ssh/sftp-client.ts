import type { Client, SFTPWrapper } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';

/**
 * Gives ssh2-sftp-client's conveniences (stat, list, mkdir, delete) on a connection and SFTP channel that are open already.
 *
 * The library always makes a connection of its own and offers no way to pass one in; putting ours into its `client` and
 * `sftp` is not documented, so this is the only place that does it and a contract test watches it. Its `end()` must never be
 * called: it would close the whole connection. Its `put` waits for each write, so bytes go by `windowed.ts`.
 */
export function sftpClient(client: Client, sftp: SFTPWrapper): SftpClient {
  const conveniences = new SftpClient();
  Object.assign(conveniences, { client, sftp });
  return conveniences;
}
