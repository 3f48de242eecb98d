/**
 * The folder around a path that is not there yet.
 *
 * In a dry run an earlier task may only have pretended to make it: the host still says that it is missing. So a missing
 * parent is asked for by its own name, and that question is answered from what the earlier task predicts.
 */
import { posix } from 'node:path';
import {
  type Change,
  type FileState,
  fileState,
  type Observed,
  type Probe,
  setFile,
} from '../resources/index.ts';
import { isUnknown, type Unknown } from '../values/index.ts';

/** The question about a folder itself. */
function folderProbe(path: string): Probe<FileState> {
  return fileState(posix.dirname(path), { follow: true, checksum: false });
}

/** Gives the question about the missing parent of a path, if it has none. */
export function parentNeeds(file: FileState | Unknown | undefined): Probe[] {
  if (file === undefined || isUnknown(file)) return [];
  return file.type === 'absent' && file.parent === 'absent' ? [folderProbe(file.realPath ?? file.path)] : [];
}

/** Gives the state of a path with its parent as the earlier tasks leave it. */
export function withParent<State extends FileState>(file: State, seen: Observed): State {
  const [probe] = parentNeeds(file);
  const folder = probe ? (seen.get(probe) as FileState | Unknown | undefined) : undefined;
  if (folder === undefined || isUnknown(folder) || folder.type === 'absent') return file;
  const { firstMissing: _known, ...rest } = file;
  return { ...rest, parent: folder.type === 'directory' ? 'directory' : 'other' } as State;
}

/**
 * Gives the changes that make the missing folders around a path; none when they are there. A text says why it cannot be:
 * something else is in the way, or folders are not to be made.
 */
export function makeParents(
  file: FileState,
  seen: Observed,
  create: boolean,
  wanted: { readonly mode?: string; readonly owner?: string; readonly group?: string } = {},
): Change[] | string {
  if (file.type !== 'absent' || file.parent === 'directory' || file.parent === undefined) return [];
  const folder = posix.dirname(file.realPath ?? file.path);
  if (file.parent === 'other') return `${folder} is no directory`;
  if (!create) return `Destination directory ${folder} does not exist`;
  const [probe] = parentNeeds(file);
  const state = probe && (seen.get(probe) as FileState | Unknown | undefined);
  return state === undefined || isUnknown(state) ? [] : setFile(state, { type: 'directory', ...wanted });
}
