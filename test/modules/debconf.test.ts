import { describe, expect, test } from 'vitest';
import debconf from '../../src/modules/debconf/index.ts';
import { questionSetting } from '../../src/modules/debconf/question.ts';
import dpkgSelections from '../../src/modules/dpkg_selections/index.ts';
import type { Module } from '../../src/modules/index.ts';
import { settingProbe } from '../../src/modules/setting.ts';
import { type CommandSpec, commandOutput, type Observed, type Probe } from '../../src/resources/index.ts';
import { ended, planTask, unknown } from './task-plan.ts';

// As debconf-show prints it.
const SHOWN = '* mail/kind: Internet Site\n  mail/name:\n* mail/secret: (password omitted)\n';
const shown = [
  commandOutput({ argv: ['debconf-show', 'mail'], env: { DEBCONF_NOWARNINGS: 'yes', LC_ALL: 'C.UTF-8' } }),
  ended(0, SHOWN),
] as const;
const everything = { 'mail/kind': 'Internet Site', 'mail/name': '', 'mail/secret': '(password omitted)' };
const held = (question: string, text = '') =>
  [settingProbe(questionSetting('mail', question)), ended(0, text === '' ? '' : `${text}\n`)] as const;
const act = (change: { detail: unknown }) => (change.detail as { spec: CommandSpec }).spec;
const task = { name: 'mail', question: 'mail/kind', vtype: 'select' };

describe('debconf', () => {
  test('a package alone gives its questions', async () => {
    const plan = await planTask(debconf, { pkg: 'mail' }, { states: [shown] });
    expect(plan.changes).toEqual([]);
    expect(plan.resultWith()).toEqual({ current: everything, msg: '' });
  });

  test.each([
    [
      'another answer',
      { value: 'Local' },
      'owned select true\nOld',
      'select Local',
      'owned select true\nLocal',
    ],
    ['no question yet', { value: 'Local' }, '', 'select Local', 'owned select true\nLocal'],
    ['unseen', { value: 'a', unseen: true }, '', 'select a', 'owned select false\na'],
    [
      'unseen, but it was',
      { value: 'a', unseen: true },
      'owned select true\nb',
      'select a',
      'owned select true\na',
    ],
    ["another package's", { value: 'a' }, 'foreign select true\na', 'select a', 'owned select true\na'],
    [
      'a boolean',
      { vtype: 'boolean', value: true },
      'owned boolean true\nfalse',
      'boolean true',
      'owned boolean true\ntrue',
    ],
    [
      'seen',
      { vtype: 'seen', value: 'yes' },
      'owned select false\nOld',
      'seen true',
      'owned select true\nOld',
    ],
    ['nothing at all', { value: '' }, '', 'select ', 'owned select true\n'],
  ])('%s', async (_, args, before, said, after) => {
    const states = [shown, held('mail/kind', before)];
    const plan = await planTask(debconf, { ...task, ...args }, { states });
    expect(plan.changes).toHaveLength(1);
    const change = plan.changes[0]!;
    expect(act(change)).toEqual({
      argv: ['debconf-set-selections', ...('unseen' in args ? ['--unseen'] : [])],
      stdin: `mail mail/kind ${said}\n`,
    });
    expect(change.undo).toBe('invertible');
    expect([...change.predicts!.values()]).toMatchObject([{ stdout: `${after}\n` }]);
  });

  test.each([
    [{ value: 'Old' }, 'owned select true\nOld'],
    [{ value: 'Old' }, 'owned string false\nOld'],
    [{ vtype: 'boolean', value: 'True' }, 'owned boolean true\ntrue'],
    [{ vtype: 'password', value: 'sesame' }, 'owned password true\nsesame'],
    [{ vtype: 'seen', value: 'no' }, 'owned select false\nOld'],
  ])('%j when it is %j: nothing to do', async (args, before) => {
    const plan = await planTask(
      debconf,
      { ...task, ...args },
      { states: [shown, held('mail/kind', before)] },
    );
    expect(plan.changes).toEqual([]);
    expect(plan.resultWith()).toEqual({ current: everything, msg: '' });
  });

  test('what was and what is', async () => {
    const states = [shown, held('mail/kind', 'owned select true\nOld')];
    const plan = await planTask(debconf, { ...task, value: 'Local' }, { states });
    expect(plan.changes[0]!.diff).toEqual({ before: 'mail/kind: Old\n', after: 'mail/kind: Local\n' });
    expect(plan.resultWith()).toEqual({
      current: { 'mail/kind': 'Local' },
      previous: { 'mail/kind': 'Old' },
      diff: {},
      msg: '',
    });
  });

  test('differences are by question, and a boolean is told as debconf holds it', async () => {
    const states = [shown, held('mail/on', 'owned boolean true\nfalse')];
    const args = { name: 'mail', question: 'mail/on', vtype: 'boolean', value: true };
    const plan = await planTask(debconf, args, { states, diffMode: true });
    expect(plan.resultWith()).toMatchObject({
      current: { 'mail/on': 'true' },
      diff: { before: { 'mail/on': 'false' }, after: { 'mail/on': 'true' } },
    });
  });

  test('a password is in no diff and no result', async () => {
    const states = [shown, held('mail/secret', 'owned password true\nfirst')];
    const args = { name: 'mail', question: 'mail/secret', vtype: 'password', value: 'sesame' };
    const plan = await planTask(debconf, args, { states });
    expect(JSON.stringify([plan.changes[0]!.diff, plan.summaries, plan.resultWith()])).not.toMatch(
      /sesame|first/,
    );
  });

  test.each([
    [{ name: 'mail', question: 'mail/kind' }, /together/],
    [{ ...task, value: 'a\nb' }, /on one line/],
    [{ ...task, value: 'a', vtype: 'list' }, /vtype/],
  ])('%j is refused', async (args, message) => {
    await expect(planTask(debconf, args)).rejects.toThrow(message);
  });

  test('failures', async () => {
    const seen = { ...task, vtype: 'seen', value: true };
    const never = await planTask(debconf, seen, { states: [shown, held('mail/kind')] });
    expect(never.failed).toMatch(/no question mail\/kind/);
    const broken = [shown[0], ended(1, '', 'debconf: locked\n')] as const;
    expect((await planTask(debconf, { name: 'mail' }, { states: [broken] })).failed).toMatch(/locked/);
    expect((await planTask(debconf, { name: 'mail' }, { states: [[shown[0], unknown]] })).changed).toBe(
      unknown,
    );
  });
});

