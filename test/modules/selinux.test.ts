import { describe, expect, it, test } from 'vitest';
import seboolean from '../../src/modules/seboolean/index.ts';
import selinux from '../../src/modules/selinux/index.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

describe('selinux', () => {
  const CONFIG = '# mine\nSELINUX=enforcing\nSELINUXTYPE=targeted\n';
  const files = { '/etc/selinux/config': CONFIG, '/etc/selinux/targeted/x': '' };
  const around = (mode: string) => ({ files, answers: { command: ended(0, `${mode}\n`) } });
  test.each<[Record<string, unknown>, string, string, string[], boolean]>([
    [{ state: 'enforcing', policy: 'targeted' }, 'enforcing', CONFIG, [], false],
    [
      { state: 'permissive', policy: 'targeted' },
      'enforcing',
      CONFIG.replace('=enforcing', '=permissive'),
      ['SELinux: enforcing -> permissive'],
      false,
    ],
    [
      { state: 'disabled' },
      'enforcing',
      CONFIG.replace('=enforcing', '=disabled'),
      ['SELinux: enforcing -> permissive'],
      true,
    ],
    [{ state: 'enforcing', policy: 'targeted' }, 'disabled', CONFIG, [], true],
    [{ state: 'disabled' }, 'disabled', CONFIG.replace('=enforcing', '=disabled'), [], false],
  ])('%j while %s', async (args, mode, text, acts, reboot) => {
    const ran = await run(selinux, args, around(mode));
    expect(ran.text('/etc/selinux/config')).toBe(text);
    expect(ran.summaries.filter((line) => line.startsWith('SELinux'))).toEqual(acts);
    expect(ran.result).toMatchObject({ state: args.state, policy: 'targeted', reboot_required: reboot });
    expect(ran.plan.warnings?.length ?? 0).toBe(reboot ? 1 : 0);
    expect((await ran.again()).changes).toEqual([]);
  });

  it('needs what it sets', async () => {
    const bare = await run(selinux, { state: 'disabled' }, { answers: { command: ended(0, 'disabled\n') } });
    expect(bare.plan.failed).toMatch(/Unable to find file \/etc\/selinux\/config/);
    const other = await run(selinux, { state: 'permissive', policy: 'mls' }, around('enforcing'));
    expect(other.plan.failed).toBe('Policy mls does not exist in /etc/selinux/');
    await expect(run(selinux, { state: 'permissive' }, around('enforcing'))).rejects.toThrow(/needs policy/);
  });
});

describe('seboolean', () => {
  const task = (args: Record<string, unknown>, said: { on?: string; now?: string; kept?: string }) =>
    run(
      seboolean,
      { name: 'httpd_can_network_connect', state: true, ...args },
      {
        answers: {
          'command:{"argv":["/bin/sh","-c","if selinuxenabled': ended(0, said.on ?? 'yes\n'),
          'command:{"argv":["/bin/sh","-c","said=':
            said.now === undefined ? ended(1, '', 'getsebool: Error\n') : ended(0, said.now),
          'command:{"argv":["/bin/sh","-c","cat': ended(0, said.kept ?? ''),
        },
      },
    );
  test.each<[Record<string, unknown>, { now: string; kept?: string }, string[]]>([
    [{}, { now: 'on\n' }, []],
    [{}, { now: 'off\n' }, ['setsebool httpd_can_network_connect on']],
    [{ persistent: true }, { now: 'on\n' }, ['setsebool -P httpd_can_network_connect on']],
    [{ persistent: true }, { now: 'on\n', kept: '1\n' }, []],
    [
      { state: false, persistent: true },
      { now: 'on\n', kept: '1\n' },
      ['setsebool -P httpd_can_network_connect off'],
    ],
  ])('%j, %j', async (args, said, commands) => {
    const ran = await task(args, said);
    expect(ran.summaries).toEqual(commands);
    for (const { undo } of ran.changes) expect(undo).toBe('invertible');
  });
  it('fails where there is no SELinux, or no such boolean', async () => {
    expect((await task({}, { on: 'no\n' })).plan.failed).toBe('SELinux is disabled on this host.');
    expect((await task({}, {})).plan.failed).toBe('httpd_can_network_connect: getsebool: Error');
  });
});
