import { posix } from 'node:path';
import {
  contentOnTarget,
  type FileState,
  fileState,
  type Observed,
  type Probe,
} from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { digestProbe, digestsFrom } from '../digests.ts';
import { type Place, placement, planPlacing } from '../placing.ts';
import type { Plan, PlanContext } from '../types.ts';
import { folderNeeds, planFolderOnTarget } from './folder-on-target.ts';
import { sourceNeeds, sourceOf, sourceTree } from './links.ts';
import type { CopyParams } from './params.ts';
import { checksumFault, octal } from './source.ts';

/** What copying within the target wants to see. */
export function needsOnTarget(params: CopyParams, seen: Observed, context: PlanContext): Probe[] {
  const source = sourceProbe(params);
  const found = seen.get(source);
  if (found === undefined || isUnknown(found) || found.type === 'absent') return [source];
  if (found.type !== 'directory') {
    return [source, sha1Probe(params), ...placement(placeOf(params), seen, context).needs];
  }
  const asked = [source, ...sourceNeeds(params, seen)];
  const tree = sourceTree(params, seen);
  return tree === undefined || isUnknown(tree) ? asked : [...asked, ...folderNeeds(params, tree, seen)];
}

/** Plans copying within the target: bytes never leave it. */
export function planOnTarget(params: CopyParams, seen: Observed, context: PlanContext): Plan {
  const source = answer(seen, sourceProbe(params));
  if (isUnknown(source)) return unknownPlan(source);
  if (source.type === 'absent') return { changes: [], failed: `Source ${params.src} not found` };
  if (source.type === 'directory') {
    const tree = sourceTree(params, seen);
    if (tree === undefined) return { changes: [], failed: `${params.src} could not be looked at` };
    return isUnknown(tree) ? unknownPlan(tree) : planFolderOnTarget(params, source, tree, seen);
  }
  if (source.type !== 'file' || source.sha256 === undefined)
    return { changes: [], failed: `the source ${params.src} is no readable file` };
  const sums = { sha256: source.sha256, sha1: sha1Of(params, seen) };
  const fault = checksumFault(params.checksum, sums);
  if (fault) return fault;
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
  return fileState(sourceOf(params), { follow: true });
}
