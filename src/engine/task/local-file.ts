import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CutoverError } from '../../errors/index.ts';

/** Writes a file of the controller through a temporary one. Throws CutoverError('command'). */
export async function writeLocal(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.part`, bytes);
    await rename(`${path}.part`, path);
  } catch (cause) {
    throw new CutoverError('command', `cannot write ${path} on the controller: ${(cause as Error).message}`, {
      cause,
    });
  }
}
