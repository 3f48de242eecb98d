/** What a source comes to where it goes. */
import { type Observed, type Probe, resolveMode, type TreeState, treeState } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import type { OwnerNumbers } from '../owner-numbers.ts';
import { presentEntries, type SourceEntry, type TreeWish } from '../placing-tree.ts';
import type { Options } from './options.ts';
import { ownerOf } from './owners.ts';
import type { Sent, Source } from './source.ts';

/** The entries, and the root itself as one of them when a folder is sent. */
export interface Wanted {
  readonly wish: TreeWish;
  readonly top: SourceEntry | undefined;
}

/** What decides how things look where they go. */
interface Way {
  readonly place: { readonly root: string; readonly name?: string };
  readonly options: Options;
  readonly numbers: OwnerNumbers | undefined;
  readonly umask: number;
}

/** Gives what shall be there. */
export function wishFor({ top, entries }: Source, way: Way): Wanted {
  const { place, options } = way;
  const common = {
    root: place.root,
    ...(options.ignoreExisting ? { onlyMissing: true, refusesLinks: true } : {}),
    ...(options.update ? { keep: isNewer } : {}),
  };
  if (place.name !== undefined) {
    const isSent = top.type !== 'link' || options.links;
    const alone = entryFor(top, place.name, way);
    return { wish: { ...common, entries: isSent ? [alone] : [] }, top: undefined };
  }
  const own = entryFor(top, '.', way);
  const { owner, group } = own;
  const wish = {
    ...common,
    entries: entries.map((one) => entryFor(one, one.path, way)),
    rootMode: own.mode ?? own.newMode,
    presentRootMode: own.mode,
    rootOwner: { ...(owner === undefined ? {} : { owner }), ...(group === undefined ? {} : { group }) },
    ownsRoot: true,
  };
  return { wish, top: own };
}

function entryFor(sent: Sent, path: string, { options, numbers, umask }: Way): SourceEntry {
  const mode = options.chmod.reduce(
    (bits, change) =>
      change.for === (sent.type === 'directory' ? 'files' : 'folders')
        ? bits
        : resolveMode(change.mode, bits, { directory: sent.type === 'directory', umask }),
    sent.mode,
  );
  return {
    path,
    type: sent.type,
    replacesLink: !options.ignoreExisting,
    ...(sent.content && { content: sent.content }),
    ...(sent.target === undefined ? {} : { target: sent.target }),
    ...(sent.type === 'link' ? {} : options.perms ? { mode } : { newMode: mode & ~umask }),
    ...(options.times && sent.type === 'file' ? { mtime: sent.mtime } : {}),
    ...ownerOf(sent, numbers, options),
  };
}

function isNewer(entry: SourceEntry, present: { readonly type: string; readonly mtime?: number }): boolean {
  return (
    entry.type === 'file' && present.type === 'file' && Math.floor(present.mtime ?? 0) > (entry.mtime ?? 0)
  );
}

/** Gives what a deletion takes away: what the source has not, unless it is protected or holds what is. */
export function removals(tree: TreeState, { entries, isProtected }: Source): string[] {
  const sent = new Set(entries.map(({ path }) => path));
  const stays = new Set<string>();
  const gone: string[] = [];
  // From the deepest up, so that a folder knows what stays in it.
  for (const [path, state] of [...tree.entries].sort(([one], [other]) => (one < other ? 1 : -1))) {
    if (sent.has(path)) continue;
    if (stays.has(path) || isProtected(path, state.type === 'directory')) {
      for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
        stays.add(path.slice(0, at));
    } else gone.push(path);
  }
  return gone;
}

/** Folders that are in the way of files or links; only empty ones give way. */
export function blockers(wish: TreeWish, seen: Observed): Probe<TreeState>[] {
  const present = presentEntries(wish, seen);
  if (isUnknown(present)) return [];
  return wish.entries.flatMap(({ path, type }) => {
    const there = present.get(path);
    const isBlocked = type !== 'directory' && there?.type === 'directory';
    return isBlocked ? [treeState(there.path, { checksum: false, maxDepth: 1 })] : [];
  });
}
