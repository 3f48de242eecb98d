/** What links to folders mean in a tree: what is below goes where they lead, or they give way to a folder. */
import { posix } from 'node:path';
import { setFile } from '../file/change.ts';
import type { TreeEntry, WantedTree } from '../specs.ts';
import type { FileState, TreeState } from '../states.ts';
import type { Change } from '../types.ts';

/**
 * Links that stand where a folder shall be (states of type `link`) go first, each by a change of its own: until then the
 * host would see what is behind them in place of what is written. Gives these changes, and the tree as they leave it.
 */
export function withoutLinks(
  before: TreeState,
  wanted: WantedTree,
): { readonly changes: Change[]; readonly before: TreeState } {
  const links = wanted.entries
    .filter(({ path, type }) => type === 'directory' && before.entries.get(path)?.type === 'link')
    .map(({ path }) => path);
  if (links.length === 0) return { changes: [], before };
  const entries = new Map(before.entries);
  const changes: Change[] = [];
  for (const link of links) {
    const state = entries.get(link);
    if (state === undefined) continue;
    changes.push(...setFile(state, { type: 'absent' }));
    for (const path of before.entries.keys())
      if (path === link || path.startsWith(`${link}/`)) entries.delete(path);
  }
  return { changes, before: { root: before.root, entries } };
}

/** A folder that is no link itself, nor is anything in it that is written, and what goes there. */
export interface RealFolder {
  readonly before: TreeState;
  readonly wanted: WantedTree;
  /** Links that lead to it, as paths from `/`. */
  readonly names: readonly string[];
}

/**
 * Parts a tree where links to folders stand in it that are written through (their states have a `realPath`): each folder
 * behind a link becomes a tree of its own, so that what is expected, kept and put back are the things themselves.
 * What several names lead to comes once, as the last name has it.
 */
export function realFolders(before: TreeState, wanted: WantedTree): RealFolder[] {
  const links = new Map<string, FileState>();
  for (const [path, state] of before.entries)
    if (state.type === 'directory' && state.realPath !== undefined) links.set(path, state);
  if (links.size === 0) return [{ before, wanted, names: [] }];
  const folders = new Map([[wanted.root, new Folder(before.root, wanted.root)]]);
  for (const [path, state] of links) {
    const real = state.realPath!;
    const folder = folders.get(real) ?? new Folder(state, real);
    folders.set(real, folder);
    folder.names.push(posix.join(wanted.root, path));
  }
  const realOf = (path: string): string => {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const real = links.get(path.slice(0, end))?.realPath;
      if (real !== undefined) return posix.join(real, path.slice(end));
    }
    return posix.join(wanted.root, path);
  };
  // Each has one of them above it: the one that its own name leads through.
  const folderOf = (real: string): Folder => folders.get(real) ?? folderOf(posix.dirname(real));
  for (const [path, state] of before.entries) {
    const real = realOf(path);
    const folder = folderOf(real);
    const { realPath: _link, ...own } = state;
    folder.present.set(folder.within(real), { ...own, path: real });
  }
  for (const entry of wanted.entries) {
    const real = realOf(entry.path);
    const folder = folderOf(real);
    const path = folder.within(real);
    folder.entries.set(path, { ...entry, path });
  }
  for (const path of wanted.delete ?? []) {
    const real = posix.join(realOf(posix.dirname(path)), posix.basename(path));
    const folder = folderOf(posix.dirname(real));
    folder.gone.push(folder.within(real));
  }
  return [...folders.values()].map(({ root, path, names, present, entries, gone }) => ({
    before: { root, entries: present },
    wanted: { ...wanted, root: path, entries: [...entries.values()], delete: gone },
    names,
  }));
}

class Folder {
  readonly path: string;
  readonly root: FileState;
  readonly names: string[] = [];
  readonly present = new Map<string, FileState>();
  readonly entries = new Map<string, TreeEntry>();
  readonly gone: string[] = [];

  constructor(state: FileState, path: string) {
    const { realPath: _link, ...own } = state;
    this.path = path;
    this.root = { ...own, path };
  }

  within(real: string): string {
    return posix.relative(this.path, real) || '.';
  }
}

/** Lets what a change predicts for a folder and what is in it be seen by these names, too: later tasks of a dry run ask by them. */
export function seenByNames(change: Change, root: string, names: readonly string[]): Change {
  if (names.length === 0) return change;
  const predicts = new Map(change.predicts);
  for (const [key, state] of change.predicts ?? []) {
    const [, kind, asked = ''] = /^(file|content):(.*)$/s.exec(key) ?? [];
    if (kind === undefined || !asked.startsWith(`${root}/`)) continue;
    for (const name of names) {
      const rest = asked.slice(root.length);
      const real = (state as Partial<FileState>).path;
      const path = real === undefined ? undefined : `${name}${real.slice(root.length)}`;
      predicts.set(`${kind}:${name}${rest}`, path === undefined ? state : { ...(state as FileState), path });
    }
  }
  return { ...change, predicts };
}
