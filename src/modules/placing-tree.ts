/** Putting a whole folder at a place on the host, so that only what differs travels: what copy and unarchive share. */
import { posix } from 'node:path';
import {
  type Change,
  type Content,
  type FileState,
  fileState,
  type Observed,
  type Probe,
  setTree,
  type TreeEntry,
  type TreeState,
} from '../resources/index.ts';
import { isUnknown, Unknown } from '../values/index.ts';
import { afterChanges } from './file-result.ts';
import { parentNeeds, withParent } from './parents.ts';

/** One entry of the source. */
export interface SourceEntry {
  /** Relative, without a leading `./`. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link';
  readonly content?: Content;
  readonly target?: string;
  /** What the entry gets; undefined leaves an existing one alone. */
  readonly mode?: string | number | undefined;
  /** What a folder gets when it is made. */
  readonly newMode?: string | number | undefined;
  /** Seconds since 1970. */
  readonly mtime?: number;
  readonly owner?: string;
  readonly group?: string;
  /** Who a folder belongs to when it is made. */
  readonly newOwner?: { readonly owner?: string; readonly group?: string };
  /** A link to a folder that stands where this folder shall be gives way to it; otherwise what is below goes where it leads. */
  readonly replacesLink?: boolean;
}

/** How the folder is put there. */
export interface TreeWish {
  readonly root: string;
  readonly entries: readonly SourceEntry[];
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  /** Of the root, when it is made. */
  readonly rootMode?: string | number | undefined;
  /** Of a root that is there. */
  readonly presentRootMode?: string | number | undefined;
  /** Who a root belongs to, also one that is there. */
  readonly rootOwner?: { readonly owner?: string; readonly group?: string };
  /** `owner` and `group` are for a root that is there, too. */
  readonly ownsRoot?: boolean;
  /** Leave files alone that are there, whatever they hold. */
  readonly onlyMissing?: boolean;
  /** Fail where an entry would go through a link to a folder. */
  readonly refusesLinks?: boolean;
  /** Relative paths that shall be gone. */
  readonly remove?: readonly string[];
  /** Folders behind links that are not replaced get the attributes of the entry, as other folders do. */
  readonly attributesThroughLinks?: boolean;
  /** Leave entries alone for which this holds, given what is there. */
  readonly keep?: (entry: SourceEntry, present: FileState) => boolean;
}

/** With more entries, the topmost ones are asked for first: below one that is missing there is nothing to ask. */
const AT_ONCE = 50;

/** Everything that `planTree` wants to see. Entries are only asked for when the folder is there. */
export function treeNeeds(wish: Pick<TreeWish, 'root' | 'entries' | 'remove'>, seen: Observed): Probe[] {
  const root = rootProbe(wish.root);
  const state = seen.get(root);
  if (state === undefined || isUnknown(state)) return [root];
  if (state.type !== 'directory') return [root, ...parentNeeds(state)];
  const gone = (wish.remove ?? []).map((path) => removalProbe(state, path));
  if (wish.entries.length <= AT_ONCE)
    return [root, ...gone, ...wish.entries.map((entry) => entryProbe(state, entry))];
  const tops = wish.entries.filter((entry) => !entry.path.includes('/'));
  const missing = missingTops(wish, state, seen);
  const below = wish.entries.filter((entry) => entry.path.includes('/') && !missing(entry.path));
  const topStates = tops.map((entry) => seen.get(entryProbe(state, entry)));
  const known = topStates.every((top) => top !== undefined);
  return [root, ...gone, ...[...tops, ...(known ? below : [])].map((entry) => entryProbe(state, entry))];
}

/** Gives a test for paths below a topmost entry that is not there. */
function missingTops(
  wish: Pick<TreeWish, 'entries'>,
  root: FileState,
  seen: Observed,
): (path: string) => boolean {
  const gone = new Set<string>();
  for (const entry of wish.entries) {
    if (entry.path.includes('/')) continue;
    const state = seen.get(entryProbe(root, entry));
    if (state !== undefined && !isUnknown(state) && state.type === 'absent') gone.add(entry.path);
  }
  return (path) => path.includes('/') && gone.has(path.slice(0, path.indexOf('/')));
}

function rootProbe(path: string): Probe<FileState> {
  return fileState(path, { follow: true, checksum: false });
}

function entryProbe(root: FileState, entry: SourceEntry): Probe<FileState> {
  return fileState(posix.join(root.realPath ?? root.path, entry.path), {
    // A folder may be a link to one; anything else is replaced itself.
    follow: entry.type === 'directory' && !entry.replacesLink,
    checksum: entry.type === 'file',
  });
}

function removalProbe(root: FileState, path: string): Probe<FileState> {
  return fileState(posix.join(root.realPath ?? root.path, path));
}

/** What planning a folder gives: the change, what is there now, or why it cannot be. */
export type TreePlan =
  | { readonly changes: readonly Change[]; readonly root: FileState; readonly after: FileState }
  | { readonly failed: string }
  | { readonly unknown: Unknown };

