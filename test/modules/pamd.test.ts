import { describe, expect, it, test } from 'vitest';
import { type RuleWish, withRules } from '../../src/modules/pamd/edits.ts';
import pamd from '../../src/modules/pamd/index.ts';
import { readRules } from '../../src/modules/pamd/rules.ts';
import { run } from './paper-host.ts';

const key = { type: 'auth', control: 'required', path: 'b.so' };
const rule = (line: string) => `auth       required ${line}\n`;

describe('rules', () => {
  test.each<[string, string, Partial<RuleWish>, string]>([
    [
      'removed, others stay as they are',
      'auth  x a.so\nauth required\tb.so k\n',
      { state: 'absent' },
      'auth  x a.so\n',
    ],
    [
      'of other words',
      'auth required /lib/b.so\n-auth required b.so\n#auth required b.so\n',
      { state: 'absent' },
      '',
    ],
    [
      'changed',
      'auth required b.so k=1 # why\n',
      { to: { control: '[success=1 default=die]' } },
      'auth       [success=1 default=die] b.so k=1 # why\n',
    ],
    ['right already', 'auth   required b.so\n', { to: { type: 'auth' } }, ''],
    ['other arguments', rule('b.so a b'), { args: ['c', '[d e]'] }, rule('b.so c [d e]')],
    ['no arguments', rule('b.so a b'), { args: [] }, rule('b.so')],
    ['an argument more', rule('b.so a'), { state: 'args_present', args: ['a', 'c=1'] }, rule('b.so a c=1')],
    [
      'another value, of the last',
      rule('b.so k=1 k=2 x'),
      { state: 'args_present', args: ['k=3'] },
      rule('b.so k=1 k=3 x'),
    ],
    [
      'an argument less',
      rule('b.so k=1 k [x y] z'),
      { state: 'args_absent', args: ['k', '[x y]', 'k=2'] },
      rule('b.so k=1 z'),
    ],
    [
      'a new one before',
      `${rule('c.so')}\n${rule('b.so')}`,
      { state: 'before', to: { path: 'n.so' }, args: ['q'] },
      `${rule('c.so')}\n${rule('n.so q')}${rule('b.so')}`,
    ],
    [
      'a new one after a line without its end',
      'auth required b.so',
      { state: 'after', to: { path: 'n.so' } },
      `auth required b.so\n${rule('n.so')}`,
    ],
    [
      'one that is there, behind a comment',
      `${rule('n.so x')}# b\n\n${rule('b.so')}`,
      { state: 'before', to: { path: 'n.so' }, args: ['y'] },
      '',
    ],
    [
      'one that is there, but not next to it',
      `${rule('n.so')}@include x\n${rule('b.so')}`,
      { state: 'before', to: { path: 'n.so' } },
      `${rule('n.so')}@include x\n${rule('n.so')}${rule('b.so')}`,
    ],
    [
      'over two lines',
      'auth required b.so a\\\n b\nx\n',
      { state: 'args_absent', args: ['a'] },
      `${rule('b.so b')}x\n`,
    ],
  ])('%s', (_name, text, wish, after) => {
    const made = withRules(text, { key, state: 'updated', to: {}, args: undefined, ...wish });
    expect(made.text).toBe(after || text);
    expect(made.count).toBe(after ? 1 : 0);
    expect(
      readRules(text)
        .map((entry) => entry.text)
        .join(''),
    ).toBe(text);
  });
});

describe('pamd', () => {
  const args = {
    name: 'sshd',
    type: 'session',
    control: 'optional',
    module_path: 'pam_motd.so',
    state: 'absent',
  };
  const files = { '/etc/pam.d/sshd': 'session optional pam_motd.so a\nsession optional pam_motd.so\nx\n' };

  it('edits the file of the service', async () => {
    const ran = await run(pamd, { ...args, backup: true }, { files });
    expect(ran.text('/etc/pam.d/sshd')).toBe('x\n');
    expect(ran.result).toMatchObject({ change_count: 2, backupdest: expect.stringContaining('sshd') });
    expect((await ran.again()).result).toMatchObject({ change_count: 0, backupdest: '' });
  });

  it('makes no file', async () => {
    const ran = await run(pamd, { ...args, path: '/none/' });
    expect(ran.plan.failed).toMatch(/^Unable to open\/read PAM module file \/none\/sshd with error/);
  });

  test.each([
    [{ state: 'before', new_type: 'auth' }, /missing: new_control, new_module_path/],
    [{ state: 'args_present' }, /missing: module_arguments/],
    [{ new_control: 'odd' }, /new_control must be one of required/],
  ])('refuses %j', async (odd, message) => {
    await expect(run(pamd, { ...args, ...odd })).rejects.toThrow(message);
  });
});
