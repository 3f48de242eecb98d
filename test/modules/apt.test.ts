import { describe, expect, test } from 'vitest';
import { cacheProbe } from '../../src/modules/apt/cache.ts';
import { AUTOCLEAN, aptGet } from '../../src/modules/apt/commands.ts';
import { rehearsal } from '../../src/modules/apt/deb.ts';
import apt from '../../src/modules/apt/index.ts';
import { installedProbe, readInstalled } from '../../src/modules/apt/installed.ts';
import { aptParams } from '../../src/modules/apt/params.ts';
import { readSteps, simulationProbe, touchedPackages } from '../../src/modules/apt/simulation.ts';
import { compareDebianVersions } from '../../src/modules/apt/version.ts';
import { type CommandSpec, commandOutput, httpRequest } from '../../src/resources/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { ended, planTask, unknown } from './task-plan.ts';

// As apt 2.6 and dpkg 1.21 print it.
const SIMULATED = `Reading package lists...
The following NEW packages will be installed:
  sl
0 upgraded, 1 newly installed, 0 to remove and 134 not upgraded.
Inst curl [7.88.1-10] (7.88.1-10+deb12u5 Debian:12.15/oldstable [amd64])
Inst sl (5.02-1+b1 Debian:12.15/oldstable [amd64])
Remv busybox [1:1.35.0-4]
Conf sl (5.02-1+b1 Debian:12.15/oldstable [amd64])
`;
const NOTHING = '0 upgraded, 0 newly installed, 0 to remove and 134 not upgraded.\n';
const INSTALLED = `curl\tcurl\t7.88.1-10\tinstalled
libc6:amd64\tlibc6\t2.36-9\tinstalled
nano\tnano\t7.2-1\tconfig-files
`;
const WORDS =
  '-y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=60';

const fresh = [cacheProbe, ended(0, '1000\n1060\n')] as const;
const command = (...words: string[]) => simulationProbe(['apt-get', ...WORDS.split(' '), ...words]);
const dpkg = (...names: string[]) => [installedProbe(names), ended(1, INSTALLED)] as const;
const around = (simulated: unknown) => ({
  states: [fresh, dpkg('sl'), [command('install', 'sl'), simulated]] as const,
});

describe('apt: what has to be done', () => {
  test.each([
    [{ name: 'curl' }, undefined],
    [{ name: 'libc6' }, undefined],
    [{ name: 'libc6:amd64' }, undefined],
    [{ name: 'curl=7.88*' }, undefined],
    [{ name: 'curl=8.*' }, ['install', 'curl=8.*']],
    [{ name: 'curl>=7.88' }, undefined],
    [{ name: 'sl >= 5.02' }, ['install', 'sl']],
    [{ name: 'curl,sl' }, ['install', 'sl']],
    [{ name: ['nano'] }, ['install', 'nano']],
    [{ name: 'curl/stable' }, ['install', 'curl/stable']],
    [{ name: 'sl', only_upgrade: true }, undefined],
    [{ name: 'curl', state: 'latest' }, ['install', 'curl']],
    [{ name: 'curl', state: 'absent' }, ['remove', 'curl']],
    [{ name: 'nano', state: 'absent' }, undefined],
    [{ name: 'nano', state: 'absent', purge: true }, ['--purge', 'remove', 'nano']],
    [{ name: 'sl', state: 'absent', autoremove: true }, undefined],
  ])('%j', async (args, words) => {
    const names = [args.name]
      .flat()
      .flatMap((name) => name.split(','))
      .map((name) => name.replace(/ *[>=/].*/, ''));
    const states = words === undefined ? [] : [[command(...words), ended(0, SIMULATED)] as const];
    const plan = await planTask(apt, args, { states: [fresh, dpkg(...names), ...states] });
    expect(plan.changes).toHaveLength(words === undefined ? 0 : 1);
    expect(plan.asked).toHaveLength(words === undefined ? 2 : 3);
  });

  test.each([
    [{ upgrade: 'dist' }, ['dist-upgrade']],
    [{ upgrade: 'yes' }, ['upgrade', '--with-new-pkgs']],
    [{ name: '*', state: 'latest' }, ['dist-upgrade']],
    [{ autoremove: true }, ['--auto-remove', 'autoremove']],
    [{ autoremove: true, purge: true }, ['--purge', '--auto-remove', 'autoremove']],
    [{ state: 'fixed' }, ['--fix-broken', 'install']],
  ])('%j without names', async (args, words) => {
    const states = [fresh, [command(...words), ended(0, SIMULATED)]] as const;
    expect((await planTask(apt, args, { states })).changes).toHaveLength(1);
  });

  test('options', () => {
    const words = aptGet(
      aptParams.parse({
        name: 'x',
        install_recommends: false,
        default_release: 'bookworm-backports',
        allow_downgrade: 'yes',
        allow_unauthenticated: true,
        fail_on_autoremove: true,
        dpkg_options: 'force-overwrite',
        lock_timeout: 5,
      }),
      ['x'],
    );
    expect(words!.join(' ')).toBe(
      'apt-get -y -o Dpkg::Options::=--force-overwrite -o DPkg::Lock::Timeout=5 -o APT::Install-Recommends=no ' +
        '-t bookworm-backports --no-remove --allow-unauthenticated --allow-downgrades install x',
    );
  });
});