describe('dpkg_selections', () => {
  const nothing: Observed = { get: () => undefined };
  const [look, avail] = (dpkgSelections as Module<never>).needs!(
    { name: 'curl', selection: 'hold' } as never,
    nothing,
    {} as never,
  ) as Probe[];
  const states = (selection: string, known: number) =>
    [
      [look!, ended(0, selection)],
      [avail!, ended(known)],
    ] as const;

  test.each([
    ['hold', 'install\n', 0, ['mark curl: hold'], { before: 'install', after: 'hold' }],
    ['hold', 'install\n', 1, ['mark curl: hold'], { before: 'install', after: 'hold' }],
    ['hold', 'hold\n', 0, [], { before: 'hold', after: 'hold' }],
    ['hold', '', 0, ['mark curl: hold'], { before: 'not present', after: 'hold' }],
    ['purge', '', 0, [], { before: 'not present', after: 'not present' }],
  ])('%s when it is %j', async (selection, before, known, summaries, result) => {
    const plan = await planTask(
      dpkgSelections,
      { name: 'curl', selection },
      { states: states(before, known) },
    );
    expect(plan.summaries).toEqual(summaries);
    expect(plan.changes.map(act)).toEqual(
      summaries.map(() => ({ argv: ['dpkg', '--set-selections'], stdin: `curl ${selection}\n` })),
    );
    expect(plan.resultWith()).toEqual(result);
    expect(plan.warnings ?? []).toEqual([]);
  });

  test('a package that dpkg has never heard of is no change, with a warning', async () => {
    const args = { name: 'curl', selection: 'hold' };
    const plan = await planTask(dpkgSelections, args, { states: states('', 1) });
    expect(plan.changes).toEqual([]);
    expect(plan.warnings).toEqual([expect.stringContaining('dpkg knows no package curl')]);
  });

  test('a refusal is told', async () => {
    const args = { name: 'curl', selection: 'hold' };
    const plan = await planTask(dpkgSelections, args, { states: states('install\n', 0) });
    expect(plan.resultWith(ended(2, '', 'dpkg: error: locked\n'))).toMatchObject({
      failed: true,
      msg: 'mark curl: hold: dpkg: error: locked',
    });
  });

  test('names', async () => {
    for (const name of ['a b', 'lib*', '', '-x'])
      await expect(planTask(dpkgSelections, { name, selection: 'hold' })).rejects.toThrow(
        /no name of a package/,
      );
  });
});
