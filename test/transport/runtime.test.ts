import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeFrame, type LaneHello, LaneReader } from '../../src/transport/framing.ts';
import type { FrameResult } from '../../src/transport/index.ts';
import { ConnectLimiter, shellQuote } from '../../src/transport/index.ts';
import { COMMAND_RUNTIME, LANE_RUNTIME, minifyShell } from '../../src/transport/runtime.ts';

const source = (name: string) =>
  readFileSync(new URL(`../../src/transport/${name}`, import.meta.url), 'utf8');

test.each([
  ['a lane', ['start.sh', 'lane.sh']],
  ['a command', ['start.sh', 'command.sh']],
  ['the killer', ['kill.sh']],
  ['the installer', ['ssh/install.sh']],
])('the shell text of %s is clean for shellcheck', (_name, files) => {
  const text = files.map(source).join('\n');
  expect(execFileSync('shellcheck', ['-s', 'sh', '-'], { input: text }).toString()).toBe('');
});

describe('the minified runtime', () => {
  test('survives the single quotes of any login shell', () => {
    for (const text of [LANE_RUNTIME, COMMAND_RUNTIME]) {
      expect(text).not.toMatch(/['!\\\n]/);
      execFileSync('/bin/sh', ['-n', '-c', text]);
    }
    expect(() => minifyShell("echo 'x'")).toThrow(/quoting/);
  });

  test('joins lines as the grammar wants', () => {
    const text =
      '# why\nif a\nthen\n  b\nelse c\nfi\ncase $x in\n  *y*)\n    d\n    ;;\nesac\nf() {\n  e &&\n    g\n}\n';
    expect(minifyShell(text)).toBe('if a; then b; else c; fi; case $x in *y*) d ;; esac; f() { e && g; }');
  });
});

test('the reader takes any pieces, and stops at the first line that is not its own', () => {
  const stream = Buffer.concat([
    Buffer.from('motd\nno newline S ready /tmp/f o\nuid=7(me) gid=7(me)\nT 1 0 3 0\na\0\nT 2 9 0 5\nT 3 0'),
    Buffer.from('T 3 nospool\nrubbish\nT 4 0 0 0\n'),
  ]);
  for (const size of [1, 2, 3, 7, 1000]) {
    const heard: unknown[] = [];
    const reader = new LaneReader('S', 'T', {
      hello: (hello: LaneHello) => heard.push(hello),
      answer: (id: number, { code, stdout, stderr }: FrameResult) =>
        heard.push([id, code, `${stdout}`, `${stderr}`]),
      unusable: (id: number) => heard.push(id),
      garbled: (line: string) => heard.push(line),
    });
    for (let at = 0; at < stream.length; at += size) reader.push(stream.subarray(at, at + size));
    expect(heard).toEqual([
      { folder: '/tmp/f o', uid: 7, user: 'me' },
      [1, 0, 'a\0\n', ''],
      [2, 9, '', 'T 3 0'],
      3,
      'rubbish',
    ]);
  }
});

test('a frame on the wire: short scripts as lines, long ones as bytes', () => {
  expect(encodeFrame(5, 'echo a\necho b', Buffer.from('pay'), { sweep: true }).toString()).toBe(
    '5 lines 2 3 c\necho a\necho b\npayend 5\n',
  );
  const long = `#${'ä'.repeat(3000)}`;
  expect(encodeFrame(6, long, undefined, {}).toString()).toBe(`6 bytes 6002 0 -\n${long}\nend 6\n`);
});

test.each(['', 'plain', "it's", 'a b', '$HOME `x` "y" \\', 'line\nline', '-n', 'ä'])(
  'shellQuote %j',
  (text) => {
    expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellQuote(text)}`]).toString()).toBe(text);
  },
);

test('the limiter lets so many start, per address and in all, in order', async () => {
  const limiter = new ConnectLimiter({ total: 3, perAddress: 2 });
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const begin = (address: string, name: string) =>
    limiter.run(address, () => {
      started.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  const all = [begin('a', 'a1'), begin('a', 'a2'), begin('a', 'a3'), begin('b', 'b1'), begin('c', 'c1')];
  await settled();
  expect(started).toEqual(['a1', 'a2', 'b1']);
  ends.get('b1')!();
  await settled();
  expect(started, 'a is full, so c goes first').toEqual(['a1', 'a2', 'b1', 'c1']);
  ends.get('a1')!();
  await settled();
  expect(started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3']);
  for (const end of ends.values()) end();
  await Promise.all(all);
  await expect(limiter.run('a', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  await limiter.run('a', async () => {});
});

async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}
