import { posix } from 'node:path';
import type { FileState } from '../../resources/index.ts';

type Entry = readonly [name: string, state: FileState];

/** Puts what find(1) lists into the order of Ansible's results: of each folder first its files, then its folders, then what is in these. */
export function inOrder(entries: ReadonlyMap<string, FileState>): Entry[] {
  const inside = new Map<string, Entry[]>();
  for (const entry of entries) {
    const folder = posix.dirname(entry[0]);
    const siblings = inside.get(folder);
    if (siblings) siblings.push(entry);
    else inside.set(folder, [entry]);
  }
  const ordered: Entry[] = [];
  const waiting = ['.'];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const all = inside.get(folder) ?? [];
    // A link that was followed has something in it.
    const isFolder = ([name, { type }]: Entry) => type === 'directory' || inside.has(name);
    const folders = all.filter(isFolder);
    ordered.push(...all.filter((entry) => !isFolder(entry)), ...folders);
    waiting.push(...folders.map(([name]) => name).reverse());
  }
  return ordered;
}
