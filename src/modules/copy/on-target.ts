import { posix } from 'node:path';
import {
  contentOnTarget,
  type FileState,
  fileState,
  type Observed,
  type Probe,
  type TreeState,
  treeState,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { digestProbe, digestsFrom } from '../digests.ts';
import { fileFacts } from '../file-result.ts';
import { attributeWarnings } from '../params.ts';
import { type Place, placement, planPlacing } from '../placing.ts';
import { planTree, type SourceEntry, treeNeeds } from '../placing-tree.ts';
import type { Plan, PlanContext } from '../types.ts';
import type { CopyParams } from './params.ts';
import { checksumFault, folderRoot, octal } from './source.ts';

/** What copying within the target wants to see. */
export function needsOnTarget(params: CopyParams, seen: Observed, context: PlanContext): Probe[] {
  const source = sourceProbe(params);
  const found = seen.get(source);
  if (found === undefined || isUnknown(found) || found.type === 'absent') return [source];
  if (found.type !== 'directory') {
    return [source, sha1Probe(params), ...placement(placeOf(params), seen, context).needs];
  }
  const tree = sourceTree(params);
  const entries = seen.get(tree);
  if (entries === undefined || isUnknown(entries)) return [source, tree];
  return [source, tree, ...treeNeeds(treeWish(params, entries), seen)];
}

/** Plans copying within the target: bytes never leave it. */
export function planOnTarget(params: CopyParams, seen: Observed, context: PlanContext): Plan {
  const source = answer(seen, sourceProbe(params));
  if (isUnknown(source)) return unknownPlan(source);
  if (source.type === 'absent')
    return { changes: [], failed: `the source ${params.src} does not exist on the target` };
  if (source.type === 'directory') return planFolder(params, answer(seen, sourceTree(params)), seen);
  if (source.type !== 'file' || source.sha256 === undefined)
    return { changes: [], failed: `the source ${params.src} is no readable file` };
  const sums = { sha256: source.sha256, sha1: sha1Of(params, seen) };
  const fault = params.checksum === undefined ? undefined : checksumFault(params.checksum, sums);
  if (fault) return { changes: [], failed: fault };
  return planPlacing(
    placeOf(params),
    {
      content: contentOnTarget(source),
      sourceMode: octal(source.mode ?? 0o644),
      result: { src: params.src, checksum: sums.sha1 },
      directoryMode: params.directory_mode,
    },
    seen,
    context,
  );
}

function sha1Probe(params: CopyParams) {
  return digestProbe([params.src!], 'sha1');
}

function sha1Of(params: CopyParams, seen: Observed): string | undefined {
  const answered = seen.get(sha1Probe(params));
  return answered === undefined || isUnknown(answered) ? undefined : digestsFrom(answered)[0];
}

function placeOf(params: CopyParams): Place {
  return { dest: params.dest, name: posix.basename(params.src!), params };
}

function sourceProbe(params: CopyParams): Probe<FileState> {
  return fileState(params.src!.replace(/(.)\/+$/, '$1'), { follow: true });
}

function sourceTree(params: CopyParams): Probe<TreeState> {
  return treeState(params.src!.replace(/(.)\/+$/, '$1'));
}

function planFolder(params: CopyParams, tree: TreeState | Unknown, seen: Observed): Plan {
  if (isUnknown(tree)) return unknownPlan(tree);
  const plan = planTree(treeWish(params, tree), seen);
  if ('unknown' in plan) return unknownPlan(plan.unknown);
  if ('failed' in plan) return { changes: [], failed: plan.failed };
  const { firstMissing = params.dest } = plan.root;
  // Only a slash at the end asks for the folders around it.
  if (!params.dest.endsWith('/') && params.dest.startsWith(`${firstMissing}/`))
    return { changes: [], failed: `the folder ${posix.dirname(params.dest)} does not exist` };
  const skipped = [...tree.entries].filter(([, state]) => !isCopied(state)).map(([path]) => path);
  return {
    changes: plan.changes,
    warnings: [
      ...attributeWarnings(params),
      ...(skipped.length > 0 ? [`not copied, neither file, folder nor link: ${skipped.join(', ')}`] : []),
    ],
    result: () => ({ src: params.src, dest: params.dest, ...fileFacts(plan.after) }),
  };
}

function treeWish(params: CopyParams, tree: TreeState) {
  const source = params.src!.replace(/(.)\/+$/, '$1');
  const entries = [...tree.entries].flatMap(([path, state]): SourceEntry[] => {
    if (!isCopied(state)) return [];
    const base = { path, type: state.type as SourceEntry['type'] };
    if (state.type === 'link')
      return [{ ...base, ...(state.target === undefined ? {} : { target: state.target }) }];
    if (state.type === 'directory') return [{ ...base, newMode: state.mode }];
    const file = { ...state, path: posix.join(source, path) };
    return [{ ...base, content: contentOnTarget(file), mode: state.mode }];
  });
  const mode = params.mode === 'preserve' ? tree.root.mode : params.mode;
  return {
    root: folderRoot(params, source),
    entries,
    owner: params.owner,
    group: params.group,
    // `mode` is that of the folder itself; everything in it keeps its own, whatever `directory_mode` says (as Ansible has it).
    rootMode: mode ?? tree.root.mode,
    ...(mode === undefined ? {} : { presentRootMode: mode }),
    onlyMissing: !params.force,
  };
}

function isCopied(state: FileState): boolean {
  return (
    state.type === 'directory' ||
    state.type === 'link' ||
    (state.type === 'file' && state.sha256 !== undefined)
  );
}
