import { describe, expect, it, test } from 'vitest';
import { parseParams } from '../../src/modules/index.ts';
import sudoers from '../../src/modules/sudoers/index.ts';
import { run } from './paper-host.ts';

const FOLDER = { files: { '/etc/sudoers.d/README': '#' } };
const rule = { name: 'ops', user: 'anna', commands: '/bin/up' };

describe('sudoers', () => {
  // The lines are what community.general 6.3 wrote on a machine.
  test.each<[string, Record<string, unknown>, string]>([
    ['of a user', {}, 'anna ALL=NOPASSWD: /bin/up\n'],
    ['with a password', { nopassword: false }, 'anna ALL= /bin/up\n'],
    ['as somebody else', { runas: 'bob:ops', setenv: true }, 'anna ALL=(bob:ops)NOPASSWD:SETENV: /bin/up\n'],
    ['of a group', { user: undefined, group: 'ops', host: 'web' }, '%ops web=NOPASSWD: /bin/up\n'],
    ['of commands', { commands: ['/bin/up', '/bin/ls -l'] }, 'anna ALL=NOPASSWD: /bin/up, /bin/ls -l\n'],
  ])('writes a rule %s', async (_name, more, line) => {
    const given = Object.fromEntries(
      Object.entries({ ...rule, ...more }).filter(([, value]) => value !== undefined),
    );
    const ran = await run(sudoers, given, FOLDER);
    expect(ran.text('/etc/sudoers.d/ops')).toBe(line);
    expect(ran.state('/etc/sudoers.d/ops')?.mode).toBe(0o440);
    expect((await ran.again()).changes).toEqual([]);
  });

  it('sets the mode of a rule that is right, and leaves its owner', async () => {
    const there = { text: 'anna ALL=NOPASSWD: /bin/up\n', mode: 0o644, owner: 'daemon' };
    const ran = await run(sudoers, rule, { files: { '/etc/sudoers.d/ops': there } });
    expect(ran.changes).toHaveLength(1);
    expect(ran.state('/etc/sudoers.d/ops')).toMatchObject({ mode: 0o440, owner: 'daemon' });
  });

  it('writes through a link, and takes the link away', async () => {
    const files = { '/etc/sudoers.d/ops': { link: '/opt/ops' }, '/opt/ops': 'old\n' };
    const ran = await run(sudoers, rule, { files });
    expect(ran.text('/opt/ops')).toBe('anna ALL=NOPASSWD: /bin/up\n');
    const gone = await run(sudoers, { name: 'ops', state: 'absent' }, { files });
    expect(gone.state('/etc/sudoers.d/ops')?.type).toBe('absent');
    expect(gone.text('/opt/ops')).toBe('old\n');
    expect((await gone.again()).changes).toEqual([]);
  });

  it('makes no folder, and replaces none', async () => {
    const lost = await run(sudoers, { ...rule, sudoers_path: '/no/such' }, FOLDER);
    expect(lost.plan.failed).toMatch(/\/no\/such does not exist/);
    const folder = await run(
      sudoers,
      { ...rule, name: 'd' },
      { files: { '/etc/sudoers.d/d': { dir: true } } },
    );
    expect(folder.plan.failed).toMatch(/no regular file/);
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ name: 'a', user: 'b' }, /commands/],
    [{ name: 'a', commands: 'ALL' }, /"user" or "group"/],
    [{ name: 'a', commands: 'ALL', user: '' }, /"user" or "group"/],
    [{ ...rule, group: 'g' }, /not both/],
    [{ ...rule, name: '' }, /empty/],
  ])('refuses %o', (args, words) => {
    expect(() => parseParams(sudoers, args)).toThrow(words);
  });
});
