import { createHash } from 'node:crypto';
import { hashedKnownName, knownNamesMatch } from '../../resources/index.ts';
import { bare, linesOf, withEnd } from '../text-file.ts';

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface HostKey {
  /** `@cert-authority`, `@revoked` or nothing. */
  readonly marker: string;
  readonly names: string;
  readonly type: string;
  /** The key, in base64. */
  readonly data: string;
}

/** What shall become of the keys of a host. */
export interface HostKeyWish {
  readonly name: string;
  /** Without any, all keys of the host are meant. */
  readonly keys: readonly HostKey[];
  readonly present: boolean;
  /** Names are written as a salted hash. */
  readonly hash: boolean;
  /** Makes the salts differ between hosts. */
  readonly seed: string;
}

/** Reads a line; undefined for comments, empty lines and what is no key. */
export function readHostKey(line: string): HostKey | undefined {
  const words = bare(line)
    .trim()
    .split(/[ \t]+/);
  const marker = words[0]?.startsWith('@') ? words.shift()! : '';
  const [names, type, data] = words;
  if (names === undefined || type === undefined || data === undefined || names.startsWith('#'))
    return undefined;
  return { marker, names, type, data };
}

/** Whether the type stands in the key itself too, as its first word with the length before it (RFC 4253, 6.6). */
export function isWellFormed({ type, data }: HostKey): boolean {
  const bytes = Buffer.from(data, 'base64');
  return bytes.length > 4 && bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString('latin1') === type;
}

/** Whether a line is about the host, by its name, a pattern or a hash. */
export function isAbout({ names }: HostKey, name: string): boolean {
  return knownNamesMatch(names, name.toLowerCase());
}

/** Gives the text of the file with the wish fulfilled: a host has one key of each type. */
export function withHostKeys(text: string, wish: HostKeyWish): string {
  const lines = linesOf(text);
  if (!wish.present) return lines.filter((line) => !isUnwanted(line, wish)).join('');
  return wish.keys.reduce((kept: readonly string[], key) => withKey(kept, key, wish), lines).join('');
}

function isUnwanted(line: string, { name, keys }: HostKeyWish): boolean {
  const found = readHostKey(line);
  if (!found || !isAbout(found, name)) return false;
  return keys.length === 0 || keys.some((key) => isSameKey(found, key));
}

function withKey(lines: readonly string[], key: HostKey, wish: HostKeyWish): readonly string[] {
  const rivals = lines.filter((line) => {
    const found = readHostKey(line);
    return found && isAbout(found, wish.name) && found.type === key.type && found.marker === key.marker;
  });
  if (rivals.some((line) => isSettled(readHostKey(line)!, key, wish))) return lines;
  const kept = lines.filter((line) => !rivals.includes(line));
  const last = kept.length - 1;
  return [...kept.map((line, index) => (index === last ? withEnd(line) : line)), written(key, lines, wish)];
}

function isSettled(found: HostKey, key: HostKey, { hash }: HostKeyWish): boolean {
  return isSameKey(found, key) && (hash ? found.names.startsWith('|1|') : found.names === key.names);
}

function isSameKey(found: HostKey, key: HostKey): boolean {
  return found.type === key.type && found.data === key.data && found.marker === key.marker;
}

function written(key: HostKey, lines: readonly string[], wish: HostKeyWish): string {
  const { marker, type, data } = key;
  // The same plan gives the same file; what matters of a salt is that no two are alike.
  const salt = createHash('sha1')
    .update(`${wish.seed}\0${lines.join('')}\0${data}`)
    .digest();
  const names = wish.hash ? hashedKnownName(wish.name.toLowerCase(), salt) : key.names;
  return `${[marker, names, type, data].filter((word) => word !== '').join(' ')}\n`;
}
