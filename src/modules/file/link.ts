import { posix } from 'node:path';
import {
  type Change,
  type FileState,
  fileState,
  type Observed,
  type Probe,
  setFile,
  treeState,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { attributes } from '../text-file.ts';
import type { FileParams } from './params.ts';

/** The question about what a link leads to, or shall lead to. */
export function linkTargetProbe(params: FileParams, found?: FileState): Probe<FileState> | undefined {
  const src = params.src ?? found?.target;
  if (src === undefined) return undefined;
  return fileState(posix.resolve(posix.dirname(params.path), src), { follow: true, checksum: false });
}

/** The question whether a folder in the link's place is empty. */
export function linkPlaceProbe(params: FileParams) {
  return treeState(params.path, { checksum: false, maxDepth: 1 });
}

/** Everything that planning a link wants to see after the path itself. */
export function linkNeeds(params: FileParams, found: FileState): Probe[] {
  const target = linkTargetProbe(params, found);
  return [
    ...(target ? [target] : []),
    ...(found.type === 'directory' && params.force ? [linkPlaceProbe(params)] : []),
  ];
}

/** Plans a symbolic or hard link; a text says why it cannot be. */
export function planLink(params: FileParams, found: FileState, seen: Observed): Change[] | string | Unknown {
  const probe = linkTargetProbe(params, found);
  if (!probe) return `src is needed to make the link ${params.path}`;
  const target = seen.get(probe);
  if (target === undefined || isUnknown(target)) return target ?? `${params.src} was not looked at`;
  return params.state === 'hard'
    ? hardLink(params, found, target)
    : symbolicLink(params, found, target, seen);
}

function symbolicLink(
  params: FileParams,
  found: FileState,
  target: FileState,
  seen: Observed,
): Change[] | string | Unknown {
  const text = params.src ?? found.target ?? '';
  if (target.type === 'absent' && !params.force && params.src !== undefined)
    return `${target.path}, which the link shall lead to, does not exist (force: yes makes the link all the same)`;
  if (found.type === 'file' || found.type === 'other') {
    if (!params.force) return `${params.path} is a file, and is only replaced by a link with force: yes`;
  }
  if (found.type === 'directory') {
    const refusal = whyFolderStays(params, seen);
    if (refusal) return refusal;
  }
  // With `follow`, owner and mode are those of what the link leads to.
  const own = params.follow ? {} : attributes({ owner: params.owner, group: params.group });
  const made = setFile(found, { type: 'link', target: text, ...own });
  const behind =
    params.follow && (target.type === 'file' || target.type === 'directory') ? target : undefined;
  return [
    ...made,
    ...(behind ? setFile(behind, { type: behind.type as 'file', ...attributes(params) }) : []),
  ];
}

function whyFolderStays(params: FileParams, seen: Observed): string | Unknown | undefined {
  if (!params.force) return `${params.path} is a folder, and is only replaced by a link with force: yes`;
  const place = seen.get(linkPlaceProbe(params));
  if (place === undefined || isUnknown(place)) return place ?? `${params.path} was not looked at`;
  return place.entries.size > 0
    ? `the folder ${params.path} is not empty and is not replaced by a link`
    : undefined;
}

function hardLink(params: FileParams, found: FileState, target: FileState): Change[] | string {
  if (target.type !== 'file') return `${target.path}, which shall get another name, is no file`;
  const same = target.inode !== undefined && target.inode === found.inode && target.device === found.device;
  if (!same && found.type === 'directory') return `${params.path} is a folder`;
  if (!same && found.type !== 'absent' && found.type !== 'link' && !params.force)
    return `${params.path} is there already, and is only replaced by a hard link with force: yes`;
  return setFile(found, { type: 'hard', target: target.path, targetState: target, ...attributes(params) });
}
