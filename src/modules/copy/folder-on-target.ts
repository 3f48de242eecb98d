/** Copying a folder within the target, with what Ansible does to links, modes and folders that are there. */
import { posix } from 'node:path';
import {
  contentOnTarget,
  type FileState,
  fileState,
  type Observed,
  type Probe,
  type TreeState,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { unknownPlan } from '../answer.ts';
import { fileFacts } from '../file-result.ts';
import { attributeWarnings } from '../params.ts';
import { makeParents, withParent } from '../parents.ts';
import { planTree, presentEntries, type SourceEntry, type TreeWish, treeNeeds } from '../placing-tree.ts';
import { attributes } from '../text-file.ts';
import type { Plan } from '../types.ts';
import { endlessLink, linkProbe, linksOf, sourceOf } from './links.ts';
import { mergedInto } from './merge.ts';
import type { CopyParams } from './params.ts';

/** Where a folder goes. */
interface Place {
  /** What `dest` of the result is, and what owner, group and mode are for. */
  readonly root: string;
  /** Folder below the root that holds the entries; empty: the root itself. */
  readonly below: string;
  /** The root is there, or is made on its own first: the folder is merged into it. Otherwise it is copied whole. */
  readonly merges: boolean;
  readonly state: FileState;
}

/** What copying a folder within the target wants to see, once the folder itself was seen. */
export function folderNeeds(params: CopyParams, tree: TreeState, seen: Observed): Probe[] {
  const asked = [destProbe(params), ...linkProbes(params, tree)];
  const place = placeOf(params, seen);
  if (place === undefined || isUnknown(place)) return [...asked, ...rootProbes(params, seen)];
  return [...asked, ...treeNeeds({ root: place.root, entries: entriesOf(params, tree, place.below) }, seen)];
}

/** Plans copying a folder within the target: bytes never leave it. */
export function planFolderOnTarget(
  params: CopyParams,
  source: FileState,
  tree: TreeState,
  seen: Observed,
): Plan {
  const place = placeOf(params, seen);
  if (place === undefined) return { changes: [], failed: `${params.dest} could not be looked at` };
  if (isUnknown(place)) return unknownPlan(place);
  if (params.attributes !== undefined)
    return { changes: [], failed: 'attributes are set of single files, not of a folder and what is in it' };
  const skipped = [...tree.entries].filter(([, state]) => !isCopied(state)).map(([path]) => path);
  const warnings = [
    ...attributeWarnings(params),
    ...(skipped.length > 0 ? [`not copied, neither file, folder nor link: ${skipped.join(', ')}`] : []),
  ];
  const within = place.state.type === 'directory' || params.dest.endsWith('/');
  const dest = posix.join(place.root, within && isSlashed(params) ? '/' : '');
  const none = { src: params.src, dest, md5sum: null, checksum: null };
  if (place.state.type === 'directory' && !params.force)
    return {
      changes: [],
      warnings,
      result: () => ({ ...none, msg: 'file already exists', ...fileFacts(place.state) }),
    };
  const parents = makeParents(place.state, seen, params.dest.endsWith('/'), {
    ...attributes({ owner: params.owner, group: params.group, mode: params.directory_mode }),
  });
  if (typeof parents === 'string') return { changes: [], failed: parents };
  const { wish, missed } = wishFor(params, tree, place, seen, source.mode);
  const fault = unfollowed(params, wish.entries, seen);
  if (fault) return { changes: [], failed: fault };
  const plan = planTree(wish, seen);
  if ('unknown' in plan) return unknownPlan(plan.unknown);
  if ('failed' in plan) return { changes: [], failed: plan.failed };
  return {
    changes: plan.changes.length > 0 ? [...parents, ...plan.changes] : [],
    ...(missed ? { changed: true } : {}),
    warnings,
    result: () => ({ ...none, ...fileFacts(plan.after) }),
  };
}

function wishFor(
  params: CopyParams,
  tree: TreeState,
  place: Place,
  seen: Observed,
  sourceMode: number | undefined,
) {
  const whole = entriesOf(params, tree, place.below);
  const merged = place.merges
    ? mergedInto(place.below, whole, present(place, whole, seen), {
        follow: params.local_follow ?? true,
        leadsNowhere: (path) => leadsNowhere(params, posix.relative(place.below, path), seen),
      })
    : { entries: whole, missed: false };
  const mode = params.mode === 'preserve' ? sourceMode : params.mode;
  const wish: TreeWish = {
    root: place.root,
    entries: merged.entries,
    owner: params.owner,
    group: params.group,
    rootMode: mode ?? (place.merges ? params.directory_mode : sourceMode),
    ...(mode === undefined ? {} : { presentRootMode: mode }),
    ownsRoot: true,
  };
  return { wish, missed: merged.missed };
}

function present(place: Place, entries: readonly SourceEntry[], seen: Observed) {
  const found = presentEntries({ root: place.root, entries }, seen);
  return isUnknown(found) ? new Map<string, FileState>() : found;
}

const isSlashed = (params: CopyParams) => params.src!.endsWith('/');
const withoutSlash = (path: string) => path.replace(/(.)\/+$/, '$1');

function destProbe(params: CopyParams): Probe<FileState> {
  return fileState(withoutSlash(params.dest), { follow: true, checksum: false });
}

const innerPath = (params: CopyParams) => posix.join(params.dest, posix.basename(sourceOf(params)));

function innerProbe(params: CopyParams): Probe<FileState> {
  return fileState(innerPath(params), { follow: true, checksum: false });
}

/** The roots that come into question. */
function rootProbes(params: CopyParams, seen: Observed): Probe[] {
  const roots = [withoutSlash(params.dest), ...(isSlashed(params) ? [] : [innerPath(params)])];
  return roots.flatMap((root) => treeNeeds({ root, entries: [] }, seen));
}

/** Undefined while it is not known. */
function placeOf(params: CopyParams, seen: Observed): Place | Unknown | undefined {
  const found = seen.get(destProbe(params));
  if (found === undefined || isUnknown(found)) return found;
  const dest = withParent(found, seen);
  const at = (state: FileState, merges: boolean, below = ''): Place => ({
    root: state.path,
    below,
    merges,
    state,
  });
  if (isSlashed(params)) return at(dest, dest.type === 'directory' || params.dest.endsWith('/'));
  // A folder that is not there, and is not written as one, is made for the source to go below.
  if (dest.type === 'absent' && !params.dest.endsWith('/'))
    return at(dest, true, posix.basename(sourceOf(params)));
  const inner = seen.get(innerProbe(params));
  if (inner === undefined || isUnknown(inner)) return inner;
  return at(withParent(inner, seen), inner.type === 'directory');
}

/** Links of the source whose targets decide whether they are copied. */
function linkProbes(params: CopyParams, tree: TreeState): Probe<FileState>[] {
  return params.local_follow === false ? linksOf(tree).map((path) => linkProbe(params, path)) : [];
}

/** Why links cannot be followed as they have to be; undefined when they can. */
function unfollowed(params: CopyParams, entries: readonly SourceEntry[], seen: Observed): string | undefined {
  if (!params.local_follow) return undefined;
  const endless = endlessLink(params, seen);
  const link = entries.find((entry) => entry.type === 'link');
  if (endless) return `the link ${endless} of the source leads back to a folder that it is in`;
  return link && `the link ${link.path} of the source leads nowhere`;
}

function leadsNowhere(params: CopyParams, path: string, seen: Observed): boolean {
  const state = seen.get(linkProbe(params, path));
  return state !== undefined && !isUnknown(state) && state.type === 'absent';
}

function entriesOf(params: CopyParams, tree: TreeState, below: string): SourceEntry[] {
  const source = sourceOf(params);
  const top: SourceEntry[] = below === '' ? [] : [{ path: below, type: 'directory' }];
  const entries = [...tree.entries].flatMap(([path, state]): SourceEntry[] => {
    if (!isCopied(state)) return [];
    const base = { path: posix.join(below, path), type: state.type as SourceEntry['type'] };
    if (state.type === 'link')
      return [{ ...base, ...(state.target === undefined ? {} : { target: state.target }) }];
    if (state.type === 'directory') return [{ ...base, newMode: state.mode }];
    const file = { ...state, path: posix.join(source, path) };
    return [{ ...base, content: contentOnTarget(file), mode: state.mode }];
  });
  return [...top, ...entries];
}

function isCopied(state: FileState): boolean {
  return (
    state.type === 'directory' ||
    state.type === 'link' ||
    (state.type === 'file' && state.sha256 !== undefined)
  );
}
