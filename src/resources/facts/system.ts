import { distributionFacts, osRelease } from './distribution.ts';
import type { RawFacts } from './raw.ts';

/** Gives names, kernel, user, date, environment, package and service manager, and what belongs to the distribution. */
export function systemFacts(raw: RawFacts): Record<string, unknown> {
  const [system = '', nodename = '', kernel = '', machine = '', kernelVersion = ''] = raw.lines('uname');
  const fqdn = raw.lines('hostname')[0] ?? nodename;
  const distribution = distributionFacts(raw, system);
  const dot = fqdn.indexOf('.');
  return {
    system,
    nodename,
    kernel,
    kernel_version: kernelVersion,
    machine,
    architecture: /^i[3-6]86$/.test(machine) ? 'i386' : machine,
    userspace_architecture: /^i[3-6]86$/.test(machine) ? 'i386' : machine,
    ...(raw.lines('bits')[0] && { userspace_bits: raw.lines('bits')[0] }),
    hostname: nodename.split('.')[0],
    fqdn,
    domain: dot < 0 ? '' : fqdn.slice(dot + 1),
    ...(raw.first('/etc/machine-id') && { machine_id: raw.first('/etc/machine-id') }),
    ...distribution,
    pkg_mgr: packageManager(raw, String(distribution.os_family)),
    service_mgr: serviceManager(raw, system),
    ...userFacts(raw),
    env: environment(raw),
    date_time: dateTime(raw),
    dns: dns(raw),
    cmdline: commandLine(raw),
    proc_cmdline: commandLine(raw),
    fips: raw.first('/proc/sys/crypto/fips_enabled') === '1',
    selinux: selinux(raw),
    apparmor: { status: raw.has('/sys/kernel/security/apparmor') ? 'enabled' : 'disabled' },
    ...lsb(raw),
    ...hostKeys(raw),
    ...capabilities(raw),
  };
}

function packageManager(raw: RawFacts, family: string): string {
  const byProgram: [string, string][] = [
    ['dnf5', 'dnf5'],
    ['dnf', 'dnf'],
    ['yum', 'yum'],
    ['apt-get', 'apt'],
    ['zypper', 'zypper'],
    ['apk', 'apk'],
    ['pacman', 'pacman'],
    ['emerge', 'portage'],
    ['pkg', 'pkgng'],
    ['opkg', 'opkg'],
    ['xbps-install', 'xbps'],
  ];
  if (family === 'RedHat' && raw.has('rpm-ostree')) return 'atomic_container';
  if (family === 'Debian' && raw.has('apt-get')) return 'apt';
  return byProgram.find(([program]) => raw.has(program))?.[1] ?? 'unknown';
}

function serviceManager(raw: RawFacts, system: string): string {
  const comm = raw.first('/proc/1/comm');
  const known: Record<string, string> = {
    procd: 'openwrt_init',
    'runit-init': 'runit',
    svscan: 'svc',
    'openrc-init': 'openrc',
  };
  if (comm !== undefined && comm !== 'init' && !comm.endsWith('sh')) return known[comm] ?? comm;
  if (raw.has('/run/systemd/system') && raw.has('systemctl')) return 'systemd';
  if (raw.has('/sbin/openrc')) return 'openrc';
  if (raw.has('initctl')) return 'upstart';
  if (raw.has('init-systemd')) return 'systemd';
  if (raw.has('/etc/init.d')) return 'sysvinit';
  return system === 'Linux' ? 'service' : 'bsdinit';
}

function userFacts(raw: RawFacts): Record<string, unknown> {
  const [name = '', uid = '0', gid = '0', passwd = ''] = raw.lines('user');
  const [, , , , gecos = '', home = '', shell = ''] = passwd.split(':');
  const ids = {
    effective_user_id: Number(uid),
    real_user_id: Number(uid),
    effective_group_id: Number(gid),
    real_group_id: Number(gid),
  };
  return {
    user_id: name,
    user_uid: Number(uid),
    user_gid: Number(gid),
    user_gecos: gecos,
    user_dir: home,
    user_shell: shell,
    ...ids,
  };
}

function environment(raw: RawFacts): Record<string, string> {
  const text = raw.text('env');
  const separator = text.includes('\0') ? '\0' : '\n';
  const env: Record<string, string> = {};
  for (const entry of text.split(separator)) {
    const equals = entry.indexOf('=');
    if (equals > 0) env[entry.slice(0, equals).replace(/^\n+/, '')] = entry.slice(equals + 1);
  }
  return env;
}

