/** A link that gives way to the file which is written at its path: `follow: false` of modules that edit what is behind it. */
import { type FileState, fileState, type Observed, type Probe } from '../resources/index.ts';
import { isUnknown, type Unknown } from '../values/index.ts';

const linkProbe = (path: string) => fileState(path, { checksum: false });

/** Gives the question about the path itself, when the file that was found there is behind links. */
export function linkNeeds(path: string, file: FileState | Unknown | undefined): Probe[] {
  const behind = file !== undefined && !isUnknown(file) && (file.realPath ?? path) !== path;
  return behind ? [linkProbe(path)] : [];
}

/** The link at the path, once `linkNeeds` was asked; undefined when no link stands there. */
export function replacedLink(path: string, seen: Observed): FileState | undefined {
  const link = seen.get(linkProbe(path));
  return link !== undefined && !isUnknown(link) && link.type === 'link' ? link : undefined;
}

/** Mode, owner and group that a file takes over from another. */
export function attributesOf({ mode, uid, gid }: FileState): {
  mode?: number;
  owner?: number;
  group?: number;
} {
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(uid === undefined ? {} : { owner: uid }),
    ...(gid === undefined ? {} : { group: gid }),
  };
}
