import { createHash } from 'node:crypto';

/** Name in the result -> name of the digest, and the bytes of those that have no length of their own. */
const DIGESTS: Readonly<Record<string, readonly [string, number?]>> = {
  blake2b: ['blake2b512'],
  blake2s: ['blake2s256'],
  md5: ['md5'],
  sha1: ['sha1'],
  sha224: ['sha224'],
  sha256: ['sha256'],
  sha384: ['sha384'],
  sha3_224: ['sha3-224'],
  sha3_256: ['sha3-256'],
  sha3_384: ['sha3-384'],
  sha3_512: ['sha3-512'],
  sha512: ['sha512'],
  shake_128: ['shake128', 32],
  shake_256: ['shake256', 32],
};

/** Gives the fingerprints of a public key in PEM: digest -> pairs of hexadecimal digits. */
export function fingerprints(pem: string): Record<string, string> {
  const der = Buffer.from(pem.replace(/-----.*?-----/g, ''), 'base64');
  return Object.fromEntries(
    Object.entries(DIGESTS).map(([name, [digest, outputLength]]) => {
      const hex = createHash(digest, outputLength === undefined ? {} : { outputLength })
        .update(der)
        .digest('hex');
      return [name, hex.match(/../g)!.join(':')];
    }),
  );
}
