import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CutoverError } from '../../errors/index.ts';

/** Writes a file of the controller through a temporary one. Throws CutoverError('command'). */
export async function writeLocal(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(part, bytes);
    await rename(part, path);
  } catch (cause) {
    // Nothing half-done stays behind; the parent may be no folder, then there is nothing to remove.
    await rm(part, { force: true }).catch(() => undefined);
    throw new CutoverError('command', `cannot write ${path} on the controller: ${(cause as Error).message}`, {
      cause,
    });
  }
}
