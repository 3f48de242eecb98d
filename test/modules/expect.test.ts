import { describe, expect, it, test } from 'vitest';
import module from '../../src/modules/expect/index.ts';
import { parseParams } from '../../src/modules/index.ts';
import { Unknown } from '../../src/values/index.ts';
import { ended, planTask } from './task-plan.ts';

describe('expect', () => {
  it('is a command with a dialogue', async () => {
    const responses = { 'Name:': 'bob', '(?i)pass': 5, 'Q\\d': ['a', 'b'] };
    const plan = await planTask(module, { command: "ask 'a b'", responses, chdir: '/srv' });
    expect(plan.summaries).toEqual(["run ask 'a b'"]);
    expect(plan.changes[0]!.undo).toBe('irreversible');
    expect(plan.changes[0]!.detail).toMatchObject({
      spec: {
        argv: ['ask', 'a b'],
        cwd: '/srv',
        dialogue: {
          answers: [
            { question: 'Name:', replies: 'bob' },
            { question: '(?i)pass', replies: '5' },
            { question: 'Q\\d', replies: ['a', 'b'] },
          ],
          echo: false,
          timeoutMs: 30_000,
        },
      },
    });
    const { stderr, ...keys } = plan.resultWith(ended(0, 'Name: hello\r\n')) as Record<string, unknown>;
    expect(stderr).toBeUndefined();
    expect(keys).toMatchObject({
      cmd: "ask 'a b'",
      rc: 0,
      stdout: 'Name: hello',
      stdout_lines: ['Name: hello'],
    });
  });

  test.each<[Record<string, unknown>, Record<string, unknown>]>([
    [ended(3), { failed: true, rc: 3, msg: 'non-zero return code' }],
    [
      { ...ended(137), timedOut: true },
      { failed: true, rc: null, msg: 'command exceeded timeout' },
    ],
    [
      { ...ended(137), unanswered: 'Q' },
      { failed: true, rc: null, msg: "No remaining responses for 'Q'" },
    ],
    [
      ended(127, '', 'there is no program script on the target\n'),
      { failed: true, changed: false, msg: 'there is no program script on the target' },
    ],
  ])('%j', async (result, keys) => {
    const plan = await planTask(module, { command: 'ask', responses: {} });
    expect(plan.resultWith(result)).toMatchObject(keys);
  });

  it('waits as long as told', async () => {
    const plan = await planTask(module, { command: 'ask', responses: {}, timeout: 0 });
    expect((plan.changes[0]!.detail as { spec: { dialogue: object } }).spec.dialogue).toMatchObject({
      timeoutMs: undefined,
    });
  });

  it('cannot be told in a dry run', async () => {
    const plan = await planTask(module, { command: 'ask', responses: {} }, { checkMode: true });
    expect(plan.changed).toBeInstanceOf(Unknown);
  });

  it('refuses what is no command and no pattern', async () => {
    expect((await planTask(module, { command: ' ', responses: {} })).failed).toBe('no command given');
    expect(() => parseParams(module, { command: 'a', responses: { '(': 'x' } })).toThrow(/responses/);
  });
});
