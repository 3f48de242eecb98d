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
  if (!probe) return 'src is required for creating new symlinks';
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
    return `src file does not exist, use "force=yes" if you really want to create the link: ${target.path}`;
  if (found.type === 'file' || found.type === 'other') {
    if (!params.force)
      return `refusing to convert from file to symlink for ${params.path} (force: yes does it)`;
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
  if (!params.force)
    return `refusing to convert from directory to symlink for ${params.path} (force: yes does it when it is empty)`;
  const place = seen.get(linkPlaceProbe(params));
  if (place === undefined || isUnknown(place)) return place ?? `${params.path} was not looked at`;
  return place.entries.size > 0
    ? `the directory ${params.path} is not empty, refusing to convert it`
    : undefined;
}

function hardLink(params: FileParams, found: FileState, target: FileState): Change[] | string {
  // To the letter: playbooks compare it.
  if (target.type === 'absent') return 'src does not exist';
  if (target.type !== 'file') return `${target.path}, which shall get another name, is no file`;
  const same = target.inode !== undefined && target.inode === found.inode && target.device === found.device;
  if (!same && found.type === 'directory') return `${params.path} is a folder`;
  if (!same && found.type !== 'absent' && found.type !== 'link' && !params.force)
    return `Cannot link, different hard link exists at destination: ${params.path} (force: yes replaces it)`;
  return setFile(found, { type: 'hard', target: target.path, targetState: target, ...attributes(params) });
}
