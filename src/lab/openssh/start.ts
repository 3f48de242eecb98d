import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CutoverError } from '../../errors/index.ts';
import type { Backend, StartedHost } from '../backend.ts';
import { makeKeyPair } from '../keys.ts';
import { LAB_MARK } from '../processes.ts';
import type { LabOptions } from '../types.ts';
import { freeAddresses, type SshAddress } from './addresses.ts';
import { hostSetup } from './host-setup.ts';
import { sshdConfig } from './sshd-config.ts';
import { programPaths } from './visible.ts';

const SSHD = '/usr/sbin/sshd';
const UP_WITHIN_MS = 30_000;

/** Practice hosts with Debian's sshd, each in namespaces of its own. */
export const openssh: Backend = {
  check: checkMachine,
  writeRoot: (dir, name) => join(dir, name, 'seed'),
  hostRoot: () => '',
  start,
  run: (_dir, host, command) => runOnHost(host.pid!, command),
  vars: ({ sudoPassword, login }) =>
    login === 'deploy' && sudoPassword !== undefined ? { ansible_become_password: sudoPassword } : {},
  proc: ({ root }) => join(root, 'proc'),
  // A namespace's first process takes everything in it along.
  graceMs: 0,
};

/** Says what is missing for this back end. Throws CutoverError `usage`. */
function checkMachine(): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new CutoverError('usage', 'the openssh back end needs Linux and root', {
      hint: '--backend embedded',
    });
  }
  for (const [program, debianPackage] of [
    [SSHD, 'openssh-server'],
    ['/usr/bin/unshare', 'util-linux'],
    ['/usr/sbin/useradd', 'passwd'],
  ] as const) {
    if (existsSync(program)) continue;
    throw new CutoverError('usage', `the openssh back end needs ${program}`, {
      hint: `apt-get install ${debianPackage}`,
    });
  }
}

/**
 * Starts one sshd per host in namespaces of its own; `seed/` in a host's folder is copied into its root first.
 * Throws CutoverError `internal` with the host's last log line when one does not come up.
 */
async function start(
  options: LabOptions,
  names: readonly string[],
  authorizedKey: string,
): ReturnType<Backend['start']> {
  const addresses = await freeAddresses(names.length);
  const starts = names.map((name, i) => startHost(options, name, addresses[i]!, authorizedKey));
  return { hosts: await Promise.all(starts) };
}

async function startHost(
  options: LabOptions,
  name: string,
  at: SshAddress,
  authorizedKey: string,
): Promise<StartedHost> {
  const folder = join(options.dir, name);
  const key = makeKeyPair(name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'setup.sh'), hostSetup);
  await writeFile(join(folder, 'sshd_config'), sshdConfig({ ...at, folder }, options));
  await writeFile(join(folder, 'ssh_host_ed25519_key'), key.private, { mode: 0o600 });
  await writeFile(join(folder, 'authorized_keys'), `${authorizedKey}\n`);
  await writeFile(join(folder, 'passwords'), passwordLines(options), { mode: 0o600 });
  const child = spawnHost(options, name, folder, at);
  await untilListening(child, name, folder, at);
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
  const user = options.login ?? 'root';
  return { name, ...at, user, folder, root: `/proc/${pid}/root`, pid, hostKey: key.public };
}

function passwordLines({ password, sudoPassword }: LabOptions): string {
  const root = password === undefined ? '' : `root:${password}\n`;
  // One account has one password: sudo's is the login's.
  const own = sudoPassword ?? password;
  return `${root}${own === undefined ? '' : `deploy:${own}\n`}`;
}

function spawnHost(options: LabOptions, name: string, folder: string, { address }: SshAddress): ChildProcess {
  const log = openSync(join(folder, 'sshd.log'), 'a');
  const flags = ['--mount', '--pid', '--uts', '--fork', '--kill-child'];
  const child = spawn('/usr/bin/unshare', [...flags, '/bin/sh', join(folder, 'setup.sh')], {
    detached: true,
    cwd: '/',
    stdio: ['ignore', log, log],
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      [LAB_MARK]: options.dir,
      HOST_NAME: name,
      HOST_DIR: folder,
      ADDRESS: address,
      ROOTFS: options.rootfs ?? 'overlay',
      SIZE: options.diskSize ?? '1g',
      VISIBLE: [folder, join(options.dir, 'cluster'), ...programPaths()].filter(existsSync).join('\n'),
      KEEP_PYTHON: options.python ? 'yes' : 'no',
      SUDO_RULE: options.sudoPassword === undefined ? 'NOPASSWD: ALL' : 'ALL',
      SSHD,
      SEARCH: `/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${process.env.PATH ?? ''}`,
    },
  });
  closeSync(log);
  child.unref();
  return child;
}

async function untilListening(
  child: ChildProcess,
  name: string,
  folder: string,
  at: SshAddress,
): Promise<void> {
  const until = Date.now() + UP_WITHIN_MS;
  while (!(await greets(at))) {
    if (child.exitCode === null && child.signalCode === null && Date.now() < until) {
      await delay(20);
      continue;
    }
    const log = await readFile(join(folder, 'sshd.log'), 'utf8').catch(() => '');
    const reason = log.trimEnd().split('\n').at(-1) ?? '';
    throw new CutoverError('internal', `the practice host did not start: ${reason}`, {
      host: name,
      hint: `see ${join(folder, 'sshd.log')}`,
    });
  }
  child.removeAllListeners();
}

/** Whether an SSH server says who it is. */
async function greets({ address, port }: SshAddress): Promise<boolean> {
  const socket = connect({ host: address, port });
  try {
    const [banner] = (await once(socket, 'data', { signal: AbortSignal.timeout(2000) })) as [Buffer];
    return banner.toString().startsWith('SSH-2.0-');
  } catch {
    return false;
  } finally {
    socket.on('error', () => {});
    socket.destroy();
  }
}

async function runOnHost(pid: number, command: string): Promise<void> {
  const into = ['--target', String(pid), '--mount', '--pid', '--uts', '--root', '--wd=/'];
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };
  await promisify(execFile)('nsenter', [...into, '/bin/sh', '-c', command], { env });
}
