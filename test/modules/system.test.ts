import { describe, expect, test } from 'vitest';
import authorizedKey from '../../src/modules/authorized_key/index.ts';
import { readKey, withKeys, writeKey } from '../../src/modules/authorized_key/keys.ts';
import getent from '../../src/modules/getent/index.ts';
import hostname from '../../src/modules/hostname/index.ts';
import type { Module } from '../../src/modules/index.ts';
import modprobe from '../../src/modules/modprobe/index.ts';
import { withMount } from '../../src/modules/mount/fstab.ts';
import mount from '../../src/modules/mount/index.ts';
import packageFacts from '../../src/modules/package_facts/index.ts';
import serviceFacts from '../../src/modules/service_facts/index.ts';
import { withSetting } from '../../src/modules/sysctl/file.ts';
import sysctl from '../../src/modules/sysctl/index.ts';
import {
  commandOutput,
  fileContent,
  fileState,
  type Observed,
  type Probe,
  userState,
} from '../../src/resources/index.ts';
import { ended, planTask, unknown } from './task-plan.ts';

const nothing: Observed = { get: () => undefined };
/** The questions that a module asks first. */
function asked<Params>(module: Module<Params>, args: object): readonly Probe[] {
  return module.needs!(module.params.parse(args), nothing, {} as never) as readonly Probe[];
}
const file = (path: string, text: string) => ({
  path,
  type: 'file',
  mode: 0o644,
  size: text.length,
  bytes: Buffer.from(text),
  sha256: 'x',
});
const absent = (path: string) => ({ path, type: 'absent', parent: 'directory', umask: 0o22 });

describe('getent', () => {
  test.each([
    [
      { database: 'passwd', key: 'a' },
      ended(0, 'a:x:1:2::/:/bin/sh\n'),
      { a: ['x', '1', '2', '', '/', '/bin/sh'] },
    ],
    [
      { database: 'hosts' },
      ended(0, '::1   localhost me\n::1 other\n'),
      { '::1': ['localhost', 'me', 'other'] },
    ],
    [{ database: 'services', key: 'x', split: '/' }, ended(0, 'x  1/tcp\n'), { 'x  1': ['tcp'] }],
    [{ database: 'group', key: 'no', fail_key: false }, ended(2), { no: null }],
  ])('%j', async (args, said, entries) => {
    const plan = await planTask(getent, args, { states: [[asked(getent, args)[0]!, said]] });
    expect(plan.resultWith().ansible_facts).toEqual({ [`getent_${args.database}`]: entries });
  });

  test.each([
    [ended(2), /could not be found/],
    [ended(1, '', 'Unknown database'), /database unknown/],
    [ended(3), /Enumeration not supported/],
  ])('%# fails', async (said, failed) => {
    const args = { database: 'group', key: 'no' };
    const plan = await planTask(getent, args, { states: [[asked(getent, args)[0]!, said]] });
    expect(plan.failed).toMatch(failed);
  });
});

describe('hostname', () => {
  const states = (running: string, kept: unknown) =>
    [
      [commandOutput({ argv: ['uname', '-n'] }), ended(0, `${running}\n`)],
      [fileContent('/etc/hostname', { follow: true }), kept],
    ] as const;
  test.each([
    ['web1', file('/etc/hostname', 'web1\n'), 0],
    ['old', file('/etc/hostname', 'web1\n'), 1],
    ['web1', file('/etc/hostname', 'old\n'), 1],
    ['old', absent('/etc/hostname'), 2],
  ])('running %s', async (running, kept, changes) => {
    const plan = await planTask(hostname, { name: 'web1' }, { states: states(running, kept) });
    expect(plan.changes).toHaveLength(changes);
  });

  test('its facts have the domain', async () => {
    const around = { states: states('x', absent('/etc/hostname')) };
    const plan = await planTask(hostname, { name: 'web1.example.org' }, around);
    expect(plan.resultWith(ended(0)).ansible_facts).toEqual({
      ansible_hostname: 'web1',
      ansible_nodename: 'web1.example.org',
      ansible_fqdn: 'web1.example.org',
      ansible_domain: 'example.org',
    });
    await expect(planTask(hostname, { name: 'a b' }, around)).rejects.toThrow(/is no host name/);
  });
});

