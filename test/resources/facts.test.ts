import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { distributionFacts } from '../../src/resources/facts/distribution.ts';
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
/** What ansible-core gathers and we do not: devices, storage networks, Python itself; and its own spelling of capabilities. */
const NOT_OURS =
  /^(devices|device_links|python.*|selinux_python_present|fibre_channel_wwn|iscsi_iqn|hostnqn|lvm|is_chroot|form_factor|virtualization_tech_.*|system_capabilities.*|.*_pciid)$/;

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
      if (MOVING.includes(plain) || NOT_OURS.test(plain) || plain === 'fqdn' || plain === 'domain') continue;
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
    expect(mine).not.toHaveProperty('python');
  });

  it('of the place itself come from files: INI, JSON, programs', async () => {
    const host = await testHost('dash');
    const put = (name: string, text: string) => writeFileSync(join(host.root, name), text);
    put('ini.fact', '[General]\nKey One = a = b\nother: x\n; note\n[empty]\n');
    put('json.fact', '{"a": [1, {"b": null}]}');
    put('run.fact', '#!/bin/sh\necho "{\\"who\\": \\"me\\"}"\n');
    put('broken.fact', 'nonsense');
    put('failing.fact', '#!/bin/sh\nexit 3\n');
    put('not a fact', 'x');
    for (const name of ['run.fact', 'failing.fact']) chmodSync(join(host.root, name), 0o755);
    const { local } = await host.ask(facts(['all'], host.root));
    expect(local).toEqual({
      ini: { General: { 'key one': 'a = b', other: 'x' }, empty: {} },
      json: { a: [1, { b: null }] },
      run: { who: 'me' },
      broken: 'error loading facts as JSON or ini - please check content: broken.fact',
      failing: 'Failure executing fact script (failing.fact), rc: 3',
    });
  });
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
      // Speed and bus number of network cards are asked elsewhere.
      .filter(([name]) => name !== 'pciid' && name !== 'speed')
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
