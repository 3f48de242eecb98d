import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import haproxy from '../../src/modules/haproxy/index.ts';
import { talking } from '../../src/modules/haproxy/socket.ts';
import { parseParams } from '../../src/modules/index.ts';
import { hasProgram } from '../machine.ts';
import { signalProcess } from '../signal.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';
import { openThisHost, type ThisHost } from './this-host.ts';

const SOCKET = '/run/haproxy.sock';

/** A host whose haproxy says these lines: backend, state, weight, weight in the configuration, checks, sessions, status. */
function host(lines: string, checkMode = false) {
  return { answers: { command: ended(0, lines) }, checkMode };
}

describe('haproxy on paper', () => {
  const READY = 'www ready 10 10 on none 2 10 UP\n';
  const MAINT = 'www maint 10 10 on none 0 10 MAINT\n';

  test.each<[string, string, Record<string, unknown>, string[]]>([
    ['disables', READY, { state: 'disabled' }, ['get weight www/web1; disable server www/web1']],
    [
      'ends checks and sessions',
      READY,
      { state: 'disabled', health: true, agent: true, shutdown_sessions: true },
      [
        'get weight www/web1; disable agent www/web1; disable health www/web1; disable server www/web1; shutdown sessions server www/web1',
      ],
    ],
    [
      'drains first',
      READY,
      { state: 'disabled', drain: true, shutdown_sessions: true },
      ['set server www/web1 state drain', 'get weight www/web1; disable server www/web1'],
    ],
    ['drains', READY, { state: 'drain', weight: 3, health: true }, ['set server www/web1 state drain']],
    [
      'enables',
      MAINT,
      { state: 'enabled', weight: '50%', health: true },
      ['get weight www/web1; enable server www/web1; set weight www/web1 50%; enable health www/web1'],
    ],
    [
      'in every backend that needs it',
      READY + MAINT.replace('www', 'old') + READY.replace('www', 'api'),
      { state: 'disabled' },
      ['get weight www/web1; disable server www/web1', 'get weight api/web1; disable server api/web1'],
    ],
  ])('%s', async (_name, lines, args, command) => {
    const wish = { host: 'web1', socket: SOCKET, ...args };
    const ran = await run(haproxy, wish, host(lines));
    expect(ran.result).toMatchObject({ command });
    expect(ran.changes.map(({ undo }) => undo)).toEqual(['invertible']);
    expect((await ran.again()).changes).toEqual([]);
  });

  test.each<[string, string, Record<string, unknown>]>([
    ['in maintenance', MAINT, { state: 'disabled', shutdown_sessions: true, drain: true, wait: true }],
    ['in rotation', READY, { state: 'enabled', weight: 10, health: true, wait: true }],
    ['with an agent that is not configured', READY, { state: 'enabled', agent: true }],
    ['with a part of its weight', READY.replace('10', '2'), { state: 'enabled', weight: '29%' }],
    ['draining', READY.replace('ready', 'drain'), { state: 'drain' }],
  ])('leaves a server %s, and asks once', async (_name, lines, args) => {
    const ran = await run(haproxy, { host: 'web1', socket: SOCKET, ...args }, host(lines));
    expect(ran.changes).toEqual([]);
    expect(ran.rounds).toBe(1);
  });

  it('foretells, and does not wait in a dry run', async () => {
    const wish = { host: 'web1', socket: SOCKET, wait: true };
    const ran = await run(haproxy, { ...wish, state: 'disabled' }, host(READY, true));
    expect(ran.changes[0]?.diff?.after).toBe(
      'www/web1: maint, weight 10, health checks on, agent none, sessions 2\n',
    );
    const late = await run(haproxy, { ...wish, state: 'enabled' }, host(READY.replace('UP', 'DOWN'), true));
    expect([late.rounds, late.changes]).toEqual([1, []]);
  });

  it('says that there is no such server only when it is told to', async () => {
    const wish = { host: 'web9', state: 'disabled', socket: SOCKET };
    expect((await run(haproxy, wish, host(''))).result).toEqual({ state_before: null, state_after: null });
    const fails = { ...wish, fail_on_not_found: true };
    expect((await run(haproxy, fails, host(''))).plan.failed).toMatch(/'web9' was found in no backend/);
    expect((await run(haproxy, { ...fails, backend: 'www' }, host(''))).plan.failed).toBe(
      "The specified backend 'www/web9' was not found!",
    );
  });

  test.each<[unknown, RegExp]>([
    [257, /a number between 0 and 256/],
    ['much', /must be a number between 0 and 256/],
    ['%', /must be a number between 0 and 256/],
  ])('refuses the weight %s', (weight, words) => {
    expect(() => parseParams(haproxy, { host: 'a', state: 'enabled', weight })).toThrow(words);
  });
});