function dateTime(raw: RawFacts): Record<string, string> {
  const words = (raw.lines('date')[0] ?? '').split('|');
  const [
    epoch = '',
    year = '',
    month = '',
    day = '',
    hour = '',
    minute = '',
    second = '',
    tz = '',
    offset = '',
    weekday = '',
    number = '',
    week = '',
    nano = '',
  ] = words;
  const micro = /^\d{9}$/.test(nano) ? nano.slice(0, 6) : '000000';
  const utc = raw.lines('utc')[0] ?? '';
  const basic = `${year}${month}${day}T${hour}${minute}${second}`;
  return {
    epoch,
    epoch_int: epoch,
    year,
    month,
    day,
    hour,
    minute,
    second,
    date: `${year}-${month}-${day}`,
    time: `${hour}:${minute}:${second}`,
    tz,
    tz_dst: tz,
    tz_offset: offset,
    weekday,
    weekday_number: number,
    weeknumber: week,
    iso8601: `${utc}Z`,
    iso8601_micro: `${utc}.${micro}Z`,
    iso8601_basic: `${basic}${micro}`,
    iso8601_basic_short: basic,
  };
}

function dns(raw: RawFacts): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const line of raw.file('/etc/resolv.conf')) {
    const [word = '', ...rest] = line.trim().split(/\s+/);
    if (word === 'nameserver') out.nameservers = [...((out.nameservers as string[]) ?? []), rest[0]];
    else if (word === 'search' || word === 'sortlist') out[word] = rest;
    else if (word === 'domain') out.domain = rest[0];
    else if (word === 'options')
      out.options = Object.fromEntries(
        rest.map((option) => [option.split(':')[0], option.split(':')[1] ?? true]),
      );
  }
  return out;
}

function commandLine(raw: RawFacts): Record<string, string | true> {
  const words = raw.first('/proc/cmdline')?.match(/(?:"[^"]*"|[^\s"])+/g) ?? [];
  return Object.fromEntries(
    words.map((word) => {
      const plain = word.replaceAll('"', '');
      const equals = plain.indexOf('=');
      return equals < 0 ? [plain, true] : [plain.slice(0, equals), plain.slice(equals + 1)];
    }),
  );
}

function selinux(raw: RawFacts): Record<string, unknown> {
  const enforce = raw.first('/sys/fs/selinux/enforce');
  if (enforce === undefined) return { status: 'disabled' };
  const setting = (name: string) =>
    raw
      .file('/etc/selinux/config')
      .find((line) => line.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .trim() ?? 'unknown';
  return {
    status: 'enabled',
    mode: enforce === '1' ? 'enforcing' : 'permissive',
    config_mode: setting('SELINUX'),
    type: setting('SELINUXTYPE'),
    policyvers: Number(raw.first('/sys/fs/selinux/policyvers') ?? 0),
  };
}

function lsb(raw: RawFacts): Record<string, unknown> {
  const file = Object.fromEntries(
    raw.file('/etc/lsb-release').map((line) => {
      const equals = line.indexOf('=');
      return [line.slice(0, equals), line.slice(equals + 1).replaceAll('"', '')];
    }),
  );
  const os = osRelease(raw);
  if (!raw.has('lsb_release') && file.DISTRIB_ID === undefined) return { lsb: {} };
  const release = file.DISTRIB_RELEASE ?? os.VERSION_ID ?? '';
  return {
    lsb: {
      id: file.DISTRIB_ID ?? (os.NAME ?? '').split(' ')[0],
      description: file.DISTRIB_DESCRIPTION ?? os.PRETTY_NAME ?? '',
      release,
      codename: file.DISTRIB_CODENAME ?? os.VERSION_CODENAME ?? '',
      major_release: release.split('.')[0],
    },
  };
}

function hostKeys(raw: RawFacts): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const path of raw.paths) {
    const kind = /\/ssh_host_(\w+)_key\.pub$/.exec(path)?.[1];
    const [type, key] = kind === undefined ? [] : (raw.first(path)?.split(' ') ?? []);
    if (kind === undefined || key === undefined) continue;
    facts[`ssh_host_key_${kind}_public`] = key;
    facts[`ssh_host_key_${kind}_public_keytype`] = type!;
  }
  return facts;
}

/** Linux capability numbers (include/uapi/linux/capability.h), in order. */
const CAPABILITIES =
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore'.split(
    ' ',
  );

function capabilities(raw: RawFacts): Record<string, unknown> {
  const line = raw.file('/proc/self/status').find((text) => text.startsWith('CapEff:'));
  if (line === undefined) return {};
  const bits = BigInt(`0x${line.split(/\s+/)[1]}`);
  const held = CAPABILITIES.filter((_, bit) => (bits >> BigInt(bit)) & 1n).map((name) => `cap_${name}`);
  const all = held.length === CAPABILITIES.length;
  return { system_capabilities: all ? [] : held, system_capabilities_enforced: all ? 'False' : 'True' };
}
