import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { treeManifest } from '../../src/lab/index.ts';

/** What one run left behind, as far as Ansible and Cutover must agree. */
export interface Outcome {
  readonly exitCode: number;
  /** The PLAY RECAP, a line per host, byte for byte. */
  readonly recap: readonly string[];
  /** The target folder: a line per entry, with the text of small files. */
  readonly tree: readonly string[];
}

type Entry = Awaited<ReturnType<typeof treeManifest>>[number];

const SMALL = 4096;

/** Gives the recap lines of an output. */
export function recapOf(output: string): string[] {
  const lines = output.split('\n');
  const start = lines.findLastIndex((line) => line.startsWith('PLAY RECAP '));
  if (start < 0) return [];
  const after = lines.slice(start + 1);
  return after.slice(0, after.indexOf('') < 0 ? undefined : after.indexOf(''));
}

/**
 * Gives the target folder as lines. Copies that `backup: yes` makes beside the file, and Ansible's own temporary files, are left out:
 * Cutover keeps backups in the run store on purpose. The place of the run is written as `<work>`, the own user as `me`.
 */
export async function treeOf(root: string, work: string): Promise<string[]> {
  const entries = await treeManifest(root, {
    exclude: (path) => /\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$|\.ansible_tmp/.test(path),
  });
  return Promise.all(entries.map((entry) => lineOf(entry, root, work)));
}

async function lineOf(entry: Entry, root: string, work: string): Promise<string> {
  const owner = entry.uid === process.getuid?.() ? 'me' : entry.uid;
  const group = entry.gid === process.getgid?.() ? 'me' : entry.gid;
  const head = `${entry.path} ${entry.type} ${entry.mode.toString(8).padStart(4, '0')} ${owner}:${group}`;
  if (entry.type === 'link') return `${head} -> ${entry.target?.replaceAll(work, '<work>')}`;
  if (entry.type !== 'file') return head;
  const bytes = await readFile(join(root, entry.path));
  if (bytes.length > SMALL || bytes.includes(0)) return `${head} sha256 ${entry.sha256}`;
  return `${head} ${JSON.stringify(bytes.toString('utf8').replaceAll(work, '<work>'))}`;
}