/** Plans to bring the entries about below the root: in one change, and one for each link in it that is written through or gives way. */
export function planTree(wish: TreeWish, seen: Observed): TreePlan {
  const before = picture(wish, seen);
  if (isUnknown(before)) return { unknown: before };
  const { root } = before;
  if (root.type !== 'directory' && root.type !== 'absent') return { failed: `${root.path} is no directory` };
  if (root.type === 'absent' && root.parent === 'other')
    return { failed: `${posix.dirname(root.path)} is no directory` };
  const blocked = [...before.entries.values()].find(
    ({ type, realPath }) => realPath !== undefined && type !== 'directory',
  );
  if (blocked) return { failed: `${blocked.path} is a link to ${blocked.realPath}, which is no directory` };
  const wanted = wish.entries
    .filter((entry) => !isKept(wish, entry, before.entries.get(entry.path)))
    .map((entry) => wantedEntry(entry, before.entries.get(entry.path)));
  const link = wish.refusesLinks ? linkOnTheWay(before, wanted) : undefined;
  if (link) return { failed: `${link.path} is a link to ${link.realPath}: nothing is written through it` };
  const path = root.realPath ?? root.path;
  const rootMode = root.type === 'absent' ? wish.rootMode : wish.presentRootMode;
  const rootEntry: TreeEntry[] =
    root.type === 'absent' || rootMode !== undefined || wish.ownsRoot
      ? [{ path: '.', type: 'directory', ...modeOf(rootMode), ...changedOwner(wish.rootOwner, root) }]
      : [];
  const changes = setTree(before, {
    root: path,
    entries: [...rootEntry, ...wanted],
    ...(wish.owner === undefined ? {} : { owner: wish.owner }),
    ...(wish.group === undefined ? {} : { group: wish.group }),
    ...(wish.remove === undefined ? {} : { delete: wish.remove }),
  });
  const seenWhole = root.type === 'absent';
  return {
    changes: seenWhole ? changes : changes.map(withoutTree),
    root,
    after: afterChanges(changes, rootProbe(wish.root), root),
  };
}

/** A link to a folder that one of these entries is below. */
function linkOnTheWay({ entries }: TreeState, wanted: readonly TreeEntry[]): FileState | undefined {
  const links = [...entries].filter(([, state]) => state.realPath !== undefined);
  return links.find(([path]) => wanted.some((entry) => entry.path.startsWith(`${path}/`)))?.[1];
}

/** Gives what stands at the entries' places now. */
export function presentEntries(wish: TreeWish, seen: Observed): ReadonlyMap<string, FileState> | Unknown {
  const before = picture(wish, seen);
  return isUnknown(before) ? before : before.entries;
}

/** What differs of an owner in numbers. */
function changedOwner({ owner, group }: NonNullable<TreeWish['rootOwner']> = {}, { uid, gid }: FileState) {
  return {
    ...(owner === undefined || owner === String(uid) ? {} : { owner }),
    ...(group === undefined || group === String(gid) ? {} : { group }),
  };
}

/** Gives the files whose bytes are needed: those that are missing or differ. */
export function differingEntries(wish: TreeWish, seen: Observed): SourceEntry[] {
  const before = picture(wish, seen);
  if (isUnknown(before)) return [];
  return wish.entries.filter((entry) => {
    const present = before.entries.get(entry.path);
    if (entry.type !== 'file' || isKept(wish, entry, present)) return false;
    return present?.sha256 === undefined || present.sha256 !== entry.content?.sha256;
  });
}

/** Present states of the root and the entries, or Unknown when one of them is. */
function picture(wish: TreeWish, seen: Observed): TreeState | Unknown {
  const found = seen.get(rootProbe(wish.root));
  if (found === undefined || isUnknown(found)) return found ?? new Unknown(`${wish.root} was not looked at`);
  const root = withParent(found, seen);
  const entries = new Map<string, FileState>();
  if (root.type !== 'directory') return { root, entries };
  const gone = missingTops(wish, root, seen);
  const replaced: string[] = [];
  for (const entry of wish.entries) {
    if (gone(entry.path) || replaced.some((path) => entry.path.startsWith(`${path}/`))) continue;
    const state = seen.get(entryProbe(root, entry));
    if (state === undefined || isUnknown(state))
      return state ?? new Unknown(`${entry.path} was not looked at`);
    if (state.type !== 'absent' || state.realPath !== undefined) entries.set(entry.path, state);
    if (entry.replacesLink && entry.type === 'directory' && state.type !== 'directory')
      replaced.push(entry.path);
  }
  for (const path of wish.remove ?? []) {
    const state = seen.get(removalProbe(root, path));
    if (state === undefined || isUnknown(state)) return state ?? new Unknown(`${path} was not looked at`);
    if (state.type !== 'absent') entries.set(path, state);
  }
  return { root, entries };
}

function isKept(wish: TreeWish, entry: SourceEntry, present: FileState | undefined): boolean {
  if (present === undefined) return false;
  if (entry.type === 'directory' && present.realPath !== undefined && !wish.attributesThroughLinks)
    return true;
  if (wish.onlyMissing && entry.type !== 'directory') return true;
  return wish.keep?.(entry, present) ?? false;
}

function wantedEntry(entry: SourceEntry, present: FileState | undefined): TreeEntry {
  const { newMode, mode, newOwner, ...wanted } = entry;
  return {
    ...wanted,
    ...(present?.type === entry.type ? {} : newOwner),
    ...modeOf(present?.type === entry.type ? mode : (mode ?? newMode)),
  };
}

function modeOf(mode: string | number | undefined): { mode?: string | number } {
  return mode === undefined ? {} : { mode };
}

/** Only the named entries were looked at, so the change cannot say what the whole folder holds afterwards. */
function withoutTree(change: Change): Change {
  if (!change.key.startsWith('tree:')) return change;
  const reason = new Unknown(`what else is in ${change.key.slice('tree:'.length)} was not looked at`);
  const predicts = new Map(change.predicts);
  for (const key of predicts.keys()) if (key.startsWith(change.key)) predicts.set(key, reason);
  return { ...change, predicts };
}
