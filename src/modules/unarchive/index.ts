import { join } from 'node:path';
import {
  type Content,
  type FileState,
  fileState,
  type Observed,
  type Probe,
  resolveMode,
} from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { type Archive, contentsOf, readArchive } from '../archive/read.ts';
import type { ArchiveEntry, ArchiveFormat } from '../archive/types.ts';
import { fileFacts, settled } from '../file-result.ts';
import { attributeWarnings } from '../params.ts';
import { differingEntries, planTree, type SourceEntry, type TreeWish, treeNeeds } from '../placing-tree.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';
import { chosenMembers, listedNames, namesRoot, takesRoot } from './members.ts';
import { lostBits, NOBODY, type Owners, ownersNeeds, ownersOf } from './owners.ts';
import { isRemote, type UnarchiveParams, unarchiveParams } from './params.ts';
import { findArchive } from './source.ts';

export default defineModule<UnarchiveParams>({
  name: 'unarchive',
  summary:
    'Unpacks an archive to the target. It is read on the controller, and only members that differ travel.',
  params: unarchiveParams,
  whenMissing: () => 'src (or content) and dest are required',
  pathsAsWritten: (params) => (isRemote(params) && !/^\w+:\/\//.test(params.src) ? [] : ['src']),
  needs: async (params, seen, context) => {
    const first = [...createsProbe(params), destProbe(params)];
    if (isDone(params, seen) !== false || seen.get(destProbe(params)) === undefined) return first;
    const found = await findArchive(params, seen, context);
    if ('needs' in found) return [...first, ...found.needs];
    if (!('source' in found)) return first;
    const archive = await readArchive(found.source);
    return [
      ...first,
      ...ownersNeeds(params, archive),
      ...treeNeeds(wishFor(params, archive, new Map(), NOBODY), seen),
    ];
  },
  plan: async (params, seen, context) => {
    const done = isDone(params, seen);
    if (isUnknown(done)) return unknownPlan(done);
    if (done === true) return { changes: [], skipped: `skipped, since ${params.creates} exists` };
    const dest = answer(seen, destProbe(params));
    if (isUnknown(dest)) return unknownPlan(dest);
    if (dest.type !== 'directory')
      return { changes: [], failed: `dest '${params.dest}' must be an existing dir` };
    const found = await findArchive(params, seen, context);
    if ('unknown' in found) return unknownPlan(found.unknown);
    if ('failed' in found) return { changes: [], failed: found.failed };
    if ('needs' in found) return { changes: [], failed: `the archive ${params.src} was not looked at` };
    return planUnpacking(params, await readArchive(found.source), seen, context);
  },
});

async function planUnpacking(
  params: UnarchiveParams,
  archive: Archive,
  seen: Observed,
  context: PlanContext,
): Promise<Plan> {
  const owners = ownersOf(params, archive, seen);
  const listed = wishFor(params, archive, new Map(), owners);
  const wanted = new Set(differingEntries(listed, seen).flatMap((entry) => entry.content?.sha256 ?? []));
  const contents = await contentsOf(archive, wanted, join(context.runFolder, 'unpacked'));
  const dest = answer(seen, destProbe(params));
  const lost = lostBits(params, archive, seen, isUnknown(dest) ? 0 : dest.umask);
  const plan = planTree(wishFor(params, withoutBits(archive, lost), contents, owners), seen);
  if ('unknown' in plan) return unknownPlan(plan.unknown);
  if ('failed' in plan) return { changes: [], failed: plan.failed };
  return {
    changes: plan.changes,
    warnings: attributeWarnings(params),
    result: (outcomes) => ({
      src: params.src,
      dest: params.dest,
      handler: HANDLERS[archive.format],
      ...(params.list_files ? { files: listedNames(archive, params) } : {}),
      // Playbooks look at how unpacking ended: a failure ends the task before this.
      ...(outcomes.length > 0 && outcomes.every(({ status }) => status === 'done')
        ? { extract_results: { rc: 0, out: '', err: '' } }
        : {}),
      ...fileFacts(settled(plan.after, outcomes)),
    }),
  };
}

/** Names that playbooks may compare with. */
const HANDLERS: Readonly<Record<ArchiveFormat, string>> = {
  zip: 'ZipArchive',
  tar: 'TarArchive',
  'tar.gz': 'TgzArchive',
  'tar.zst': 'TarArchive',
  'tar.xz': 'TarArchive',
  'tar.bz2': 'TarArchive',
};

function destProbe(params: UnarchiveParams): Probe<FileState> {
  return fileState(params.dest, { follow: true, checksum: false });
}

function createsProbe(params: UnarchiveParams): Probe<FileState>[] {
  return params.creates === undefined ? [] : [fileState(params.creates, { checksum: false })];
}

/** Whether `creates` is there already; undefined when it has not been asked. */
function isDone(params: UnarchiveParams, seen: Observed) {
  const [probe] = createsProbe(params);
  if (!probe) return false;
  const state = seen.get(probe);
  return state === undefined || isUnknown(state) ? state : state.type !== 'absent';
}

function wishFor(
  params: UnarchiveParams,
  archive: Archive,
  contents: ReadonlyMap<string, Content>,
  owners: Owners,
): TreeWish {
  return {
    root: params.dest,
    entries: chosenMembers(archive.entries, params).map((entry) => ({
      ...sourceEntry(entry, params, contents, archive.format),
      ...owners(entry),
    })),
    ...rootWish(params, archive, owners),
    owner: params.owner,
    group: params.group,
    ...(params.keep_newer ? { keep: isNewer } : {}),
  };
}

function withoutBits(archive: Archive, lost: number): Archive {
  if (lost === 0) return archive;
  const less = (entry: ArchiveEntry): ArchiveEntry =>
    entry.mode === undefined ? entry : { ...entry, mode: entry.mode & ~lost };
  return {
    ...archive,
    entries: archive.entries.map(less),
    ...(archive.root && { root: less(archive.root) }),
  };
}

/** What `dest` itself gets: what a tar file says that names the folder, and the mode and the owner of the task. */
function rootWish(params: UnarchiveParams, archive: Archive, owners: Owners): Partial<TreeWish> {
  const owned = params.owner !== undefined || params.group !== undefined;
  const root = takesRoot(params) ? archive.root : undefined;
  if (root === undefined && !namesRoot(archive, params)) return {};
  const given = root === undefined || params.mode === undefined ? params.mode : modeOver(root, params.mode);
  return {
    presentRootMode: given ?? root?.mode,
    ...(root && { rootOwner: owners(root) }),
    ...(owned ? { ownsRoot: true } : {}),
  };
}

function sourceEntry(
  entry: ArchiveEntry,
  params: UnarchiveParams,
  contents: ReadonlyMap<string, Content>,
  format: ArchiveFormat,
): SourceEntry {
  const { path, type, mtime } = entry;
  if (type === 'link') return { path, type, target: entry.target ?? '' };
  const mode = params.mode === undefined ? undefined : modeOver(entry, params.mode);
  // tar gives folders that are there the mode of the archive, unzip leaves them alone.
  if (type === 'directory')
    return {
      path,
      type,
      mode: mode ?? (format === 'zip' ? undefined : entry.mode),
      newMode: entry.mode,
      // A folder that is a member itself, not only part of the names of others.
      replacesLink: format !== 'zip' && entry.mode !== undefined,
    };
  const { sha256 = '', size } = entry;
  // Members that are there already are never opened: where their bytes would come from does not matter.
  const content = contents.get(sha256) ?? { sha256, size, from: { file: '' } };
  return { path, type, content, mode: mode ?? entry.mode, mtime };
}

/** A symbolic mode changes what the member had in the archive: `X` looks at that. */
function modeOver(entry: ArchiveEntry, mode: string): string | number {
  if (entry.mode === undefined) return mode;
  return resolveMode(mode, entry.mode, { directory: entry.type === 'directory', umask: 0o022 });
}

function isNewer(entry: SourceEntry, present: FileState): boolean {
  return entry.type === 'file' && present.type === 'file' && (present.mtime ?? 0) > (entry.mtime ?? 0);
}
