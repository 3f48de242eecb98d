/** Where the links of a tree lead: as in Ansible, `recurse` sets the attributes of what is there too, unless `follow` is off. */
import { posix } from 'node:path';
import {
  type Change,
  type FileState,
  fileState,
  type Observed,
  type Probe,
  setFile,
  type TreeState,
} from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { attributes } from '../text-file.ts';
import type { FileParams } from './params.ts';
import { planRecurse, recurseProbe } from './recurse.ts';

/** A tree, what is asked of the ends of its links, and the ends that are outside of everything met before. */
interface Walk {
  readonly probes: Probe<unknown>[];
  readonly trees: TreeState[];
  readonly files: FileState[];
}

/** The questions about a folder, everything below, and everything that links below lead to. */
export function recurseNeeds(params: FileParams, found: FileState, seen: Observed): Probe<unknown>[] {
  return walk(params, found, seen).probes;
}

/** The changes of a folder, of everything below, and of what links below lead to: one for each folder and each lone file. */
export function planRecurseLinks(params: FileParams, found: FileState, seen: Observed): Change[] {
  const { trees, files } = walk(params, found, seen);
  return [
    ...trees.flatMap((tree) => planRecurse(params, tree)),
    ...files.flatMap((file) => setFile(file, { type: 'file', ...attributes(params) })),
  ];
}

function walk(params: FileParams, start: FileState, seen: Observed): Walk {
  const done: Walk = { probes: [], trees: [], files: [] };
  const waiting = [start];
  const met = new Set([placeOf(start)]);
  for (const folder of waiting) {
    const probe = recurseProbe(folder);
    done.probes.push(probe);
    const tree = seen.get(probe);
    if (tree === undefined || isUnknown(tree)) continue;
    done.trees.push(tree);
    if (!params.follow) continue;
    for (const ends of linksOut(tree)) {
      done.probes.push(ends);
      const end = seen.get(ends);
      if (end === undefined || isUnknown(end)) continue;
      const place = placeOf(end);
      if (met.has(place) || done.trees.some((one) => isBelow(place, placeOf(one.root)))) continue;
      met.add(place);
      if (end.type === 'directory') waiting.push(end);
      if (end.type !== 'file') continue;
      // The link only says where; what was foreseen of the file is known under its own name.
      const itself = fileState(place, { checksum: false });
      done.probes.push(itself);
      const file = seen.get(itself);
      if (file !== undefined && !isUnknown(file)) done.files.push(file);
    }
  }
  return done;
}

/** Asks where links lead that lead to no file or folder of their own tree. */
function linksOut(tree: TreeState): Probe<FileState>[] {
  const root = placeOf(tree.root);
  return [...tree.entries].flatMap(([path, { type, target }]) => {
    if (type !== 'link' || target === undefined) return [];
    const place = posix.resolve(root, posix.dirname(path), target);
    const inside = tree.entries.get(posix.relative(root, place));
    if (inside !== undefined && inside.type !== 'link') return [];
    return [fileState(posix.join(root, path), { follow: true, checksum: false })];
  });
}

const placeOf = (state: FileState): string => state.realPath ?? state.path;

const isBelow = (place: string, root: string): boolean => place === root || place.startsWith(`${root}/`);
