import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connection, connect, type Identity } from '../../src/transport/index.ts';
import { isRoot } from '../machine.ts';
import { type Sshd, startSshd } from './sshd.ts';

const open: Connection[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((connection) => connection.close()));
});

/** A stand-in for sudo, su or doas that stays the same user and writes down how it was called. */
const TOOL = `#!/bin/sh
echo "$0 $*" >>"$FAKE_LOG"
env | grep -i s3cret >>"$FAKE_LOG"
prompt="Password: "; ask=1; command=
while [ $# -gt 0 ]; do
  case $1 in
    -n) ask= ;;
    -p) prompt=$2; shift ;;
    -u|-s) shift ;;
    -c) command=$2; shift ;;
    --) shift; break ;;
  esac
  shift
done
case $FAKE_MODE in
  refuse) echo "sudo: alice is not in the sudoers file." >&2; exit 1 ;;
  tty) [ -t 0 ] || { echo "sudo: sorry, you must have a tty to run sudo" >&2; exit 1; } ;;
  hang) sleep 300 ;;
  password)
    [ -n "$ask" ] || { echo "sudo: a password is required" >&2; exit 1; }
    tries=0
    while [ $tries -lt 3 ]; do
      echo "We trust you have received the usual lecture." >&2
      printf %s "$prompt" >&2
      IFS= read -r word || exit 1
      echo "asked" >>"$FAKE_LOG"
      [ "$word" = "s3cret word" ] && break
      echo "Sorry, try again." >&2
      tries=$((tries + 1))
    done
    [ $tries -lt 3 ] || exit 1 ;;
esac
if [ -n "$command" ]; then exec /bin/sh -c "$command"; fi
exec "$@"
`;

describe('sudo, su and doas as they may behave', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-become-'));
  const log = join(folder, 'log');
  const path = process.env.PATH;
  beforeAll(() => {
    mkdirSync(join(folder, 'bin'));
    for (const tool of ['sudo', 'doas', 'su'])
      writeFileSync(join(folder, 'bin', tool), TOOL, { mode: 0o755 });
  });
  beforeEach(() => {
    writeFileSync(log, '');
    process.env.FAKE_LOG = log;
    process.env.PATH = `${join(folder, 'bin')}:${path}`;
  });
  afterEach(() => {
    process.env.PATH = path;
  });
  afterAll(() => {
    delete process.env.FAKE_LOG;
    delete process.env.FAKE_MODE;
    rmSync(folder, { recursive: true });
  });

  async function become(mode: string, identity: Identity): Promise<string> {
    process.env.FAKE_MODE = mode;
    const connection = await connect({
      name: 'here',
      connection: 'local',
      address: 'localhost',
      hostKeyChecking: 'strict',
      connectTimeoutMs: 5000,
    });
    open.push(connection);
    const lane = await connection.lane(identity);
    const { stdout } = await lane.run({ script: 'echo in' });
    const command = await connection.exec('cat', identity);
    command.stdin.end(stdout);
    let echoed = '';
    for await (const piece of command.stdout) echoed += piece;
    return echoed;
  }
  const calls = () => readFileSync(log, 'utf8');

  test.each(['sudo', 'doas', 'su'] as const)(
    '%s without a password never lets the tool ask',
    async (method) => {
      expect(await become('free', { method, user: 'alice' })).toBe('in\n');
      if (method !== 'su') expect(calls()).toContain(' -n ');
    },
  );

  test('sudo with a password: sent after the prompt, once per shell, and seen nowhere', async () => {
    expect(await become('password', { method: 'sudo', user: 'alice', password: 's3cret word' })).toBe('in\n');
    expect(calls().match(/^asked$/gm)).toHaveLength(2);
    expect(calls()).not.toContain('s3cret');
  });

  test('sudo with a password that is not needed', async () => {
    expect(await become('free', { method: 'sudo', user: 'alice', password: 's3cret word' })).toBe('in\n');
  });

  test('a wrong password is tried once', async () => {
    await expect(
      become('password', { method: 'sudo', user: 'alice', password: 'wr0ng' }),
    ).rejects.toMatchObject({
      kind: 'escalate',
      host: 'here',
      message: 'sudo to alice: the password was refused',
    });
    expect(calls().match(/^asked$/gm)).toHaveLength(1);
  });

  test('a password is needed and there is none', async () => {
    await expect(become('password', { method: 'sudo', user: 'alice' })).rejects.toMatchObject({
      kind: 'escalate',
      message: 'sudo to alice needs a password',
      hint: expect.stringContaining('ansible_become_password'),
    });
  });

  test('a user who may not', async () => {
    await expect(become('refuse', { method: 'sudo', user: 'alice' })).rejects.toMatchObject({
      kind: 'escalate',
      message: 'sudo to alice failed: sudo: alice is not in the sudoers file.',
    });
  });

  test('a tool that is not there', async () => {
    rmSync(join(folder, 'bin', 'doas'));
    await expect(become('free', { method: 'doas', user: 'alice' })).rejects.toMatchObject({
      kind: 'escalate',
      message: expect.stringContaining('doas is not installed'),
    });
  });

  test('a program of another name or place can be the one that becomes', async () => {
    expect(
      await become('free', { method: 'sudo', user: 'alice', exe: join(folder, 'bin', 'sudo') }),
    ).toBeDefined();
    await expect(become('free', { method: 'sudo', user: 'alice', exe: '/no/such/sudo' })).rejects.toThrow();
  });

  test('flags are kept, those about asking are ours', async () => {
    await become('free', { method: 'sudo', user: 'alice', flags: '-H -S -n -E' });
    expect(calls().split('\n')[0]).toMatch(/sudo -n -H -E -u alice -- \/bin\/sh -c/);
  });
});