describe.runIf(['haproxy', 'socat', 'nc'].every(hasProgram))('haproxy with that of this machine', () => {
  let here: ThisHost;
  let server: Server;
  let pid = 0;
  const held: Socket[] = [];

  beforeAll(async () => {
    here = await openThisHost();
    server = createServer((socket) => held.push(socket.on('error', () => {})));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    writeFileSync(
      join(here.folder, 'haproxy.cfg'),
      `global
  stats socket ${here.folder}/a!!d.sock level admin
  stats socket ${here.folder}/user.sock level operator
defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
  timeout server 1h
listen www
  bind ${here.folder}/front.sock
  server web1 127.0.0.1:${port} weight 10
  server web2 127.0.0.1:${port} disabled
backend api
  server web1 127.0.0.1:${port} weight 3 check inter 50ms rise 1 fall 1
backend fixed
  balance static-rr
  server web3 127.0.0.1:${port} weight 3
`,
    );
    const pidfile = join(here.folder, 'pid');
    // It comes back when everything is bound.
    execFileSync('haproxy', ['-D', '-f', join(here.folder, 'haproxy.cfg'), '-p', pidfile], {
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
    pid = Number(readFileSync(pidfile, 'utf8'));
  });
  afterAll(async () => {
    if (pid > 0) signalProcess(pid, 'SIGKILL');
    for (const socket of held) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await here.close();
  });
  beforeEach(() =>
    tell('set server www/web1 state ready; set server api/web1 state ready; set weight www/web1 10'),
  );

  function tell(line: string): string {
    const address = `UNIX-CONNECT:${here.folder}/a\\!\\!d.sock`;
    return execFileSync('socat', ['-t', '60', '-', address], { input: `${line}\n`, encoding: 'utf8' });
  }
  const status = (name: string) =>
    tell('show stat')
      .split('\n')
      .find((line) => line.startsWith(`${name.replace('/', ',')},`))
      ?.split(',')[17];
  const task = (args: Record<string, unknown>, around = {}) =>
    here.run(
      haproxy as never,
      { socket: join(here.folder, 'a!!d.sock'), host: 'web1', backend: 'www', wait_interval: 0, ...args },
      around,
    );

  it('takes a server out, and a rollback puts it back', async () => {
    const out = await task({ state: 'disabled', wait: true });
    expect(out).toMatchObject({
      changed: true,
      failed: false,
      result: {
        output: ['10 (initial 10)'],
        state_before: [{ status: 'no check', weight: '10', scur: '0' }],
        state_after: [{ status: 'MAINT', weight: '10', scur: '0' }],
      },
    });
    expect(await task({ state: 'disabled', wait: true })).toMatchObject({ changed: false, failed: false });
    expect(status('www/web1')).toBe('MAINT');
    expect(await here.undo()).toContain('undone');
    expect(status('www/web1')).toBe('no check');
  });

  it('drains, sets weights and ends checks, in all backends, and back', async () => {
    const before = tell('show servers state');
    expect((await task({ state: 'drain' })).result.state_after).toMatchObject([{ status: 'DRAIN' }]);
    expect((await task({ state: 'enabled', weight: '50%' })).result.state_after).toMatchObject([
      { status: 'no check', weight: '5' },
    ]);
    const all = { state: 'disabled', backend: undefined, health: true, agent: true, wait: true };
    expect((await task(all)).result).toMatchObject({
      output: ['5 (initial 10)', '3 (initial 3)'],
      state_after: [{ status: 'MAINT' }, { status: 'MAINT' }],
    });
    expect(await task(all)).toMatchObject({ changed: false });
    expect(await here.undo()).not.toContain('failed');
    const shown = (text: string) =>
      text
        .split('\n')
        .map((line) => line.split(' '))
        // Admin state and weights; bit 4 of the health check's state says that it is on.
        .map((row) => [row[3], row[6], row[7], row[8], Number(row[13]) & 4]);
    expect(shown(tell('show servers state'))).toEqual(shown(before));
  });

  it('waits until checks say UP', async () => {
    await task({ state: 'disabled', backend: 'api' });
    const up = { state: 'enabled', backend: 'api', wait: true, wait_interval: 1 };
    expect((await task(up)).result.state_after).toMatchObject([{ status: 'UP' }]);
    expect(await task({ ...up, backend: 'www' })).toMatchObject({
      changed: false,
      failed: true,
      result: { msg: "server www/web1 has no health checks, so its status is never 'UP'" },
    });
  });

  it('goes on only when sessions have ended, or ends them', async () => {
    const client = connect(join(here.folder, 'front.sock'));
    await new Promise((resolve) => server.once('connection', resolve));
    const drained = { state: 'disabled', drain: true, wait: true, wait_retries: 2 };
    expect(await task(drained)).toMatchObject({
      failed: true,
      result: { msg: "server www/web1 not status 'DRAIN' after 2 retries. Aborting." },
    });
    expect(status('www/web1')).toBe('DRAIN');
    const closed = new Promise((resolve) => client.once('close', resolve));
    const ends = { state: 'disabled', shutdown_sessions: true };
    expect(await task(ends)).toMatchObject({ changed: true, failed: false });
    await closed;
    expect(await task({ ...drained, wait_retries: 25, wait_interval: 1 })).toMatchObject({
      changed: false,
      failed: false,
    });
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['may not', { state: 'disabled', socket: 'user.sock' }, /^www\/web1 is not disabled: Permission denied/],
    ['weights', { state: 'enabled', host: 'web3', backend: 'fixed', weight: 2 }, /static LB algorithm/],
    ['is not there', { state: 'disabled', socket: 'none.sock' }, /there is no socket .*none\.sock/],
  ])('says why haproxy did not: %s', async (_name, args, words) => {
    const socket = args.socket ? { socket: join(here.folder, args.socket as string) } : {};
    const ended = await task({ ...args, ...socket });
    expect([ended.changed, ended.failed]).toEqual([false, true]);
    expect(ended.result.msg).toMatch(words);
  });

  test.each([
    ['nc', /^www maint 1 1 none none 0 1 MAINT\n$/],
    ['perl', /^www maint 1 1 none none 0 1 MAINT\n$/],
    ['python3', /^www maint 1 1 none none 0 1 MAINT\n$/],
    ['cat', /^one of socat, nc that knows -U, perl and python3 is needed/],
  ])('talks by what is there: %s', (program, words) => {
    const folder = join(here.folder, `only-${program}`);
    mkdirSync(folder);
    for (const name of [program, 'sh', 'awk', 'sed', 'grep'])
      symlinkSync(
        execFileSync('which', [name], { env: { PATH: '/usr/bin:/bin' } })
          .toString()
          .trim(),
        join(folder, name),
      );
    const wish = parseParams(haproxy, {
      socket: join(here.folder, 'a!!d.sock'),
      host: 'web2',
      state: 'drain',
    });
    const [sh, ...rest] = talking(wish, 'rows');
    const { stdout, stderr } = spawnSync(sh!, rest, { env: { PATH: folder }, encoding: 'utf8' });
    expect(stdout || stderr).toMatch(words);
  });
});
