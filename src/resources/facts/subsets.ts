/** `gather_subset`: which kinds of facts are wanted. Kinds, and which facts each gives, as documented for the setup module. */

/** A kind of facts that can be asked for by its own name or by the name of one of its facts. */
interface Kind {
  /** Names of its facts; a trailing `*` stands for any ending. */
  readonly facts: readonly string[];
  /** Kinds that come with it. */
  readonly needs?: readonly string[];
  /** Gathered unless `!min` is said. */
  readonly minimal: boolean;
}

const minimal = (facts: string, needs: readonly string[] = []): Kind => ({
  facts: facts.split(' '),
  needs,
  minimal: true,
});
const more = (facts: string, needs: readonly string[] = []): Kind => ({
  facts: facts.split(' '),
  needs,
  minimal: false,
});

const KINDS: Readonly<Record<string, Kind>> = {
  apparmor: minimal('apparmor'),
  caps: minimal('system_capabilities system_capabilities_enforced'),
  cmdline: minimal('cmdline proc_cmdline'),
  date_time: minimal('date_time'),
  distribution: minimal('distribution distribution_* os_family'),
  dns: minimal('dns'),
  env: minimal('env'),
  fips: minimal('fips'),
  local: minimal('local'),
  lsb: minimal('lsb'),
  pkg_mgr: minimal('pkg_mgr', ['distribution']),
  platform: minimal(
    'system kernel kernel_version machine architecture userspace_architecture userspace_bits nodename hostname fqdn domain machine_id python_version',
  ),
  python: minimal('python'),
  selinux: minimal('selinux selinux_python_present'),
  service_mgr: minimal('service_mgr', ['platform', 'distribution']),
  ssh_pub_keys: minimal('ssh_host_key_*'),
  user: minimal(
    'user_id user_uid user_gid user_gecos user_dir user_shell real_user_id effective_user_id real_group_id effective_group_id',
  ),
  chroot: more('is_chroot'),
  fibre_channel_wwn: more('fibre_channel_wwn'),
  hardware: more(
    'memtotal_mb memfree_mb swaptotal_mb swapfree_mb memory_mb processor processor_* mounts uptime_seconds devices device_links lvm form_factor bios_* board_* chassis_* product_* system_vendor',
    ['platform'],
  ),
  iscsi: more('iscsi_iqn'),
  loadavg: more('loadavg'),
  network: more('interfaces default_ipv4 default_ipv6 all_ipv4_addresses all_ipv6_addresses', [
    'platform',
    'distribution',
  ]),
  nvme: more('hostnqn'),
  virtual: more('virtualization_*'),
  // Programs of others, whose facts are not gathered.
  facter: more(''),
  ohai: more(''),
};

/** Words that the documentation lists beside the names of kinds and facts. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  ssh_host_pub_keys: 'ssh_pub_keys',
  effective_group_ids: 'user',
  systemd: 'service_mgr',
};

/** Every word that `gather_subset` takes, without `!`. */
export const SUBSETS: readonly string[] = [
  ...new Set([
    'all',
    'min',
    ...Object.keys(KINDS),
    ...Object.keys(OTHER_NAMES),
    ...Object.values(KINDS).flatMap(({ facts }) =>
      facts.filter((name) => name !== '' && !name.endsWith('*')),
    ),
    'processor_cores',
    'processor_count',
    'distribution_version',
    'distribution_release',
    'distribution_major_version',
    'virtualization_type',
    'virtualization_role',
    'virtualization_tech_guest',
    'virtualization_tech_host',
    'ssh_host_key_dsa_public',
    'ssh_host_key_rsa_public',
    'ssh_host_key_ecdsa_public',
    'ssh_host_key_ed25519_public',
  ]),
].sort();

/**
 * Gives the kinds that a list such as `["!all", "network"]` means. Without `!min` the minimal kinds are always in it; a list of
 * nothing but exclusions gives no more than those, as in Ansible. Words that mean nothing are left out.
 */
export function kindsOf(subset: readonly string[]): ReadonlySet<string> {
  const excluded = new Set(subset.filter((word) => word.startsWith('!')).map((word) => word.slice(1)));
  const named = subset.filter((word) => !word.startsWith('!')).flatMap((word) => kindOf(word) ?? []);
  const kinds = new Set<string>();
  for (const [name, kind] of Object.entries(KINDS)) {
    const byWord = subset.includes('all') && !excluded.has('all');
    const byMin = kind.minimal && !excluded.has('min');
    const left = excluded.has(name) || [...excluded].some((word) => kindOf(word) === name);
    if ((byWord || byMin) && !left) kinds.add(name);
  }
  for (const name of named) kinds.add(name);
  for (const name of kinds) for (const need of KINDS[name]?.needs ?? []) kinds.add(need);
  return kinds;
}

/** Keeps the facts of these kinds. Facts of network interfaces, which have names of their own, belong to `network`. */
export function ofKinds(
  facts: Readonly<Record<string, unknown>>,
  kinds: ReadonlySet<string>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) => {
      const owner = Object.entries(KINDS).find(([, kind]) => kind.facts.some((fact) => fits(fact, name)));
      return kinds.has(owner?.[0] ?? 'network');
    }),
  );
}

function kindOf(word: string): string | undefined {
  if (Object.hasOwn(KINDS, word)) return word;
  if (Object.hasOwn(OTHER_NAMES, word)) return OTHER_NAMES[word];
  return Object.entries(KINDS).find(([, kind]) => kind.facts.some((fact) => fits(fact, word)))?.[0];
}

function fits(fact: string, name: string): boolean {
  return fact.endsWith('*') ? name.startsWith(fact.slice(0, -1)) : fact === name;
}
