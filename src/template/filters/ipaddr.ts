/** The queries of the `ipaddr` filter (ansible.utils). */

import { shrink } from '../python/arithmetic.ts';
import {
  bitsOf,
  firstOf,
  type Ip,
  ipText,
  lastOf,
  maskOf,
  readIp,
  sizeOf,
  usable,
  within,
} from '../python/ip.ts';
import type { Args } from '../routine.ts';

type Query = (ip: Ip, args: Args) => unknown;

const text = (ip: Ip, value = ip.value): string => ipText(ip.version, value);
const withPrefix = (ip: Ip, value = ip.value): string => `${text(ip, value)}/${ip.prefix}`;
/** Gives an address as it was written: with its prefix when it had one. */
export const asWritten = (ip: Ip): string => (ip.cidr ? withPrefix(ip) : text(ip));
/** Whether it names a network rather than a host in it. */
const isNetwork = (ip: Ip): boolean =>
  sizeOf(ip) > 1n && ip.value === firstOf(ip) && ip.prefix < bitsOf(ip) - 1;
const hostOnly =
  (show: (ip: Ip) => string, otherwise: unknown): Query =>
  (ip) =>
    isNetwork(ip) ? otherwise : show(ip);
const innerHost =
  (show: (ip: Ip) => string): Query =>
  (ip) =>
    isNetwork(ip) || sizeOf(ip) === 1n ? null : show(ip);

/** A query about the hosts of a network: an address without a prefix has none. */
const ofNetwork =
  (show: (ip: Ip, range: { first: bigint; last: bigint }) => unknown): Query =>
  (ip, args) => {
    if (!ip.cidr) return args.fail(`"${text(ip)}" is not a network address`);
    const range = usable(ip);
    return range ? show(ip, range) : null;
  };

const inAny = (networks: readonly string[]) => {
  const list = networks.map((network) => readIp(network)!);
  return (ip: Ip): boolean => list.some((network) => within({ ...ip, prefix: bitsOf(ip) }, network));
};

const isPrivate = inAny([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '192.0.2.0/24',
  '239.192.0.0/14',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
]);
const isMulticast = inAny(['224.0.0.0/4', 'ff00::/8']);
const isLoopback = inAny(['127.0.0.0/8', '::1/128']);
const isReserved = inAny(['0.0.0.0/8', '240.0.0.0/4', '::/128']);
const isLinkLocal = inAny(['169.254.0.0/16', 'fe80::/10']);

const only =
  (test: (ip: Ip) => boolean): Query =>
  (ip) =>
    test(ip) ? asWritten(ip) : null;

function peer(ip: Ip, args: Args): unknown {
  if (!ip.cidr) return args.fail(`"${text(ip)}" is not a network address`);
  if (sizeOf(ip) === 2n) return text(ip, ip.value ^ 1n);
  if (sizeOf(ip) === 4n && (ip.value & 3n) !== 0n && (ip.value & 3n) !== 3n) return text(ip, ip.value ^ 3n);
  return args.fail(`"${asWritten(ip)}" is not a point-to-point network`);
}

function reverseName(ip: Ip): string {
  if (ip.version === 4) return `${text(ip).split('.').reverse().join('.')}.in-addr.arpa.`;
  return `${Array.from(ip.value.toString(16).padStart(32, '0')).reverse().join('.')}.ip6.arpa.`;
}

function toV6(ip: Ip): unknown {
  if (ip.version === 6) return asWritten(ip);
  return `${ipText(6, (0xffffn << 32n) | ip.value)}/${ip.prefix + 96}`;
}

function toV4(ip: Ip): unknown {
  if (ip.version === 4) return asWritten(ip);
  const mapped = ip.value >> 32n === 0xffffn || ip.value >> 32n === 0n;
  return mapped && ip.prefix >= 96 ? `${ipText(4, ip.value & 0xffffffffn)}/${ip.prefix - 96}` : false;
}

function sixToFour(ip: Ip): unknown {
  if (ip.version === 6) return ip.value >> 112n === 0x2002n ? asWritten(ip) : false;
  if (isNetwork(ip) || isMulticast(ip) || isLoopback(ip) || isReserved(ip)) return false;
  const hex = ip.value.toString(16).padStart(8, '0');
  return `2002:${hex.slice(0, 4)}:${hex.slice(4)}::1/48`;
}

/** Wraps an IPv6 address in brackets. */
export const wrapped = (ip: Ip): string =>
  ip.version === 4 ? asWritten(ip) : `[${text(ip)}]${ip.cidr ? `/${ip.prefix}` : ''}`;

