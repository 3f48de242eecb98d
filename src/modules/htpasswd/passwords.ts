import { createHash } from 'node:crypto';
import { hashPassword, md5Crypt } from '../../template/index.ts';
import { bare, linesOf, withEnd } from '../text-file.ts';

/** The kinds of hashes that can be made. */
export const SCHEMES = [
  ...([
    'apr_md5_crypt',
    'md5_crypt',
    'sha256_crypt',
    'sha512_crypt',
    'bcrypt',
    'ldap_sha1',
    'plaintext',
  ] as const),
] as const;

/** A kind of hash. */
export type Scheme = (typeof SCHEMES)[number];

const SALTS: Readonly<Partial<Record<Scheme, number>>> = {
  apr_md5_crypt: 8,
  md5_crypt: 8,
  sha256_crypt: 16,
  sha512_crypt: 16,
  bcrypt: 22,
};

/** Rounds that Python's passlib takes, and the start of a hash that says others. */
const ROUNDS: Readonly<Partial<Record<Scheme, number>>> = {
  sha256_crypt: 535_000,
  sha512_crypt: 656_000,
  bcrypt: 12,
};

/** Gives the hash of a password. `seed`: text that makes salts differ; the same plan gives the same hash. */
export function hashOf(password: string, scheme: Scheme, seed: string): string {
  const size = SALTS[scheme] ?? 0;
  const letters = createHash('sha256').update(`${seed}\0${scheme}`).digest('base64').replace(/[+=/]/g, '.');
  // The last character of a salt of bcrypt has only two bits.
  const salt = scheme === 'bcrypt' ? `${letters.slice(0, 21)}.` : letters.slice(0, size);
  return made(password, scheme, salt, ROUNDS[scheme]);
}

/** Whether a hash of any of the kinds is the password's. */
export function isHashOf(hash: string, password: string): boolean {
  const [, apr] = /^\$apr1\$([^$]{0,8})\$/.exec(hash) ?? [];
  if (apr !== undefined) return made(password, 'apr_md5_crypt', apr, undefined) === hash;
  const [, md5] = /^\$1\$([^$]{0,8})\$/.exec(hash) ?? [];
  if (md5 !== undefined) return made(password, 'md5_crypt', md5, undefined) === hash;
  const [, kind, rounds, salt] = /^\$([56])\$(?:rounds=(\d+)\$)?([^$]{0,16})\$/.exec(hash) ?? [];
  if (salt !== undefined)
    return (
      made(password, kind === '6' ? 'sha512_crypt' : 'sha256_crypt', salt, Number(rounds ?? 5000)) === hash
    );
  const [, ident, cost, blow] = /^\$(2[aby])\$(\d\d)\$(.{22})/.exec(hash) ?? [];
  if (blow !== undefined) return made(password, 'bcrypt', blow, Number(cost), ident) === hash;
  if (hash.startsWith('{SHA}')) return made(password, 'ldap_sha1', '', undefined) === hash;
  return hash === password;
}

function made(
  password: string,
  scheme: Scheme,
  salt: string,
  rounds: number | undefined,
  ident?: string,
): string {
  if (scheme === 'plaintext') return password;
  if (scheme === 'ldap_sha1') return `{SHA}${createHash('sha1').update(password).digest('base64')}`;
  if (scheme === 'apr_md5_crypt') return md5Crypt(password, salt, '$apr1$');
  return hashPassword(password, { kind: scheme, salt, rounds, ident }, (message) => {
    throw new Error(message);
  });
}

/** Gives the hash that a user has in the text of a password file. */
export function entryOf(text: string, user: string): string | undefined {
  const line = linesOf(text).find((one) => one.startsWith(`${user}:`));
  return line === undefined ? undefined : bare(line).slice(user.length + 1);
}

/** Gives the text with the entry of a user set, or (undefined) taken out. All else stays. */
export function withEntry(text: string, user: string, hash: string | undefined): string {
  const entry = hash === undefined ? [] : [`${user}:${hash}\n`];
  const lines = linesOf(text);
  const at = lines.findIndex((line) => line.startsWith(`${user}:`));
  if (at >= 0) return [...lines.slice(0, at), ...entry, ...lines.slice(at + 1)].join('');
  const last = lines.pop();
  return [
    ...lines,
    ...(last === undefined ? [] : [hash === undefined ? last : withEnd(last)]),
    ...entry,
  ].join('');
}
