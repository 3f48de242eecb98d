import { createHash } from 'node:crypto';
import { withoutArmor } from './armor.ts';

/** A public key with what belongs to it. */
export interface PublicKey {
  /** 40 hex digits in upper case. The last 16 are its id, the last 8 its short id. */
  readonly fingerprint: string;
  readonly subkeys: readonly string[];
  /** All of its packets. */
  readonly bytes: Buffer;
}

interface Packet {
  readonly tag: number;
  readonly body: Buffer;
  readonly bytes: Buffer;
}

/** Packets of RFC 9580, section 5. */
const PUBLIC_KEY = 6;
const PUBLIC_SUBKEY = 14;
/** What gpg notes for itself between the packets of a keyring. */
const TRUST = 12;

/** Reads the public keys in a keyring or key file, as bytes or as text. Gives what is wrong when there are none. */
export function readKeys(bytes: Buffer): readonly PublicKey[] | { readonly fault: string } {
  if (bytes.length === 0) return [];
  if (bytes.subarray(8, 12).toString('latin1') === 'KBXf')
    return { fault: "it is a keybox, gpg's own format" };
  const keys: { fingerprint: string; subkeys: string[]; packets: Buffer[] }[] = [];
  for (const packet of packetsIn(withoutArmor(bytes))) {
    if (packet === undefined || (keys.length === 0 && packet.tag !== PUBLIC_KEY && packet.tag !== TRUST)) {
      return { fault: 'it holds no OpenPGP public keys' };
    }
    if (packet.tag === PUBLIC_KEY || packet.tag === PUBLIC_SUBKEY) {
      const version = packet.body[0];
      if (version !== 4) return { fault: `it holds a key of version ${version}; only version 4 can be read` };
    }
    if (packet.tag === PUBLIC_KEY) {
      keys.push({ fingerprint: fingerprint(packet.body), subkeys: [], packets: [] });
    }
    if (packet.tag === PUBLIC_SUBKEY) keys.at(-1)!.subkeys.push(fingerprint(packet.body));
    keys.at(-1)?.packets.push(packet.bytes);
  }
  return keys.map(({ packets, ...key }) => ({ ...key, bytes: Buffer.concat(packets) }));
}

/** The digits of an id as written: without `0x` and blanks, in upper case. Undefined when it is no id. */
export function keyId(written: string): string | undefined {
  const digits = written.trim().toUpperCase().replace(/^0X/, '').replaceAll(' ', '');
  return /^(?:[0-9A-F]{8}|[0-9A-F]{16}|[0-9A-F]{40})$/.test(digits) ? digits : undefined;
}

/** Whether an id, of any length, is that of the key itself. */
export function isKey(key: PublicKey, id: string): boolean {
  return key.fingerprint.endsWith(id);
}

/** Whether an id is that of the key or of one of its subkeys. */
export function hasKey(key: PublicKey, id: string): boolean {
  return isKey(key, id) || key.subkeys.some((subkey) => subkey.endsWith(id));
}

function fingerprint(body: Buffer): string {
  const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
  return createHash('sha1').update(head).update(body).digest('hex').toUpperCase();
}

/** Ends with undefined where something is no packet. */
function* packetsIn(bytes: Buffer): Generator<Packet | undefined> {
  for (let at = 0; at < bytes.length; ) {
    const packet = packetAt(bytes, at);
    yield packet;
    if (packet === undefined) return;
    at += packet.bytes.length;
  }
}

/** RFC 9580, section 4.2. Lengths that are not told ahead are for data, not for keys. */
function packetAt(bytes: Buffer, at: number): Packet | undefined {
  const first = bytes[at]!;
  if ((first & 0x80) === 0) return undefined;
  const isNew = (first & 0x40) !== 0;
  const tag = isNew ? first & 0x3f : (first >> 2) & 0x0f;
  const size = isNew ? newLength(bytes, at + 1) : oldLength(bytes, at + 1, first & 3);
  if (size === undefined) return undefined;
  const start = at + 1 + size.octets;
  const end = start + size.length;
  if (end > bytes.length) return undefined;
  return { tag, body: bytes.subarray(start, end), bytes: bytes.subarray(at, end) };
}

interface Length {
  readonly octets: number;
  readonly length: number;
}

function oldLength(bytes: Buffer, at: number, type: number): Length | undefined {
  const octets = [1, 2, 4][type];
  if (octets === undefined || at + octets > bytes.length) return undefined;
  return { octets, length: bytes.readUIntBE(at, octets) };
}

function newLength(bytes: Buffer, at: number): Length | undefined {
  const [first, second] = [bytes[at], bytes[at + 1]];
  if (first === undefined) return undefined;
  if (first < 192) return { octets: 1, length: first };
  if (first < 224 && second !== undefined) return { octets: 2, length: ((first - 192) << 8) + second + 192 };
  return first === 255 && at + 5 <= bytes.length
    ? { octets: 5, length: bytes.readUInt32BE(at + 1) }
    : undefined;
}
