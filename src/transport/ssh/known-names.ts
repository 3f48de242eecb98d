import { createHmac, timingSafeEqual } from 'node:crypto';
import { matchesPatterns } from './patterns.ts';

/**
 * Whether the names field of a known_hosts line (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT) means a host: `host`, or `[host]:port`.
 * Hashed names are `|1|salt|HMAC-SHA1(salt, name)`, both in base64.
 */
export function knownNamesMatch(names: string, name: string): boolean {
  if (!names.startsWith('|1|')) return matchesPatterns(name, names.split(','));
  const [, , salt, hash] = names.split('|');
  if (salt === undefined || hash === undefined) return false;
  const wanted = Buffer.from(hash, 'base64');
  const given = digest(Buffer.from(salt, 'base64'), name);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

/** Gives the hashed names field of one host. `salt`: 20 bytes. */
export function hashedKnownName(name: string, salt: Uint8Array): string {
  return `|1|${Buffer.from(salt).toString('base64')}|${digest(salt, name).toString('base64')}`;
}

function digest(salt: Uint8Array, name: string): Buffer {
  return createHmac('sha1', salt).update(name).digest();
}
