import { describe, expect, test } from 'vitest';
import { cacheProbe } from '../../src/modules/apt/cache.ts';
import { installedProbe } from '../../src/modules/apt/installed.ts';
import dnf from '../../src/modules/dnf/index.ts';
import packageModule from '../../src/modules/package/index.ts';
import yum from '../../src/modules/yum/index.ts';
import type { CommandSpec, Probe } from '../../src/resources/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { ended, planTask, type Surroundings } from './task-plan.ts';

type Asked = { readonly query: CommandSpec };

/** Plans against a host that answers by the text of the question. */
async function plan(
  module: typeof dnf,
  args: Record<string, unknown>,
  answers: readonly (readonly [RegExp, unknown])[],
  around: Surroundings = {},
) {
  const states: (readonly [Probe, unknown])[] = [];
  for (;;) {
    try {
      return await planTask(module as never, args, { ...around, states });
    } catch (error) {
      const key = /the test has no answer for (.*)$/s.exec((error as Error).message)?.[1];
      const found = answers.find(([text]) => key !== undefined && text.test(key));
      if (!key || !found) throw error;
      states.push([{ key } as Probe & Asked as Probe, found[1]]);
    }
  }
}

const isDnf = [/command -v/, ended(0, 'dnf\n')] as const;
const rpm = (text: string) => [/rpm -q/, ended(0, text)] as const;
const updates = (rc: number, stderr = '') => [/check-update/, ended(rc, '', stderr)] as const;

describe.each([
  ['dnf', dnf],
  ['yum', yum],
])('%s', (_name, module) => {
  test.each([
    [{ name: 'httpd' }, 'yes httpd', []],
    [{ name: 'httpd' }, 'no httpd', ['dnf install httpd']],
    [{ name: 'httpd,git' }, 'yes httpd\nno git', ['dnf install git']],
    [{ name: '@dev', state: 'installed' }, '', ['dnf install @dev']],
    [{ name: 'httpd', state: 'absent' }, 'yes httpd', ['dnf remove httpd']],
    [{ name: 'httpd', state: 'removed' }, 'no httpd', []],
    [{ autoremove: true }, '', ['dnf autoremove']],
    [{ update_cache: true }, '', ['read the repositories again']],
  ])('%j', async (args, installed, summaries) => {
    expect((await plan(module, args, [isDnf, rpm(installed)])).summaries).toEqual(summaries);
  });

  test.each([
    [{ name: 'httpd', state: 'latest' }, 'yes httpd', 0, []],
    [{ name: 'httpd', state: 'latest' }, 'yes httpd', 100, ['dnf install httpd']],
    [{ name: '*', state: 'latest' }, '', 100, ['dnf upgrade *']],
    [{ name: '*', state: 'latest' }, '', 0, []],
    [{ name: 'git', state: 'latest', update_only: true }, 'no git', 100, ['dnf upgrade git']],
  ])('%j when check-update ends with %s %i', async (args, installed, rc, summaries) => {
    expect((await plan(module, args, [isDnf, rpm(installed), updates(rc)])).summaries).toEqual(summaries);
  });
});

