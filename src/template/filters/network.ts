/** Filters over addresses: the `ipaddr` family of ansible.utils. */

import { isMapping, put } from '../../values/index.ts';
import { shrink } from '../python/arithmetic.ts';
import {
  bitsOf,
  firstOf,
  type Ip,
  ipText,
  lastOf,
  mergeNetworks,
  readIp,
  sizeOf,
  spanNetworks,
  usable,
  within,
} from '../python/ip.ts';
import { isInt } from '../python/kinds.ts';
import { iterate, truthy } from '../python/logic.ts';
import { str } from '../python/text.ts';
import { type Args, type Routine, type Routines, routine } from '../routine.ts';
import { answer, asWritten, nthAddress, wrapped } from './ipaddr.ts';

function parse(value: unknown): Ip | undefined {
  if (typeof value === 'boolean' || value === null || Array.isArray(value) || isMapping(value))
    return undefined;
  return readIp(str(value));
}

function need(value: unknown, args: Args): Ip {
  return parse(value) ?? args.fail(`"${str(value)}" is not an address or a network`);
}

/** Applies a query to one address or to each of a list, where what does not answer falls out. */
function family(version: 4 | 6 | undefined): Routine {
  const one = (value: unknown, args: Args): unknown => {
    const ip = parse(value);
    if (!ip) return false;
    const wanted =
      args.get('version') === null || args.get('version') === false ? version : args.int('version');
    const query = args.get('query');
    if (wanted !== undefined && ip.version !== wanted) return false;
    return answer(ip, isInt(query) ? Number(query) : str(query), args);
  };
  return routine('query="" version=null alias="ipaddr"', (value, args) => {
    if (!Array.isArray(value))
      return value === '' || value === null ? (value === '' ? false : null) : one(value, args);
    return value.map((item) => one(item, args)).filter(truthy);
  });
}

function wrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wrap);
  const ip = parse(value);
  return ip ? wrapped(ip) : value;
}

function subnet(value: unknown, args: Args): unknown {
  const ip = parse(value);
  if (!ip) return false;
  const query = args.get('query');
  const network = `${ipText(ip.version, firstOf(ip))}/${ip.prefix}`;
  if (query === '' || query === null) return network;
  const text = str(query);
  if (!/^-?\d+$/.test(text)) return rank(ip, text, network, args);
  const prefix = Number(text);
  const index = args.get('index');
  const position = index === '' || index === null ? undefined : args.int('index');
  return sizeOf(ip) === 1n ? supernet(ip, prefix, position) : nthSubnet(ip, prefix, position, args);
}

/** Where a network stands among those of its size in a larger one, counted from 1. */
function rank(ip: Ip, text: string, network: string, args: Args): unknown {
  const container = readIp(text) ?? args.fail(`"${text}" is not a network`);
  if (!within(ip, container)) args.fail(`${network} is not in the subnet ${text}`);
  return shrink((firstOf(ip) - firstOf(container)) / sizeOf(ip) + 1n);
}

function supernet(ip: Ip, prefix: number, index: number | undefined): unknown {
  const longest = bitsOf(ip) - 1;
  const chosen = index === undefined ? prefix : index < 0 ? longest + 1 + index : prefix + index;
  if (chosen < prefix || chosen > longest) return false;
  return `${ipText(ip.version, firstOf({ ...ip, prefix: chosen }))}/${chosen}`;
}

function nthSubnet(ip: Ip, prefix: number, index: number | undefined, args: Args): unknown {
  if (index === undefined) {
    if (prefix < ip.prefix || prefix > bitsOf(ip))
      args.fail(`the subnet size ${prefix} is not possible here`);
    return shrink(1n << BigInt(prefix - ip.prefix));
  }
  if (prefix < ip.prefix) return index === 0 ? `${ipText(ip.version, firstOf(ip))}/${prefix}` : false;
  if (prefix > bitsOf(ip)) return false;
  const count = 1n << BigInt(prefix - ip.prefix);
  const position = index < 0 ? count + BigInt(index) : BigInt(index);
  if (position < 0n || position >= count) return false;
  return `${ipText(ip.version, firstOf(ip) + position * sizeOf({ ...ip, prefix }))}/${prefix}`;
}

function neighbour(value: unknown, args: Args, direction: 1n | -1n): unknown {
  const ip = parse(value);
  if (!ip) return false;
  const range = ip.cidr ? usable(ip) : undefined;
  if (!range) return null;
  const found = ip.value + direction * BigInt(args.int('offset'));
  return found >= range.first && found <= range.last ? ipText(ip.version, found) : null;
}

function slaac(value: unknown, args: Args): unknown {
  const ip = parse(value);
  const mac = args.text('query').replace(/[^\da-f]/gi, '');
  if (ip?.version !== 6 || mac.length !== 12) return false;
  const bits = BigInt(`0x${mac}`);
  const eui = ((bits >> 24n) << 40n) | (0xfffen << 24n) | (bits & 0xffffffn);
  return ipText(6, firstOf(ip) + (eui ^ (1n << 57n)));
}

