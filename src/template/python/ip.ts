/** IP addresses and networks as numbers. IPv6 text follows RFC 5952, mapped addresses as `::ffff:10.0.0.1`. */

/** An address with its network. `cidr`: whether a prefix was written. */
export interface Ip {
  readonly version: 4 | 6;
  readonly value: bigint;
  readonly prefix: number;
  readonly cidr: boolean;
}

const BITS = { 4: 32, 6: 128 } as const;

/** How many bits an address of this kind has. */
export const bitsOf = (ip: Pick<Ip, 'version'>): number => BITS[ip.version];
/** How many addresses its network has. */
export const sizeOf = (ip: Ip): bigint => 1n << BigInt(bitsOf(ip) - ip.prefix);
/** The lowest address of its network. */
export const firstOf = (ip: Ip): bigint => (ip.value / sizeOf(ip)) * sizeOf(ip);
/** The highest address of its network. */
export const lastOf = (ip: Ip): bigint => firstOf(ip) + sizeOf(ip) - 1n;
/** The network mask as a number. */
export const maskOf = (ip: Ip): bigint => (1n << BigInt(bitsOf(ip))) - sizeOf(ip);

/** Whether one network lies in another. */
export function within(inner: Ip, outer: Ip): boolean {
  return (
    inner.version === outer.version && firstOf(inner) >= firstOf(outer) && lastOf(inner) <= lastOf(outer)
  );
}

/** The addresses that hosts may have: without the lowest and the highest unless there are only two. */
export function usable(ip: Ip): { first: bigint; last: bigint } | undefined {
  if (sizeOf(ip) === 1n) return undefined;
  if (sizeOf(ip) === 2n) return { first: firstOf(ip), last: lastOf(ip) };
  return { first: firstOf(ip) + 1n, last: lastOf(ip) - 1n };
}

/** Gives an address as text. */
export function ipText(version: 4 | 6, value: bigint): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  if (value >> 32n === 0xffffn) return `::ffff:${ipText(4, value & 0xffffffffn)}`;
  const words = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - index * 16)) & 0xffffn).toString(16),
  );
  return compress(words);
}

function compress(words: readonly string[]): string {
  let best = { at: -1, size: 1 };
  for (let at = 0; at < words.length; at++) {
    let size = 0;
    while (at + size < words.length && words[at + size] === '0') size++;
    if (size > best.size) best = { at, size };
  }
  if (best.at === -1) return words.join(':');
  return `${words.slice(0, best.at).join(':')}::${words.slice(best.at + best.size).join(':')}`;
}

/** Reads an address, a network with a prefix or mask, or a number. Undefined for anything else. */
export function readIp(text: string): Ip | undefined {
  const [address = '', mask, ...more] = text.trim().split('/');
  if (more.length > 0) return undefined;
  if (/^\d+$/.test(address) && mask === undefined) return readNumber(BigInt(address));
  const v4 = readV4(address);
  const version = v4 === undefined ? 6 : 4;
  const value = v4 ?? readV6(address);
  if (value === undefined) return undefined;
  if (mask === undefined) return { version, value, prefix: BITS[version], cidr: false };
  const prefix = readPrefix(mask, version);
  return prefix === undefined ? undefined : { version, value, prefix, cidr: true };
}

function readNumber(value: bigint): Ip | undefined {
  if (value >= 1n << 128n) return undefined;
  const version = value < 1n << 32n ? 4 : 6;
  return { version, value, prefix: BITS[version], cidr: false };
}

function readV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((total, part) => (total << 8n) | BigInt(part), 0n);
}

function readV6(text: string): bigint | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted) {
    const low = readV4(dotted[2]!);
    if (low === undefined) return undefined;
    return readV6(`${dotted[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`);
  }
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const words = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  if (!words.every((word) => /^[\da-f]{1,4}$/i.test(word))) return undefined;
  return words.reduce((total, word) => (total << 16n) | BigInt(`0x${word}`), 0n);
}

function readPrefix(text: string, version: 4 | 6): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= BITS[version] ? Number(text) : undefined;
  const mask = version === 4 ? readV4(text) : readV6(text);
  if (mask === undefined) return undefined;
  const bits = mask.toString(2).padStart(BITS[version], '0');
  if (/^1*0*$/.test(bits)) return bits.indexOf('0') === -1 ? bits.length : bits.indexOf('0');
  return /^0*1*$/.test(bits) ? bits.indexOf('1') : undefined;
}

/** Gives the fewest networks that hold exactly the given ones. */
export function mergeNetworks(networks: readonly Ip[]): Ip[] {
  const ranges = networks.map((ip) => ({ version: ip.version, first: firstOf(ip), last: lastOf(ip) }));
  ranges.sort((a, b) => a.version - b.version || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const joined: typeof ranges = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last && last.version === range.version && range.first <= last.last + 1n) {
      if (range.last > last.last) last.last = range.last;
    } else {
      joined.push({ ...range });
    }
  }
  return joined.flatMap(({ version, first, last }) => coverRange(version, first, last));
}

function coverRange(version: 4 | 6, first: bigint, last: bigint): Ip[] {
  const made: Ip[] = [];
  let from = first;
  while (from <= last) {
    let size = from === 0n ? 1n << BigInt(BITS[version]) : from & -from;
    while (from + size - 1n > last) size >>= 1n;
    made.push({ version, value: from, prefix: BITS[version] - (size.toString(2).length - 1), cidr: true });
    from += size;
  }
  return made;
}

/** Gives the smallest network that holds all the given ones of one kind. */
export function spanNetworks(networks: readonly Ip[]): Ip | undefined {
  const [one] = networks;
  if (!one || networks.some((ip) => ip.version !== one.version)) return undefined;
  let span = one;
  while (!networks.every((ip) => within(ip, span))) span = { ...span, prefix: span.prefix - 1, cidr: true };
  return { ...span, value: firstOf(span), cidr: true };
}
