import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Target } from '../../src/transport/index.ts';

/** A real sshd on a free loopback port, with keys and known_hosts in a folder of its own. */
export interface Sshd {
  readonly port: number;
  readonly folder: string;
  readonly keyFile: string;
  readonly knownHostsFile: string;
  readonly process: ChildProcess;
  /** A target that logs in as the current user by key. */
  target(overrides?: Partial<Target>): Target;
  /** What sshd said so far. */
  log(): readonly string[];
  stop(): Promise<void>;
}

/** What a server of a test may have otherwise. */
export interface SshdOptions {
  /** More lines of sshd_config. */
  readonly settings?: readonly string[];
  readonly hostKeyTypes?: readonly string[];
  /** Shell lines that prepare an /etc and a /home of the server's own: users that it makes are nobody else's. Needs root. */
  readonly accounts?: string;
}

/** Starts sshd. */
export async function startSshd({
  settings = [],
  hostKeyTypes = ['ed25519'],
  accounts,
}: SshdOptions = {}): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-sshd-'));
  // Other users' logins read their authorized keys with their own rights.
  chmodSync(folder, 0o755);
  // Where Debian's sshd separates its privileges; the init script makes it otherwise.
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const keyFile = join(folder, 'client');
  makeKey(keyFile);
  writeFileSync(join(folder, 'authorized'), readFileSync(`${keyFile}.pub`));
  const port = await freePort();
  const hostKeys = hostKeyTypes.map((type) => {
    const file = join(folder, `host_${type}`);
    makeKey(file, type);
    return file;
  });
  const knownHostsFile = join(folder, 'known_hosts');
  writeFileSync(knownHostsFile, hostKeys.map((file) => knownHostsLine(file, port)).join(''));
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map((file) => `HostKey ${file}`),
    `AuthorizedKeysFile ${join(folder, 'authorized')}`,
    ...settings,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    ...(settings.some((line) => line.startsWith('Subsystem')) ? [] : ['Subsystem sftp internal-sftp']),
    'UseDNS no',
  ];
  writeFileSync(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
  const sshd = ['/usr/sbin/sshd', '-D', '-e', '-f', join(folder, 'sshd_config')];
  const command = accounts === undefined ? sshd : [...withOwnAccounts(folder, accounts), ...sshd];
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  await listening(child, said).catch((error) => {
    rmSync(folder, { recursive: true });
    throw error;
  });
  return {
    port,
    folder,
    keyFile,
    knownHostsFile,
    process: child,
    log: () => said,
    target: (overrides = {}) => ({
      name: 'web1',
      connection: 'ssh',
      address: '127.0.0.1',
      port,
      user: userInfo().username,
      privateKeyFile: keyFile,
      hostKeyChecking: 'strict',
      knownHostsFiles: [knownHostsFile],
      connectTimeoutMs: 10_000,
      sshConfigFile: null,
      ...overrides,
    }),
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.kill()) await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Gives the command that runs another one where /etc and /home are copies: they are gone with it. */
function withOwnAccounts(folder: string, accounts: string): string[] {
  const script = `set -eu
etc=${folder}/etc
mkdir "$etc"
mount -t tmpfs tmpfs "$etc"
cp -a /etc/. "$etc"
mount --bind "$etc" /etc
for own in /home /run/sudo /var/lib/sudo; do [ ! -d "$own" ] || mount -t tmpfs tmpfs "$own"; done
${accounts}
exec "$@"
`;
  return ['/usr/bin/unshare', '--mount', '--propagation', 'private', '/bin/sh', '-c', script, 'sh'];
}

/** Makes a key pair without a passphrase unless one is given. */
export function makeKey(file: string, type = 'ed25519', passphrase = ''): void {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', file]);
}

/** Gives the known_hosts line of a host key file for a loopback port. */
export function knownHostsLine(hostKeyFile: string, port: number, names = `[127.0.0.1]:${port}`): string {
  const [type, key] = readFileSync(`${hostKeyFile}.pub`, 'utf8').split(' ');
  return `${names} ${type} ${key}\n`;
}

/** Gives a port on which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listening(child: ChildProcess, said: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // The lines are read to the end: sshd would block on a full pipe.
    createInterface({ input: child.stderr! }).on('line', (line) => {
      said.push(line);
      if (line.startsWith('Server listening')) resolve();
    });
    child.once('exit', () => reject(new Error(`sshd did not start: ${said.join('; ')}`)));
  });
}
