import type { RawFacts } from './raw.ts';

interface Address {
  readonly device: string;
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefix: number;
  readonly broadcast: string;
  readonly scope: string;
  readonly label: string;
}

/** Gives interfaces, each with its addresses, the default routes, and the lists of all addresses. */
export function networkFacts(raw: RawFacts): Record<string, unknown> {
  const addresses = readAddresses(raw);
  const devices = [
    ...new Set(raw.paths.map((path) => /^\/sys\/class\/net\/([^/]+)\//.exec(path)?.[1])),
  ].filter((name) => name !== undefined);
  const facts: Record<string, unknown> = { interfaces: devices };
  for (const device of devices) facts[factName(device)] = interfaceFact(raw, device, addresses);
  const global = addresses.filter(({ device }) => device !== 'lo');
  facts.all_ipv4_addresses = global.filter(({ family }) => family === 4).map(({ address }) => address);
  facts.all_ipv6_addresses = global.filter(({ family }) => family === 6).map(({ address }) => address);
  facts.default_ipv4 = defaultRoute(raw, addresses, 4);
  facts.default_ipv6 = defaultRoute(raw, addresses, 6);
  return facts;
}

/** A fact's name has no dash, dot or colon. */
function factName(device: string): string {
  return device.replace(/[-.:]/g, '_');
}

/** Lines of `ip -o addr`, or blocks of `ifconfig -a`. */
function readAddresses(raw: RawFacts): Address[] {
  const text = raw.text('addresses');
  if (!/^\d+: \S+ +inet/m.test(text)) return readIfconfig(text);
  return raw.lines('addresses').flatMap((line): Address[] => {
    const [, device, version, address, prefix] =
      /^\d+: (\S+) +inet(6?) ([^/ ]+)(?:\/(\d+))?/.exec(line) ?? [];
    if (device === undefined || address === undefined) return [];
    const broadcast = / brd (\S+)/.exec(line)?.[1] ?? '';
    const scope = / scope (\S+)/.exec(line)?.[1] ?? '';
    const family = version === '6' ? 6 : 4;
    const label = / scope \S+(?: \w+)* (\S+?)\\/.exec(line)?.[1] ?? device;
    return [
      {
        device,
        family,
        address,
        prefix: Number(prefix ?? (family === 4 ? 32 : 128)),
        broadcast,
        scope,
        label,
      },
    ];
  });
}

function readIfconfig(text: string): Address[] {
  return text.split(/\n(?=\S)/).flatMap((block) => {
    const device = /^([^\s:]+)/.exec(block)?.[1];
    const address = /inet (?:addr:)?([\d.]+)/.exec(block)?.[1];
    if (device === undefined || address === undefined) return [];
    const mask = /(?:Mask:|netmask )([\d.]+)/.exec(block)?.[1] ?? '255.255.255.255';
    const broadcast = /(?:Bcast:|broadcast )([\d.]+)/.exec(block)?.[1] ?? '';
    const prefix = (toNumber(mask) >>> 0).toString(2).replaceAll('0', '').length;
    return [{ device, family: 4 as const, address, prefix, broadcast, scope: 'global', label: device }];
  });
}

/** Hardware kinds of /sys/class/net/NAME/type (include/uapi/linux/if_arp.h). */
const KINDS: Record<string, string> = {
  '1': 'ether',
  '32': 'infiniband',
  '512': 'ppp',
  '772': 'loopback',
  '65534': 'tunnel',
};

function interfaceFact(
  raw: RawFacts,
  device: string,
  addresses: readonly Address[],
): Record<string, unknown> {
  const sys = (name: string) => raw.first(`/sys/class/net/${device}/${name}`);
  const flags = Number(sys('flags') ?? 0);
  const own = addresses.filter((address) => address.device === device);
  const four = own.filter(({ family }) => family === 4).map(ipv4Fact);
  const six = own.filter(({ family }) => family === 6);
  const hardware = sys('address');
  const state = sys('operstate');
  return {
    device,
    active:
      state === 'up' ||
      (device === 'lo' && state === 'unknown') ||
      (state === 'unknown' && (flags & 1) === 1),
    mtu: Number(sys('mtu') ?? 0),
    promisc: (flags & 0x100) !== 0,
    type: KINDS[sys('type') ?? ''] ?? 'unknown',
    ...(hardware && device !== 'lo' && { macaddress: hardware }),
    ...hardwareLinks(raw, device),
    ...bridgeFact(raw, device),
    ...bondFact(raw, device),
    ...(sys('speed') !== undefined && { speed: Number(sys('speed')) }),
    ...(four.length > 0 && { ipv4: four[0] }),
    ...(four.length > 1 && { ipv4_secondaries: four.slice(1) }),
    ...(six.length > 0 && {
      ipv6: six.map(({ address, prefix, scope }) => ({ address, prefix: String(prefix), scope })),
    }),
  };
}

/** Bus number and driver, from the lines of `ls -ld`. */
function hardwareLinks(raw: RawFacts, device: string): Record<string, string> {
  const end = (path: string) =>
    raw
      .lines('netlinks')
      .find((line) => line.includes(` /sys/class/net/${device}/${path} -> `))
      ?.replace(/.*\//, '');
  const [pciid, driver] = [end('device'), end('device/driver/module')];
  return { ...(pciid && { pciid }), ...(driver && { module: driver }) };
}

function bridgeFact(raw: RawFacts, device: string): Record<string, unknown> {
  const id = raw.first(`/sys/class/net/${device}/bridge/bridge_id`);
  if (id === undefined) return {};
  const folder = `/sys/class/net/${device}/brif/`;
  const ports = raw.lines('netlinks').filter((line) => line.startsWith(folder));
  return {
    type: 'bridge',
    interfaces: ports.map((line) => line.slice(folder.length)),
    id,
    stp: raw.first(`/sys/class/net/${device}/bridge/stp_state`) === '1',
  };
}

function bondFact(raw: RawFacts, device: string): Record<string, unknown> {
  const bond = (name: string) => raw.first(`/sys/class/net/${device}/bonding/${name}`);
  const mode = bond('mode');
  if (mode === undefined) return {};
  const primary = bond('primary');
  return {
    type: 'bonding',
    slaves: (bond('slaves') ?? '').split(' ').filter((name) => name !== ''),
    mode: mode.split(' ')[0],
    miimon: bond('miimon') ?? '',
    lacp_rate: bond('lacp_rate')?.split(' ')[0] ?? '',
    ...(primary && { primary, all_slaves_active: bond('all_slaves_active') === '1' }),
  };
}

function ipv4Fact({ address, prefix, broadcast }: Address): Record<string, string> {
  const mask = prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0;
  return {
    address,
    broadcast,
    netmask: toText(mask),
    network: toText((toNumber(address) & mask) >>> 0),
    prefix: String(prefix),
  };
}

function defaultRoute(raw: RawFacts, addresses: readonly Address[], family: 4 | 6): Record<string, unknown> {
  const route = family === 4 ? defaultRoute4(raw) : defaultRoute6(raw);
  if (!route) return {};
  const { device, gateway } = route;
  const address = addresses.find(
    (candidate) => candidate.device === device && candidate.family === family && candidate.scope === 'global',
  );
  const fact = interfaceFact(raw, device, addresses);
  const hop = { gateway, interface: device };
  const link = { macaddress: fact.macaddress, mtu: fact.mtu, type: fact.type };
  if (!address) return { ...hop, ...link };
  if (family === 4) return { ...hop, ...ipv4Fact(address), ...link, alias: address.label };
  const { prefix, scope } = address;
  return { ...hop, address: address.address, prefix: String(prefix), scope, ...link };
}

interface Route {
  readonly device: string;
  readonly gateway: string;
  readonly metric: number;
}

/** /proc/net/route: addresses in hexadecimal, byte order of the host (little endian everywhere that matters). */
function defaultRoute4(raw: RawFacts): Route | undefined {
  const routes = raw.file('/proc/net/route').flatMap((line): Route[] => {
    const [device = '', destination, gateway = '', flags = '0', , , metric, mask] = line.trim().split(/\s+/);
    if (destination !== '00000000' || mask !== '00000000' || (Number.parseInt(flags, 16) & 1) === 0)
      return [];
    const bytes = (gateway.match(/../g) ?? []).reverse().map((pair) => Number.parseInt(pair, 16));
    return [{ device, gateway: bytes.join('.'), metric: Number(metric) }];
  });
  return routes.sort((a, b) => a.metric - b.metric)[0];
}

/** /proc/net/ipv6_route: destination, prefix, source, prefix, next hop, metric, uses, references, flags, device. */
function defaultRoute6(raw: RawFacts): Route | undefined {
  const routes = raw.file('/proc/net/ipv6_route').flatMap((line): Route[] => {
    const [destination = '', prefix, , , hop = '', metric = '0', , , flags = '0', device = ''] = line
      .trim()
      .split(/\s+/);
    const unreachable = (Number.parseInt(flags, 16) & 0x200) !== 0;
    if (prefix !== '00' || /[^0]/.test(destination) || !/[^0]/.test(hop) || unreachable) return [];
    const gateway = new URL(`http://[${hop.match(/.{4}/g)!.join(':')}]`).hostname.slice(1, -1);
    return [{ device, gateway, metric: Number.parseInt(metric, 16) }];
  });
  return routes.sort((a, b) => a.metric - b.metric)[0];
}

function toNumber(address: string): number {
  return address.split('.').reduce((all, byte) => all * 256 + Number(byte), 0);
}

function toText(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}
