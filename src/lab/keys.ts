import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import ssh2 from 'ssh2';

/** An ed25519 key pair in OpenSSH's formats. */
export interface KeyPair {
  readonly private: string;
  readonly public: string;
}

/** Makes a key pair. */
export function makeKeyPair(comment: string): KeyPair {
  return ssh2.utils.generateKeyPairSync('ed25519', { comment });
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
