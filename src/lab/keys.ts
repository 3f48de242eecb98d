import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { field, uint32 } from './embedded/sftp/wire.ts';

/** An ed25519 key pair in OpenSSH's formats. */
export interface KeyPair {
  readonly private: string;
  readonly public: string;
}

/**
 * Makes a key pair. ssh2 can make them too, but one in two hundred of its ed25519 keys is malformed: it loses a
 * leading zero byte (1.17, keygen.js).
 */
export function makeKeyPair(comment: string): KeyPair {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const secret = Buffer.from(d!, 'base64url');
  const point = Buffer.from(x!, 'base64url');
  const publicBlob = Buffer.concat([field('ssh-ed25519'), field(point)]);
  return {
    private: pem(privateBlob(publicBlob, secret, point, comment)),
    public: `ssh-ed25519 ${publicBlob.toString('base64')} ${comment}`,
  };
}

/** The layout of OpenSSH's PROTOCOL.key, unencrypted. */
function privateBlob(publicBlob: Buffer, secret: Buffer, point: Buffer, comment: string): Buffer {
  const check = randomBytes(4);
  const body = Buffer.concat([
    check,
    check,
    publicBlob,
    field(Buffer.concat([secret, point])),
    field(comment),
  ]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (body.length % 8)) % 8));
  return Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    uint32(1),
    field(publicBlob),
    field(Buffer.concat([body, padding])),
  ]);
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').replaceAll(/.{1,70}/g, '$&\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}-----END OPENSSH PRIVATE KEY-----\n`;
}

/** Gives the key pair of a file and its `.pub`, and makes it (mode 0600) when it is not there. */
export async function keyPairAt(path: string, comment: string): Promise<KeyPair> {
  if (existsSync(path)) {
    return { private: await readFile(path, 'utf8'), public: await readFile(`${path}.pub`, 'utf8') };
  }
  const pair = makeKeyPair(comment);
  await writeFile(path, pair.private, { mode: 0o600 });
  await writeFile(`${path}.pub`, `${pair.public}\n`);
  return pair;
}
