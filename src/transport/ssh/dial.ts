import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ConnectConfig } from 'ssh2';
import { CutoverError } from '../../errors/index.ts';
import { Authentication } from './auth.ts';
import { HostKeyCheck } from './host-key.ts';
import type { Hop } from './route.ts';

const KEEPALIVE_MS = 15_000;
const KEEPALIVE_MISSES = 3;
/** A dropped connection is dialled again this often: sshd drops some of many at once (MaxStartups). */
const DROPPED_RETRIES = 4;
/** 2.4 s of our processor per connection, measured. */
const SLOW_KEX = ['diffie-hellman-group-exchange-sha256', 'diffie-hellman-group-exchange-sha1'];

/** The connection ended before anybody logged in, without a reason that a repetition could not mend. */
class Dropped extends Error {}

/**
 * Logs in. `through` gives the stream of a jump host, or undefined for a plain TCP connection.
 * Throws CutoverError `connect`, `timeout`, `hostkey`, `auth`.
 */
export async function dial(hop: Hop, through: () => Promise<Duplex | undefined>): Promise<Client> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await dialOnce(hop, await through());
    } catch (error) {
      if (!(error instanceof Dropped)) throw error;
      if (attempt > DROPPED_RETRIES) throw droppedError(hop, attempt, error);
      // Full jitter: hosts that were dropped together must not come back together.
      const pause = Math.random() * 250 * 2 ** attempt;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

function dialOnce(hop: Hop, sock: Duplex | undefined): Promise<Client> {
  const client = new ssh2.Client();
  const hostKey = new HostKeyCheck(hop);
  const auth = new Authentication(hop);
  const config: ConnectConfig = {
    host: hop.address,
    port: hop.port,
    username: hop.user,
    sock: sock as ConnectConfig['sock'],
    readyTimeout: 0,
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: KEEPALIVE_MISSES,
    hostVerifier: (key: Buffer) => hostKey.accepts(key),
    authHandler: auth.handler,
    algorithms: {
      kex: { remove: SLOW_KEX, append: [], prepend: [] } as never,
      serverHostKey: hostKey.algorithms() as never,
    },
  };
  return new Promise((resolve, reject) => {
    let settled = false;
    const fail = (error: Error) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      client.on('error', () => {});
      client.destroy();
      sock?.destroy();
      reject(error);
    };
    const timer = setTimeout(() => {
      const message = `${hop.address}:${hop.port}: no login within ${hop.connectTimeoutMs / 1000} s`;
      fail(
        new CutoverError('timeout', message, {
          host: hop.name,
          hint: 'is the address right, the host up, and the port open in every firewall on the way?',
        }),
      );
    }, hop.connectTimeoutMs);
    client.once('connect', () => client.setNoDelay(true));
    client.once('ready', () => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      client.removeAllListeners('error').removeAllListeners('close');
      auth.succeeded();
      resolve(client);
    });
    client.on('error', (error) => fail(dialError(hop, error, hostKey, auth)));
    client.once('close', () =>
      fail(auth.passwordSent ? auth.error(hop, undefined) : new Dropped('closed before login')),
    );
    client.connect(config);
  });
}

function dialError(
  hop: Hop,
  error: Error & { level?: string; code?: string },
  hostKey: HostKeyCheck,
  auth: Authentication,
): Error {
  if (hostKey.refusal) return hostKey.refusal;
  if (error.level === 'client-authentication' || /too many authentication/i.test(error.message))
    return auth.error(hop, error);
  const place = `${hop.address}:${hop.port}`;
  const known = error.code === undefined ? undefined : SYSTEM_ERRORS[error.code];
  if (known)
    return new CutoverError('connect', `${place}: ${known[0]}`, {
      host: hop.name,
      hint: known[1],
      cause: error,
    });
  if (/no matching/i.test(error.message)) {
    return new CutoverError('connect', `${place}: no common algorithms: ${error.message}`, {
      host: hop.name,
      hint: 'the SSH server is too old or too new for this client',
      cause: error,
    });
  }
  const dropped =
    error.code === 'ECONNRESET' || error.code === 'EPIPE' || /before handshake/i.test(error.message);
  if (dropped && !auth.passwordSent) return new Dropped(error.message);
  return new CutoverError('connect', `${place}: ${error.message}`, { host: hop.name, cause: error });
}

/** What the operator reads, and what to do, by the system's error code. */
const SYSTEM_ERRORS: Readonly<Record<string, readonly [string, string]>> = {
  ECONNREFUSED: ['connection refused', 'is sshd running there, on that port?'],
  ENOTFOUND: ['the name cannot be resolved', 'check ansible_host and DNS'],
  EAI_AGAIN: ['the name cannot be resolved now', 'check DNS'],
  EHOSTUNREACH: ['no route to the host', 'check the address, the network and the firewalls'],
  ENETUNREACH: ['no route to the network', 'check the address, the network and the VPN'],
  ETIMEDOUT: ['no answer', 'check the address and the firewalls'],
};

function droppedError(hop: Hop, attempts: number, cause: Error): CutoverError {
  return new CutoverError(
    'connect',
    `${hop.address}:${hop.port}: connection dropped before login, ${attempts} times`,
    {
      host: hop.name,
      cause,
      hint: 'sshd may be overloaded (MaxStartups), or a firewall or fail2ban may be in the way',
    },
  );
}
