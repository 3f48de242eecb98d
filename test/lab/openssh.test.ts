import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type LabOptions, type LabStatus, labDown, labStatus, labUp } from '../../src/lab/index.ts';
import { hostSetup } from '../../src/lab/openssh/host-setup.ts';
import { childrenOf, isAlive, markedProcesses } from '../../src/lab/processes.ts';
import { isRoot, present } from '../machine.ts';
import { signalProcess } from '../signal.ts';
import { connectTo, run, sftp } from './client.ts';

const able = present('Linux', process.platform === 'linux') && isRoot;

/** What a lab left on the machine: processes, mounts, namespaces. */
async function remains(lab: LabStatus): Promise<string[]> {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(lab.dir));
  const hosts = await Promise.all(
    lab.hosts.map(async ({ pid }) => ((await isAlive(pid!)) ? [`${pid}`] : [])),
  );
  return [...mounts, ...hosts.flat(), ...(await markedProcesses(lab.dir)).map(String)];
}

/** Runs one command on one host. */
async function on(lab: LabStatus, index: number, command: string, stdin?: string) {
  const client = await connectTo(lab, lab.hosts[index]!);
  try {
    return await run(client, command, stdin);
  } finally {
    client.end();
  }
}

test('the setup script passes shellcheck', () => {
  execFileSync('sh', ['-c', 'shellcheck -s sh -'], { input: hostSetup });
});

test.runIf(!able)('says what it needs', async () => {
  await expect(labUp({ dir: join(tmpdir(), 'no-lab'), backend: 'openssh' })).rejects.toThrow(
    /needs Linux and root/,
  );
});

describe.runIf(able)('hosts with a running Micro Integrator', () => {
  let base: string;
  let lab: LabStatus;

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'lab-'));
    lab = await labUp({ dir: join(base, 'lab'), hosts: 2, backend: 'openssh', wso2: true });
  }, 60_000);

  afterAll(async () => {
    await labDown({ dir: lab.dir });
    expect(await remains(lab)).toEqual([]);
    expect(existsSync(lab.dir)).toBe(false);
    await rm(base, { recursive: true });
  });

  test('have names and addresses of their own', async () => {
    expect((await on(lab, 0, 'uname -n')).stdout).toBe('node1\n');
    expect((await on(lab, 1, 'uname -n')).stdout).toBe('node2\n');
    expect(new Set(lab.hosts.map(({ address }) => address)).size).toBe(2);
  });

  test('are reached with what the inventory says', async () => {
    const { all } = parse(await readFile(lab.inventory, 'utf8'));
    const { ansible_host, ansible_port, ansible_user } = all.children.mi.hosts.node2;
    const { ansible_ssh_private_key_file, cutover_known_hosts } = all.vars;
    const options = [
      'BatchMode=yes',
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile=${cutover_known_hosts}`,
    ];
    const out = execFileSync('ssh', [
      ...['-F', 'none', '-i', ansible_ssh_private_key_file, '-p', String(ansible_port)],
      ...options.flatMap((option) => ['-o', option]),
      ...[`${ansible_user}@${ansible_host}`, 'echo "$HOME"'],
    ]);
    expect(out.toString()).toBe('/root\n');
  });

  test('have no Python, but the controller still has', async () => {
    const pythons = execFileSync('sh', ['-c', 'command -v python3 || true']).toString();
    expect((await on(lab, 0, 'command -v python python3; ls /usr/bin | grep ^python')).stdout).toBe('');
    expect(execFileSync('sh', ['-c', 'command -v python3 || true']).toString()).toBe(pythons);
  });

  test.each(['/usr/local/lib', '/etc', '/tmp', '/run', '/var/lib', '/opt', '/root'])(
    'write %s for themselves',
    async (folder) => {
      const file = `${folder}/cutover-lab-${process.pid}`;
      expect((await on(lab, 0, `echo here >${file}; cat ${file}`)).stdout).toBe('here\n');
      expect((await on(lab, 1, `cat ${file}`)).code).toBe(1);
      expect(existsSync(file)).toBe(false);
      expect(readFileSync(`${lab.hosts[0]!.root}${file}`, 'utf8')).toBe('here\n');
    },
  );

  test('see their own processes only', async () => {
    const { stdout } = await on(lab, 0, 'cat /proc/1/comm; ls -d /proc/[0-9]* | wc -l');
    const [first, count] = stdout.split('\n');
    expect(first).toBe('sshd');
    expect(Number(count)).toBeLessThan(15);
  });

  test('speak SFTP', async () => {
    const client = await connectTo(lab, lab.hosts[0]!);
    const files = await sftp(client);
    const path = await new Promise((done, fail) =>
      files.realpath('.', (error, absolute) => (error ? fail(error) : done(absolute))),
    );
    expect(path).toBe('/root');
    client.end();
  });

  test('let deploy become root without a password', async () => {
    expect((await on(lab, 0, 'su deploy -c "sudo -n id -u"')).stdout).toBe('0\n');
  });

  test('run Micro Integrator 4.0.0', async () => {
    const { all } = parse(await readFile(lab.inventory, 'utf8'));
    for (const host of lab.hosts) {
      expect(host.mi).toEqual({ version: '4.0.0', running: true });
      const { mi_port_offset, mi_base } = all.children.mi.hosts[host.name];
      expect(mi_base).toBe('/opt/wso2');
      const health = await fetch(`http://127.0.0.1:${9191 + mi_port_offset}/healthz`);
      expect(await health.json()).toEqual({ version: '4.0.0', status: 'ready' });
    }
  });

  test('stop and start it over SSH', async () => {
    const script = `export JAVA_HOME=/opt/java; mi=/opt/wso2/mi; pid=$(cat $mi/wso2carbon.pid)
      $mi/bin/micro-integrator.sh stop; while kill -0 $pid 2>/dev/null; do sleep 0.05; done
      $mi/bin/micro-integrator.sh start
      until tail -n 1 $mi/repository/logs/wso2carbon.log | grep -q EI_INTERNAL_HTTPS; do sleep 0.05; done; echo up`;
    expect((await on(lab, 1, script)).stdout).toBe('up\n');
    expect((await labStatus({ dir: lab.dir })).hosts[1]!.mi).toEqual({ version: '4.0.0', running: true });
  });
});

