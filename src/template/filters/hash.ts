/** Filters that hash. */
import { createHash, getHashes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { hashPassword } from '../python/password-hash.ts';
import { str } from '../python/text.ts';
import { type Args, type Routines, routine } from '../routine.ts';

function digest(value: unknown, algorithm: string, args: Args): string {
  const name = algorithm
    .toLowerCase()
    .replace(/^sha3_/, 'sha3-')
    .replace(/^blake2([bs])$/, (_, kind) => (kind === 'b' ? 'blake2b512' : 'blake2s256'));
  if (!getHashes().includes(name))
    return args.fail(
      `unsupported hash type ${algorithm}`,
      'use sha1, sha256, sha512, md5 or another one of OpenSSL',
    );
  return createHash(name).update(str(value), 'utf8').digest('hex');
}

function passwordHash(value: unknown, args: Args): string {
  return hashPassword(
    str(value),
    {
      kind: args.text('hashtype'),
      salt: args.optionalText('salt'),
      saltSize: args.optionalInt('salt_size'),
      rounds: args.optionalInt('rounds'),
      ident: args.optionalText('ident'),
    },
    (message, hint) => args.fail(message, hint),
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
