import { posix } from 'node:path';
import type { Observed } from '../../resources/index.ts';
import { unknownPlan } from '../answer.ts';
import { fileFacts } from '../file-result.ts';
import { attributeWarnings } from '../params.ts';
import { makeParents } from '../parents.ts';
import { type Place, placement, planPlacing } from '../placing.ts';
import { planTree, treeNeeds } from '../placing-tree.ts';
import { attributes } from '../text-file.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';
import { needsOnTarget, planOnTarget } from './on-target.ts';
import { type CopyParams, copyParams } from './params.ts';
import { checksumFault, type LocalSource, localSource } from './source.ts';

export default defineModule<CopyParams>({
  name: 'copy',
  summary: 'Copies a file or folder, or a text, to the target.',
  params: copyParams,
  whenMissing: ({ src, content }) =>
    src === undefined && content === undefined ? 'src (or content) is required' : 'dest is required',
  pathsAsWritten: (params) => (params.remote_src ? [] : ['src']),
  needs: async (params, seen, context) => {
    if (params.remote_src) return needsOnTarget(params, seen, context);
    const source = await localSource(params, context);
    if (source.kind === 'folder') return treeNeeds(source, seen);
    return placement(placeOf(params, source.name), seen, context).needs;
  },
  plan: async (params, seen, context) => {
    if (params.remote_src) return planOnTarget(params, seen, context);
    const source = await localSource(params, context);
    return source.kind === 'folder'
      ? planFolder(params, source, seen)
      : planFile(params, source, seen, context);
  },
});

/** Which of the files would be meant, nobody said. */
const FLAGS_OF_FOLDER = 'attributes are set of single files, not of a folder and what is in it';

function placeOf(params: CopyParams, name: string | undefined): Place {
  return { dest: params.dest, name, params };
}

function planFile(
  params: CopyParams,
  source: LocalSource & { kind: 'file' },
  seen: Observed,
  context: PlanContext,
): Plan {
  const { content, sha1 } = source;
  const fault = checksumFault(params.checksum, { sha1, sha256: content.sha256 });
  if (fault) return fault;
  return planPlacing(
    placeOf(params, source.name),
    {
      content,
      sourceMode: source.mode,
      result: { ...(source.path === undefined ? {} : { src: source.path }), checksum: sha1 },
      ...(source.path === undefined ? {} : { afterHeader: source.path }),
      directoryMode: params.directory_mode,
      ...(source.secret ? { secret: true } : {}),
    },
    seen,
    context,
  );
}

function planFolder(params: CopyParams, source: LocalSource & { kind: 'folder' }, seen: Observed): Plan {
  if (params.attributes !== undefined) return { changes: [], failed: FLAGS_OF_FOLDER };
  const plan = planTree(
    {
      root: source.root,
      entries: source.entries,
      owner: params.owner,
      group: params.group,
      rootMode: params.directory_mode,
      onlyMissing: !params.force,
      attributesThroughLinks: true,
    },
    seen,
  );
  if ('unknown' in plan) return unknownPlan(plan.unknown);
  if ('failed' in plan) return { changes: [], failed: plan.failed };
  const wanted = attributes({ owner: params.owner, group: params.group, mode: params.directory_mode });
  // The tree brings missing folders around it along; only with something to say of them they are made by themselves.
  const parents = Object.keys(wanted).length === 0 ? [] : makeParents(plan.root, seen, true, wanted);
  if (typeof parents === 'string') return { changes: [], failed: parents };
  return {
    changes: plan.changes.length > 0 ? [...parents, ...plan.changes] : [],
    warnings: attributeWarnings(params),
    result: () => ({ src: params.src, dest: posix.join(params.dest, '/'), ...fileFacts(plan.after) }),
  };
}
