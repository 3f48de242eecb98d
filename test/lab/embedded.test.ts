import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, watch } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { Client, SFTPWrapper } from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type LabStatus, labDown, labStatus, labUp } from '../../src/lab/index.ts';
import { isAlive, markedProcesses } from '../../src/lab/processes.ts';
import { signalProcess } from '../signal.ts';
import { collect, connectTo, open, run, sftp } from './client.ts';

let base: string;
let lab: LabStatus;
let client: Client;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'lab-'));
  lab = await labUp({ dir: join(base, 'lab'), hosts: 2, password: 'open sesame' });
  client = await connectTo(lab, lab.hosts[0]!);
});

afterAll(async () => {
  client.end();
  await labDown({ dir: lab.dir });
  expect(existsSync(lab.dir)).toBe(false);
  expect(await markedProcesses(lab.dir)).toEqual([]);
  await rm(base, { recursive: true });
});

/** Resolves once the file is there with content. */
async function fileWithContent(path: string): Promise<string> {
  const folder = join(path, '..');
  const watcher = watch(folder);
  try {
    for (;;) {
      const changed = once(watcher, 'change');
      const content = existsSync(path) ? readFileSync(path, 'utf8') : '';
      if (content !== '') return content;
      await changed;
    }
  } finally {
    watcher.close();
  }
}