describe.runIf(able)('one host', () => {
  let base: string;
  let lab: LabStatus;

  const up = async (options: Partial<LabOptions>) => {
    base = await mkdtemp(join(tmpdir(), 'lab-'));
    lab = await labUp({ dir: join(base, 'lab'), hosts: 1, backend: 'openssh', ...options });
  };

  afterEach(async () => {
    await labDown({ dir: lab.dir });
    expect(await remains(lab)).toEqual([]);
    await rm(base, { recursive: true });
  });

  test('with deploy as the login, and a password for sudo', async () => {
    await up({ login: 'deploy', sudoPassword: 'open sesame' });
    const { all } = parse(await readFile(lab.inventory, 'utf8'));
    const vars = { ansible_user: 'deploy', ansible_become_password: 'open sesame' };
    expect(all.children.web.hosts.node1).toMatchObject(vars);
    expect((await on(lab, 0, 'sudo -n id -u')).code).toBe(1);
    expect((await on(lab, 0, 'sudo -S -p "" id -u', 'open sesame\n')).stdout).toBe('0\n');
  });

  test('with a login password', async () => {
    await up({ password: 'open sesame' });
    const client = await connectTo(lab, lab.hosts[0]!, { privateKey: undefined, password: 'open sesame' });
    expect((await run(client, 'id -u')).stdout).toBe('0\n');
    client.end();
  });

  test('with a small disk', async () => {
    await up({ diskSize: '4m' });
    expect((await on(lab, 0, 'head -c 8000000 /dev/zero >/opt/large')).stderr).toContain('No space left');
  });

  test('with Python', async () => {
    await up({ python: true });
    const path = '/usr/bin/python3';
    expect((await on(lab, 0, `test -x ${path}; echo $?`)).stdout).toBe(existsSync(path) ? '0\n' : '1\n');
  });

  test('without forwarding', async () => {
    await up({ refuseForwarding: true });
    const client = await connectTo(lab, lab.hosts[0]!);
    const refused = await new Promise((done) => client.forwardOut('127.0.0.1', 0, '127.0.0.1', 22, done));
    expect(String(refused)).toMatch(/open failed/);
    client.end();
  });

  test('without an overlay: read-only but for what a host writes', async () => {
    await up({ rootfs: 'binds', wso2: true });
    const { stdout } = await on(
      lab,
      0,
      'command -v python3; touch /usr/x 2>&1; for f in /etc /var/lib /opt /tmp /root; do touch $f/x && echo $f; done',
    );
    expect(stdout).toMatch(/Read-only file system\n\/etc\n\/var\/lib\n\/opt\n\/tmp\n\/root\n$/);
    expect(existsSync('/etc/x')).toBe(false);
    expect(lab.hosts[0]!.mi).toEqual({ version: '4.0.0', running: true });
  });

  test('that crashed is cleaned by the next lab up', async () => {
    await up({});
    const [first] = lab.hosts;
    const [holder] = await markedProcesses(lab.dir);
    expect(await childrenOf([holder!])).toEqual([first!.pid]);
    signalProcess(holder!, 'SIGKILL');
    while (await isAlive(first!.pid!)) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await labStatus({ dir: lab.dir })).up).toBe(false);
    lab = await labUp({ dir: lab.dir, hosts: 1, backend: 'openssh' });
    expect((await on(lab, 0, 'uname -n')).stdout).toBe('node1\n');
  });
});
