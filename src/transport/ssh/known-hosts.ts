import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { knownNamesMatch } from './known-names.ts';

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
interface KnownKey {
  readonly file: string;
  readonly line: number;
  readonly marker: string;
  readonly names: string;
  readonly type: string;
  readonly key: Buffer;
}

/** What the files say of a host's key. `other`: the host is known by other keys only. */
export type Verdict =
  | { readonly is: 'known' }
  | { readonly is: 'unknown' }
  | { readonly is: 'revoked' | 'other'; readonly file: string; readonly line: number; readonly type: string };

/** The keys of known hosts, from one or more files; files that are not there count as empty. */
export class KnownHosts {
  private readonly keys: readonly KnownKey[];

  constructor(files: readonly string[]) {
    this.keys = files.flatMap(readKnownKeys);
  }

  /** Judges a key that the host presented. `address` is what was dialled. */
  check(address: string, port: number, key: Buffer): Verdict {
    const named = this.keysOf(address, port);
    const revoked = named.find((known) => known.marker === '@revoked' && known.key.equals(key));
    if (revoked) return { is: 'revoked', file: revoked.file, line: revoked.line, type: revoked.type };
    const trusted = named.filter((known) => known.marker === '');
    if (trusted.some((known) => known.key.equals(key))) return { is: 'known' };
    // OpenSSH also accepts the very key under the bare name, for hosts reached through a port of their own.
    if (port !== 22 && this.keysOf(address, 22).some((known) => known.marker === '' && known.key.equals(key)))
      return { is: 'known' };
    const type = keyType(key);
    const other = trusted.find((known) => known.type === type) ?? trusted[0];
    if (other) return { is: 'other', file: other.file, line: other.line, type: other.type };
    return { is: 'unknown' };
  }

  /** Gives the key types by which a host is known, so that it is asked for one of those. */
  types(address: string, port: number): string[] {
    const named = [...this.keysOf(address, port), ...(port === 22 ? [] : this.keysOf(address, 22))];
    return [...new Set(named.filter((known) => known.marker === '').map((known) => known.type))];
  }

  private keysOf(address: string, port: number): KnownKey[] {
    const name = hostName(address, port);
    return this.keys.filter((known) => knownNamesMatch(known.names, name));
  }
}

/** Gives the name under which a host stands in known_hosts: `host`, or `[host]:port` away from port 22. */
export function hostName(address: string, port: number): string {
  const host = address.toLowerCase();
  return port === 22 ? host : `[${host}]:${port}`;
}

/** Gives the type inside a public key blob (RFC 4253, 6.6), such as `ssh-ed25519`. */
export function keyType(key: Buffer): string {
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}

/** Gives a fingerprint as ssh-keygen shows it: `SHA256:...`. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** Adds a host's key to a known_hosts file, in one write; makes file and folder when missing. Throws the system's error. */
export function appendHostKey(file: string, address: string, port: number, key: Buffer): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const text = readIfThere(file);
  const line = `${hostName(address, port)} ${keyType(key)} ${key.toString('base64')}\n`;
  appendFileSync(file, text === '' || text.endsWith('\n') ? line : `\n${line}`, { mode: 0o600 });
}

function readKnownKeys(file: string): KnownKey[] {
  const keys: KnownKey[] = [];
  for (const [index, text] of readIfThere(file).split('\n').entries()) {
    const words = text.trim().split(/[ \t]+/);
    if (words[0] === '' || words[0]!.startsWith('#')) continue;
    const marker = words[0]!.startsWith('@') ? words.shift()! : '';
    const [names, type, base64] = words;
    if (names === undefined || type === undefined || base64 === undefined) continue;
    keys.push({ file, line: index + 1, marker, names, type, key: Buffer.from(base64, 'base64') });
  }
  return keys;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
