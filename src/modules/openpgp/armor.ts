/** Text around keys (RFC 9580, section 6): what people paste, mail and publish. */

const BEGIN = '-----BEGIN PGP PUBLIC KEY BLOCK-----';
const END = '-----END PGP PUBLIC KEY BLOCK-----';

/** Whether these bytes are keys as text. */
export function isArmored(bytes: Buffer): boolean {
  return bytes.includes(BEGIN);
}

/** Gives the bytes of all key blocks in a text, one behind the other. Bytes that are no such text stay as they are. */
export function withoutArmor(bytes: Buffer): Buffer {
  if (!isArmored(bytes)) return bytes;
  const blocks = bytes.toString('latin1').split(BEGIN).slice(1);
  return Buffer.concat(blocks.map((block) => decoded(block.split(END)[0]!)));
}

/** Headers end with an empty line; a line that begins with = is only a checksum. */
function decoded(block: string): Buffer {
  const lines = block.split(/\r?\n/).map((line) => line.trim());
  const body = lines.slice(lines.indexOf('', 1) + 1).filter((line) => !line.startsWith('='));
  return Buffer.from(body.join(''), 'base64');
}

/** Gives keys as text. */
export function armored(keys: Buffer): string {
  const lines = keys.toString('base64').match(/.{1,64}/g) ?? [];
  const sum = Buffer.alloc(3);
  sum.writeUIntBE(checksum(keys), 0, 3);
  return [BEGIN, '', ...lines, `=${sum.toString('base64')}`, END, ''].join('\n');
}

/** CRC-24 of RFC 9580, section 6.1.1. */
function checksum(bytes: Buffer): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x800000 ? (crc << 1) ^ 0x1864cfb : crc << 1;
  }
  return crc & 0xffffff;
}
