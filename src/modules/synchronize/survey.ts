/** Everything that has to be known before a folder can be synchronized, found out step by step. */
import { posix } from 'node:path';
import { type FileState, fileState, type Observed, type Probe, treeState } from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { type OwnerNumbers, ownerProbe, readOwners } from '../owner-numbers.ts';
import { withParent } from '../parents.ts';
import { type TreeWish, treeNeeds } from '../placing-tree.ts';
import type { PlanContext } from '../types.ts';
import { type Options, optionsOf } from './options.ts';
import { namesOf } from './owners.ts';
import type { Params } from './params.ts';
import { type Source, sourceOnController, sourceOnTarget } from './source.ts';
import { blockers, removals, type Wanted, wishFor } from './wish.ts';

/** Where things go. */
export interface Place {
  readonly root: string;
  /** Name of a lone file or link below the root; a folder goes to the root itself. */
  readonly name?: string;
  /** The folder that rsync would make. */
  readonly makes: string;
  /** The source's own name where it is part of names in reports. */
  readonly prefix: string;
}

/** What is to be done. */
export interface Work {
  readonly options: Options;
  readonly source: Source;
  readonly place: Place;
  readonly wanted: Wanted;
  readonly wish: TreeWish;
}

/** What is known by now; `needs` is everything that has been or has to be asked. */
export interface Survey {
  readonly needs: readonly Probe[];
  readonly found?: Work | Unknown | { readonly failed: string; readonly rc?: number };
}

/** Looks at source and destination as far as the answers go. Throws CutoverError for a source that is not there. */
export async function survey(params: Params, seen: Observed, context: PlanContext): Promise<Survey> {
  const options = optionsOf(params);
  const sourced = await sourceFor(params, options, seen, context);
  if (!('top' in sourced)) return sourced;
  const dest = fileState(params.dest, { follow: true, checksum: false });
  const needs: Probe[] = [...sourceProbes(params, options, context), dest];
  const names = namesOf(sourced, options);
  if (names) needs.push(ownerProbe(names));
  const at = seen.get(dest);
  if (at === undefined) return { needs };
  if (isUnknown(at)) return { needs, found: at };
  const place = placeOf(params, sourced, at);
  const rootProbes = treeNeeds({ root: place.root, entries: [] }, seen);
  needs.push(...rootProbes);
  const rooted = seen.get(rootProbes[0] as Probe<FileState>);
  const answered = names && seen.get(ownerProbe(names));
  if (rooted === undefined || (names && answered === undefined)) return { needs };
  for (const one of [rooted, answered]) if (isUnknown(one)) return { needs, found: one };
  const root = withParent(rooted as FileState, seen);
  const fault = faultOf(root, place, options);
  if (fault !== undefined) return { needs, found: { failed: fault, rc: 11 } };
  const numbers: OwnerNumbers | undefined =
    names && answered && !isUnknown(answered) ? readOwners(names, answered) : undefined;
  const wanted = wishFor(sourced, { place, options, numbers, umask: root.umask ?? 0o022 });
  const listing = treeState(place.root, { checksum: false });
  const lists = options.delete && root.type === 'directory' && place.name === undefined;
  if (lists) needs.push(listing);
  const tree = lists ? seen.get(listing) : undefined;
  if (lists && tree === undefined) return { needs };
  if (isUnknown(tree)) return { needs, found: tree };
  const remove = tree ? removals(tree, sourced) : [];
  const wish: TreeWish = { ...wanted.wish, ...(tree ? { remove } : {}) };
  needs.push(...treeNeeds(wish, seen));
  if (!options.force && !options.delete) {
    needs.push(...blockers(wish, seen));
    const fault = obstacle(wish, seen);
    if (isUnknown(fault)) return { needs, found: fault };
    if (fault !== undefined) return { needs, found: { failed: fault, rc: 23 } };
  }
  return { needs, found: { options, source: sourced, place, wanted, wish } };
}

