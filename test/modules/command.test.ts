import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { expandedOnHost } from '../../src/modules/command/expansion.ts';
import command from '../../src/modules/command/index.ts';
import raw from '../../src/modules/raw/index.ts';
import shell from '../../src/modules/shell/index.ts';
import { fileState, type Probe } from '../../src/resources/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { ended, planTask, unknown } from './task-plan.ts';

describe('variables in arguments mean what they mean on the target', () => {
  const env = { PATH: process.env.PATH!, HOME: '/home/ann', EMPTY: '', TWO: 'a  b*' };
  test.each([
    ['$HOME', '/home/ann'],
    ['${HOME}/x', '/home/ann/x'],
    ['~', '/home/ann'],
    ['~/x', '/home/ann/x'],
    ['~root/x y', '/root/x y'],
    ['a~b', 'a~b'],
    ['$TWO', 'a  b*'],
    ['<$EMPTY>', '<>'],
    ['$NOT_SET', '$NOT_SET'],
    ['${NOT_SET}}', '${NOT_SET}}'],
    ['$(id) `id` $1 *', '$(id) `id` $1 *'],
    [`it's "quoted" \\`, `it's "quoted" \\`],
  ])('%s', (argument, value) => {
    const [program, ...args] = expandedOnHost(['printf', '%s', argument]);
    const result = spawnSync(program!, args, { env, encoding: 'utf8' });
    expect(result.stdout).toBe(value);
  });
});

