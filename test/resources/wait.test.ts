import { rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CutoverError } from '../../src/errors/index.ts';
import {
  probeAll,
  type Session,
  type WaitOutcome,
  type WaitSpec,
  waitFor,
} from '../../src/resources/index.ts';
import { testHost } from './host.ts';

const quick = { sleepMs: 50, timeoutMs: 10_000 };

async function wait(session: Session, spec: WaitSpec): Promise<WaitOutcome> {
  const probe = waitFor(spec);
  return (await probeAll(session, [probe])).get(probe.key) as WaitOutcome;
}

async function listening(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('waiting', () => {
  it('for a port to open and to close', async () => {
    const { session } = await testHost('dash');
    const first = createServer();
    const port = await listening(first);
    expect(await wait(session, { state: 'started', port, ...quick })).toMatchObject({ ok: true });
    const closing = wait(session, { state: 'stopped', port, ...quick });
    first.close();
    expect(await closing).toMatchObject({ ok: true });
    const opening = wait(session, { state: 'started', port, ...quick });
    await listening(createServer(), port);
    expect(await opening).toMatchObject({ ok: true });
  });

  it('for what a port says', async () => {
    const { session } = await testHost('dash');
    const port = await listening(createServer((socket) => socket.write('220 mail.example ESMTP\r\n')));
    const outcome = await wait(session, {
      state: 'started',
      port,
      searchRegex: '^(\\d+) (?P<name>\\S+)',
      ...quick,
    });
    expect(outcome).toMatchObject({
      ok: true,
      groups: ['220', 'mail.example'],
      namedGroups: { name: 'mail.example' },
    });
  });

  it('for paths, and for text in them', async () => {
    const { session, root } = await testHost('dash');
    const path = join(root, 'log file');
    const appearing = wait(session, { state: 'present', path, ...quick });
    writeFileSync(path, 'starting\n');
    expect(await appearing).toMatchObject({ ok: true, file: { type: 'file' } });
    const reading = wait(session, { state: 'started', path, searchRegex: 'started in (\\d+) s', ...quick });
    writeFileSync(path, 'starting\nstarted in 42 s\n');
    expect(await reading).toMatchObject({ ok: true, groups: ['42'] });
    const leaving = wait(session, { state: 'absent', path, ...quick });
    rmSync(path);
    expect(await leaving).toMatchObject({ ok: true });
  });

  it('for the connections of a port to end', async () => {
    const { session } = await testHost('dash');
    const server = createServer();
    const port = await listening(server);
    const client = connect(port, '127.0.0.1');
    const [peer] = await Promise.all([
      new Promise<import('node:net').Socket>((resolve) => server.once('connection', resolve)),
      new Promise((resolve) => client.once('connect', resolve)),
    ]);
    const busy = await wait(session, { state: 'drained', port, sleepMs: 20, timeoutMs: 200 });
    expect(busy).toMatchObject({ ok: false, message: `Timeout when waiting for 127.0.0.1:${port} to drain` });
    const spared = { excludeHosts: ['127.0.0.1'], ...quick };
    expect(await wait(session, { state: 'drained', port, ...spared })).toMatchObject({ ok: true });
    const draining = wait(session, {
      state: 'drained',
      port,
      activeConnectionStates: ['ESTABLISHED'],
      ...quick,
    });
    client.resetAndDestroy();
    peer.destroy();
    expect(await draining).toMatchObject({ ok: true });
  });

  it('gives up in time, with the reason or the message that was asked for', async () => {
    const { session, root } = await testHost('dash');
    const path = join(root, 'never');
    const short = { timeoutMs: 150, sleepMs: 20 };
    expect(await wait(session, { state: 'present', path, ...short })).toMatchObject({
      ok: false,
      message: `Timeout when waiting for file ${path}`,
    });
    const outcome = await wait(session, { state: 'present', path, message: 'MI is not up', ...short });
    expect(outcome.message).toBe('MI is not up');
    const said = await wait(session, { state: 'present', path, searchRegex: 'up', ...short });
    expect(said.message).toBe(`Timeout when waiting for search string up in ${path}`);
    expect(outcome.elapsedMs).toBeLessThan(5000);
  });

  it('looks from the host itself where forwarding is forbidden', async () => {
    const { session } = await testHost('dash');
    const forward = () => Promise.reject(new CutoverError('connect', 'forwarding refused by the server'));
    const walled = { ...session, connection: Object.assign(Object.create(session.connection), { forward }) };
    const server = createServer((socket) => socket.destroy());
    const port = await listening(server);
    expect(await wait(walled, { state: 'started', port, ...quick })).toMatchObject({ ok: true });
    server.close();
    expect(await wait(walled, { state: 'stopped', port, ...quick })).toMatchObject({ ok: true });
  });
});
