import {
  type Change,
  type FileState,
  type Probe,
  setTree,
  type TreeEntry,
  type TreeState,
  treeState,
} from '../../resources/index.ts';
import { attributes } from '../text-file.ts';
import type { FileParams } from './params.ts';

/** The question about everything below a folder whose attributes are set. */
export function recurseProbe(found: FileState): Probe<TreeState> {
  return treeState(found.realPath ?? found.path, { checksum: false });
}

/** Plans mode, owner and group of a folder and everything below: one change. Links only get an owner. */
export function planRecurse(params: FileParams, tree: TreeState): Change[] {
  const { mode, ...owner } = attributes(params);
  const entries = [...tree.entries].flatMap(([path, state]): TreeEntry[] => {
    if (state.type === 'link')
      return [
        { path, type: state.type, ...(state.target === undefined ? {} : { target: state.target }), ...owner },
      ];
    if (state.type !== 'file' && state.type !== 'directory') return [];
    return [{ path, type: state.type, ...attributes(params) }];
  });
  const root = tree.root.realPath ?? tree.root.path;
  const changes = setTree(tree, {
    root,
    entries: [
      { path: '.', type: 'directory', ...owner, ...(mode === undefined ? {} : { mode }) },
      ...entries,
    ],
  });
  // The question was asked without hashes; the change answers the one with them.
  return changes.map((change) => ({
    ...change,
    predicts: new Map([
      ...(change.predicts ?? []),
      [recurseProbe(tree.root).key, change.predicts?.get(`tree:${root}`)],
    ]),
  }));
}
