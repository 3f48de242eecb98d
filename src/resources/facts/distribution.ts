import type { RawFacts } from './raw.ts';

/** os-release's ID to the name that Ansible's `distribution` has (documented values of the setup module). */
const NAMES: Record<string, string> = {
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  linuxmint: 'Linux Mint',
  raspbian: 'Debian',
  kali: 'Kali',
  devuan: 'Devuan',
  rhel: 'RedHat',
  centos: 'CentOS',
  fedora: 'Fedora',
  rocky: 'Rocky',
  almalinux: 'AlmaLinux',
  ol: 'OracleLinux',
  amzn: 'Amazon',
  alpine: 'Alpine',
  arch: 'Archlinux',
  manjaro: 'Manjaro',
  gentoo: 'Gentoo',
  sles: 'SLES',
  sles_sap: 'SLES_SAP',
  'opensuse-leap': 'openSUSE Leap',
  'opensuse-tumbleweed': 'openSUSE Tumbleweed',
  openeuler: 'openEuler',
  photon: 'Photon',
  flatcar: 'Flatcar',
  void: 'Void',
  nixos: 'NixOS',
};

const FAMILIES: Record<string, readonly string[]> = {
  Debian: ['Debian', 'Ubuntu', 'Linux Mint', 'Kali', 'Devuan'],
  RedHat: ['RedHat', 'CentOS', 'Fedora', 'Rocky', 'AlmaLinux', 'OracleLinux', 'Amazon', 'openEuler'],
  Suse: ['SLES', 'SLES_SAP', 'openSUSE Leap', 'openSUSE Tumbleweed'],
  Archlinux: ['Archlinux', 'Manjaro'],
};

/** Gives the settings of /etc/os-release. */
export function osRelease(raw: RawFacts): Record<string, string> {
  const etc = raw.file('/etc/os-release');
  const lines = etc.length > 0 ? etc : raw.file('/usr/lib/os-release');
  const settings: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) settings[name] = value!.trim().replace(/^(["'])(.*)\1$/, '$2');
  }
  return settings;
}

/** Gives distribution, its versions and os_family. */
export function distributionFacts(raw: RawFacts, system: string): Record<string, unknown> {
  const os = osRelease(raw);
  const { ID } = os;
  if (ID === undefined)
    return {
      distribution: system,
      os_family: system,
      distribution_version: '',
      distribution_release: 'NA',
      distribution_major_version: 'NA',
    };
  const distribution = NAMES[ID] ?? os.NAME ?? ID;
  const version = versionOf(raw, os, ID);
  const [major = '', minor] = version.split('.');
  const family = Object.entries(FAMILIES).find(([, members]) => members.includes(distribution))?.[0];
  return {
    distribution,
    distribution_version: version,
    distribution_major_version: major,
    ...(minor !== undefined && { distribution_minor_version: minor }),
    distribution_release: releaseOf(os, ID),
    distribution_file_path: '/etc/os-release',
    distribution_file_variety: family ?? distribution,
    distribution_file_parsed: true,
    os_family: family ?? familyByLikeness(os.ID_LIKE) ?? distribution,
  };
}

function versionOf(raw: RawFacts, os: Record<string, string>, id: string): string {
  const debian = raw.first('/etc/debian_version');
  // os-release says 12 where debian_version says 12.11.
  if ((id === 'debian' || id === 'raspbian') && debian !== undefined && /^[\d.]+$/.test(debian))
    return debian;
  const redhat = /release ([\d.]+)/.exec(raw.first('/etc/redhat-release') ?? '')?.[1];
  if (id === 'centos' && redhat !== undefined) return redhat;
  return os.VERSION_ID ?? 'NA';
}

function releaseOf(os: Record<string, string>, id: string): string {
  if (os.VERSION_CODENAME) return os.VERSION_CODENAME;
  const named = /\(([^)]+)\)/.exec(os.VERSION ?? '')?.[1];
  if (id === 'fedora') return '';
  return named ?? 'NA';
}

function familyByLikeness(like: string | undefined): string | undefined {
  for (const word of (like ?? '').split(' ')) {
    const name = NAMES[word];
    const family = Object.entries(FAMILIES).find(
      ([, members]) => name !== undefined && members.includes(name),
    )?.[0];
    if (family !== undefined) return family;
  }
  return undefined;
}
