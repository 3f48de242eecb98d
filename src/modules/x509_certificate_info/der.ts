/** One value of DER, as ITU-T X.690 writes it. */
export interface Der {
  /** The whole identifier: class, form and number. */
  readonly tag: number;
  /** What is in it. */
  readonly body: Buffer;
  /** All of it, with tag and length. */
  readonly whole: Buffer;
}

/** Reads the values that follow each other. Throws RangeError when they are cut off. */
export function readDer(bytes: Buffer): Der[] {
  const found: Der[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at + 1]!;
    const count = first < 0x80 ? 0 : first & 0x7f;
    const length = count === 0 ? first : bytes.readUIntBE(at + 2, count);
    const start = at + 2 + count;
    if (start + length > bytes.length) throw new RangeError('the value is cut off');
    found.push({
      tag: bytes[at]!,
      body: bytes.subarray(start, start + length),
      whole: bytes.subarray(at, start + length),
    });
    at = start + length;
  }
  return found;
}

/** Gives an object identifier with dots. */
export function oidOf({ body }: Der): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of body) {
    number = number * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(number);
      number = 0;
    }
  }
  const [first = 0, ...rest] = numbers;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join('.');
}

/** Gives a whole number; negative ones do not occur. */
export function numberOf({ body }: Der): bigint {
  return BigInt(`0x${body.toString('hex') || '0'}`);
}

/** Gives a text of whatever kind. */
export function textOf({ tag, body }: Der): string {
  if (tag === 0x1e) return Buffer.from(body).swap16().toString('utf16le');
  return body.toString(tag === 0x14 ? 'latin1' : 'utf8');
}
