import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CutoverError } from '../errors/index.ts';

/** Encrypts what a later command needs but nobody may read: AES-256-GCM under a key of the store (`key`, mode 0600). */
export interface Seal {
  close(value: unknown): string;
  /** Throws CutoverError('internal') when the text was changed or belongs to another store. */
  open(sealed: string): unknown;
}

/** Opens the seal of a store, making its key at the first use. */
export async function openSeal(folder: string): Promise<Seal> {
  const key = await storeKey(folder);
  return {
    close(value) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const body = Buffer.concat([cipher.update(gzipSync(JSON.stringify(value) ?? 'null')), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      try {
        const body = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
        return JSON.parse(gunzipSync(body).toString('utf8'));
      } catch (cause) {
        throw new CutoverError(
          'internal',
          `the run store ${folder} holds a record that its key does not open`,
          {
            hint: 'was the folder copied without its file "key"?',
            cause,
          },
        );
      }
    },
  };
}

async function storeKey(folder: string): Promise<Buffer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const path = join(folder, 'key');
  const fresh = randomBytes(32);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(fresh);
      await file.sync();
    } finally {
      await file.close();
    }
    return fresh;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  // Another process may still be writing the key that it has just created.
  for (let attempt = 0; attempt < 200; attempt++) {
    const key = await readFile(path);
    if (key.length === 32) return key;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new CutoverError('internal', `the key of the run store, ${path}, is damaged`, {
    hint: 'remove it; sealed parts of earlier runs are lost then',
  });
}