describe('sysctl', () => {
  test.each([
    ['', 'a.b', '1', 'a.b=1\n'],
    ['# c\na.b = 1\n', 'a.b', '1', '# c\na.b = 1\n'],
    ['a.b=0\nc=2\n', 'a.b', '1', 'a.b=1\nc=2\n'],
    ['a.b=0\na.b=5\n', 'a.b', '1', 'a.b=1\n'],
    ['a.b=0\nc=2\n', 'a.b', undefined, 'c=2\n'],
    ['#a.b=0\n', 'a.b', '1', '#a.b=0\na.b=1\n'],
    ['p = 1  2\t3\n', 'p', '1 2 3', 'p = 1  2\t3\n'],
  ])('%j with %s=%s', (text, name, value, after) => {
    expect(withSetting(text, name, value)).toBe(after);
  });

  const table = fileContent('/etc/sysctl.conf', { follow: true });
  const running = commandOutput({ argv: ['sysctl', '-e', '-n', 'a.b'] });
  test.each([
    [{}, 'a.b=0\n', [expect.any(String), 'run sysctl -p /etc/sysctl.conf']],
    [{ reload: false }, 'a.b=0\n', [expect.any(String)]],
    [{ sysctl_set: true }, 'a.b=1\n', ['run sysctl -w a.b=1']],
    [{ sysctl_set: true, ignoreerrors: true }, 'a.b=1\n', ['run sysctl -e -w a.b=1']],
    [{}, 'a.b=1\n', []],
  ])('%j', async (args, text, summaries) => {
    const states = [
      [table, file('/etc/sysctl.conf', text)],
      [running, ended(0, '0\n')],
    ] as const;
    expect((await planTask(sysctl, { name: 'a.b', value: '1', ...args }, { states })).summaries).toEqual(
      summaries,
    );
  });

  test.each([
    ['yes', '1'],
    [true, '1'],
    ['Off', '0'],
    [' 5\t6 ', '5\t6'],
    ['1 yes', '1 yes'],
  ])('the value %j is written as %s', async (value, written) => {
    const states = [[table, file('/etc/sysctl.conf', '')]] as const;
    const plan = await planTask(sysctl, { name: ' a.b ', value, reload: false }, { states });
    expect(JSON.stringify(plan.changes[0]!.diff)).toContain(JSON.stringify(`a.b=${written}\n`).slice(1, -1));
  });

  test.each([{ name: ' ', value: '1' }, { name: 'a.b', value: ' ' }, { name: 'a.b' }])(
    'refuses %j',
    async (args) => {
      await expect(planTask(sysctl, args)).rejects.toThrow(/must not be empty|needs the parameter/);
    },
  );
});