describe('command', () => {
  test('runs as words, without a shell', async () => {
    const plan = await planTask(command, { cmd: 'echo "a b" | wc', chdir: '/srv' });
    expect(plan.changes[0]!.detail).toMatchObject({
      spec: { argv: ['echo', 'a b', '|', 'wc'], cwd: '/srv' },
    });
    expect(plan).toMatchObject({ changed: true });
    expect(plan.changes[0]!.undo).toBe('irreversible');
    expect(plan.summaries).toEqual(['run echo a b | wc']);
  });

  test.each([
    [{ cmd: 'cat', stdin: 'x' }, 'x\n'],
    [{ cmd: 'cat', stdin: 'x', stdin_add_newline: 'no' }, 'x'],
    [{ argv: ['cat'] }, undefined],
  ])('standard input of %j', async (args, stdin) => {
    const plan = await planTask(command, args);
    expect((plan.changes[0]!.detail as { spec: { stdin?: string } }).spec.stdin).toBe(stdin);
  });

  test('gives the keys that playbooks read', async () => {
    const plan = await planTask(command, { cmd: 'ls x' });
    expect(plan.resultWith(ended(0, 'one\ntwo\n\n', 'warn\n'))).toEqual({
      cmd: ['ls', 'x'],
      rc: 0,
      stdout: 'one\ntwo',
      stdout_lines: ['one', 'two'],
      stderr: 'warn',
      stderr_lines: ['warn'],
      start: '2026-01-31 23:59:58.250000',
      end: '2026-01-31 23:59:59.500000',
      delta: '0:00:01.250000',
      msg: '',
    });
  });

  test.each([
    ['an exit code', 'false', ended(1, '', 'no'), { failed: true, rc: 1, msg: 'non-zero return code' }],
    [
      'a missing program, as Ansible counts it',
      'nope -x',
      ended(127, '', 'sh: 1: exec: nope: not found\n'),
      { failed: true, cmd: 'nope -x', rc: 2, msg: "[Errno 2] No such file or directory: b'nope'" },
    ],
    [
      'a program that may not be run',
      '/d/x',
      ended(126, '', 'setsid: failed to execute /d/x: Permission denied\n'),
      { failed: true, changed: false, cmd: '/d/x', rc: 13, msg: "[Errno 13] Permission denied: b'/d/x'" },
    ],
  ])('fails with %s', async (_name, cmd, outcome, keys) => {
    const plan = await planTask(command, { cmd });
    expect(plan.resultWith(outcome)).toMatchObject(keys);
  });

  const absent = { path: '/x', type: 'absent' };
  const there = { path: '/x', type: 'file' };
  test.each([
    [{ creates: '/x' }, there, 0, "Did not run command since '/x' exists"],
    [{ creates: '/x' }, absent, 1, undefined],
    [{ removes: '/x' }, absent, 0, "Did not run command since '/x' does not exist"],
    [{ removes: '/x' }, there, 1, undefined],
    [{ creates: 'x', chdir: '/' }, there, 0, "Did not run command since 'x' exists"],
  ])('%j when the host shows %j', async (guards, state, changes, msg) => {
    const states = [[fileState('/x', { checksum: false }), state]] as const;
    const plan = await planTask(command, { cmd: 'make', ...guards }, { states });
    expect(plan.changes).toHaveLength(changes);
    if (changes === 0) expect(plan).toMatchObject({ changed: false });
    if (msg) expect(plan.resultWith()).toMatchObject({ rc: 0, msg });
  });

  test('a pattern is asked of the host, in the folder of the command', async () => {
    const asked: Probe[] = [];
    const plan = async (stdout: string) => {
      const params = command.params.parse({ cmd: 'make', creates: '*.o', chdir: '/src' });
      const seen = {
        get: (probe: Probe) => {
          asked.push(probe);
          return ended(0, stdout) as never;
        },
      };
      return command.plan(params, seen, { checkMode: false } as never);
    };
    expect((await plan('yes\n')).changes).toHaveLength(0);
    expect((await plan('no\n')).changes).toHaveLength(1);
    expect(asked[0]!.query).toMatchObject({ cwd: '/src' });
  });

  test('a dry run predicts by guards, and knows nothing else', async () => {
    const states = [[fileState('/x', { checksum: false }), there]] as const;
    const skipped = await planTask(command, { cmd: 'make', creates: '/x' }, { states, checkMode: true });
    expect(skipped).toMatchObject({ changed: false, changes: [] });
    expect(skipped.resultWith().msg).toBe("Would not run command since '/x' exists");
    const open = await planTask(command, { cmd: 'make' }, { checkMode: true });
    expect(isUnknown(open.changed)).toBe(true);
    expect(isUnknown(open.resultWith().stdout)).toBe(true);
    const hidden = [[fileState('/x', { checksum: false }), unknown]] as const;
    const guess = await planTask(
      command,
      { cmd: 'make', creates: '/x' },
      { states: hidden, checkMode: true },
    );
    expect(guess.changed).toBe(unknown);
  });

  test.each([
    [{}, 'no command given'],
    [{ cmd: 'a', argv: ['b'] }, 'only command or argv can be given, not both'],
  ])('fails with %j', async (args, message) => {
    const planned = await planTask(command, args, {});
    expect(planned.failed).toBe(message);
    expect(planned.resultWith()).toMatchObject({ rc: 256, cmd: null, stdout: '', start: null });
  });

  test('a folder that cannot be entered is a failure without an exit code', async () => {
    const planned = await planTask(command, { cmd: 'a', chdir: '/x' }, {});
    const gone = { ...ended(249), stderr: 'cutover: cannot enter /x\n' };
    expect(planned.resultWith(gone)).toMatchObject({ changed: false, failed: true, rc: null });
  });

  test.each([
    [{}, { changed: false, skipped: true }],
    [{ creates: '/y' }, { changed: true }],
  ])('passed over with check_mode: yes in a real run, %j', async (guards, keys) => {
    const states = [[fileState('/y', { checksum: false }), { path: '/y', type: 'absent' }]] as const;
    const planned = await planTask(command, { cmd: 'a', ...guards }, { checkMode: true, states });
    expect(planned.whenPassedOver).toMatchObject({ rc: 0, stdout: '', delta: null, ...keys });
  });

  test.each([[{ cmd: 'a', create: '/x' }, /no parameter "create"/]])('refuses %j', async (args, message) => {
    await expect(planTask(command, args)).rejects.toThrow(message);
  });
});

describe('shell and raw', () => {
  test('shell hands the line over unread', async () => {
    const plan = await planTask(shell, { cmd: 'a | b > $HOME/c', executable: '/bin/bash' });
    expect(plan.changes[0]!.detail).toMatchObject({ spec: { argv: ['/bin/bash', '-c', 'a | b > $HOME/c'] } });
    expect(plan.resultWith(ended(0, 'x\n'))).toMatchObject({ cmd: 'a | b > $HOME/c', stdout: 'x' });
  });

  test('raw keeps the output as it is and tells no times', async () => {
    const plan = await planTask(raw, { cmd: 'id' });
    expect(plan.resultWith(ended(0, 'x\n'))).toEqual({
      rc: 0,
      stdout: 'x\n',
      stdout_lines: ['x'],
      stderr: '',
      stderr_lines: [],
      msg: '',
    });
  });
});
