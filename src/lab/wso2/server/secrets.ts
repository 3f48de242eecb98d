import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from './configuration.ts';

const ALGORITHM = 'aes-256-gcm';
const TAG_BYTES = 16;

/** Encrypts a value with a keystore's bytes, as the cipher tool does with its key: it opens with the same keystore only. */
export function encryptSecret(keystore: Buffer, alias: string, value: string): string {
  const cipher = createCipheriv(ALGORITHM, keyOf(keystore), nonceOf(alias));
  const body = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return Buffer.concat([cipher.getAuthTag(), body]).toString('base64');
}

function decryptSecret(keystore: Buffer, alias: string, encrypted: string): string {
  const bytes = Buffer.from(encrypted, 'base64');
  const decipher = createDecipheriv(ALGORITHM, keyOf(keystore), nonceOf(alias));
  decipher.setAuthTag(bytes.subarray(0, TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(TAG_BYTES)), decipher.final()]).toString('utf8');
}

function keyOf(keystore: Buffer): Buffer {
  return createHash('sha256').update(keystore).digest();
}

/** The same for the same alias, so that a pack of secrets is reproducible. Nothing here is secret. */
function nonceOf(alias: string): Buffer {
  return createHash('sha256').update(alias).digest().subarray(0, 12);
}

/** The values behind `$secret{...}`, or why they cannot be had. */
export type SecretVault =
  | { readonly ok: true; resolve(value: string): string }
  | { readonly ok: false; readonly problem: string };

/** Opens the vault that a toml with `$secret{}` needs. `password-tmp` is used up by it. */
export function openVault(home: string, configuration: Configuration): SecretVault {
  if (!/\$secret\{/.test(configuration.text)) return { ok: true, resolve: (value) => value };
  const settings = read(join(home, 'conf/security/secret-conf.properties')) ?? '';
  if (!/^[^#\s]/m.test(settings))
    return failed('secret-conf.properties has no settings: secure vault is not initialized');
  const password = read(join(home, 'password-tmp')) ?? read(join(home, 'password-persist'));
  rmSync(join(home, 'password-tmp'), { force: true });
  if (password === undefined)
    return failed('KeyStore password is not provided: no password-tmp or password-persist');
  if (password.split('\n')[0] !== configuration.keystore.password)
    return failed('KeyStore password is incorrect');
  if (!existsSync(configuration.keystore.file))
    return failed(`KeyStore ${configuration.keystore.file} does not exist`);
  return decrypted(readFileSync(configuration.keystore.file), configuration.secrets);
}

function decrypted(keystore: Buffer, secrets: Readonly<Record<string, string>>): SecretVault {
  const values = new Map<string, string>();
  for (const [alias, value] of Object.entries(secrets)) {
    try {
      values.set(alias, decryptSecret(keystore, alias, value));
    } catch {
      return failed(`Error while decrypting the secret ${alias}: the key does not fit`);
    }
  }
  const resolve = (value: string) =>
    value.replace(/^\$secret\{(.+)\}$/, (_all, alias) => values.get(alias) ?? '');
  return { ok: true, resolve };
}

function failed(problem: string): SecretVault {
  return { ok: false, problem };
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