describe('authorized_key', () => {
  const key = (data: string, comment = '', options = '') => ({ options, kind: 'ssh-ed25519', data, comment });
  test.each([
    ['ssh-ed25519 AAAA me too', key('AAAA', 'me too')],
    ['no-pty,command="a \\"b\\" c" ssh-ed25519 AAAA', key('AAAA', '', 'no-pty,command="a \\"b\\" c"')],
    ['# ssh-ed25519 AAAA', undefined],
    ['', undefined],
    ['hello world', undefined],
  ])('%s', (line, read) => {
    expect(readKey(line)).toEqual(read);
    if (read) expect(writeKey(read)).toBe(line);
  });

  const old = '# c\nssh-ed25519 AAAA me\nssh-ed25519 BBBB\n';
  test.each([
    [[key('AAAA', 'me')], true, false, old],
    [[key('CCCC')], true, false, `${old}ssh-ed25519 CCCC \n`],
    [[key('CCCC', 'new')], true, false, `${old}ssh-ed25519 CCCC new\n`],
    [[key('AAAA', 'other')], true, false, '# c\nssh-ed25519 BBBB\nssh-ed25519 AAAA other\n'],
    [[key('AAAA', 'me')], true, true, 'ssh-ed25519 AAAA me\n'],
    [[], true, true, ''],
    [[key('AAAA', 'x'), key('BBBB')], false, false, '# c\n'],
    [[key('CCCC')], false, false, old],
  ])('%j, present %s, exclusive %s', (keys, present, exclusive, after) => {
    expect(withKeys(old, { keys, present, exclusive })).toBe(after);
  });

  const home = (exists: boolean) =>
    [userState('ann'), { name: 'ann', exists, home: '/home/ann', group: 'ann' }] as const;
  const path = '/home/ann/.ssh/authorized_keys';
  const folder = [fileState('/home/ann/.ssh', { checksum: false }), absent('/home/ann/.ssh')] as const;
  const behind = [
    fileState('/home/ann/.ssh', { checksum: false, follow: true }),
    absent('/home/ann/.ssh'),
  ] as const;

  const none = [
    home(true),
    folder,
    behind,
    [fileContent(path, { follow: true }), { ...absent(path), parent: 'absent' }],
  ] as const;

  test('makes the folder and the file with the right owner', async () => {
    const plan = await planTask(authorizedKey, { user: 'ann', key: 'ssh-ed25519 AAAA' }, { states: none });
    expect(plan.summaries).toEqual([
      expect.stringContaining('0700 ann:ann'),
      expect.stringContaining('0600 ann:ann'),
    ]);
  });

  test('no key makes no file, and a file that has the keys keeps its owner and mode', async () => {
    const args = { user: 'ann', key: '# none yet', exclusive: true };
    expect((await planTask(authorizedKey, args, { states: none })).changes).toEqual([]);
    const open = { path: '/home/ann/.ssh', type: 'directory', mode: 0o755, uid: 0 } as const;
    const there = [
      home(true),
      [folder[0], open],
      [fileContent(path, { follow: true }), file(path, 'ssh-ed25519 AAAA\n')],
    ] as const;
    const same = await planTask(authorizedKey, { user: 'ann', key: 'ssh-ed25519 AAAA' }, { states: there });
    expect(same.changes).toEqual([]);
    const more = await planTask(authorizedKey, { user: 'ann', key: 'ssh-ed25519 BBBB' }, { states: there });
    expect(more.changes.map(({ key }) => key)).toEqual(['file:/home/ann/.ssh', `file:${path}`]);
  });

  test('a link gives way to a file with its keys and the new one', async () => {
    const states = [
      home(true),
      [folder[0], { path: '/home/ann/.ssh', type: 'directory', mode: 0o700, owner: 'ann', group: 'ann' }],
      [fileContent(path, { follow: true }), { ...file(path, 'ssh-ed25519 AAAA\n'), realPath: '/etc/keys' }],
      [fileState(path, { checksum: false }), { path, type: 'link', target: '/etc/keys' }],
    ] as const;
    const args = { user: 'ann', key: 'ssh-ed25519 BBBB' };
    const plan = await planTask(authorizedKey, args, { states });
    expect(plan.changes.map(({ key }) => key)).toEqual([`file:${path}`]);
    expect(plan.changes[0]?.diff).toMatchObject({ after: expect.stringContaining('AAAA') });
    const followed = await planTask(authorizedKey, { ...args, follow: true }, { states });
    expect(followed.changes.map(({ key }) => key)).toEqual(['file:/etc/keys']);
  });

  test('without manage_dir, a missing folder is made as it comes', async () => {
    const nowhere = { ...absent(path), parent: 'absent' } as const;
    const states = [home(true), folder, behind, [fileContent(path, { follow: true }), nowhere]] as const;
    const args = { user: 'ann', key: 'ssh-ed25519 BBBB', manage_dir: false };
    const plan = await planTask(authorizedKey, args, { states });
    expect(plan.summaries[0]).toMatch(/\.ssh$/);
    expect(plan.changes).toHaveLength(2);
  });

  test('where there is no file, no key has to go', async () => {
    const args = { user: 'ann', key: 'ssh-ed25519 AAAA', state: 'absent' };
    const plan = await planTask(authorizedKey, args, { states: none });
    expect([plan.changes, plan.failed, plan.resultWith().state]).toEqual([[], undefined, 'absent']);
  });

  test.each([
    [{ key: 'nonsense' }, true, 'invalid key specified: nonsense'],
    [{ key: 'ssh-ed25519 AAAA' }, false, 'Failed to lookup user ann: there is no such user'],
  ])('%j fails', async (args, exists, failed) => {
    const states = [
      home(exists),
      folder,
      behind,
      [fileContent(path, { follow: true }), absent(path)],
    ] as const;
    expect((await planTask(authorizedKey, { user: 'ann', ...args }, { states })).failed).toBe(failed);
  });
});

