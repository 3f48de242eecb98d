import type { FileTransfer } from './connection.ts';
import { HostConnection } from './connection.ts';
import { localLink } from './local.ts';
import { localFiles } from './local-files.ts';
import type { SshOptions } from './ssh/link.ts';
import type { Connection, Target } from './types.ts';

/** Settings of connecting that hosts share. */
export type ConnectOptions = SshOptions;

/**
 * Connects to a host. Throws CutoverError `connect` (not reached, refused), `timeout`, `hostkey` (unknown, changed or revoked key)
 * or `auth` (no key or password accepted; a refused password is never sent twice).
 */
export async function connect(target: Target, options: ConnectOptions = {}): Promise<Connection> {
  if (target.connection === 'local') {
    return new HostConnection(target, localLink(target.name), (): FileTransfer => localFiles(target.name));
  }
  // SSH takes a tenth of a second to load: who only reads a playbook does not wait for it.
  const [{ openSshLink }, { sshFiles }] = await Promise.all([
    import('./ssh/link.ts'),
    import('./ssh/files.ts'),
  ]);
  const ssh = await openSshLink(target, options);
  return new HostConnection(target, ssh, (connection, room) => sshFiles(connection, ssh, room));
}