const MAC_FORMS: Readonly<Record<string, (hex: string) => unknown>> = {
  bare: (hex) => hex.toUpperCase(),
  bool: () => true,
  cisco: (hex) => hex.match(/.{4}/g)!.join('.'),
  eui48: (hex) => hex.toUpperCase().match(/../g)!.join('-'),
  int: (hex) => Number.parseInt(hex, 16),
  linux: (hex) => hex.match(/../g)!.join(':'),
  pgsql: (hex) => hex.match(/.{6}/g)!.join(':'),
  postgresql: (hex) => hex.match(/.{6}/g)!.join(':'),
  psql: (hex) => hex.match(/.{6}/g)!.join(':'),
  unix: (hex) =>
    hex
      .match(/../g)!
      .map((pair) => pair.replace(/^0/, ''))
      .join(':'),
  win: (hex) => hex.toUpperCase().match(/../g)!.join('-'),
};

function hardware(value: unknown, args: Args): unknown {
  const hex = str(value).replace(/[-:.]/g, '').toLowerCase();
  const query = args.text('query');
  if (!/^[\da-f]{12}$/.test(hex)) {
    if (query === '' || query === 'bool') return null;
    return args.fail(`"${str(value)}" is not a hardware address`);
  }
  if (query === '') return value;
  const show = Object.hasOwn(MAC_FORMS, query) ? MAC_FORMS[query] : undefined;
  return show ? show(hex) : args.fail(`the query "${query}" is not known`);
}

function merge(value: unknown, args: Args): unknown {
  const networks = iterate(value).map((item) => need(item, args));
  const action = args.text('action');
  if (action === 'merge') return mergeNetworks(networks).map(asWritten);
  if (action !== 'span') return args.refuse('action', 'must be merge or span');
  const span = spanNetworks(networks);
  return span ? asWritten(span) : args.fail('the networks are of different kinds');
}

function usableRange(value: unknown, args: Args): unknown {
  const ip = need(value, args);
  const range = usable(ip) ?? { first: ip.value, last: ip.value };
  const count = Number(range.last - range.first) + 1;
  args.run.spend(count);
  const made: Record<string, unknown> = {};
  put(
    made,
    'usable_ips',
    Array.from({ length: count }, (_, index) => ipText(ip.version, range.first + BigInt(index))),
  );
  put(made, 'number_of_ips', count);
  return made;
}

/** Filters by name. */
export const NETWORK_FILTERS: Routines = {
  cidr_merge: routine('action="merge"', merge),
  hwaddr: routine('query="" alias="hwaddr"', hardware),
  ip4_hex: routine('delimiter=""', (value, args) => {
    const ip = need(value, args);
    if (ip.version !== 4 || ip.cidr) args.fail(`"${str(value)}" is not an IPv4 address`);
    return ip.value.toString(16).padStart(8, '0').match(/../g)!.join(args.text('delimiter'));
  }),
  ipaddr: family(undefined),
  ipmath: routine('amount', (value, args) => {
    const ip = need(value, args);
    const moved = ip.value + BigInt(args.int('amount'));
    if (moved < 0n || moved >= 1n << BigInt(bitsOf(ip))) args.fail('there is no such address');
    return ipText(ip.version, moved);
  }),
  ipsubnet: routine('query="" index=""', subnet),
  ipv4: family(4),
  ipv6: family(6),
  ipwrap: routine('query=""', wrap),
  macaddr: routine('query=""', hardware),
  network_in_network: routine('test', (value, args) => {
    const [outer, inner] = [parse(value), parse(args.get('test'))];
    if (!outer || !inner) return false;
    return within(inner, outer);
  }),
  network_in_usable: routine('test', (value, args) => {
    const [outer, inner] = [parse(value), parse(args.get('test'))];
    if (!outer || !inner) return false;
    const range = usable(outer) ?? { first: firstOf(outer), last: lastOf(outer) };
    return outer.version === inner.version && firstOf(inner) >= range.first && lastOf(inner) <= range.last;
  }),
  next_nth_usable: routine('offset', (value, args) => neighbour(value, args, 1n)),
  nthhost: routine('query=""', (value, args) => {
    const ip = parse(value);
    if (!ip) return false;
    const found = nthAddress(ip, BigInt(args.int('query')));
    return found === undefined ? false : ipText(ip.version, found);
  }),
  previous_nth_usable: routine('offset', (value, args) => neighbour(value, args, -1n)),
  reduce_on_network: routine('network', (value, args) => {
    const network = need(args.get('network'), args);
    return (Array.isArray(value) ? value : [value]).filter((item) => {
      const ip = parse(item);
      return ip !== undefined && within(ip, network);
    });
  }),
  slaac: routine('query=""', slaac),
  usable_range: routine('', usableRange),
};