describe('dnf', () => {
  test('options reach the command', async () => {
    const args = {
      name: 'x',
      enablerepo: 'epel,crb',
      disable_gpg_check: true,
      install_weak_deps: false,
      allowerasing: true,
      update_cache: true,
    };
    const planned = await plan(dnf, args, [isDnf, rpm('no x')]);
    const { script } = (planned.changes[0]!.detail as { spec: CommandSpec }).spec;
    expect(script!.replaceAll("'", '')).toBe(
      'dnf -q makecache &&\ndnf -y --enablerepo=epel --enablerepo=crb --nogpgcheck --allowerasing ' +
        '--setopt=install_weak_deps=False install x\n',
    );
  });

  test.each([
    [
      ended(0, '\nInstalled:\n  httpd-2.4-1.x86_64   git-2.1-1.x86_64\n\nComplete!\n'),
      { changed: true, results: ['Installed: httpd-2.4-1.x86_64', 'Installed: git-2.1-1.x86_64'] },
    ],
    [
      ended(0, 'Dependencies resolved.\nNothing to do.\nComplete!\n'),
      { changed: false, msg: 'Nothing to do' },
    ],
    [
      ended(1, '', 'Error: Unable to find a match: httpd\n'),
      { failed: true, msg: 'Failed to install some of the specified packages: No match for argument: httpd' },
    ],
  ])('%#: a real run tells', async (outcome, keys) => {
    const planned = await plan(dnf, { name: 'httpd' }, [isDnf, rpm('no httpd')]);
    expect(planned.resultWith(outcome)).toMatchObject(keys);
  });

  test('a dry run knows what rpm knows', async () => {
    const sure = await plan(dnf, { name: 'git' }, [isDnf, rpm('no git')], { checkMode: true });
    expect(sure.changed).toBe(true);
    const open = await plan(dnf, { name: '@dev' }, [isDnf], { checkMode: true });
    expect(isUnknown(open.changed)).toBe(true);
  });

  test('fails where there is no such program, or it refuses', async () => {
    const none = await plan(dnf, { name: 'x' }, [[/command -v/, ended(0, '')], rpm('no x')]);
    expect(none.failed).toBe('there is no dnf5 or dnf or yum on the target');
    const bad = await plan(dnf, { name: 'x', state: 'latest' }, [
      isDnf,
      rpm('yes x'),
      updates(1, 'no network'),
    ]);
    expect(bad.failed).toBe('no network');
  });

  test('needs something to do', async () => {
    await expect(planTask(dnf, {})).rejects.toThrow(/needs the parameter "name"/);
  });
});

describe('package', () => {
  const facts = (pkg_mgr: string) => ({ variables: { ansible_facts: { pkg_mgr } } });
  const module = packageModule as never as typeof dnf;

  test('goes by the facts, without asking', async () => {
    const planned = await plan(module, { name: 'git' }, [isDnf, rpm('no git')], facts('dnf'));
    expect(planned.summaries).toEqual(['dnf install git']);
    expect(planned.asked.some((key) => key.includes('pacman'))).toBe(false);
  });

  test('asks when there are no facts', async () => {
    const states = [
      [cacheProbe, ended(0, '0\n1\n')],
      [installedProbe(['git']), ended(0, 'git\tgit\t1\tinstalled\n')],
    ] as const;
    const asked = [/pacman/, ended(0, 'apt\n')] as const;
    const answers = [asked, ...states.map(([probe, state]) => [literally(probe.key), state] as const)];
    expect((await plan(module, { name: 'git', update_cache: false }, answers)).changes).toEqual([]);
  });

  test('hands further parameters on, and refuses those that nobody takes', async () => {
    const planned = await plan(
      module,
      { name: 'git', enablerepo: 'epel' },
      [isDnf, rpm('no git')],
      facts('dnf'),
    );
    expect((planned.changes[0]!.detail as { spec: CommandSpec }).spec.script).toContain('epel');
    await expect(plan(module, { name: 'git', colour: 'red' }, [], facts('dnf'))).rejects.toThrow(/colour/);
  });

  test.each([
    ['apk', 'apk add git'],
    ['zypper', 'zypper --non-interactive install git'],
    ['pacman', 'pacman -S --noconfirm --needed git'],
  ])('knows %s', async (manager, summary) => {
    const planned = await plan(module, { name: 'git', use: manager }, [[/yes/, ended(0, 'no git\n')]]);
    expect(planned.summaries).toEqual([summary]);
    const there = await plan(module, { name: 'git', use: manager }, [[/yes/, ended(0, 'yes git\n')]]);
    expect(there.changes).toEqual([]);
  });

  test('says when it knows no manager', async () => {
    const planned = await plan(module, { name: 'git' }, [[/pacman/, ended(0, '')]]);
    expect(planned.failed).toMatch(/^there is no known package manager; known are apt, /);
  });
});

function literally(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}
