import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** DER tags (X.690). */
const TAG = {
  INTEGER: 0x02,
  BITS: 0x03,
  OBJECT: 0x06,
  TEXT: 0x0c,
  SEQUENCE: 0x30,
  SET: 0x31,
  TIME: 0x18,
} as const;

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

/** ecdsa-with-SHA256 and id-at-commonName, encoded. */
const ECDSA_SHA256 = der(TAG.SEQUENCE, der(TAG.OBJECT, Buffer.from('2a8648ce3d040302', 'hex')));
const COMMON_NAME = der(TAG.OBJECT, Buffer.from('550403', 'hex'));

/**
 * Gives a PEM text with a new P-256 key and a self-signed certificate, good for ten years.
 * Node makes keys but no certificates, and a fresh machine may lack openssl; this is the least that RFC 5280 asks for.
 */
export function selfSignedPem(commonName: string): string {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = der(
    TAG.SEQUENCE,
    der(TAG.SET, der(TAG.SEQUENCE, COMMON_NAME, der(TAG.TEXT, Buffer.from(commonName)))),
  );
  const serial = Buffer.from(randomBytes(8));
  // A positive number: the first bit says the sign.
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const day = 24 * 3600 * 1000;
  const body = der(
    TAG.SEQUENCE,
    der(TAG.INTEGER, serial),
    ECDSA_SHA256,
    name,
    der(TAG.SEQUENCE, time(Date.now() - day), time(Date.now() + 3650 * day)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = der(
    TAG.SEQUENCE,
    body,
    ECDSA_SHA256,
    der(TAG.BITS, Buffer.concat([Buffer.from([0]), signature])),
  );
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  return `${key}-----BEGIN CERTIFICATE-----\n${wrapped(certificate.toString('base64'))}-----END CERTIFICATE-----\n`;
}

/** GeneralizedTime, `YYYYMMDDhhmmssZ`. */
function time(at: number): Buffer {
  const digits = new Date(at).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
  return der(TAG.TIME, Buffer.from(`${digits}Z`));
}

function wrapped(base64: string): string {
  return base64.replaceAll(/.{1,64}/g, '$&\n');
}