/** Gives where the source goes; `found` is what stands at the destination. */
export function placeOf({ src, dest }: Params, { top }: Source, found: FileState): Place {
  const to = dest.replace(/(.)\/+$/, '$1');
  const own = posix.basename(src.replace(/(.)\/+$/, '$1'));
  if (top.type === 'directory') {
    if (src.endsWith('/')) return { root: to, makes: to, prefix: '' };
    return { root: posix.join(to, own), makes: to, prefix: own };
  }
  if (dest.endsWith('/') || found.type === 'directory')
    return { root: to, name: own, makes: to, prefix: own };
  return { root: posix.dirname(to), name: posix.basename(to), makes: posix.dirname(to), prefix: own };
}

/** Why there is no place for it: rsync makes the last folder of the destination, and no more. */
export function faultOf(root: FileState, place: Place, { mkpath }: Options): string | undefined {
  if (root.type !== 'directory' && root.type !== 'absent') return `${root.path} on the target is no folder`;
  if (root.type === 'directory' || mkpath || root.parent === 'directory') return undefined;
  const first = root.firstMissing ?? root.path;
  if (first === place.makes || first === root.path) return undefined;
  return `mkdir "${place.makes}" failed: No such file or directory (mkpath in rsync_opts makes folders above)`;
}

/** What has to be asked for a source that is on the target; nothing for one of the controller. */
function sourceProbes(params: Params, options: Options, context: PlanContext): Probe[] {
  if (context.delegate?.is !== 'itself') return [];
  return [fileProbe(params, options), treeProbe(params, options)];
}

const fileProbe = ({ src }: Params, { copyLinks }: Options) =>
  fileState(src, { follow: copyLinks || src.endsWith('/') });
const treeProbe = ({ src }: Params, { copyLinks }: Options) => treeState(src, { follow: copyLinks });

async function sourceFor(
  params: Params,
  options: Options,
  seen: Observed,
  context: PlanContext,
): Promise<Source | Survey> {
  const { delegate } = context;
  if (delegate?.is === 'another') {
    const failed = `files do not travel from ${delegate.name} to ${context.host} directly: synchronize them to the controller first (mode: pull), or delegate to neither`;
    return { needs: [], found: { failed } };
  }
  if (delegate?.is !== 'itself') return sourceOnController(params.src, options, context);
  if (!params.src.startsWith('/'))
    return { needs: [], found: { failed: `src must be absolute where it is on the target: ${params.src}` } };
  return sourceSeen(params, options, seen, context);
}

/** Gives a source on the target, as far as it was looked at. */
export async function sourceSeen(
  params: Params,
  options: Options,
  seen: Observed,
  context: PlanContext,
): Promise<Source | Survey> {
  const needs = [fileProbe(params, options), treeProbe(params, options)];
  const root = seen.get(fileProbe(params, options));
  const tree = seen.get(treeProbe(params, options));
  if (root === undefined || tree === undefined) return { needs };
  if (isUnknown(root)) return { needs, found: root };
  if (isUnknown(tree)) return { needs, found: tree };
  if (root.type === 'absent') {
    const why = `${params.src} is not on the target`;
    return { needs, found: context.checkMode ? new Unknown(why) : { failed: why, rc: 23 } };
  }
  return sourceOnTarget(params.src, { root, tree }, options, context);
}

/** Why the folder cannot be brought about though everything is known; undefined when it can. */
function obstacle(wish: TreeWish, seen: Observed): string | Unknown | undefined {
  for (const probe of blockers(wish, seen)) {
    const tree = seen.get(probe);
    if (tree === undefined || isUnknown(tree)) return tree ?? new Unknown(`${probe.key} was not looked at`);
    if (tree.entries.size > 0) return inTheWay(tree.root.path);
  }
  return undefined;
}

/** What is said of a folder that does not give way to a file or link. */
export function inTheWay(path: string): string {
  return `could not make way for ${path}: it is a folder with something in it, and none in the source (delete, or force in rsync_opts, takes it away)`;
}