const hostWithPrefix = hostOnly(withPrefix, false);
const hostAddress: Query = (ip) => (isNetwork(ip) && ip.version === 4 ? null : text(ip));
const hostmask: Query = (ip) => text(ip, sizeOf(ip) - 1n);
const network: Query = (ip) => text(ip, firstOf(ip));

/** Queries by name. */
const QUERIES: Readonly<Record<string, Query>> = {
  '': asWritten,
  '6to4': sixToFour,
  address: hostAddress,
  'address/prefix': hostWithPrefix,
  bool: () => true,
  broadcast: (ip) => (sizeOf(ip) > 2n ? text(ip, lastOf(ip)) : null),
  cidr: (ip) => withPrefix(ip),
  first_usable: ofNetwork((ip, { first }) => text(ip, first)),
  gateway: hostWithPrefix,
  gw: hostWithPrefix,
  host: hostOnly(withPrefix, null),
  'host/prefix': hostWithPrefix,
  hostmask,
  hostnet: hostWithPrefix,
  int: (ip) => (ip.cidr ? `${ip.value}/${ip.prefix}` : shrink(ip.value)),
  ip: hostAddress,
  'ip/prefix': innerHost(withPrefix),
  ip_netmask: innerHost((ip) => `${text(ip)} ${text(ip, maskOf(ip))}`),
  ip_wildcard: innerHost((ip) => `${text(ip)} ${text(ip, sizeOf(ip) - 1n)}`),
  ipv4: toV4,
  ipv6: toV6,
  last_usable: ofNetwork((ip, { last }) => text(ip, last)),
  'link-local': only(isLinkLocal),
  lo: only(isLoopback),
  loopback: only(isLoopback),
  multicast: only(isMulticast),
  net: (ip) => (sizeOf(ip) > 1n && ip.value === firstOf(ip) ? withPrefix(ip) : null),
  netmask: (ip) => text(ip, maskOf(ip)),
  network,
  'network/prefix': (ip) => withPrefix(ip, firstOf(ip)),
  network_id: network,
  network_netmask: (ip) => `${text(ip, firstOf(ip))} ${text(ip, maskOf(ip))}`,
  network_wildcard: (ip) => `${text(ip, firstOf(ip))} ${text(ip, sizeOf(ip) - 1n)}`,
  next_usable: ofNetwork((ip, { last }) => (ip.value < last ? text(ip, ip.value + 1n) : null)),
  peer,
  prefix: (ip) => ip.prefix,
  previous_usable: ofNetwork((ip, { first }) => (ip.value > first ? text(ip, ip.value - 1n) : null)),
  private: only(isPrivate),
  public: only((ip) => !isPrivate(ip) && !isMulticast(ip) && !isLoopback(ip) && !isReserved(ip)),
  range_usable: ofNetwork((ip, { first, last }) => `${text(ip, first)}-${text(ip, last)}`),
  revdns: reverseName,
  router: hostWithPrefix,
  size: (ip) => shrink(sizeOf(ip)),
  size_usable: (ip) => {
    const range = usable(ip);
    return range ? shrink(range.last - range.first + 1n) : 0;
  },
  subnet: (ip) => withPrefix(ip, firstOf(ip)),
  type: (ip) => (isNetwork(ip) ? 'network' : 'address'),
  unicast: only((ip) => !isMulticast(ip)),
  version: (ip) => ip.version,
  wildcard: hostmask,
  wrap: wrapped,
};

/** Gives the `n`th address of a network, or false; an address alone is every one of its own. */
export function nthAddress(ip: Ip, index: bigint): bigint | undefined {
  const size = sizeOf(ip);
  const position = index < 0n ? size + index : index;
  return position >= 0n && position < size ? firstOf(ip) + position : undefined;
}

/** Answers a query about an address. Throws for a query that is not known. */
export function answer(ip: Ip, query: string | number, args: Args): unknown {
  if (typeof query === 'number' || /^-?\d+$/.test(query)) {
    if (sizeOf(ip) === 1n) return asWritten(ip);
    const value = nthAddress(ip, BigInt(query));
    return value === undefined ? false : withPrefix(ip, value);
  }
  if (Object.hasOwn(QUERIES, query)) return QUERIES[query]!(ip, args);
  const container = readIp(query);
  if (!container) return args.fail(`the query "${query}" is not known`);
  return within(ip, container) ? asWritten(ip) : null;
}