describe('mount', () => {
  const entry = {
    src: '/dev/sdb1',
    path: '/srv/my data',
    fstype: 'ext4',
    opts: 'rw',
    dump: '0',
    passno: '2',
  };
  const line = '/dev/sdb1 /srv/my\\040data ext4 rw 0 2\n';
  test.each([
    ['', entry, line],
    [
      '# c\n/dev/sdb1\t/srv/my\\040data  ext4 rw 0 2\n',
      entry,
      '# c\n/dev/sdb1\t/srv/my\\040data  ext4 rw 0 2\n',
    ],
    ['/dev/old /srv/my\\040data ext3 ro\nx /y z\n', entry, `${line}x /y z\n`],
    [`x /y z\n${line}`, undefined, 'x /y z\n'],
  ])('fstab %j', (text, wanted, after) => {
    expect(withMount(text, '/srv/my data', wanted)).toBe(after);
  });

  const areas = '/dev/a none swap sw 0 0\n/swap none swap sw 0 0\n';
  test.each([
    ['/swap', '/dev/a none swap sw 0 0\n'],
    ['/other', areas],
    [undefined, ''],
  ])('takes out the swap area %j', (src, after) => {
    expect(withMount(areas, 'none', undefined, src)).toBe(after);
  });

  test.each(['none', 'swap'])('an entry at %s has no folder', async (path) => {
    const args = { path, src: '/swap', fstype: 'swap', opts: 'sw', state: 'present' };
    const states = [
      [fileContent('/etc/fstab', { follow: true }), file('/etc/fstab', '')],
      [commandOutput({ argv: ['cat', '/proc/self/mounts'] }), ended(0, '')],
    ] as const;
    const plan = await planTask(mount, args, { states });
    expect(plan.changes.map(({ key }) => key)).toEqual(['file:/etc/fstab']);
    await expect(planTask(mount, { ...args, state: 'mounted' })).rejects.toThrow(/needs a folder/);
  });

  const fstab = fileContent('/etc/fstab', { follow: true });
  const mounts = commandOutput({ argv: ['cat', '/proc/self/mounts'] });
  const point = fileState('/srv/d', { checksum: false, follow: true });
  const folder = { path: '/srv/d', type: 'directory', mode: 0o755 };
  const here = '/dev/sdb1 /srv/d ext4 rw 0 0\n';
  test.each([
    ['mounted', '', '', absent('/srv/d'), ['mkdir', 'run mount -t ext4 -o rw /dev/sdb1 /srv/d', 'fstab']],
    ['mounted', here, here, folder, []],
    ['mounted', '/dev/sdb1 /srv/d ext4 ro 0 0\n', here, folder, ['mount -o remount,rw /srv/d', 'fstab']],
    ['present', '', '', folder, ['fstab']],
    ['unmounted', here, here, folder, ['run umount /srv/d']],
    ['unmounted', here, '', folder, []],
    ['absent', here, here, folder, ['fstab', 'run umount /srv/d', 'remove the folder /srv/d']],
    ['absent', '', '', absent('/srv/d'), []],
    ['absent_from_fstab', here, here, folder, ['fstab']],
    ['remounted', here, here, folder, ['run mount -o remount,rw /srv/d']],
    ['ephemeral', '', '', folder, ['run mount -t ext4 -o rw /dev/sdb1 /srv/d']],
  ])('%s with fstab %j, mounts %j', async (state, table, mounted, at, summaries) => {
    const states = [
      [fstab, file('/etc/fstab', table)],
      [mounts, ended(0, mounted)],
      [point, at],
    ] as const;
    const args = { path: '/srv/d', src: '/dev/sdb1', fstype: 'ext4', opts: 'rw', state };
    const plan = await planTask(mount, args, { states });
    const short = plan.changes.map(({ key, summary }) =>
      key === 'file:/etc/fstab' ? 'fstab' : key === 'file:/srv/d' ? 'mkdir' : summary,
    );
    expect(short).toEqual(summaries);
  });

  test('says what it needs', async () => {
    await expect(planTask(mount, { path: '/x', state: 'mounted' })).rejects.toThrow(/needs src and fstype/);
  });
});

describe('modprobe', () => {
  const around = (loaded: boolean, persistent: boolean) => ({
    states: [
      [asked(modprobe, { name: 'br_netfilter' })[0]!, ended(0, loaded ? 'yes\n' : '')],
      [
        fileContent('/etc/modules-load.d/br_netfilter.conf'),
        persistent
          ? file('/etc/modules-load.d/br_netfilter.conf', 'br_netfilter\n')
          : absent('/etc/modules-load.d/x'),
      ],
      [fileContent('/etc/modprobe.d/br_netfilter.conf'), absent('/etc/modprobe.d/br_netfilter.conf')],
    ] as const,
  });
  test.each([
    [{}, true, 0],
    [{}, false, 1],
    [{ state: 'absent' }, true, 1],
    [{ state: 'absent' }, false, 0],
    [{ persistent: 'present' }, true, 1],
    [{ persistent: 'present', params: 'a=1' }, true, 2],
    [{ persistent: 'absent' }, true, 0],
  ])('%j when loaded: %s', async (args, loaded, changes) => {
    const plan = await planTask(modprobe, { name: 'br_netfilter', ...args }, around(loaded, false));
    expect(plan.changes).toHaveLength(changes);
  });

  test.each(['present', 'absent'])('%s fails on a kernel without loadable modules', async (state) => {
    const [probe] = asked(modprobe, { name: 'dummy' });
    const plan = await planTask(modprobe, { name: 'dummy', state }, { states: [[probe!, ended(3, '')]] });
    expect(plan.changes).toEqual([]);
    expect(plan.failed).toContain('/proc/modules');
  });
});

