import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, type Target } from '../../src/transport/index.ts';
import { signalGroup } from '../signal.ts';
import { freePort, knownHostsLine, makeKey, type Sshd, startSshd } from './sshd.ts';

const LOGIN = { method: 'none' } as const;
const open: Connection[] = [];
const folder = mkdtempSync(join(tmpdir(), 'cutover-ssh-'));
let sshd: Sshd;

async function opened(target: Target, warn?: (message: string) => void): Promise<Connection> {
  const connection = await connect(target, { warn });
  open.push(connection);
  return connection;
}

async function says(connection: Connection, script: string): Promise<string> {
  const { stdout } = await (await connection.lane(LOGIN)).run({ script });
  return stdout.toString().trim();
}

beforeAll(async () => {
  sshd = await startSshd({
    settings: ['AllowTcpForwarding yes'],
    hostKeyTypes: ['ed25519', 'ecdsa'],
  });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((connection) => connection.close()));
});
afterAll(async () => {
  await sshd.stop();
  rmSync(folder, { recursive: true });
});

describe('a connection to a real sshd', () => {
  test('runs frames and commands, and leaves nothing behind', async () => {
    const connection = await opened(sshd.target({ prelude: 'f() { echo "f $1"; }' }));
    const lane = await connection.lane(LOGIN);
    expect(await says(connection, 'f 1')).toBe('f 1');
    const payload = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 256));
    expect((await lane.run({ script: 'cat "$payload"', payload })).stdout.equals(payload)).toBe(true);
    const command = await connection.exec('cat; echo err >&2; exit 3', LOGIN);
    command.stdin.end('input');
    expect(await Promise.all([text(command.stdout), text(command.stderr)])).toEqual(['input', 'err\n']);
    expect(await command.finished).toEqual({ code: 3 });
    await connection.close();
    expect(existsSync(lane.folder)).toBe(false);
  });

  test('ends a frame at its time limit and a command on demand', async () => {
    const connection = await opened(sshd.target());
    const lane = await connection.lane(LOGIN);
    await expect(lane.run({ script: 'sleep 300', timeoutMs: 200 })).rejects.toMatchObject({
      kind: 'timeout',
    });
    const command = await connection.exec('echo up; sleep 300', LOGIN);
    await new Promise((resolve) => command.stdout.once('data', resolve));
    await command.kill(200);
    expect(await command.finished).toMatchObject({ code: 143, signal: 'SIGTERM' });
    expect(await says(connection, 'echo usable')).toBe('usable');
  });

  test('says `lost` for what was in flight when the link is cut', async () => {
    const connection = await opened(sshd.target());
    const lane = await connection.lane(LOGIN);
    const shell = (await lane.run({ script: 'echo "$$ $PPID"' })).stdout.toString().trim().split(' ');
    const inFlight = lane.run({ script: `kill -9 ${shell[1]}; sleep 300`, timeoutMs: 60_000 });
    await expect(inFlight).rejects.toMatchObject({ kind: 'lost', host: 'web1' });
    expect(await connection.lost).toMatchObject({
      kind: 'lost',
      message: expect.stringContaining(`127.0.0.1:${sshd.port}`),
    });
    await expect(lane.run({ script: 'true' })).rejects.toMatchObject({ kind: 'lost' });
    await expect(connection.lane({ method: 'sudo', user: 'nobody' })).rejects.toMatchObject({ kind: 'lost' });
    await expect(connection.upload(Buffer.from('x'), '/tmp/never')).rejects.toMatchObject({ kind: 'lost' });
    signalGroup(Number(shell[0]));
  });

  test('forwards TCP, and tells a refused port', async () => {
    const echo = createServer((socket) => socket.pipe(socket));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const { port } = echo.address() as { port: number };
    const connection = await opened(sshd.target());
    const stream = await connection.forward('127.0.0.1', port);
    stream.end('through');
    expect(await text(stream)).toBe('through');
    echo.close();
    await expect(connection.forward('127.0.0.1', await freePort())).rejects.toMatchObject({
      kind: 'connect',
      message: expect.stringMatching(/^127\.0\.0\.1:\d+.*refused/i),
    });
  });

  test('goes through jump hosts that are connected once', async () => {
    const jump = await startSshd();
    try {
      writeFileSync(jump.knownHostsFile, readFileSync(sshd.knownHostsFile), { flag: 'a' });
      const logins = countLogins(jump);
      const target = sshd.target({
        jump: [`127.0.0.1:${jump.port}`],
        knownHostsFiles: [jump.knownHostsFile],
        privateKeyFile: jump.keyFile,
      });
      const both = join(sshd.folder, 'authorized');
      writeFileSync(both, readFileSync(`${jump.keyFile}.pub`), { flag: 'a' });
      const connections = await Promise.all([1, 2, 3].map(() => opened(target)));
      expect(await Promise.all(connections.map((one) => says(one, 'echo "${SSH_CONNECTION##* }"')))).toEqual(
        [1, 2, 3].map(() => String(sshd.port)),
      );
      expect(logins()).toBe(1);
    } finally {
      await Promise.all(open.splice(0).map((connection) => connection.close()));
      await jump.stop();
    }
  });
});

