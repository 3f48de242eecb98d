import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deviceFacts, lvmFacts } from '../../src/resources/facts/devices.ts';
import { distributionFacts } from '../../src/resources/facts/distribution.ts';
import { networkFacts } from '../../src/resources/facts/network.ts';
import { pythonFacts } from '../../src/resources/facts/python.ts';
import { RawFacts } from '../../src/resources/facts/raw.ts';
import { facts } from '../../src/resources/index.ts';
import { SHELLS, testHost } from './host.ts';

type Facts = Record<string, unknown>;

/** Facts that change from moment to moment, or depend on who asks and how. */
const MOVING = [
  'date_time',
  'env',
  'loadavg',
  'memfree_mb',
  'memory_mb',
  'mounts',
  'uptime_seconds',
  'swapfree_mb',
];
/** Its spelling of capabilities is that of capsh, as it comes. */
const NOT_OURS = /^system_capabilities.*$/;

describe('facts', () => {
  it('are what ansible-core says of this machine', async () => {
    const host = await testHost('dash');
    const ours = await host.ask(facts());
    const text = execFileSync('ansible', ['localhost', '-m', 'setup'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const theirs = JSON.parse(text.slice(text.indexOf('{'))).ansible_facts as Facts;
    const differing: string[] = [];
    for (const [name, value] of Object.entries(theirs)) {
      const plain = name.replace(/^ansible_/, '');
      if (MOVING.includes(plain) || NOT_OURS.test(plain)) continue;
      if (JSON.stringify(sorted(ours[plain])) !== JSON.stringify(sorted(value)))
        differing.push(`${plain}: ${JSON.stringify(value)} against ${JSON.stringify(ours[plain])}`);
    }
    expect(differing).toEqual([]);
    for (const name of MOVING) expect(keys(ours[name]), name).toEqual(keys(theirs[`ansible_${name}`]));
    const [mine, reference] = [ours, theirs].map((all) => (all.mounts ?? all.ansible_mounts) as Facts[]);
    expect(mine!.map(({ mount, device, fstype }) => [mount, device, fstype])).toEqual(
      reference!.map(({ mount, device, fstype }) => [mount, device, fstype]),
    );
  });

  it.each(SHELLS)('are the same under %s', async (shell) => {
    const host = await testHost(shell);
    const reference = await testHost('dash');
    const [mine, dash] = await Promise.all([host.ask(facts()), reference.ask(facts())]);
    const names = [
      'distribution',
      'distribution_version',
      'os_family',
      'hostname',
      'kernel',
      'architecture',
      'default_ipv4',
      'interfaces',
      'memtotal_mb',
      'processor',
      'user_id',
      'user_dir',
      'dns',
      'cmdline',
      'virtualization_type',
      'service_mgr',
      'all_ipv4_addresses',
    ];
    for (const name of names) expect(mine[name], name).toEqual(dash[name]);
    expect((mine.date_time as Facts).iso8601_micro).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(mine.python).toEqual(dash.python);
    expect(mine.devices).toEqual(dash.devices);
  });

  it('of the place itself come from files: INI, JSON, programs', async () => {
    const host = await testHost('dash');
    const put = (name: string, text: string) => writeFileSync(join(host.root, name), text);
    put('ini.fact', '[General]\nKey One = a = b\nother: x\n; note\n[empty]\n');
    put('json.fact', '{"a": [1, {"b": null}]}');
    put('run.fact', '#!/bin/sh\necho "{\\"who\\": \\"me\\"}"\n');
    put('broken.fact', 'nonsense');
    put('failing.fact', '#!/bin/sh\necho no wheel >&2\necho no oil >&2\nexit 3\n');
    put('loud.fact', '#!/bin/sh\necho beware >&2\necho 7\n');
    put('parts.fact', '[DEFAULT]\nbase = /srv\n[web]\nroot: %(base)s/www\nmotd = 100%%\n  sure\n');
    put('twice.fact', '[a]\nb=1\nB=2\n');
    symlinkSync(join(host.root, 'nowhere'), join(host.root, 'gone.fact'));
    put('not a fact', 'x');
    for (const name of ['run.fact', 'failing.fact', 'loud.fact']) chmodSync(join(host.root, name), 0o755);
    const { local } = await host.ask(facts(['all'], host.root));
    expect(local).toEqual({
      ini: { General: { 'key one': 'a = b', other: 'x' }, empty: {} },
      json: { a: [1, { b: null }] },
      run: { who: 'me' },
      broken: `error loading facts as JSON or ini - please check content: ${host.root}/broken.fact`,
      failing: `Failure executing fact script (${host.root}/failing.fact), rc: 3, err: no wheel\nno oil`,
      loud: 7,
      parts: { web: { base: '/srv', root: '/srv/www', motd: '100%\nsure' } },
      twice: `error loading facts as JSON or ini - please check content: ${host.root}/twice.fact`,
      gone: `Could not stat fact (${host.root}/gone.fact): [Errno 2] No such file or directory: '${host.root}/gone.fact'`,
    });
  });
});

describe('gather_subset', () => {
  const keysOf = async (subset: readonly string[]) => {
    const host = await testHost('dash');
    const { gather_subset: told, ...gathered } = await host.ask(facts(subset, host.root));
    expect(told).toEqual(subset);
    return Object.keys(gathered);
  };

  it.each([
    [
      ['!all'],
      ['distribution', 'user_id', 'local'],
      ['mounts', 'interfaces', 'virtualization_type', 'loadavg'],
    ],
    [['!all', '!min'], [], ['distribution', 'env', 'mounts']],
    [
      ['!all', '!min', 'virtual'],
      ['virtualization_type', 'virtualization_tech_host'],
      ['distribution', 'env'],
    ],
    [
      ['!all', '!min', 'service_mgr'],
      ['service_mgr', 'distribution', 'kernel'],
      ['user_id', 'pkg_mgr'],
    ],
    [
      ['!all', '!min', 'mounts'],
      ['mounts', 'processor_vcpus', 'kernel'],
      ['distribution', 'interfaces'],
    ],
    [['network'], ['default_ipv4', 'lo', 'user_id'], ['mounts']],
    [['!hardware'], ['user_id'], ['mounts', 'interfaces']],
    [
      ['all', '!network'],
      ['mounts', 'user_id'],
      ['interfaces', 'lo'],
    ],
    [['all', '!local'], ['mounts'], ['local']],
  ])('%j', async (subset, there, missing) => {
    const names = await keysOf(subset);
    for (const name of there) expect(names).toContain(name);
    for (const name of missing) expect(names).not.toContain(name);
  });

  it('starts no program of the place when local facts are not wanted', async () => {
    const host = await testHost('dash');
    const proof = join(host.root, 'started');
    writeFileSync(join(host.root, 'x.fact'), `#!/bin/sh\ntouch ${proof}\necho {}\n`, { mode: 0o755 });
    await host.ask(facts(['all', '!local'], host.root));
    expect(existsSync(proof)).toBe(false);
    await host.ask(facts(['!all', '!min', 'local'], host.root));
    expect(existsSync(proof)).toBe(true);
  });
});

describe('what other machines show', () => {
  const raw = (parts: Readonly<Record<string, string>>) =>
    new RawFacts(
      Object.entries(parts)
        .map(([name, text]) => `\n#t ${name}\n${text}`)
        .join(''),
      't',
    );

  it('disks with partitions, links and holders', () => {
    const files = [
      '/sys/block/sda/size:2097152',
      '/sys/block/sda/removable:0',
      '/sys/block/sda/queue/rotational:1',
      '/sys/block/sda/queue/scheduler:none [bfq]',
      '/sys/block/sda/queue/logical_block_size:512',
      '/sys/block/sda/device/vendor:ATA     ',
      '/sys/block/sda/sda1/start:2048',
      '/sys/block/sda/sda1/size:1048576',
      '/sys/block/dm-0/size:1024',
      '/sys/block/dm-0/dm/name:vg-root',
    ];
    const { devices, device_links } = deviceFacts(
      raw({
        files: files.join('\n'),
        holders: '/sys/block/sda/sda1/holders/dm-0\n/sys/block/dm-0/slaves/sda1',
        uuids: 'lrwxrwxrwx 1 root root 10 Jan 1 00:00 12-ab -> ../../sda1',
        labels: 'lrwxrwxrwx 1 root root 10 Jan 1 00:00 my\\x20disk -> ../../sda1',
      }),
    ) as { devices: Record<string, Facts>; device_links: Facts };
    expect(devices.sda).toMatchObject({
      vendor: 'ATA',
      size: '1.00 GB',
      scheduler_mode: 'bfq',
      rotational: '1',
      holders: [],
    });
    expect(devices.sda?.partitions).toEqual({
      sda1: {
        start: '2048',
        sectors: '1048576',
        sectorsize: 512,
        size: '512.00 MB',
        uuid: '12-ab',
        links: { ids: [], uuids: ['12-ab'], labels: ['my disk'], masters: ['dm-0'] },
        holders: ['vg-root'],
      },
    });
    expect(device_links).toMatchObject({ uuids: { sda1: ['12-ab'] }, masters: { sda1: ['dm-0'] } });
  });

  it('volume groups', () => {
    const said = {
      vgs: '  data,1,2,10.00,4.00\n',
      lvs: '  root,data,5.00\n  log,data,1.00\n',
      pvs: '  /dev/sdb,data,10.00,4.00\n',
    };
    expect(lvmFacts(raw(said))).toEqual({
      lvm: {
        vgs: { data: { size_g: '10.00', free_g: '4.00', num_lvs: '2', num_pvs: '1' } },
        lvs: { root: { size_g: '5.00', vg: 'data' }, log: { size_g: '1.00', vg: 'data' } },
        pvs: { '/dev/sdb': { size_g: '10.00', free_g: '4.00', vg: 'data' } },
      },
    });
    expect(lvmFacts(raw({}))).toEqual({ lvm: 'N/A' });
  });

  it('bridges and bonds', () => {
    const files = [
      '/sys/class/net/br0/bridge/bridge_id:8000.1',
      '/sys/class/net/br0/bridge/stp_state:1',
      '/sys/class/net/br0/address:aa:bb',
      '/sys/class/net/bond0/address:cc:dd',
      '/sys/class/net/bond0/bonding/mode:802.3ad 4',
      '/sys/class/net/bond0/bonding/slaves:eth0 eth1',
      '/sys/class/net/bond0/bonding/miimon:100',
      '/sys/class/net/bond0/bonding/lacp_rate:fast 1',
    ];
    const found = networkFacts(raw({ files: files.join('\n'), netlinks: '/sys/class/net/br0/brif/eth2' }));
    expect(found.br0).toMatchObject({ type: 'bridge', interfaces: ['eth2'], id: '8000.1', stp: true });
    expect(found.bond0).toMatchObject({
      type: 'bonding',
      slaves: ['eth0', 'eth1'],
      mode: '802.3ad',
      lacp_rate: 'fast',
    });
  });

  it('no Python', () => expect(pythonFacts(raw({ python: '' }))).toEqual({}));
});

describe('distributions', () => {
  const TABLE: [string, string, Facts][] = [
    [
      'Debian',
      'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm',
      { distribution: 'Debian', distribution_major_version: '12', os_family: 'Debian' },
    ],
    [
      'Ubuntu',
      'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\nVERSION_CODENAME=noble',
      {
        distribution: 'Ubuntu',
        distribution_version: '24.04',
        distribution_minor_version: '04',
        distribution_release: 'noble',
        os_family: 'Debian',
      },
    ],
    [
      'Rocky',
      'ID="rocky"\nVERSION="9.4 (Blue Onyx)"\nVERSION_ID="9.4"\nID_LIKE="rhel centos fedora"',
      {
        distribution: 'Rocky',
        distribution_major_version: '9',
        distribution_release: 'Blue Onyx',
        os_family: 'RedHat',
      },
    ],
    [
      'RHEL',
      'ID="rhel"\nVERSION="8.6 (Ootpa)"\nVERSION_ID="8.6"',
      { distribution: 'RedHat', distribution_release: 'Ootpa', os_family: 'RedHat' },
    ],
    [
      'Alpine',
      'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.1',
      {
        distribution: 'Alpine',
        distribution_version: '3.20.1',
        distribution_major_version: '3',
        os_family: 'Alpine',
      },
    ],
    ['SLES', 'ID="sles"\nVERSION_ID="15.5"\nID_LIKE="suse"', { distribution: 'SLES', os_family: 'Suse' }],
    [
      'an unknown child',
      'NAME="My OS"\nID=myos\nID_LIKE="ubuntu debian"\nVERSION_ID="1"',
      { distribution: 'My OS', os_family: 'Debian' },
    ],
    ['nothing', '', { distribution: 'Linux', os_family: 'Linux' }],
  ];
  it.each(TABLE)('%s', (_, release, wanted) => {
    const lines = release.split('\n').map((line) => `/etc/os-release:${line}`);
    const raw = new RawFacts(`\n#t files\n${release === '' ? '' : lines.join('\n')}\n`, 't');
    expect(distributionFacts(raw, 'Linux')).toMatchObject(wanted);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, sorted(item)]),
  );
}

function keys(value: unknown): unknown {
  const entry = Array.isArray(value) ? value[0] : value;
  // The environment of a program that ansible started is not that of a shell that we started.
  if (typeof entry !== 'object' || entry === null || 'PATH' in entry) return typeof entry;
  return Object.keys(entry).sort();
}