/** Resolves when a process is gone; the test's time limit is the limit. */
async function gone(pid: number): Promise<void> {
  while (await isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('what the lab writes', () => {
  test('an inventory with everything needed to connect', async () => {
    const { all } = parse(await readFile(lab.inventory, 'utf8'));
    expect(all.vars).toEqual({
      ansible_ssh_private_key_file: join(lab.dir, 'id_ed25519'),
      cutover_known_hosts: join(lab.dir, 'known_hosts'),
    });
    expect(Object.keys(all.children.web.hosts)).toEqual(['node1', 'node2']);
    expect(all.children.web.hosts.node1).toEqual({
      ansible_host: '127.0.0.1',
      ansible_port: lab.hosts[0]!.port,
      ansible_user: lab.hosts[0]!.user,
      cutover_state_dir: join(lab.dir, 'node1/var/lib/cutover'),
    });
  });

  test('a private key for the owner only', async () => {
    expect((await stat(join(lab.dir, 'id_ed25519'))).mode & 0o777).toBe(0o600);
  });

  test("known_hosts that the system's ssh accepts", () => {
    const host = lab.hosts[1]!;
    const options = [
      'BatchMode=yes',
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile=${lab.dir}/known_hosts`,
    ];
    const out = execFileSync('ssh', [
      ...['-F', 'none', '-i', join(lab.dir, 'id_ed25519'), '-p', String(host.port)],
      ...options.flatMap((option) => ['-o', option]),
      ...[`${host.user}@${host.address}`, 'echo "$HOME"'],
    ]);
    expect(out.toString()).toBe(`${host.folder}\n`);
  });
});

describe('entry', () => {
  test('by password', async () => {
    const other = await connectTo(lab, lab.hosts[1]!, { privateKey: undefined, password: 'open sesame' });
    expect((await run(other, 'echo in')).stdout).toBe('in\n');
    other.end();
  });

  test.each([
    ['a wrong password', { privateKey: undefined, password: 'wrong' }],
    ['another user', { username: 'nobody-here' }],
  ])('not with %s', async (_name, how) => {
    await expect(connectTo(lab, lab.hosts[0]!, how)).rejects.toThrow(/authentication methods failed/);
  });
});

describe('commands', () => {
  test.each([
    ['exit code', 'exit 7', { code: 7, stdout: '', stderr: '' }],
    ['both outputs', 'echo out; echo err >&2', { code: 0, stdout: 'out\n', stderr: 'err\n' }],
    ['death by signal', 'kill -9 $$', { code: undefined, signal: 'SIGKILL' }],
    ['unknown command', 'no-such-command', { code: 127 }],
  ])('%s', async (_name, command, expected) => {
    expect(await run(client, command)).toMatchObject(expected);
  });

  test('start in a HOME of their own, with a TMPDIR of their own', async () => {
    const { stdout } = await run(client, 'pwd; echo "$HOME"; echo "$TMPDIR"');
    expect(stdout).toBe(`${lab.dir}/node1\n${lab.dir}/node1\n${lab.dir}/node1/tmp\n`);
  });

  test('take and give megabytes of any bytes', async () => {
    const bytes = randomBytes(3_000_000);
    const channel = await open(client, 'cat; head -c 3000000 /dev/zero >&2');
    const errors = text(channel.stderr).then((all) => all.length);
    const sum = createHash('sha256');
    channel.on('data', (chunk: Buffer) => sum.update(chunk));
    channel.end(bytes);
    await once(channel, 'close');
    expect(sum.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(await errors).toBe(3_000_000);
  });

  test('can be signalled as a group', async () => {
    const channel = await open(client, 'sleep 100 & echo $!; wait');
    const [line] = (await once(channel, 'data')) as [Buffer];
    channel.signal('TERM');
    expect(await collect(channel)).toMatchObject({ signal: 'SIGTERM' });
    await gone(Number(line.toString()));
  });

  test('a cut connection ends what runs, but neither nohup nor setsid', async () => {
    const victim = await connectTo(lab, lab.hosts[0]!);
    const channel = await open(
      victim,
      // The services say that they stand, for a cut in the instant before would end them rightly.
      // A pipe each: a second reader of one pipe could meet its first writer, which has not closed it yet, and read nothing.
      `for way in nohup setsid; do mkfifo $way; $way sh -c 'echo $$ >'$way'; exec sleep 100' >/dev/null 2>&1 & read -r pid <$way; pids="$pids$pid "; done
      sleep 100 & echo "$pids$! $$"; wait`,
    );
    const [line] = (await once(channel, 'data')) as [Buffer];
    const [nohup, setsid, plain, shell] = line.toString().trim().split(' ').map(Number) as [
      number,
      number,
      number,
      number,
    ];
    victim.destroy();
    await gone(plain);
    await gone(shell);
    expect(await isAlive(nohup)).toBe(true);
    expect(await isAlive(setsid)).toBe(true);
    signalProcess(nohup);
    signalProcess(setsid);
  });

  test('a background process outlives the command that ended', async () => {
    const { stdout } = await run(client, 'sleep 100 >/dev/null 2>&1 & echo $!');
    const pid = Number(stdout);
    expect(await isAlive(pid)).toBe(true);
    signalProcess(pid);
  });
});

describe('forwarding', () => {
  const forward = promisify(
    (to: number, done: (error: Error | undefined, channel: import('ssh2').ClientChannel) => void) =>
      client.forwardOut('127.0.0.1', 0, '127.0.0.1', to, done),
  );

  test('reaches a port of the host', async () => {
    const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const channel = await forward((server.address() as { port: number }).port);
    expect(await text(channel)).toBe('hello');
    server.close();
  });

  test('says when nothing listens', async () => {
    await expect(forward(1)).rejects.toThrow(/open failure/i);
  });
});

describe('SFTP', () => {
  let files: SFTPWrapper;
  const call = <T>(name: string, ...args: unknown[]): Promise<T> =>
    new Promise((resolve, reject) =>
      (files as unknown as Record<string, (...all: unknown[]) => void>)[name]!(
        ...args,
        (error: Error | undefined, value: T) => (error ? reject(error) : resolve(value)),
      ),
    );

  beforeAll(async () => {
    files = await sftp(client);
    await call('mkdir', 'sftp');
  });

  test('moves a large file there and back', async () => {
    const bytes = randomBytes(5_000_000);
    await writeFile(join(base, 'large'), bytes);
    await call('fastPut', join(base, 'large'), 'sftp/large', { mode: 0o640 });
    await call('fastGet', 'sftp/large', join(base, 'back'));
    expect((await readFile(join(base, 'back'))).equals(bytes)).toBe(true);
    expect((await stat(join(lab.dir, 'node1/sftp/large'))).mode & 0o7777).toBe(0o640);
  });

  test('sets attributes', async () => {
    await call('writeFile', 'sftp/a', 'text');
    await call('setstat', 'sftp/a', { mode: 0o600, atime: 1000, mtime: 2000 });
    expect(await call('stat', 'sftp/a')).toMatchObject({ mode: 0o100600, mtime: 2000, size: 4 });
    const handle = await call('open', 'sftp/a', 'r+');
    await call('fsetstat', handle, { mode: 0o644, size: 2 });
    expect(await call('fstat', handle)).toMatchObject({ mode: 0o100644, size: 2 });
    await call('ext_openssh_fsync', handle);
    await call('close', handle);
  });

  test('renames over a file only by the POSIX extension', async () => {
    await call('writeFile', 'sftp/new', 'new');
    await call('writeFile', 'sftp/old', 'old');
    await expect(call('rename', 'sftp/new', 'sftp/old')).rejects.toThrow();
    await call('ext_openssh_rename', 'sftp/new', 'sftp/old');
    expect(String(await call('readFile', 'sftp/old'))).toBe('new');
  });

  test('links, lists, resolves and removes', async () => {
    await call('mkdir', 'sftp/folder', { mode: 0o700 });
    await call('symlink', 'target', 'sftp/folder/link');
    expect(await call('readlink', 'sftp/folder/link')).toBe('target');
    expect((await call<{ isSymbolicLink(): boolean }>('lstat', 'sftp/folder/link')).isSymbolicLink()).toBe(
      true,
    );
    const list = await call<{ filename: string; longname: string }[]>('readdir', 'sftp/folder');
    expect(list.map(({ filename, longname }) => [filename, longname[0]])).toEqual([['link', 'l']]);
    expect(await call('realpath', '.')).toBe(join(lab.dir, 'node1'));
    await call('unlink', 'sftp/folder/link');
    await call('rmdir', 'sftp/folder');
    await expect(call('stat', 'sftp/folder')).rejects.toMatchObject({ code: 2 });
  });

  test('says when something is not there', async () => {
    await expect(call('open', 'sftp/missing', 'r')).rejects.toMatchObject({ code: 2 });
  });
});

describe('up and down', () => {
  test('refuses a folder that holds something else', async () => {
    await writeFile(join(base, 'mine'), '');
    await expect(labUp({ dir: base })).rejects.toThrow(/not empty and holds no lab/);
  });

  test('refuses a lab that is up', async () => {
    await expect(labUp({ dir: lab.dir })).rejects.toThrow(/already up/);
  });

  test('cleans after a crash, and the services it left', async () => {
    const dir = join(base, 'crash');
    const first = await labUp({ dir, hosts: 1 });
    const visitor = await connectTo(first, first.hosts[0]!);
    await run(visitor, `nohup sh -c 'echo $$ >service; sleep 100' >/dev/null 2>&1 &`);
    const service = Number(await fileWithContent(join(dir, 'node1/service')));
    visitor.destroy();
    signalProcess(first.pid!, 'SIGKILL');
    await gone(first.pid!);
    expect((await labStatus({ dir })).up).toBe(false);
    const second = await labUp({ dir, hosts: 1 });
    expect(second.up).toBe(true);
    expect(await isAlive(service)).toBe(false);
    expect(await labDown({ dir })).toBe(true);
    expect(await labDown({ dir })).toBe(false);
  });

  test('forwarding can be forbidden', async () => {
    const dir = join(base, 'strict');
    const strict = await labUp({ dir, hosts: 1, refuseForwarding: true });
    const visitor = await connectTo(strict, strict.hosts[0]!);
    const refused = await new Promise((done) => visitor.forwardOut('127.0.0.1', 0, '127.0.0.1', 22, done));
    expect(String(refused)).toMatch(/open failure/i);
    visitor.end();
    await labDown({ dir });
  });
});