describe('a server that is strict', () => {
  test('MaxSessions 1: everything waits its turn', async () => {
    const strict = await startSshd({ settings: ['MaxSessions 1'] });
    try {
      const connection = await opened(strict.target());
      const lane = await connection.lane(LOGIN);
      expect(await says(connection, 'echo one')).toBe('one');
      const command = await connection.exec('echo two', LOGIN);
      expect(await text(command.stdout)).toBe('two\n');
      await connection.upload(Buffer.from('content'), join(folder, 'turn'));
      expect(readFileSync(join(folder, 'turn'), 'utf8')).toBe('content');
      expect(
        await Promise.all(
          [1, 2, 3].map((i) => connection.exec(`echo ${i}`, LOGIN).then((c) => text(c.stdout))),
        ),
      ).toEqual(['1\n', '2\n', '3\n']);
      expect((await lane.run({ script: 'echo three' })).stdout.toString()).toBe('three\n');
    } finally {
      await Promise.all(open.splice(0).map((connection) => connection.close()));
      await strict.stop();
    }
  });

  test('forbidden forwarding and missing SFTP', async () => {
    const strict = await startSshd({ settings: ['AllowTcpForwarding no', 'Subsystem sftp /bin/false'] });
    try {
      const connection = await opened(strict.target());
      await expect(connection.forward('127.0.0.1', strict.port)).rejects.toMatchObject({
        kind: 'connect',
        message: expect.stringMatching(/^forwarding refused/),
      });
      const content = Buffer.alloc(300_000, 'x\0y\n');
      const path = join(folder, "it's here");
      await connection.upload(content, path, { mode: 0o604 });
      expect((await connection.download(path)).equals(content)).toBe(true);
      expect(await says(connection, `stat -c %a ${JSON.stringify(path)}`)).toBe('604');
    } finally {
      await Promise.all(open.splice(0).map((connection) => connection.close()));
      await strict.stop();
    }
  });
});

