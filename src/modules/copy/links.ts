/** Folders of the target with links in them: what their links lead to. */
import { posix } from 'node:path';
import {
  type FileState,
  fileState,
  type Observed,
  type Probe,
  type TreeState,
  treeState,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import type { CopyParams } from './params.ts';

/** The source without a slash at its end. */
export const sourceOf = (params: CopyParams) => params.src!.replace(/(.)\/+$/, '$1');

const plainTree = (params: CopyParams): Probe<TreeState> => treeState(sourceOf(params));
const followedTree = (params: CopyParams): Probe<TreeState> => treeState(sourceOf(params), { follow: true });

/** What has to be seen of a source that is a folder. */
export function sourceNeeds(params: CopyParams, seen: Observed): Probe[] {
  if (!params.local_follow) return [plainTree(params)];
  const followed = seen.get(followedTree(params));
  const links = followed === undefined || isUnknown(followed) ? [] : linksOf(followed);
  return [plainTree(params), followedTree(params), ...links.map((path) => linkProbe(params, path))];
}

/** The source folder; with `local_follow: yes` as if what its links lead to stood in their places. */
export function sourceTree(params: CopyParams, seen: Observed): TreeState | Unknown | undefined {
  const tree = seen.get(params.local_follow ? followedTree(params) : plainTree(params));
  if (!params.local_follow || tree === undefined || isUnknown(tree)) return tree;
  const entries = [...tree.entries].map(([path, state]): [string, FileState] => {
    const behind = state.type === 'link' ? seen.get(linkProbe(params, path)) : undefined;
    return [path, behind === undefined || isUnknown(behind) || behind.type === 'absent' ? state : behind];
  });
  return { root: tree.root, entries: new Map(entries) };
}

/** A link of the source that leads back to a folder that it is in, and so can never be followed to an end. */
export function endlessLink(params: CopyParams, seen: Observed): string | undefined {
  const plain = seen.get(plainTree(params));
  const followed = seen.get(followedTree(params));
  if (!plain || isUnknown(plain) || !followed || isUnknown(followed)) return undefined;
  return linksOf(plain).find((path) => !followed.entries.has(path));
}

/** Asks what a link of the source leads to. */
export function linkProbe(params: CopyParams, path: string): Probe<FileState> {
  return fileState(posix.join(sourceOf(params), path), { follow: true });
}

/** The links of a folder. */
export function linksOf(tree: TreeState): string[] {
  return [...tree.entries].filter(([, state]) => state.type === 'link').map(([path]) => path);
}
