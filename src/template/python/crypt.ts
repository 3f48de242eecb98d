/** Password hashes of crypt(3): SHA-256 and SHA-512 (U. Drepper's specification, public domain) and MD5 ($1$). */
import { createHash, hash } from 'node:crypto';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function encode(bytes: readonly number[], characters: number): string {
  let value = bytes.reduce((total, byte) => (total << 8) | byte, 0);
  let text = '';
  for (let i = 0; i < characters; i++) {
    text += ALPHABET[value & 63];
    value >>= 6;
  }
  return text;
}

/** The order in which the bytes of a digest are written, three at a time. */
function encodeDigest(digest: Buffer, size: 32 | 64): string {
  let text = '';
  const third = Math.floor(size / 3);
  const order = size === 64 ? [0, third, third * 2] : [0, 10, 20];
  let [a, b, c] = order as [number, number, number];
  for (let i = 0; i < third; i++) {
    text += encode([digest[a]!, digest[b]!, digest[c]!], 4);
    // Each step rotates the three places; SHA-512 goes on with the second, SHA-256 with the third.
    [a, b, c] = size === 64 ? [b + 1, c + 1, a + 1] : [c + 1, a + 1, b + 1];
  }
  return text + (size === 64 ? encode([digest[63]!], 2) : encode([digest[31]!, digest[30]!], 3));
}

function repeatTo(block: Buffer, length: number): Buffer {
  const made = Buffer.alloc(length);
  for (let i = 0; i < length; i += block.length) block.copy(made, i, 0, Math.min(block.length, length - i));
  return made;
}

/** Gives the SHA-crypt of a password. 5000 rounds are the format's own default and are not written. */
export function shaCrypt(kind: 'sha256' | 'sha512', password: string, salt: string, rounds: number): string {
  const size = kind === 'sha512' ? 64 : 32;
  const key = Buffer.from(password, 'utf8');
  const salted = Buffer.from(salt, 'utf8').subarray(0, 16);
  const digestOf = (...parts: Buffer[]): Buffer => hash(kind, Buffer.concat(parts), 'buffer');
  const alternate = digestOf(key, salted, key);
  const first: Buffer[] = [key, salted, repeatTo(alternate, key.length)];
  for (let length = key.length; length > 0; length >>= 1) first.push(length & 1 ? alternate : key);
  const start = digestOf(...first);
  const p = repeatTo(digestOf(...Array.from({ length: key.length }, () => key)), key.length);
  const s = repeatTo(digestOf(...Array.from({ length: 16 + start[0]! }, () => salted)), salted.length);
  const digest = stretch(kind, start, p, s, rounds);
  const shown = rounds === 5000 ? '' : `rounds=${rounds}$`;
  return `$${kind === 'sha512' ? 6 : 5}$${shown}${salted.toString('utf8')}$${encodeDigest(digest, size)}`;
}

/** Hashes again and again. What is around the digest repeats every 42 rounds: it is laid out once. */
function stretch(kind: string, start: Buffer, p: Buffer, s: Buffer, rounds: number): Buffer {
  const layouts = Array.from({ length: 42 }, (_, i) => {
    const middle = Buffer.concat([i % 3 === 0 ? Buffer.alloc(0) : s, i % 7 === 0 ? Buffer.alloc(0) : p]);
    const blank = Buffer.alloc(start.length);
    const isOdd = (i & 1) === 1;
    return {
      block: Buffer.concat(isOdd ? [p, middle, blank] : [blank, middle, p]),
      at: isOdd ? p.length + middle.length : 0,
    };
  });
  let digest = start;
  for (let i = 0; i < rounds; i++) {
    const { block, at } = layouts[i % 42]!;
    digest.copy(block, at);
    digest = hash(kind, block, 'buffer');
  }
  return digest;
}

/** Gives the MD5-crypt of a password. Only for old systems; Apache's variant has a mark of its own. */
export function md5Crypt(password: string, salt: string, mark: '$1$' | '$apr1$' = '$1$'): string {
  const key = Buffer.from(password, 'utf8');
  const salted = Buffer.from(salt, 'utf8').subarray(0, 8);
  const md5 = (parts: Buffer[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest();
  const alternate = md5([key, salted, key]);
  const first = [key, Buffer.from(mark), salted, repeatTo(alternate, key.length)];
  for (let length = key.length; length > 0; length >>= 1)
    first.push(length & 1 ? Buffer.from([0]) : key.subarray(0, 1));
  let digest = md5(first);
  for (let i = 0; i < 1000; i++) {
    const parts = [i & 1 ? key : digest];
    if (i % 3 !== 0) parts.push(salted);
    if (i % 7 !== 0) parts.push(key);
    parts.push(i & 1 ? digest : key);
    digest = md5(parts);
  }
  const triples = [0, 1, 2, 3, 4].map((i) =>
    encode([digest[i]!, digest[i + 6]!, digest[i === 4 ? 5 : i + 12]!], 4),
  );
  return `${mark}${salted.toString('utf8')}$${triples.join('')}${encode([digest[11]!], 2)}`;
}