describe('apt: plans', () => {
  test('a simulation is summary and diff', async () => {
    const plan = await planTask(apt, { name: 'sl' }, around(ended(0, SIMULATED)));
    const lines = [
      'upgrade curl 7.88.1-10 -> 7.88.1-10+deb12u5',
      'install sl 5.02-1+b1',
      'remove busybox 1:1.35.0-4',
    ];
    expect(plan.summaries).toEqual([lines.join(', ')]);
    expect(plan.changes[0]!.diff).toEqual({ prepared: lines.join('\n') });
    const { spec } = plan.changes[0]!.detail as { spec: CommandSpec };
    expect(spec.env).toEqual({ LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' });
    expect(spec.script!.replaceAll("'", '')).toContain(`apt-get ${WORDS} install sl\n`);
  });

  test('nothing to do is ok', async () => {
    const plan = await planTask(apt, { name: 'sl' }, around(ended(0, NOTHING)));
    expect(plan).toMatchObject({ changes: [], changed: false });
    expect(plan.resultWith()).toEqual({ cache_updated: false, cache_update_time: 1000 });
  });

  test.each([
    ['E: Unable to locate package sl\n', "No package matching 'sl' is available"],
    ["E: Version '9' for 'sl' was not found\n", 'no available installation candidate for sl=9'],
    ['', 'apt-get ended with exit code 100'],
  ])('a refusal fails before anything is done: %j', async (stderr, failed) => {
    const plan = await planTask(apt, { name: 'sl' }, around(ended(100, '', stderr)));
    expect(plan).toMatchObject({ failed, changes: [] });
  });

  test('a failure of the real run is told', async () => {
    const plan = await planTask(apt, { name: 'sl' }, around(ended(0, SIMULATED)));
    expect(plan.resultWith(ended(100, 'some', 'E: Could not get lock\n'))).toMatchObject({
      failed: true,
      msg: 'Could not get lock',
      rc: 100,
    });
  });

  test('nothing known, nothing said', async () => {
    expect((await planTask(apt, { name: 'sl' }, around(unknown))).changed).toBe(unknown);
  });
});

describe('apt: what Ansible says and does beside it', () => {
  const automatic = [
    installedProbe(['curl', 'libc6']),
    ended(0, `${INSTALLED}libc6\tamd64\ncurl\ti386\n`),
  ] as const;

  test('a package that came by itself and is asked for stays: no change that counts', async () => {
    const plan = await planTask(apt, { name: ['curl', 'libc6'] }, { states: [fresh, automatic] });
    expect(plan).toMatchObject({ changed: false, summaries: ['apt-mark manual curl libc6'] });
  });

  test('one of several copies that somebody asked for is enough', () => {
    const copies = `${INSTALLED}libc6:i386\tlibc6\t2.36-9\tinstalled\nlibc6\ti386\n`;
    expect(readInstalled(copies).get('libc6')!.automatic).toBe(false);
    expect(readInstalled(`${copies}libc6\tamd64\n`).get('libc6')!.automatic).toBe(true);
  });

  test('apt-get itself says so of the newest version', async () => {
    const said = `curl set to manually installed.\n${NOTHING}`;
    const states = [fresh, dpkg('curl'), [command('install', 'curl'), ended(0, said)]] as const;
    const plan = await planTask(apt, { name: 'curl', state: 'latest' }, { states });
    expect(plan).toMatchObject({ changed: false, summaries: ['apt-mark manual curl'] });
  });

  test('a lower bound that no source has', async () => {
    const states = [fresh, dpkg('sl'), [command('install', 'sl'), ended(0, SIMULATED)]] as const;
    const plan = await planTask(apt, { name: 'sl>=5.03' }, { states });
    expect(plan.failed).toBe('no available installation candidate for sl>=5.03');
  });

  test.each([
    [true, { prepared: SIMULATED.split('\n').slice(1, 4).join('\n') }],
    [false, {}],
  ])('differences asked for: %s', async (diffMode, diff) => {
    const plan = await planTask(apt, { name: 'sl' }, { ...around(ended(0, SIMULATED)), diffMode });
    expect(plan.resultWith(ended(0, SIMULATED)).diff).toEqual(diff);
  });

  test('a refusal has the words of apt-get', async () => {
    const words = 'E: Held packages were changed and -y was used without --allow-change-held-packages.';
    const plan = await planTask(apt, { name: 'sl' }, around(ended(100, '', `${words}\n`)));
    expect(plan.resultWith()).toMatchObject({ failed: true, rc: 100, stderr: words });
  });

  test('everything and something more', async () => {
    const plan = await planTask(
      apt,
      { name: '*,sl', state: 'latest' },
      { states: [fresh, dpkg('*', 'sl'), [command('install', '*', 'sl'), ended(0, SIMULATED)]] },
    );
    expect(plan.failed).toContain('unable to install additional packages');
  });

  test('an upgrade has its words as message', async () => {
    const states = [fresh, [command('dist-upgrade'), ended(0, NOTHING)]] as const;
    const plan = await planTask(apt, { upgrade: 'full' }, { states });
    expect(plan.resultWith()).toMatchObject({ msg: NOTHING, rc: 0, diff: {} });
  });

  test.each([
    [{ autoclean: true }, 'Del x 1 [1 kB]\n', true, ['apt-get autoclean']],
    [{ autoclean: true }, 'Reading package lists...\n', false, []],
    [{ autoclean: true, name: 'curl' }, 'Del x 1 [1 kB]\n', false, ['apt-get autoclean']],
    [{ clean: true }, '', false, ['apt-get clean']],
  ])('the cache of package files: %j, %j', async (args, said, changed, summaries) => {
    const states = [fresh, dpkg('curl'), [simulationProbe(AUTOCLEAN), ended(0, said)]] as const;
    const plan = await planTask(apt, args, { states });
    expect(plan).toMatchObject({ changed, summaries });
  });

  test.each([
    ['1.0', '1.0-0', 0],
    ['1.0~rc1-1', '1.0-1', -1],
    ['1:0.9', '2.0', 1],
    ['7.88.1-10+deb12u5', '7.88.1-10', 1],
    ['1.10', '1.9', 1],
    ['1.0a', '1.0+', -1],
    ['2.36-9', '2.36-9', 0],
  ])('%s and %s', (a, b, order) => {
    expect(Math.sign(compareDebianVersions(a, b))).toBe(order);
    expect(Math.sign(compareDebianVersions(b, a))).toBe(order === 0 ? 0 : -order);
  });
});

describe('apt: package lists', () => {
  test.each([
    [{ update_cache: true }, '1000\n1060\n', true],
    [{ update_cache: true, cache_valid_time: 3600 }, '1000\n1060\n', false],
    [{ cache_valid_time: 3600 }, '1000\n9000\n', true],
    [{ cache_valid_time: 3600, update_cache: false }, '1000\n9000\n', false],
    [{ update_cache: true, cache_valid_time: 3600 }, '9000\n', true],
  ])('%j when they were read at %j', async (args, times, updates) => {
    const states = [[cacheProbe, ended(0, times)], dpkg('curl')] as const;
    const plan = await planTask(apt, { name: 'curl', ...args }, { states });
    expect(plan.summaries).toEqual(updates ? ['update package lists'] : []);
    // The packages are as they should be: reading lists alone does not count.
    expect(plan.changed).toBe(false);
  });

  test('are a change by themselves', async () => {
    const plan = await planTask(apt, { update_cache: 'yes' }, { states: [fresh] });
    expect(plan).toMatchObject({ changed: true, summaries: ['update package lists'] });
    expect(plan.resultWith(ended(0, 'Get:1\nlists-of: 2000\n'))).toMatchObject({
      cache_updated: true,
      cache_update_time: 2000,
      changed: true,
      stdout: 'Get:1',
    });
    // The same lists once more.
    expect(plan.resultWith(ended(0, 'Hit:1\nlists-of: 1000\n'))).toMatchObject({
      cache_updated: false,
      changed: false,
      stdout: 'Hit:1',
    });
  });

  test('that cannot be read: every error', async () => {
    const plan = await planTask(apt, { update_cache: true }, { states: [fresh] });
    const stderr = 'W: hm\nE: Failed to fetch http://x  403  Forbidden\nE: x is not signed.\n';
    expect(plan.resultWith(ended(100, 'Err:1\n', stderr))).toMatchObject({
      failed: true,
      msg: 'Failed to update apt cache: E:Failed to fetch http://x  403  Forbidden, E:x is not signed.',
    });
  });

  test.each([
    ['3 upgraded, 0 newly installed, 0 to remove and 1 not upgraded.', true],
    [NOTHING, false],
  ])('after them the real run tells: %s', async (stdout, changed) => {
    const states = [fresh, dpkg('curl')] as const;
    const plan = await planTask(apt, { name: 'curl', state: 'latest', update_cache: true }, { states });
    expect(plan.resultWith(ended(0, stdout)).changed).toBe(changed);
  });

  test.each([
    [{ name: 'sl' }, 'sl', false],
    [{ name: 'curl', state: 'latest' }, 'curl', true],
  ])('a dry run of %j', async (args, name, open) => {
    const states = [fresh, dpkg(name)] as const;
    const plan = await planTask(apt, { ...args, update_cache: true }, { states, checkMode: true });
    expect(isUnknown(plan.changed)).toBe(open);
    if (!open) expect(plan.changed).toBe(true);
  });
});

describe('apt: package files', () => {
  const control = commandOutput({
    argv: ['dpkg-deb', '-W', '--showformat', '${Package}\\t${Version}\\n', '/tmp/x.deb'],
  });
  test.each([
    ['curl\t7.88.1-10\n', 0, []],
    ['curl\t8.0-1\n', 0, ['install curl 8.0-1 from /tmp/x.deb']],
  ])('%j', async (said, rc, summaries) => {
    const states = [fresh, [control, ended(rc, said)], dpkg('curl')] as const;
    expect((await planTask(apt, { deb: '/tmp/x.deb' }, { states })).summaries).toEqual(summaries);
  });

  test('that are none fail', async () => {
    const states = [fresh, [control, ended(2, '', 'dpkg-deb: error: no such file\n')]] as const;
    const plan = await planTask(apt, { deb: '/tmp/x.deb' }, { states });
    expect(plan.failed).toBe('/tmp/x.deb is no package file: dpkg-deb: error: no such file');
  });

  test('from the web travel with the command', async () => {
    const url = 'https://example.org/x.deb';
    const states = [fresh, [httpRequest({ url }), { status: 200, body: Buffer.from('deb') }]] as const;
    const plan = await planTask(apt, { deb: url }, { states });
    const { spec } = plan.changes[0]!.detail as { spec: CommandSpec };
    expect(spec.stdin).toEqual(Buffer.from('deb'));
    expect(plan.resultWith(ended(0, NOTHING)).changed).toBe(false);
  });

  test.each([
    [NOTHING, false],
    [SIMULATED, true],
  ])('from the web are looked into by a dry run: %j', async (said, changed) => {
    const reply = { status: 200, body: Buffer.from('deb') };
    const args = { deb: 'https://example.org/x.deb' };
    const states = [
      fresh,
      [httpRequest({ url: args.deb }), reply],
      [rehearsal(aptParams.parse(args), reply), ended(0, said)],
    ] as const;
    const plan = await planTask(apt, args, { states, checkMode: true, diffMode: false });
    expect(plan.changes).toHaveLength(changed ? 1 : 0);
    expect(plan.resultWith().diff).toEqual(changed ? {} : '');
  });
});

test('steps and counts are read', () => {
  expect(readSteps(SIMULATED).map(({ act, name }) => `${act} ${name}`)).toEqual([
    'upgrade curl',
    'install sl',
    'remove busybox',
  ]);
  expect(
    touchedPackages('0 upgraded, 0 newly installed, 1 downgraded, 0 to remove and 4 not upgraded.'),
  ).toBe(true);
  expect(touchedPackages('nothing of the kind')).toBeUndefined();
});

test.each([
  [{ name: 'x', state: 'instaled' }, /must be one of/],
  [{ upgrade: 'all' }, /must be one of/],
  [{ name: 'x', pkg: 'y' }, /given twice/],
  [{ policy_rc_d: 1 }, /can only be 101/],
])('apt refuses %j', async (args, message) => {
  await expect(planTask(apt, args)).rejects.toThrow(message);
});
