/** What a certificate says, in the words of Ansible's results. */
import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { BigInteger } from '../../values/index.ts';
import { type Der, numberOf, oidOf, readDer, textOf } from './der.ts';
import { extensionKeys, extensionsOf } from './extensions.ts';
import { CURVES, NAME_PARTS, SIGNATURES } from './names.ts';

/** What most modules need of it. */
export interface Certificate {
  /** As `20261123182500Z`. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly serial: BigInteger;
}

/** The parts of a certificate (RFC 5280). */
interface Parts {
  readonly x509: X509Certificate;
  readonly version: number;
  readonly serial: Der;
  readonly signature: Der;
  readonly issuer: Der;
  readonly validity: readonly [Der, Der];
  readonly subject: Der;
  readonly extensions: Der | undefined;
}

/** Reads the first certificate of a PEM text, or one in DER. Gives what it needs often; undefined when it is none. */
export function certificateOf(content: string | Buffer): Certificate | undefined {
  const parts = partsOf(content);
  return (
    parts && {
      notBefore: timeOf(parts.validity[0]),
      notAfter: timeOf(parts.validity[1]),
      serial: new BigInteger(numberOf(parts.serial)),
    }
  );
}

/** Gives everything that the `x509_certificate_info` module tells; undefined when it is no certificate. `now` as `20261123182500Z`. */
export function certificateKeys(content: string | Buffer, now: string): Record<string, unknown> | undefined {
  const parts = partsOf(content);
  if (parts === undefined) return undefined;
  const { x509, validity, serial } = parts;
  const key = x509.publicKey;
  const after = timeOf(validity[1]);
  return {
    version: parts.version,
    serial_number: new BigInteger(numberOf(serial)),
    signature_algorithm: nameOf(SIGNATURES, parts.signature),
    not_before: timeOf(validity[0]),
    not_after: after,
    expired: after < now,
    ...namesIn('subject', parts.subject),
    ...namesIn('issuer', parts.issuer),
    public_key: key.export({ type: 'spki', format: 'pem' }),
    ...keyData(key),
    public_key_fingerprints: fingerprints(key.export({ type: 'spki', format: 'der' })),
    fingerprints: fingerprints(x509.raw),
    ...extensionKeys(extensionsOf(parts.extensions)),
  };
}

function partsOf(content: string | Buffer): Parts | undefined {
  try {
    const x509 = new X509Certificate(content);
    const fields = readDer(readDer(readDer(x509.raw)[0]!.body)[0]!.body);
    const hasVersion = fields[0]!.tag === 0xa0;
    const version = hasVersion ? Number(numberOf(readDer(fields[0]!.body)[0]!)) + 1 : 1;
    const [serial, signature, issuer, validity, subject] = fields.slice(hasVersion ? 1 : 0);
    const [from, to] = readDer(validity!.body);
    return {
      x509,
      version,
      serial: serial!,
      signature: readDer(signature!.body)[0]!,
      issuer: issuer!,
      validity: [from!, to!],
      subject: subject!,
      extensions: fields.find(({ tag }) => tag === 0xa3),
    };
  } catch {
    return undefined;
  }
}

/** UTCTime has two digits of the year, of which those from 50 on are of the last century. */
function timeOf({ tag, body }: Der): string {
  const text = body.toString('latin1');
  return tag === 0x17 ? `${Number(text.slice(0, 2)) >= 50 ? '19' : '20'}${text}` : text;
}

function nameOf(names: Readonly<Record<string, string>>, value: Der): string {
  const oid = oidOf(value);
  return names[oid] ?? oid;
}

function namesIn(kind: string, name: Der): Record<string, unknown> {
  const ordered = readDer(name.body).flatMap((set) =>
    readDer(set.body).map((part): [string, string] => {
      const [type, value] = readDer(part.body);
      return [nameOf(NAME_PARTS, type!), textOf(value!)];
    }),
  );
  return { [kind]: Object.fromEntries(ordered), [`${kind}_ordered`]: ordered };
}

const KINDS: Readonly<Record<string, string>> = {
  rsa: 'RSA',
  'rsa-pss': 'RSA',
  ec: 'ECC',
  dsa: 'DSA',
  ed25519: 'Ed25519',
  ed448: 'Ed448',
  x25519: 'X25519',
  x448: 'X448',
};

function keyData(key: KeyObject): Record<string, unknown> {
  const kind = KINDS[key.asymmetricKeyType ?? ''] ?? 'unknown';
  return { public_key_type: kind, public_key_data: numbersOf(key, kind) };
}

function numbersOf(key: KeyObject, kind: string): Record<string, unknown> {
  const number = (text: string | undefined) =>
    new BigInteger(BigInt(`0x${Buffer.from(text ?? '', 'base64url').toString('hex') || '0'}`));
  if (kind === 'RSA') {
    const { modulusLength: size } = key.asymmetricKeyDetails ?? {};
    if (key.asymmetricKeyType !== 'rsa') return { size };
    const { n, e } = key.export({ format: 'jwk' });
    return { size, modulus: number(n), exponent: Number(number(e).value) };
  }
  if (kind !== 'ECC') return {};
  try {
    const { crv, x, y } = key.export({ format: 'jwk' });
    const size = Number(/\d+/.exec(crv ?? '')?.[0]);
    return { curve: CURVES[crv ?? ''] ?? crv, x: number(x), y: number(y), exponent_size: size };
  } catch {
    // JWK has no name for the curve.
    return { curve: key.asymmetricKeyDetails?.namedCurve };
  }
}

const DIGESTS: Readonly<Record<string, string>> = {
  blake2b: 'blake2b512',
  blake2s: 'blake2s256',
  ...Object.fromEntries(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'].map((name) => [name, name])),
  ...Object.fromEntries(['224', '256', '384', '512'].map((bits) => [`sha3_${bits}`, `sha3-${bits}`])),
  shake_128: 'shake128',
  shake_256: 'shake256',
};

function fingerprints(bytes: Buffer): Record<string, string> {
  return Object.fromEntries(
    Object.entries(DIGESTS).map(([name, algorithm]) => {
      const options = name.startsWith('shake') ? { outputLength: 32 } : {};
      return [name, pairs(createHash(algorithm, options).update(bytes).digest())];
    }),
  );
}

function pairs(bytes: Buffer): string {
  return bytes.toString('hex').replace(/..(?=.)/g, '$&:');
}