describe('host keys', () => {
  const files = () => join(folder, `known-${Math.random()}`);

  test('unknown: refused when strict, learnt by accept-new, then known', async () => {
    const file = files();
    await expect(connect(sshd.target({ knownHostsFiles: [file] }))).rejects.toMatchObject({
      kind: 'hostkey',
      host: 'web1',
      message: expect.stringMatching(/127\.0\.0\.1:\d+: host key ssh-ed25519 SHA256:\S+ is not known/),
      hint: expect.stringContaining('ssh-keyscan'),
    });
    expect(existsSync(file)).toBe(false);
    await opened(sshd.target({ knownHostsFiles: [file], hostKeyChecking: 'accept-new' }));
    expect(readFileSync(file, 'utf8')).toMatch(
      new RegExp(`^\\[127\\.0\\.0\\.1\\]:${sshd.port} ssh-ed25519 \\S+\\n$`),
    );
    await opened(sshd.target({ knownHostsFiles: [file] }));
  });

  test('changed: refused however lax, and the way out is said', async () => {
    const file = files();
    const stranger = join(folder, 'stranger');
    makeKey(stranger);
    writeFileSync(file, `# a comment\n${knownHostsLine(stranger, sshd.port)}`);
    for (const hostKeyChecking of ['strict', 'accept-new'] as const) {
      await expect(connect(sshd.target({ knownHostsFiles: [file], hostKeyChecking }))).rejects.toMatchObject({
        kind: 'hostkey',
        message: expect.stringContaining(`${file}:2`),
        hint: expect.stringContaining(`ssh-keygen -R '[127.0.0.1]:${sshd.port}' -f ${file}`),
      });
    }
    const warnings: string[] = [];
    await opened(sshd.target({ knownHostsFiles: [file], hostKeyChecking: 'off' }), (warning) =>
      warnings.push(warning),
    );
    expect(warnings).toEqual([expect.stringContaining('not checked')]);
  });

  test('a host with several keys is asked for one that is known', async () => {
    const file = files();
    writeFileSync(file, knownHostsLine(join(sshd.folder, 'host_ecdsa'), sshd.port));
    await opened(sshd.target({ knownHostsFiles: [file] }));
  });

  test('hashed by ssh-keygen, and revoked', async () => {
    const file = files();
    writeFileSync(file, knownHostsLine(join(sshd.folder, 'host_ed25519'), sshd.port));
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    expect(readFileSync(file, 'utf8')).toMatch(/^\|1\|/);
    await opened(sshd.target({ knownHostsFiles: [file] }));
    writeFileSync(file, `@revoked ${knownHostsLine(join(sshd.folder, 'host_ed25519'), sshd.port, '*')}`, {
      flag: 'a',
    });
    await expect(
      connect(sshd.target({ knownHostsFiles: [file], hostKeyChecking: 'off' })),
    ).rejects.toMatchObject({
      kind: 'hostkey',
      message: expect.stringContaining('revoked'),
    });
  });
});

describe('hosts that cannot be reached', () => {
  const target = (overrides: Partial<Target>) => sshd.target({ connectTimeoutMs: 500, ...overrides });

  test('nobody listens', async () => {
    const port = await freePort();
    await expect(connect(target({ port }))).rejects.toMatchObject({
      kind: 'connect',
      message: `127.0.0.1:${port}: connection refused`,
      hint: expect.stringContaining('sshd'),
    });
  });

  test('somebody listens and says nothing', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    await expect(connect(target({ port }))).rejects.toMatchObject({
      kind: 'timeout',
      message: `127.0.0.1:${port}: no login within 0.5 s`,
    });
    silent.close();
  });

  test('a name that does not exist', async () => {
    await expect(
      connect(target({ address: 'no-such-host.invalid', connectTimeoutMs: 20_000 })),
    ).rejects.toMatchObject({
      kind: 'connect',
      message: expect.stringMatching(/^no-such-host\.invalid:\d+: the name cannot be resolved/),
    });
  });

  test('dropped before login: dialled again until it works', async () => {
    let dials = 0;
    const flaky = createServer((socket) => {
      if (++dials < 3) return socket.destroy();
      const behind = connectTcp(sshd.port, '127.0.0.1');
      socket.pipe(behind).pipe(socket);
    });
    await new Promise<void>((resolve) => flaky.listen(0, '127.0.0.1', resolve));
    const { port } = flaky.address() as { port: number };
    const file = join(folder, 'flaky-known');
    writeFileSync(file, knownHostsLine(join(sshd.folder, 'host_ed25519'), port));
    const connection = await opened(sshd.target({ port, knownHostsFiles: [file] }));
    expect(await says(connection, 'echo in')).toBe('in');
    expect(dials).toBe(3);
    flaky.close();
  });
});

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const piece of stream) all += piece;
  return all;
}

function countLogins(server: Sshd): () => number {
  return () => server.log().filter((line) => line.startsWith('Accepted publickey')).length;
}