describe.runIf(isRoot)('real users, sudo and su behind a real sshd', () => {
  const users = { free: 'cutover-free', asked: 'cutover-asked', tty: 'cutover-tty', other: 'cutover-other' };
  let sshd: Sshd;

  beforeAll(async () => {
    const accounts = Object.values(users).map(
      (user) => `useradd -m -s /bin/sh ${user}\necho ${user}:pw-${user} | chpasswd\n`,
    );
    const rules = [
      `${users.free} ALL=(ALL) NOPASSWD: ALL`,
      `${users.asked} ALL=(ALL) ALL`,
      `${users.tty} ALL=(ALL) NOPASSWD: ALL`,
      `Defaults:${users.tty} requiretty`,
    ];
    const sudoers = `cat >/etc/sudoers.d/test <<'END'\n${rules.join('\n')}\nEND\nchmod 440 /etc/sudoers.d/test\n`;
    sshd = await startSshd({ accounts: accounts.join('') + sudoers });
  });
  afterAll(() => sshd.stop());

  async function whoami(login: string, identity: Identity): Promise<string> {
    const connection = await connect(sshd.target({ user: login }));
    open.push(connection);
    const lane = await connection.lane(identity);
    const binary = Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 256));
    const echoed = await lane.run({ script: 'cat "$payload"', payload: binary });
    expect(echoed.stdout.equals(binary)).toBe(true);
    const { stdout } = await lane.run({ script: 'id -un; echo "$HOME"' });
    expect(lane.user).toBe(stdout.toString().split('\n')[0]);
    const command = await connection.exec('id -un; sleep 300', identity);
    expect(String(await new Promise((resolve) => command.stdout.once('data', resolve))).trim()).toBe(
      lane.user,
    );
    await command.kill(500);
    await expect(lane.run({ script: 'sleep 300', timeoutMs: 100 })).rejects.toMatchObject({
      kind: 'timeout',
    });
    expect((await lane.run({ script: 'echo fine' })).stdout.toString()).toBe('fine\n');
    return stdout.toString().trim().replace('\n', ' ');
  }

  test('sudo without a password', async () => {
    expect(await whoami(users.free, { method: 'sudo' })).toBe('root /root');
    expect(await whoami(users.free, { method: 'sudo', user: users.other })).toBe(
      `${users.other} /home/${users.other}`,
    );
  });

  test.each(['-i', '-H -S -n -i', '--login'])(
    'sudo through the shell of the account, by %s',
    async (flags) => {
      expect(await whoami(users.free, { method: 'sudo', flags })).toBe('root /root');
      expect(await startOf(users.free, { method: 'sudo', flags })).toBe('/root');
    },
  );

  async function startOf(login: string, identity: Identity, homeMode = '755'): Promise<string> {
    const connection = await connect(sshd.target({ user: login }));
    open.push(connection);
    const own = await connection.lane({ method: 'none' });
    await own.run({ script: `chmod ${homeMode} "$HOME"` });
    const lane = await connection.lane(identity);
    return (await lane.run({ script: 'pwd' })).stdout.toString().trim();
  }

  test('who acts for the login user starts where that one does, or at home when it may not look in there', async () => {
    const home = `/home/${users.free}`;
    const other: Identity = { method: 'sudo', user: users.other };
    expect(await startOf(users.free, { method: 'none' })).toBe(home);
    expect(await startOf(users.free, { method: 'sudo' }, '700')).toBe(home);
    expect(await startOf(users.free, other)).toBe(home);
    expect(await startOf(users.free, other, '700')).toBe(`/home/${users.other}`);
  });

  test('sudo with a password', async () => {
    expect(await whoami(users.asked, { method: 'sudo', password: `pw-${users.asked}` })).toBe('root /root');
  });

  test('sudo with a wrong password, and with none', async () => {
    const connection = await connect(sshd.target({ user: users.asked }));
    open.push(connection);
    await expect(connection.lane({ method: 'sudo', password: 'wrong' })).rejects.toMatchObject({
      kind: 'escalate',
      message: 'sudo to root: the password was refused',
    });
    await expect(connection.lane({ method: 'sudo' })).rejects.toMatchObject({ kind: 'escalate' });
    const right = await connection.lane({ method: 'sudo', password: `pw-${users.asked}` });
    expect(right.user).toBe('root');
    // Nor does it count where the right one has opened a lane.
    await expect(connection.lane({ method: 'sudo', password: 'wrong' })).rejects.toMatchObject({
      message: 'sudo to root: the password was refused',
    });
    expect(
      (await (await connection.lane({ method: 'none' })).run({ script: 'id -un' })).stdout.toString().trim(),
    ).toBe(users.asked);
  });

  test('sudo that requires a terminal', async () => {
    expect(await whoami(users.tty, { method: 'sudo' })).toBe('root /root');
  });

  test('su with a password, through a terminal', async () => {
    expect(
      await whoami(users.free, { method: 'su', user: users.other, password: `pw-${users.other}` }),
    ).toMatch(new RegExp(`^${users.other} `));
    const connection = await connect(sshd.target({ user: users.free }));
    open.push(connection);
    await expect(
      connection.lane({ method: 'su', user: users.other, password: 'wrong' }),
    ).rejects.toMatchObject({
      kind: 'escalate',
      message: `su to ${users.other}: the password was refused`,
    });
  });

  test('root becomes another user by su without any question', async () => {
    expect(await whoami('root', { method: 'su', user: users.other, flags: '-' })).toMatch(
      new RegExp(`^${users.other} `),
    );
  });
});
