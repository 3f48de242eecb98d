import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CutoverError } from '../errors/index.ts';
import { storeProblem } from './problem.ts';

/** Encrypts what a later command needs but nobody may read: AES-256-GCM under a key of the store (`key`, mode 0600). */
export interface Seal {
  close(value: unknown): string;
  /** Throws CutoverError('store') when the text was changed or belongs to another store. */
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
        throw new CutoverError('store', `the run store ${folder} holds a record that its key does not open`, {
          hint: 'was the folder copied without its file "key"?',
          cause,
        });
      }
    },
  };
}

/** A new key would not open what earlier runs sealed: then nothing could be rolled back, and nobody would be told why. */
async function refuseLostKey(folder: string, path: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some(({ name }) => name === 'key') || !entries.some((entry) => entry.isDirectory())) return;
  // Another process may have made the key and the first run since the folder was looked at.
  if (await stat(path).catch(() => undefined)) return;
  throw new CutoverError('store', `the run store ${folder} has runs, but its key ${path} is gone`, {
    hint: 'bring the file back, or move the folder away to begin a new store',
  });
}

async function storeKey(folder: string): Promise<Buffer> {
  const path = join(folder, 'key');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    await refuseLostKey(folder, path);
  } catch (error) {
    if (error instanceof CutoverError) throw error;
    throw storeProblem(`use the run store ${folder}`, error);
  }
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
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      // Half a key would be taken for a damaged one.
      await rm(path, { force: true });
      throw storeProblem(`write ${path}`, error);
    }
  }
  // Another process may still be writing the key that it has just created.
  for (let attempt = 0; attempt < 200; attempt++) {
    const key = await readFile(path).catch((error) => {
      throw storeProblem(`read ${path}`, error);
    });
    if (key.length === 32) return key;
    if (key.length > 32) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new CutoverError('store', `the key of the run store, ${path}, is damaged`, {
    hint: 'remove it; sealed parts of earlier runs are lost then',
  });
}
