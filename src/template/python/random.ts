/** Python's seeded random numbers (Mersenne Twister MT19937, Matsumoto and Nishimura 1998), so that `random(seed=...)` gives what Ansible gives. */
import { createHash, randomInt } from 'node:crypto';

const SIZE = 624;

/** A source of whole numbers below a limit. */
export interface RandomSource {
  below(limit: number): number;
}

/** Numbers from the system's source. */
export const SYSTEM_RANDOM: RandomSource = { below: (limit) => randomInt(limit) };

/** Gives the source that Python's `Random(seed)` is, for a text or a whole number. */
export function seededRandom(seed: string | number | bigint): RandomSource {
  return new Twister(seedWords(seed));
}

/** A text counts with its SHA-512 behind it, as one large number; numbers are cut into words of 32 bits. */
function seedWords(seed: string | number | bigint): number[] {
  let value: bigint;
  if (typeof seed === 'string') {
    const bytes = Buffer.from(seed, 'utf8');
    const digest = createHash('sha512').update(bytes).digest();
    value = BigInt(`0x${Buffer.concat([bytes, digest]).toString('hex')}`);
  } else {
    value = BigInt(seed);
    if (value < 0n) value = -value;
  }
  const words: number[] = [];
  do {
    words.push(Number(value & 0xffffffffn));
    value >>= 32n;
  } while (value > 0n);
  return words;
}

class Twister implements RandomSource {
  private readonly state = new Uint32Array(SIZE);
  private index = SIZE;

  constructor(key: readonly number[]) {
    this.start(19650218);
    const { state } = this;
    let i = 1;
    let j = 0;
    for (let k = Math.max(SIZE, key.length); k > 0; k--) {
      state[i] = (state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), 1664525)) + key[j]! + j;
      i++;
      j++;
      if (i >= SIZE) {
        state[0] = state[SIZE - 1]!;
        i = 1;
      }
      if (j >= key.length) j = 0;
    }
    for (let k = SIZE - 1; k > 0; k--) {
      state[i] = (state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), 1566083941)) - i;
      i++;
      if (i >= SIZE) {
        state[0] = state[SIZE - 1]!;
        i = 1;
      }
    }
    state[0] = 0x80000000;
  }

  private start(seed: number): void {
    this.state[0] = seed;
    for (let i = 1; i < SIZE; i++)
      this.state[i] = Math.imul(this.state[i - 1]! ^ (this.state[i - 1]! >>> 30), 1812433253) + i;
  }

  private next(): number {
    if (this.index >= SIZE) this.twist();
    let word = this.state[this.index++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> 0;
  }

  private twist(): void {
    const { state } = this;
    for (let i = 0; i < SIZE; i++) {
      const mixed = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
      state[i] = state[(i + 397) % SIZE]! ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.index = 0;
  }

  below(limit: number): number {
    const bits = BigInt(limit).toString(2).length;
    let value = this.bits(bits);
    while (value >= limit) value = this.bits(bits);
    return value;
  }

  private bits(count: number): number {
    if (count <= 32) return this.next() >>> (32 - count);
    const low = this.next();
    return (this.next() >>> (64 - count)) * 2 ** 32 + low;
  }
}
