/** Filters that hash. */
import { createHash, getHashes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { md5Crypt, shaCrypt } from '../python/crypt.ts';
import { str } from '../python/text.ts';
import { type Args, type Routines, routine } from '../routine.ts';

function digest(value: unknown, algorithm: string, args: Args): string {
  const name = algorithm
    .toLowerCase()
    .replace(/^sha3_/, 'sha3-')
    .replace(/^blake2([bs])$/, (_, kind) => (kind === 'b' ? 'blake2b512' : 'blake2s256'));
  if (!getHashes().includes(name))
    return args.fail(
      `the hash "${algorithm}" is not known`,
      'use sha1, sha256, sha512, md5 or another one of OpenSSL',
    );
  return createHash(name).update(str(value), 'utf8').digest('hex');
}

const SALT = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./';

/** Gives a random salt. */
export function randomSalt(length: number): string {
  return Array.from({ length }, () => SALT[randomInt(SALT.length)]).join('');
}

/** What Ansible's password library takes when no count is given. */
const USUAL_ROUNDS = { sha512: 656_000, sha256: 535_000 } as const;

/** Gives a password hash of crypt(3). Throws for a kind that is not built in. */
export function hashPassword(
  password: string,
  kind: string,
  salt: string | undefined,
  rounds: number | undefined,
  args: Pick<Args, 'fail'>,
): string {
  const name = kind.replace(/_?crypt$/, '').toLowerCase();
  if (name !== 'sha512' && name !== 'sha256' && name !== 'md5')
    return args.fail(
      `password hashes of the kind "${kind}" are not built in`,
      'use sha512, sha256 or md5; make others with a tool of the target',
    );
  const limit = name === 'md5' ? 8 : 16;
  if (salt !== undefined && (salt.length > limit || /[^./0-9A-Za-z]/.test(salt)))
    args.fail(`the salt may have at most ${limit} letters, digits, dots and slashes`);
  if (rounds !== undefined && (rounds < 1000 || rounds > 5_000_000))
    args.fail('rounds must be between 1,000 and 5,000,000');
  if (name === 'md5') return md5Crypt(password, salt ?? randomSalt(8));
  return cached(name, password, salt ?? randomSalt(16), rounds ?? USUAL_ROUNDS[name]);
}

const made = new Map<string, string>();

/** A hash takes about a second: with a salt of its own, every host of a play asks for the same one. The key is hashed too. */
function cached(kind: 'sha256' | 'sha512', password: string, salt: string, rounds: number): string {
  const key = createHash('sha256')
    .update(JSON.stringify([kind, password, salt, rounds]))
    .digest('base64');
  let found = made.get(key);
  if (found === undefined) {
    found = shaCrypt(kind, password, salt, rounds);
    if (made.size >= 1000) made.clear();
    made.set(key, found);
  }
  return found;
}

function passwordHash(value: unknown, args: Args): string {
  return hashPassword(
    str(value),
    args.text('hashtype'),
    args.optionalText('salt'),
    args.optionalInt('rounds'),
    args,
  );
}

/** Filters by name. */
export const HASH_FILTERS: Routines = {
  checksum: routine('', (value, args) => digest(value, 'sha1', args)),
  crc32: routine('', (value) => crc32(str(value)).toString(16)),
  hash: routine('hashtype="sha1"', (value, args) => digest(value, args.text('hashtype'), args)),
  md5: routine('', (value, args) => digest(value, 'md5', args)),
  password_hash: routine('hashtype="sha512" salt=null salt_size=null rounds=null ident=null', passwordHash),
  sha1: routine('', (value, args) => digest(value, 'sha1', args)),
};
