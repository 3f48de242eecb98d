/** Password hashes as `password_hash`, the `password` lookup and `vars_prompt` make them. */
import { createHash, randomInt } from 'node:crypto';
import { BCRYPT_SALT, bcrypt } from './bcrypt.ts';
import { md5Crypt, shaCrypt } from './crypt.ts';

/** What is wished of a hash. */
export interface HashWish {
  /** `sha512`, `sha256`, `md5` or `bcrypt`, also by the names that end in `_crypt`, and `blowfish`. */
  readonly kind: string;
  readonly salt?: string | undefined;
  /** Characters of a salt that is made. */
  readonly saltSize?: number | undefined;
  /** For bcrypt the logarithm of them. */
  readonly rounds?: number | undefined;
  /** The variant of bcrypt. */
  readonly ident?: string | undefined;
}

/** Ends with an error. */
type Fail = (message: string, hint?: string) => never;

interface Kind {
  readonly salt: { readonly usual: number; readonly least: number; readonly most: number };
  /** What Ansible's password library takes when no count is given. */
  readonly rounds?: { readonly usual: number; readonly least: number; readonly most: number };
}

const SHA_SALT = { usual: 16, least: 0, most: 16 };
const KINDS = {
  sha512: { salt: SHA_SALT, rounds: { usual: 656_000, least: 1000, most: 5_000_000 } },
  sha256: { salt: SHA_SALT, rounds: { usual: 535_000, least: 1000, most: 5_000_000 } },
  md5: { salt: { usual: 8, least: 0, most: 8 } },
  // Each step doubles the time: 15 are ten seconds, in which no host gets on.
  bcrypt: {
    salt: { usual: BCRYPT_SALT, least: BCRYPT_SALT, most: BCRYPT_SALT },
    rounds: { usual: 12, least: 4, most: 15 },
  },
} as const satisfies Readonly<Record<string, Kind>>;

const SALT = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./';

function kindOf(name: string): keyof typeof KINDS | undefined {
  const short = name.toLowerCase();
  if (short === 'bcrypt' || short === 'blowfish') return 'bcrypt';
  const bare = short.replace(/_?crypt$/, '');
  return bare !== 'bcrypt' && Object.hasOwn(KINDS, bare) ? (bare as keyof typeof KINDS) : undefined;
}

/** Gives a random salt of the usual length for a kind of hash. */
export function randomSalt(kind: string, size?: number): string {
  const length = size ?? KINDS[kindOf(kind) ?? 'sha512'].salt.usual;
  return Array.from({ length }, () => SALT[randomInt(SALT.length)]).join('');
}

/** The variant of bcrypt when none is wished; undefined for other kinds of hashes, which have none. */
export function usualIdent(kind: string): string | undefined {
  return kindOf(kind) === 'bcrypt' ? '2b' : undefined;
}

/** Gives a password hash of crypt(3). Calls `fail` for a kind that is not built in, or a wish it cannot have. */
export function hashPassword(password: string, wish: HashWish, fail: Fail): string {
  const kind = kindOf(wish.kind);
  if (kind === undefined)
    return fail(
      `password hashes of the kind "${wish.kind}" are not built in`,
      'use sha512, sha256, md5 or bcrypt; make others with a tool of the target',
    );
  const { salt: sizes, rounds: counts }: Kind = KINDS[kind];
  const size = wish.salt === undefined ? (wish.saltSize ?? sizes.usual) : wish.salt.length;
  if (size < sizes.least || size > sizes.most || /[^./0-9A-Za-z]/.test(wish.salt ?? ''))
    fail(
      sizes.least === sizes.most
        ? `the salt of ${kind} must have ${sizes.most} letters, digits, dots and slashes`
        : `the salt may have at most ${sizes.most} letters, digits, dots and slashes`,
    );
  const rounds = wish.rounds ?? counts?.usual ?? 0;
  if (counts && (rounds < counts.least || rounds > counts.most))
    fail(
      `rounds of ${kind} must be between ${counts.least.toLocaleString('en')} and ${counts.most.toLocaleString('en')}`,
    );
  if (kind === 'bcrypt' && password.includes('\0')) fail('a password for bcrypt cannot hold a NUL');
  const salt = wish.salt ?? randomSalt(kind, size);
  if (kind === 'md5') return md5Crypt(password, salt);
  const variant = kind === 'bcrypt' ? identOf(wish.ident, fail) : '2b';
  return cached([kind, variant, password, salt, rounds], () =>
    kind === 'bcrypt' ? bcrypt(variant, password, salt, rounds) : shaCrypt(kind, password, salt, rounds),
  );
}

function identOf(ident: string | undefined, fail: Fail): '2a' | '2b' | '2y' {
  if (ident === undefined) return '2b';
  if (ident === '2a' || ident === '2b' || ident === '2y') return ident;
  return fail(`"${ident}" is not a variant of bcrypt`, 'use 2b, 2a or 2y');
}

const made = new Map<string, string>();

/** A hash takes about a second: with a salt of its own, every host of a play asks for the same one. The key is hashed too. */
function cached(parts: readonly unknown[], make: () => string): string {
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('base64');
  let found = made.get(key);
  if (found === undefined) {
    found = make();
    if (made.size >= 1000) made.clear();
    made.set(key, found);
  }
  return found;
}
