import { Unknown } from '../../values/index.ts';
import { knownBytes } from '../content.ts';
import { contentKey, fileKey } from '../probes.ts';
import type { FileContent, FileState } from '../states.ts';
import type { FileDetail } from './detail.ts';
import { DIFF_BYTES } from './diff.ts';

/** Gives what later probes will see once the change is done: the path itself and the parents it creates. */
export function predictFile(found: FileState | FileContent, detail: FileDetail): Map<string, unknown> {
  const map = new Map<string, unknown>();
  const after = stateAfter(found, detail);
  predictPath(map, after, bytesAfter(found, detail));
  if (detail.action !== 'remove' && found.firstMissing !== undefined)
    for (const folder of foldersBetween(found.firstMissing, detail.path))
      predictPath(map, { ...folderState(detail, found), path: folder }, undefined);
  return map;
}

/** Puts one predicted path under every key that may ask for it. */
export function predictPath(
  map: Map<string, unknown>,
  state: FileState,
  bytes: Buffer | undefined | 'unknown',
): void {
  const content =
    state.type === 'file' && (bytes === 'unknown' || bytes === undefined)
      ? new Unknown(`the content of ${state.path} is known only once it is written`)
      : bytes instanceof Buffer
        ? ({ ...state, bytes } satisfies FileContent)
        : state;
  for (const follow of [false, true]) {
    // Where a new link leads is not worked out: looking through it has to wait for the real thing.
    const seen =
      follow && state.type === 'link'
        ? new Unknown(`${state.path} is a link that does not exist yet`)
        : state;
    for (const checksum of [true, false]) map.set(fileKey(state.path, follow, checksum), seen);
    const shown = follow && state.type === 'link' ? seen : content;
    for (const maxBytes of [undefined, DIFF_BYTES]) map.set(contentKey(state.path, follow, maxBytes), shown);
  }
}

/** Gives the folders from `top` down to the parent of `path`. */
function foldersBetween(top: string, path: string): string[] {
  const folders: string[] = [];
  for (let folder = path; folder.length > top.length; ) {
    folder = folder.slice(0, folder.lastIndexOf('/'));
    if (folder.length >= top.length) folders.unshift(folder);
  }
  return folders;
}

function stateAfter(found: FileState, detail: FileDetail): FileState {
  const { path, action } = detail;
  const lane = { umask: found.umask, parent: 'directory' as const };
  if (action === 'remove') return { path, type: 'absent', umask: found.umask, parent: found.parent };
  const kept: FileState = stripContent(found);
  const owned = { ...ownerAfter(found, detail), ...lane, path };
  if (action === 'directory') return { ...owned, type: 'directory', mode: modeAfter(found, detail, 0o777) };
  if (action === 'link')
    return { ...owned, type: 'link', mode: 0o777, target: detail.target, size: detail.target?.length };
  if (action === 'hard') return { ...owned, type: 'file', mode: modeAfter(found, detail, 0o666) };
  if (action === 'write') {
    const { sha256, size } = detail.content ?? EMPTY;
    return { ...owned, type: 'file', mode: modeAfter(found, detail, 0o666), sha256, size, links: 1 };
  }
  if (found.type === 'absent')
    return { ...owned, type: 'file', mode: modeAfter(found, detail, 0o666), ...EMPTY, links: 1 };
  return { ...kept, ...owned, type: found.type, mode: detail.mode ?? found.mode };
}

const EMPTY = { sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', size: 0 };

function bytesAfter(found: FileState | FileContent, detail: FileDetail): Buffer | 'unknown' | undefined {
  if (detail.action === 'write') {
    if (!detail.content) return Buffer.alloc(0);
    const bytes = knownBytes(detail.content);
    return bytes ? Buffer.from(bytes) : 'unknown';
  }
  if (detail.action === 'touch' && found.type === 'absent') return Buffer.alloc(0);
  if ((detail.action === 'attributes' || detail.action === 'touch') && found.type === 'file')
    return 'bytes' in found && !found.truncated ? found.bytes : 'unknown';
  return undefined;
}

function stripContent(found: FileState | FileContent): FileState {
  const { bytes: _bytes, truncated: _truncated, ...state } = found as FileContent;
  return state;
}

function modeAfter(found: FileState, detail: FileDetail, full: number): number {
  const sameType = (detail.action === 'write' || detail.action === 'hard') && found.type === 'file';
  return detail.mode ?? (sameType && found.mode !== undefined ? found.mode : full & ~(found.umask ?? 0o022));
}

function ownerAfter(found: FileState, detail: FileDetail): Partial<FileState> {
  const keep =
    found.type === 'absent' ? {} : { owner: found.owner, uid: found.uid, group: found.group, gid: found.gid };
  const id = (name: string) => (/^[0-9]+$/.test(name) ? Number(name) : undefined);
  return {
    ...keep,
    ...(detail.owner !== undefined &&
      detail.owner !== found.owner && { owner: detail.owner, uid: id(detail.owner) }),
    ...(detail.group !== undefined &&
      detail.group !== found.group && { group: detail.group, gid: id(detail.group) }),
  };
}

function folderState(detail: FileDetail, found: FileState): FileState {
  const mode =
    detail.action === 'directory' && detail.mode !== undefined
      ? detail.mode
      : 0o777 & ~(found.umask ?? 0o022);
  return {
    ...(detail.action === 'directory' ? ownerAfter({ ...found, type: 'absent' }, detail) : {}),
    path: detail.path,
    type: 'directory',
    mode,
    umask: found.umask,
    parent: 'directory',
  };
}
