import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import {
  type Connection,
  connect,
  type FrameResult,
  type Lane,
  type Target,
} from '../../src/transport/index.ts';
import { signalProcess } from '../signal.ts';
import { forgetShells, installedShells } from './shells.ts';

const LOGIN = { method: 'none' } as const;
const open: Connection[] = [];

function local(overrides: Partial<Target> = {}): Promise<Connection> {
  const target: Target = {
    name: 'here',
    connection: 'local',
    address: 'localhost',
    hostKeyChecking: 'strict',
    connectTimeoutMs: 10_000,
    ...overrides,
  };
  return connect(target).then((connection) => {
    open.push(connection);
    return connection;
  });
}

function shown({ code, stdout, stderr }: FrameResult): [number, string, string] {
  return [code, stdout.toString('latin1'), stderr.toString('latin1')];
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((connection) => connection.close()));
});
afterAll(forgetShells);

describe.each(installedShells())('a lane under $name', ({ path }) => {
  const laneOf = async (prelude?: string): Promise<Lane> =>
    (await local({ shell: path, prelude })).lane(LOGIN);

  test('keeps code, standard output and standard error apart', async () => {
    const lane = await laneOf();
    const script = 'echo out; echo err >&2; printf "no newline"; exit 7';
    expect(shown(await lane.run({ script }))).toEqual([7, 'out\nno newline', 'err\n']);
    expect(shown(await lane.run({ script: 'true' }))).toEqual([0, '', '']);
    expect(shown(await lane.run({ script: 'echo only >&2' }))).toEqual([0, '', 'only\n']);
    expect(shown(await lane.run({ script: '' }))).toEqual([0, '', '']);
  });

  test('knows who it is and cleans up after itself', async () => {
    const connection = await local({ shell: path });
    const lane = await connection.lane(LOGIN);
    const { stdout } = await lane.run({ script: 'id -u; id -un; ls -ld "$_d"' });
    const [uid, user, listing] = stdout.toString().split('\n');
    expect([lane.uid, lane.user]).toEqual([Number(uid), user]);
    expect(listing).toMatch(/^drwx------/);
    await connection.close();
    expect(existsSync(lane.folder)).toBe(false);
  });

  test('carries payload and output byte for byte', async () => {
    const lane = await laneOf();
    const every = Buffer.from(Array.from({ length: 256 * 40 }, (_, i) => (i * 7 + (i >> 8)) % 256));
    for (const payload of [Buffer.alloc(0), Buffer.from([0]), Buffer.from('\n\n'), every]) {
      const result = await lane.run({ script: 'cat "$payload"; cat "$payload" >&2', payload });
      expect(result.stdout.equals(payload)).toBe(true);
      expect(result.stderr.equals(payload)).toBe(true);
    }
    const after = await lane.run({ script: 'wc -c <"$payload"' });
    expect(Number(after.stdout.toString()), 'a payload does not outlive its frame').toBe(0);
  });

  test('carries scripts of any length and content, and nothing leaks from frame to frame', async () => {
    const lane = await laneOf();
    const text = `ä € \\ \\n "quotes" 'single' $HOME \`x\` ! ${'\t'}end  `;
    const here = (body: string) => `cat <<'EOT'\n${body}\nEOT\nx=1; cd /; umask 000; set -f`;
    expect((await lane.run({ script: here(text) })).stdout.toString()).toBe(`${text}\n`);
    const long = Array.from({ length: 4000 }, (_, i) => `line ${i} ${text}`).join('\n');
    expect((await lane.run({ script: here(long) })).stdout.toString()).toBe(`${long}\n`);
    const { stdout } = await lane.run({ script: 'echo "${x-unset}" "$PWD"; echo /*' });
    expect(stdout.toString()).toMatch(/^unset .*\n\/.* \//);
    expect(stdout.toString().split('\n')[0]).not.toBe('unset /');
  });

  test('survives exit, syntax errors, greedy readers and output that looks like its own answers', async () => {
    const lane = await laneOf();
    expect((await lane.run({ script: 'exit 42' })).code).toBe(42);
    expect((await lane.run({ script: 'if ; then (' })).code).not.toBe(0);
    expect(shown(await lane.run({ script: 'cat; read x; echo "$?"' }))).toEqual([0, '1\n', '']);
    const fake = 'echo "$_t 3 0 empty"; set; echo 0123456789abcdef 4 0 full; echo "end 5"';
    const faked = await lane.run({ script: fake });
    expect(faked.code).toBe(0);
    expect(faked.stdout.toString()).not.toMatch(/^_t=.*[0-9a-f]{32}/m);
    expect(shown(await lane.run({ script: 'echo still here' }))).toEqual([0, 'still here\n', '']);
  });

  test('runs frames in order, written without waiting', async () => {
    const lane = await laneOf();
    const results = await Promise.all(
      Array.from({ length: 150 }, (_, i) =>
        lane.run({ script: `echo ${i}; cat "$payload"`, payload: Buffer.from(`p${i}`) }),
      ),
    );
    expect(results.map(({ stdout }) => stdout.toString())).toEqual(
      Array.from({ length: 150 }, (_, i) => `${i}\np${i}`),
    );
  });

  test('brings 10 MB back unharmed', async () => {
    const lane = await laneOf();
    const payload = Buffer.alloc(10_000_000, 'The quick brown \0 fox\n');
    const { stdout } = await lane.run({ script: 'cat "$payload"', payload });
    expect(stdout.equals(payload)).toBe(true);
  });

  test('ends a frame at its time limit with all its processes, and goes on', async () => {
    const lane = await laneOf();
    const pids = join(tmpdir(), `cutover-test-${process.pid}-${Math.random()}`);
    const script = `sleep 300 & echo "$!" >${pids}; sh -c 'sleep 301 & echo "$!" >>${pids}; wait'; echo never`;
    const slow = lane.run({ script, timeoutMs: 300 });
    const next = lane.run({ script: `cat ${pids}; rm ${pids}` });
    await expect(slow).rejects.toMatchObject({
      kind: 'timeout',
      host: 'here',
      message: expect.stringContaining('0.3 s'),
    });
    const left = (await next).stdout.toString().trim().split('\n').map(Number);
    await expect.poll(() => left.map(isRunning)).toEqual([false, false]);
  });

  test('ends a frame whose time was over before it began', async () => {
    const lane = await laneOf();
    const before = lane.run({ script: 'sleep 0.3' });
    const late = lane.run({ script: 'sleep 300', timeoutMs: 1 });
    await expect(late).rejects.toMatchObject({ kind: 'timeout' });
    expect((await before).code).toBe(0);
    expect((await lane.run({ script: 'echo "$_i"' })).stdout.toString()).toBe('3\n');
  });

  test('has the functions of its prelude', async () => {
    const lane = await laneOf('greet() {\n  echo "hello $1"\n}\nword=kept');
    expect(shown(await lane.run({ script: 'greet you; echo "$word"; word=changed' }))).toEqual([
      0,
      'hello you\nkept\n',
      '',
    ]);
    expect((await lane.run({ script: 'echo "$word"' })).stdout.toString()).toBe('kept\n');
  });

  test('gives every host the same environment', async () => {
    const lane = await laneOf();
    const { stdout } = await lane.run({
      script: 'echo "$LC_ALL $DEBIAN_FRONTEND ${CDPATH-unset} ${ENV-unset} ${BASH_ENV-unset}"; echo "$PATH"',
    });
    expect(stdout.toString()).toMatch(/^C(\.UTF-8)? noninteractive unset unset unset\n.*\/usr\/sbin/);
  });

  test('runs a command in a channel of its own, with its own input', async () => {
    const connection = await local({ shell: path });
    const command = await connection.exec(`echo out; echo err >&2; cat; exit 4\n#${'x'.repeat(5000)}`, LOGIN);
    command.stdin.end('in\0put');
    const texts = Promise.all([text(command.stdout), text(command.stderr)]);
    expect(await command.finished).toMatchObject({ code: 4 });
    expect(await texts).toEqual(['out\nin\0put', 'err\n']);
  });

  test('kills a command with all its processes', async () => {
    const connection = await local({ shell: path });
    const command = await connection.exec('trap "" TERM; sleep 300 & echo "$!"; sleep 301', LOGIN);
    const pid = await new Promise<string>((resolve) =>
      command.stdout.once('data', (data) => resolve(`${data}`)),
    );
    await command.kill(100);
    expect((await command.finished).code).not.toBe(0);
    await expect.poll(() => isRunning(Number(pid))).toBe(false);
  });
});

describe('a lane', () => {
  test('keeps the answers straight while a daemon of an old frame still writes', async () => {
    const lane = await (await local()).lane(LOGIN);
    const first = await lane.run({ script: 'while :; do echo daemon; done & echo "$!"' });
    const pid = Number(
      first.stdout
        .toString()
        .split('\n')
        .find((line) => /^\d+$/.test(line)),
    );
    try {
      for (let i = 0; i < 20; i++) {
        expect(shown(await lane.run({ script: `echo ${i}; echo e${i} >&2` }))).toEqual([
          0,
          `${i}\n`,
          `e${i}\n`,
        ]);
      }
    } finally {
      signalProcess(pid, 'SIGKILL');
    }
  });

  test('tells what was in flight when its shell dies, and comes back for the next frame', async () => {
    const lane = await (await local({ prelude: 'f() { echo prelude; }' })).lane(LOGIN);
    const folder = lane.folder;
    const fatal = lane.run({ script: 'kill -9 $$' });
    const behind = lane.run({ script: 'echo behind' });
    await expect(fatal).rejects.toMatchObject({ kind: 'lost', host: 'here' });
    await expect(behind).rejects.toMatchObject({ kind: 'lost' });
    expect(shown(await lane.run({ script: 'f' }))).toEqual([0, 'prelude\n', '']);
    expect(lane.folder).toBe(folder);
  });

  test('refuses a script with a NUL byte', async () => {
    const lane = await (await local()).lane(LOGIN);
    await expect(lane.run({ script: 'echo \0' })).rejects.toThrow(/NUL/);
    expect((await lane.run({ script: 'echo fine' })).stdout.toString()).toBe('fine\n');
  });

  test('sweeps the output of old frames away', async () => {
    const lane = await (await local()).lane(LOGIN);
    for (let i = 0; i < 150; i++) await lane.run({ script: 'echo x' });
    const { stdout } = await lane.run({ script: 'ls "$_d" | wc -l' });
    expect(Number(stdout.toString())).toBeLessThan(200);
  });

  test('is one per identity, and becoming oneself needs no tool', async () => {
    const connection = await local();
    const lane = await connection.lane(LOGIN);
    expect(await connection.lane(LOGIN)).toBe(lane);
    expect(await connection.lane({ method: 'sudo', user: lane.user })).toBe(lane);
    expect(await connection.lane({ method: 'doas', user: lane.user, password: 'unused' })).toBe(lane);
  });

  test('leaves its user, unless it is at work, and comes back', async () => {
    const connection = await local();
    const lane = await connection.lane(LOGIN);
    const shell = async () => (await lane.run({ script: 'echo $$' })).stdout.toString();
    const first = await shell();
    await connection.leaveUser(`not-${lane.user}`);
    expect(await shell()).toBe(first);
    const working = shell();
    await connection.leaveUser(lane.user);
    expect(await working).toBe(first);
    await connection.leaveUser(lane.user);
    expect(existsSync(`/proc/${first.trim()}`)).toBe(false);
    expect(await shell()).not.toBe(first);
  });

  test('says why when its prelude is broken', async () => {
    const connection = await local({ prelude: 'if then oops' });
    const lane = await connection.lane(LOGIN);
    await expect(lane.run({ script: 'echo x' })).rejects.toMatchObject({
      message: expect.stringMatching(/prelude|shell ended/),
    });
  });

  test('says why when there is no shell', async () => {
    const connection = await local({ shell: '/nonexistent/sh' });
    await expect(connection.lane(LOGIN)).rejects.toMatchObject({
      kind: 'connect',
      message: expect.stringContaining('/nonexistent/sh'),
    });
  });

  test('ignores what login scripts print', async () => {
    const folder = tmpdir();
    const noisy = join(folder, `cutover-noisy-${process.pid}`);
    writeFileSync(
      noisy,
      '#!/bin/sh\nprintf "Welcome!\\nno newline"\nprintf trouble >&2\nexec /bin/sh "$@"\n',
      { mode: 0o755 },
    );
    const connection = await local({ shell: noisy });
    expect(shown(await (await connection.lane(LOGIN)).run({ script: 'echo hi' }))).toEqual([0, 'hi\n', '']);
    const command = await connection.exec('echo hi; echo ho >&2', LOGIN);
    expect(await Promise.all([text(command.stdout), text(command.stderr)])).toEqual(['hi\n', 'ho\n']);
    rmSync(noisy);
  });

  test('never shows its token to other users of the host', async () => {
    const lane = await (await local()).lane(LOGIN);
    const { stdout } = await lane.run({
      script: 'tr "\\0" "\\n" </proc/$$/environ; echo; tr "\\0" " " </proc/$$/cmdline',
    });
    const words = stdout.toString().match(/[0-9a-f]{32}/g) ?? [];
    expect(words.every((word) => lane.folder.endsWith(word))).toBe(true);
  });
});

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const piece of stream) all += piece;
  return all;
}

/** A zombie that nobody has reaped yet counts as gone. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
