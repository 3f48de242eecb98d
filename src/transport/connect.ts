import { CutoverError } from '../errors/index.ts';
import { HostConnection } from './connection.ts';
import { localLink } from './local.ts';
import { localFiles } from './local-files.ts';
import type { Connection, Target } from './types.ts';

/** Connects to a host. */
export async function connect(target: Target): Promise<Connection> {
  if (target.connection === 'local') {
    return new HostConnection(target, localLink(target.name), () => localFiles(target.name));
  }
  throw new CutoverError('connect', 'SSH is being built', { host: target.name });
}
