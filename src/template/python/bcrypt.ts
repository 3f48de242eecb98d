/** The password hash bcrypt (N. Provos, D. Mazières: "A Future-Adaptable Password Scheme", USENIX 1999) over B. Schneier's Blowfish. */

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ROUND_KEYS = 18;
const BOX = 256;
const SALT_BYTES = 16;

/** Bytes of a password that count, its closing NUL included. */
const KEY_BYTES = 72;

/** Characters of a salt as it is written. */
export const BCRYPT_SALT = 22;

interface Cipher {
  /** The round keys. */
  readonly p: Int32Array;
  /** Four boxes of 256 words, one after the other. */
  readonly s: Int32Array;
}

/** The reciprocal's arc tangent in fixed point. */
function arctan(of: bigint, one: bigint): bigint {
  let term = one / of;
  let sum = term;
  const square = of * of;
  for (let n = 3n, sign = -1n; term > 0n; n += 2n, sign = -sign) {
    term /= square;
    sum += (sign * term) / n;
  }
  return sum;
}

let beginning: Cipher | undefined;

/** Blowfish begins with the digits of pi after the point: calculated (by Machin's formula), they need no table of 4 kB. */
function fresh(): Cipher {
  if (!beginning) {
    const words = ROUND_KEYS + 4 * BOX;
    const spare = 64n;
    const bits = BigInt(words * 32);
    const one = 1n << (bits + spare);
    const pi = 16n * arctan(5n, one) - 4n * arctan(239n, one);
    const digits = ((pi - 3n * one) >> spare).toString(16).padStart(words * 8, '0');
    const all = Int32Array.from({ length: words }, (_, i) =>
      Number.parseInt(digits.slice(i * 8, i * 8 + 8), 16),
    );
    beginning = { p: all.slice(0, ROUND_KEYS), s: all.slice(ROUND_KEYS) };
  }
  return { p: beginning.p.slice(), s: beginning.s.slice() };
}

/** Encrypts the two words at `at` in place. */
function encrypt({ p, s }: Cipher, block: Int32Array, at: number): void {
  let left = block[at]! ^ p[0]!;
  let right = block[at + 1]!;
  for (let i = 1; i <= 16; i += 2) {
    right ^= feistel(s, left) ^ p[i]!;
    left ^= feistel(s, right) ^ p[i + 1]!;
  }
  block[at] = right ^ p[17]!;
  block[at + 1] = left;
}

function feistel(s: Int32Array, x: number): number {
  const sum = (s[x >>> 24]! + s[BOX + ((x >>> 16) & 255)]!) ^ s[2 * BOX + ((x >>> 8) & 255)]!;
  return (sum + s[3 * BOX + (x & 255)]!) | 0;
}

/** Gives the words of bytes that are read round and round. */
function words(bytes: Uint8Array, count: number): Int32Array {
  const byte = (i: number) => bytes[i % bytes.length]!;
  return Int32Array.from(
    { length: count },
    (_, i) => (byte(i * 4) << 24) | (byte(i * 4 + 1) << 16) | (byte(i * 4 + 2) << 8) | byte(i * 4 + 3),
  );
}

/** Works a key, and a salt if there is one, into the state of the cipher. */
function expand(cipher: Cipher, key: Int32Array, salt?: Int32Array): void {
  const { p, s } = cipher;
  for (let i = 0; i < ROUND_KEYS; i++) p[i]! ^= key[i]!;
  const block = new Int32Array(2);
  let turn = 0;
  for (const part of [p, s]) {
    for (let i = 0; i < part.length; i += 2) {
      if (salt) {
        block[0]! ^= salt[turn]!;
        block[1]! ^= salt[turn + 1]!;
        turn = (turn + 2) % salt.length;
      }
      encrypt(cipher, block, 0);
      part[i] = block[0]!;
      part[i + 1] = block[1]!;
    }
  }
}

function encode(bytes: Uint8Array): string {
  let text = '';
  for (let bit = 0; bit < bytes.length * 8; bit += 6) {
    const at = bit >> 3;
    const pair = (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
    text += ALPHABET[(pair >> (10 - (bit & 7))) & 63];
  }
  return text;
}

function decode(text: string): Uint8Array {
  const bytes = new Uint8Array(SALT_BYTES);
  for (let i = 0; i < text.length; i++) {
    const at = (i * 6) >> 3;
    const pair = ALPHABET.indexOf(text[i]!) << (10 - ((i * 6) & 7));
    bytes[at]! |= pair >> 8;
    // The last character has four bits too many.
    if (at + 1 < SALT_BYTES) bytes[at + 1]! |= pair & 255;
  }
  return bytes;
}

/** Gives the bcrypt of a password. `salt`: 22 characters of the alphabet; `cost`: 4 to 31, each step doubles the time (12 takes about half a second). */
export function bcrypt(ident: '2a' | '2b' | '2y', password: string, salt: string, cost: number): string {
  const salted = decode(salt);
  const key = words(Buffer.from(`${password}\0`, 'utf8').subarray(0, KEY_BYTES), ROUND_KEYS);
  const cipher = fresh();
  expand(cipher, key, words(salted, 4));
  const saltKey = words(salted, ROUND_KEYS);
  for (let round = 2 ** cost; round > 0; round--) {
    expand(cipher, key);
    expand(cipher, saltKey);
  }
  const block = words(Buffer.from('OrpheanBeholderScryDoubt', 'latin1'), 6);
  for (let at = 0; at < 6; at += 2) for (let i = 0; i < 64; i++) encrypt(cipher, block, at);
  const digest = Buffer.alloc(24);
  for (const [i, word] of block.entries()) digest.writeInt32BE(word, i * 4);
  // The last byte was left out of the first implementation by mistake, and so it stayed.
  return `$${ident}$${String(cost).padStart(2, '0')}$${encode(salted)}${encode(digest.subarray(0, 23))}`;
}