describe('facts', () => {
  test('of services', async () => {
    const said = [
      'units',
      'cron.service loaded active running Regular jobs',
      'boot.service loaded active exited Boot',
      'bad.service loaded failed failed Bad',
      'gone.service not-found inactive dead gone',
      'files',
      'cron.service enabled enabled',
      'getty@.service enabled enabled',
      'off.service disabled enabled',
      '',
    ];
    const plan = await planTask(
      serviceFacts,
      {},
      { states: [[asked(serviceFacts, {})[0]!, ended(0, said.join('\n'))]] },
    );
    const { services } = plan.resultWith().ansible_facts as {
      services: Record<string, { state: string; status: string }>;
    };
    const short = Object.entries(services).map(([name, { state, status }]) => [name, state, status]);
    expect(short).toEqual([
      ['cron.service', 'running', 'enabled'],
      ['boot.service', 'stopped', 'unknown'],
      ['bad.service', 'stopped', 'failed'],
      ['gone.service', 'stopped', 'not-found'],
      ['getty@.service', 'unknown', 'enabled'],
      ['off.service', 'inactive', 'disabled'],
    ]);
  });

  test('init scripts have a state and no status', async () => {
    const said = ended(0, 'sysv ssh running\nsysv cron stopped\n');
    const plan = await planTask(serviceFacts, {}, { states: [[asked(serviceFacts, {})[0]!, said]] });
    expect(plan.resultWith().ansible_facts).toEqual({
      services: {
        ssh: { name: 'ssh', state: 'running', source: 'sysv' },
        cron: { name: 'cron', state: 'stopped', source: 'sysv' },
      },
    });
  });

  /** What the package manager says of packages, and apt of archives. */
  const installed = (packages: unknown, policies = '') => {
    const [list, origins] = asked(packageFacts, {});
    return [
      [list!, packages],
      [origins!, ended(0, policies)],
    ] as const;
  };
  const said = ended(
    0,
    'apt\tinstalled\tbash\t5.2-1\tamd64\tshells\napt\tconfig-files\tnano\t7\tamd64\teditors\nrpm\tinstalled\tgpg\t1\tx86_64\t2.el9\t(none)\n',
  );
  test.each([
    [{}, ['bash']],
    [{ manager: 'rpm' }, ['gpg']],
    [{ manager: 'dnf' }, ['gpg']],
    [{ strategy: 'all' }, ['bash', 'gpg']],
  ])('of packages %j', async (args, names) => {
    const plan = await planTask(packageFacts, args, { states: [...installed(said)] });
    const { packages } = plan.resultWith().ansible_facts as { packages: object };
    expect(Object.keys(packages)).toEqual(names);
  });

  test('of Debian packages tell the origin of the archive that has the installed version', async () => {
    const policies = `Package files:
 100 /var/lib/dpkg/status
     release a=now
 500 http://deb.example/debian stable/main amd64 Packages
     release v=12,o=Example,a=stable,n=stable,l=Example,c=main,b=amd64
     origin deb.example
Pinned packages:
packages:
bash:
  Installed: 5.2-1
  Version table:
     5.2-2 500
        500 http://deb.example/debian stable/main amd64 Packages
 *** 5.2-1 ORDER
`;
    const archive = '        500 http://deb.example/debian stable/main amd64 Packages\n';
    const own = '        100 /var/lib/dpkg/status\n';
    const originWith = async (places: string) => {
      const states = installed(said, `${policies}${places}nano:\n  Installed: 7\n`);
      const { packages } = (await planTask(packageFacts, {}, { states })).resultWith().ansible_facts as {
        packages: Record<string, { origin: string }[]>;
      };
      return packages.bash![0]!.origin;
    };
    expect(await originWith(archive + own)).toBe('Example');
    expect(await originWith(own)).toBe('');
  });

  test('nothing known, nothing said', async () => {
    const states = installed(unknown);
    expect((await planTask(packageFacts, {}, { states })).changed).toBe(unknown);
  });
});
