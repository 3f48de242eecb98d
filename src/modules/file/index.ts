import { posix } from 'node:path';
import {
  type Change,
  type FileState,
  fileState,
  type Observed,
  type Probe,
  removeTree,
  setFile,
  treeState,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { flagNeeds, withFlags } from '../file-flags.ts';
import { afterChanges, fileFacts, seenThroughLink, settled } from '../file-result.ts';
import { attributeWarnings } from '../params.ts';
import { parentNeeds, withParent } from '../parents.ts';
import { attributes } from '../text-file.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';
import { attributeDiff } from './difference.ts';
import { linkNeeds, linkTargetProbe, planLink } from './link.ts';
import { type FileParams, fileParams } from './params.ts';
import { recurseProbe } from './recurse.ts';
import { planRecurseLinks, recurseNeeds } from './recurse-links.ts';
import { timesDiff, timesDiffer, wantedTimes } from './times.ts';

type State = NonNullable<FileParams['state']>;

export default defineModule<FileParams>({
  name: 'file',
  summary: 'Makes folders and links, sets owner and mode, removes files and folders.',
  params: fileParams,
  // A link may lead to a place that is told from its own folder.
  relativePaths: (params) => (params.state === 'link' || saysOnlySource(params) ? ['src'] : []),
  needs: (given, seen) => {
    const params = inFolder(given, seen);
    const outer = params === given ? [] : [pathProbe(given)];
    const probe = pathProbe(params);
    const found = seen.get(probe);
    if (found === undefined || isUnknown(found)) return [...outer, probe, ...foreseenNeeds(params)];
    return [
      ...outer,
      probe,
      ...parentNeeds(found),
      ...furtherNeeds(params, stateOf(params, found), found, seen),
      ...flagNeeds(flagsOf(params), found),
    ];
  },
  plan: (given, seen, context) => {
    const params = inFolder(given, seen);
    const probe = pathProbe(params);
    const present = answer(seen, probe);
    if (isUnknown(present)) return unknownPlan(present);
    const found = withParent(present, seen);
    const state = stateOf(params, found);
    const changes = planState(params, state, found, seen, context);
    if (isUnknown(changes)) return unknownPlan(changes);
    const src = params.src === undefined ? {} : { src: params.src };
    if (typeof changes === 'string')
      return {
        changes: [],
        failed: changes,
        result: () => ({
          ...pathResult(state, found),
          ...src,
          ...(found.type === 'absent' ? {} : fileFacts(found)),
        }),
      };
    const made = seenThroughLink(changes, found);
    const after = afterChanges(made, probe, found);
    const planned: Plan = {
      changes: made,
      warnings: attributeWarnings(params),
      result: (outcomes) => {
        const left = settled(after, outcomes);
        return {
          ...pathResult(state, found),
          ...src,
          ...fileFacts(left),
          ...(state === 'absent' || state === 'hard' ? { state } : {}),
          ...(state === 'absent' && found.type === 'absent'
            ? {}
            : { diff: difference(found, left, state, params, seen, context) }),
        };
      },
    };
    return withFlags(planned, flagsOf(params), found, seen);
  },
});

/** Flags of a link are those of nothing, and what goes needs none. */
function flagsOf({ attributes, state }: FileParams): { readonly attributes?: string | undefined } {
  return state === 'absent' || state === 'link' ? {} : { attributes };
}

/** The difference that the result tells: attributes, times that were set, and of a folder that goes what was in it. */
function difference(
  found: FileState,
  left: FileState,
  state: State,
  params: FileParams,
  seen: Observed,
  context: PlanContext,
): Record<string, unknown> {
  const { before, after } = attributeDiff(found, left, params);
  if (state !== 'absent') {
    const times =
      state === 'link' || state === 'hard' ? NO_TIMES : timesDiff(found, wantedTimes(params, context));
    return { before: { ...before, ...times.before }, after: { ...after, ...times.after } };
  }
  return { before: { ...before, ...contentOf(found, params, seen) }, after };
}

const NO_TIMES = { before: {}, after: {} };

function contentOf(found: FileState, params: FileParams, seen: Observed): Record<string, unknown> {
  if (found.type !== 'directory') return {};
  const tree = seen.get(treeState(params.path));
  if (tree === undefined || isUnknown(tree)) return {};
  const named = (folders: boolean) =>
    [...tree.entries]
      .filter(([, entry]) => (entry.type === 'directory') === folders)
      .map(([name]) => posix.join(found.path, name));
  return { path_content: { directories: named(true), files: named(false) } };
}

/** Results about links and touched files speak of `dest`, those of others of `path`, which is where links led. */
function pathResult(state: State, found: FileState): Record<string, string> {
  const linked = state === 'link' || state === 'hard' || (state === 'file' && (found.links ?? 1) > 1);
  return linked || state === 'touch' ? { dest: found.path } : { path: found.realPath ?? found.path };
}

/** Links themselves are looked at when they are what is made or removed. */
function pathProbe(params: FileParams, path = params.path): Probe<FileState> {
  const { state } = params;
  const itself = state === 'link' || state === 'hard' || state === 'absent' || saysOnlySource(params);
  return fileState(path, { follow: params.follow && !itself, checksum: itself });
}

/** Of a path that shall lead to `src`, and nobody says how: it is what it is already, a link of one kind or the other. */
function saysOnlySource({ src, state, recurse }: FileParams): boolean {
  return src !== undefined && state === undefined && !recurse;
}

/** A hard link whose `path` is a folder goes into it, under the name of its source. */
function inFolder(params: FileParams, seen: Observed): FileParams {
  if (params.state !== 'hard' || params.src === undefined) return params;
  const place = seen.get(pathProbe(params));
  if (place === undefined || isUnknown(place) || place.type !== 'directory') return params;
  return { ...params, path: posix.join(params.path, posix.basename(params.src)) };
}

/** The state that is meant: what is written, else what is there. */
function stateOf(params: FileParams, found: FileState): State {
  if (params.state) return params.state;
  if (params.recurse || found.type === 'directory') return 'directory';
  if (params.src !== undefined && found.type === 'file' && (found.links ?? 1) > 1) return 'hard';
  return found.type === 'link' ? 'link' : 'file';
}

/** What will be asked of a link whatever stands in its place: asked at once, it costs no round trip of its own. */
function foreseenNeeds(params: FileParams): Probe[] {
  const target = params.state === 'link' || params.state === 'hard' ? linkTargetProbe(params) : undefined;
  return target ? [target] : [];
}

function furtherNeeds(params: FileParams, state: State, found: FileState, seen: Observed): Probe[] {
  if (state === 'link' || state === 'hard') return linkNeeds(params, found);
  if (found.type !== 'directory') return [];
  if (state === 'absent') return [treeState(params.path)];
  return state === 'directory' && params.recurse ? recurseNeeds(params, found, seen) : [];
}

/** Gives the changes; a text says why the wish cannot be met. */
function planState(
  params: FileParams,
  state: State,
  found: FileState,
  seen: Observed,
  context: PlanContext,
): readonly Change[] | string | Unknown {
  if (state === 'absent') return planAbsent(params, found, seen);
  if (params.src !== undefined && state !== 'link' && state !== 'hard')
    return "src option requires state to be 'link' or 'hard'";
  if (
    state !== 'directory' &&
    found.type === 'absent' &&
    found.parent !== undefined &&
    found.parent !== 'directory'
  )
    return `the folder around ${params.path} does not exist`;
  if (state === 'link' || state === 'hard') return planLink({ ...params, state }, found, seen);
  if (state === 'directory') return planDirectory(params, found, seen, context);
  if (state === 'touch') return planTouch(params, found, context);
  if (found.type === 'absent')
    return `file (${params.path}) is absent, cannot continue (state: touch makes an empty file)`;
  if (found.type === 'directory') return `file (${params.path}) is directory, cannot continue`;
  if (found.type !== 'file') return `${params.path} is no regular file`;
  return withTimes(params, found, context, setFile(found, { type: 'file', ...attributes(params) }));
}

function planAbsent(params: FileParams, found: FileState, seen: Observed): readonly Change[] | Unknown {
  if (found.type !== 'directory') return setFile(found, { type: 'absent' });
  const tree = answer(seen, treeState(params.path));
  return isUnknown(tree) ? tree : removeTree(tree);
}

function planDirectory(
  params: FileParams,
  found: FileState,
  seen: Observed,
  context: PlanContext,
): readonly Change[] | string | Unknown {
  if (found.type === 'link') return `${params.path} is a link, and follow is off`;
  if (found.type !== 'absent' && found.type !== 'directory') return `${params.path} already exists as a file`;
  if (found.type === 'directory' && params.recurse) {
    const tree = answer(seen, recurseProbe(found));
    return isUnknown(tree) ? tree : withTimes(params, found, context, planRecurseLinks(params, found, seen));
  }
  if (found.type === 'directory' && found.mode === undefined && params.mode !== undefined)
    return new Unknown(`the mode of ${params.path} is known only once it is made`);
  const made = setFile(found, { type: 'directory', ...attributes(params) }, { owned: params.owned });
  return withTimes(params, found, context, made);
}

function planTouch(params: FileParams, found: FileState, context: PlanContext): readonly Change[] | string {
  const times = wantedTimes(params, context);
  if (found.type === 'absent' || timesDiffer(found, times)) {
    return setFile(found, { type: 'touch', mtime: times.mtime, atime: times.atime, ...attributes(params) });
  }
  if (found.type !== 'directory' && found.type !== 'file') return [];
  const { type } = found;
  return setFile(found, { type: type as 'file', ...attributes(params) });
}

/** `modification_time` and `access_time` may be set together with any attribute. */
function withTimes(
  params: FileParams,
  found: FileState,
  context: PlanContext,
  changes: readonly Change[],
): readonly Change[] {
  const times = wantedTimes(params, context);
  if (found.type === 'absent' || !timesDiffer(found, times)) return changes;
  const after = changes.length === 0 ? found : { ...afterChanges(changes, pathProbe(params), found) };
  return [...changes, ...setFile(after, { type: 'touch', mtime: times.mtime, atime: times.atime })];
}
