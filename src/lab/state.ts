import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CutoverError } from '../errors/index.ts';
import type { LabState } from './types.ts';

const FILE = 'lab.json';

/** Gives what `lab.json` says, or undefined when the folder holds no lab. Throws CutoverError `usage` for a file that is not ours. */
export async function readState(dir: string): Promise<LabState | undefined> {
  const text = await readFile(join(dir, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const state = parsed(text);
  if (state?.madeBy !== 'cutover lab') {
    throw new CutoverError('usage', `${join(dir, FILE)} was not written by cutover lab`, {
      hint: 'choose another --dir',
    });
  }
  return state;
}

function parsed(text: string): LabState | undefined {
  try {
    return JSON.parse(text) as LabState;
  } catch {
    return undefined;
  }
}

/** Writes `lab.json` in one step. */
export async function writeState(state: LabState): Promise<void> {
  const path = join(state.dir, FILE);
  await writeFile(`${path}.new`, `${JSON.stringify(state, undefined, 2)}\n`);
  await rename(`${path}.new`, path);
}

/** Makes the lab's folder. Throws CutoverError `usage` when it holds something else than a lab. */
export async function claimFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const names = await readdir(dir);
  if (names.length === 0 || names.includes(FILE)) return;
  throw new CutoverError('usage', `${dir} is not empty and holds no lab`, {
    hint: 'give an empty or absent folder with --dir',
  });
}
