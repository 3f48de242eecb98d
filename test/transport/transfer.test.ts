import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../../src/transport/index.ts';
import { openSshLink } from '../../src/transport/ssh/link.ts';
import { sftpClient } from '../../src/transport/ssh/sftp-client.ts';
import { knownHostsLine, type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd;
let folder: string;
const open: Connection[] = [];

beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutover-transfer-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((connection) => connection.close()));
  rmSync(folder, { recursive: true });
});

const ways = [
  { way: 'over SSH', start: () => connect(sshd.target()) },
  { way: 'locally', start: () => connect({ ...sshd.target(), connection: 'local' }) },
];

describe.each(ways)('files $way', ({ start }) => {
  const connected = async () => {
    const connection = await start();
    open.push(connection);
    return connection;
  };

  test('arrive whole, with mode and progress, and nothing beside them', async () => {
    const connection = await connected();
    const content = randomBytes(5_000_001);
    const file = join(folder, 'source');
    writeFileSync(file, content);
    const inMemory = join(folder, "it's a name");
    const steps: [number, number][] = [];
    await connection.upload(content, inMemory, {
      mode: 0o640,
      progress: (done, total) => steps.push([done, total]),
    });
    await connection.upload({ file }, join(folder, 'from-file'));
    expect(readFileSync(inMemory).equals(content)).toBe(true);
    expect(readFileSync(join(folder, 'from-file')).equals(content)).toBe(true);
    expect(statSync(inMemory).mode & 0o7777).toBe(0o640);
    expect(statSync(join(folder, 'from-file')).mode & 0o7777).toBe(0o666 & ~process.umask());
    expect(steps.at(-1)).toEqual([content.length, content.length]);
    expect(readdirSync(folder).sort()).toEqual(['from-file', "it's a name", 'source']);
  });

  test('empty files, and replaced ones', async () => {
    const connection = await connected();
    const path = join(folder, 'empty');
    writeFileSync(path, 'there was something');
    await connection.upload(new Uint8Array(), path);
    expect(readFileSync(path).length).toBe(0);
    expect((await connection.download(path)).length).toBe(0);
  });

  test('come back whole, also those that do not know their size', async () => {
    const connection = await connected();
    const content = randomBytes(3_000_003);
    const path = join(folder, 'big');
    writeFileSync(path, content);
    let last = 0;
    const back = await connection.download(path, { progress: (done) => (last = done) });
    expect(back.equals(content)).toBe(true);
    expect(last).toBe(content.length);
    expect((await connection.download('/proc/version')).toString()).toMatch(/^Linux/);
    await expect(connection.download(path, { maxBytes: 1000 })).rejects.toMatchObject({
      kind: 'transfer',
      message: `${path} has ${content.length} bytes; at most 1000 are taken`,
    });
  });

  test('what cannot be written or read is said, and no part file stays', async () => {
    const connection = await connected();
    mkdirSync(join(folder, 'folder'));
    for (const path of [join(folder, 'missing', 'file'), join(folder, 'folder')]) {
      await expect(connection.upload(Buffer.from('x'), path)).rejects.toMatchObject({
        kind: 'transfer',
        host: 'web1',
        message: expect.stringContaining(`cannot write ${path}: `),
      });
    }
    await expect(connection.download(join(folder, 'missing'))).rejects.toMatchObject({ kind: 'transfer' });
    await expect(
      connection.upload({ file: join(folder, 'no-source') }, join(folder, 'x')),
    ).rejects.toMatchObject({
      kind: 'transfer',
      message: expect.stringContaining('no-source'),
    });
    expect(readdirSync(folder)).toEqual(['folder']);
  });
});

test('an upload that was cut is resumed, not restarted', async () => {
  const content = randomBytes(12_000_000);
  const path = join(folder, 'resumed');
  const proxy = await cuttingProxy(sshd.port, 8_000_000);
  const known = join(folder, 'known');
  writeFileSync(known, knownHostsLine(join(sshd.folder, 'host_ed25519'), proxy.port));
  const target = sshd.target({ port: proxy.port, knownHostsFiles: [known] });
  const first = await connect(target);
  open.push(first);
  await expect(first.upload(content, path)).rejects.toMatchObject({ kind: 'lost' });
  expect(existsSync(path)).toBe(false);
  proxy.letThrough();
  const second = await connect(target);
  open.push(second);
  await second.upload(content, path);
  expect(readFileSync(path).equals(content)).toBe(true);
  expect(proxy.passed(), 'bytes of the second connection').toBeLessThan(9_000_000);
  expect(readdirSync(folder).sort()).toEqual(['known', 'resumed']);
  await second.close();
  proxy.stop();
});

test('contract: ssh2-sftp-client works on our connection and channel', async () => {
  const link = await openSshLink(sshd.target(), {});
  const client = sftpClient(link.client, await link.sftp());
  await client.mkdir(join(folder, 'a', 'b'), true);
  writeFileSync(join(folder, 'a', 'b', 'file'), '12345');
  expect(
    (await client.list(join(folder, 'a', 'b'))).map(({ name, size, type }) => [name, size, type]),
  ).toEqual([['file', 5, '-']]);
  expect(await client.stat(join(folder, 'a', 'b', 'file'))).toMatchObject({ size: 5, isDirectory: false });
  await client.delete(join(folder, 'a', 'b', 'file'));
  await client.delete(join(folder, 'a', 'b', 'file'), true);
  await expect(client.stat(join(folder, 'nothing'))).rejects.toThrow();
  expect(readdirSync(join(folder, 'a', 'b'))).toEqual([]);
  await link.close();
});

/** A TCP proxy that breaks its first connection after so many bytes from the client. */
async function cuttingProxy(port: number, cutAfter: number) {
  let limit = cutAfter;
  let passed = 0;
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    const behind = connectTcp(port, '127.0.0.1');
    sockets.push(socket, behind);
    for (const one of [socket, behind]) one.on('error', () => {});
    behind.pipe(socket);
    socket.on('data', (data) => {
      passed += data.length;
      behind.write(data);
      if (passed > limit) for (const one of [socket, behind]) one.destroy();
    });
    socket.on('close', () => behind.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    passed: () => passed,
    letThrough() {
      limit = Number.POSITIVE_INFINITY;
      passed = 0;
    },
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
