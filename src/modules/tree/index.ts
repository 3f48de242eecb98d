import { posix } from 'node:path';
import { anyGlob } from '../../regex/index.ts';
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
import { planTree, presentEntries, type SourceEntry, type TreeWish, treeNeeds } from '../placing-tree.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';
import { type TreeParams, treeParams } from './params.ts';
import { type Manifest, readManifest } from './pristine.ts';
import { markOf, type Selection, selectEntries } from './select.ts';

export default defineModule<TreeParams>({
  name: 'tree',
  summary:
    "Copies the operator's part of a folder to another folder of the target: what the product did not bring, or was changed since.",
  params: treeParams,
  needs: async (params, seen, context) => {
    const root = sourceProbe(params);
    const source = sourceTree(params, seen);
    if (source === undefined || isUnknown(source)) return [root];
    const tree = seen.get(source);
    if (tree === undefined || isUnknown(tree)) return [root, source];
    const all = params.delete && params.pristine === undefined ? [treeState(params.dest)] : [];
    const mirrored = all.length > 0 ? seen.get(all[0]!) : undefined;
    const wish = await wishFor(params, tree, isUnknown(mirrored) ? undefined : mirrored, context);
    return [root, source, ...all, ...treeNeeds(wish.wish, seen)];
  },
  plan: async (params, seen, context) => {
    const source = sourceTree(params, seen);
    if (source === undefined || isUnknown(source))
      return source ? unknownPlan(source) : missingSource(params);
    const root = answer(seen, sourceProbe(params));
    if (isUnknown(root)) return unknownPlan(root);
    if (root.type !== 'directory') return missingSource(params);
    if (isInside(params.src, params.dest))
      return { changes: [], failed: `${params.dest} and ${params.src} are inside each other` };
    const tree = answer(seen, source);
    if (isUnknown(tree)) return unknownPlan(tree);
    const mirrored =
      params.delete && params.pristine === undefined ? answer(seen, treeState(params.dest)) : undefined;
    if (isUnknown(mirrored)) return unknownPlan(mirrored);
    return planCopy(params, await wishFor(params, tree, mirrored, context), seen, context);
  },
});

function missingSource(params: TreeParams): Plan {
  return { changes: [], failed: `${params.src} is no folder on the target` };
}

function isInside(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

function sourceProbe(params: TreeParams): Probe<FileState> {
  return fileState(params.src, { follow: true, checksum: false });
}

/** A source that is a link is read where it leads to; links inside are copied as links. */
function sourceTree(params: TreeParams, seen: Observed): Probe<TreeState> | Unknown | undefined {
  const root = seen.get(sourceProbe(params));
  if (root === undefined || isUnknown(root)) return root;
  return root.type === 'directory' ? treeState(root.realPath ?? root.path) : undefined;
}

interface Wish {
  readonly wish: TreeWish;
  readonly selection: Selection;
  readonly pristine: Manifest | undefined;
}

async function wishFor(
  params: TreeParams,
  tree: TreeState,
  mirrored: TreeState | undefined,
  context: PlanContext,
): Promise<Wish> {
  const pristine = params.pristine === undefined ? undefined : await readManifest(params.pristine, context);
  const selection = selectEntries(tree, params, pristine);
  const root = tree.root.realPath ?? tree.root.path;
  const entries = [...selection.entries].map(([path, state]) =>
    sourceEntry(params, root, path, state, selection),
  );
  // Folders stay: something of the new product may be in them.
  const goneFiles = selection.gone.filter((path) => pristine?.get(path) !== 'directory');
  const remove = params.delete ? (pristine ? goneFiles : notInSource(params, tree, mirrored)) : [];
  return {
    wish: { root: params.dest, entries, remove, rootMode: params.directory_mode ?? tree.root.mode },
    selection,
    pristine,
  };
}

function notInSource(params: TreeParams, tree: TreeState, mirrored: TreeState | undefined): string[] {
  const included = anyGlob(params.include);
  const excluded = anyGlob(params.exclude);
  return [...(mirrored?.entries.keys() ?? [])].filter(
    (path) => !tree.entries.has(path) && (params.include.length === 0 || included(path)) && !excluded(path),
  );
}

function sourceEntry(
  params: TreeParams,
  root: string,
  path: string,
  state: FileState,
  selection: Selection,
): SourceEntry {
  const owner = params.owner ?? state.owner;
  const group = params.group ?? state.group;
  const owned = { ...(owner === undefined ? {} : { owner }), ...(group === undefined ? {} : { group }) };
  if (state.type === 'link') return { path, type: 'link', target: state.target ?? '', ...owned };
  if (state.type === 'directory') {
    // A folder that is only there for what is in it keeps the attributes that it has.
    const mode = params.directory_mode ?? state.mode;
    return { path, type: 'directory', newMode: mode, newOwner: owned };
  }
  const content = contentOnTarget({ ...state, path: posix.join(root, path) });
  const mode = params.mode ?? state.mode;
  const mtime = state.mtime === undefined ? {} : { mtime: state.mtime };
  return { path, type: 'file', content, mode, ...mtime, ...(selection.reasons.has(path) ? owned : {}) };
}

async function planCopy(params: TreeParams, made: Wish, seen: Observed, context: PlanContext): Promise<Plan> {
  const { wish, selection, pristine } = made;
  const present = presentEntries(wish, seen);
  if (isUnknown(present)) return unknownPlan(present);
  const renewed =
    params.pristine_new === undefined ? undefined : await readManifest(params.pristine_new, context);
  const conflicts = pristine ? conflictsIn(selection, pristine, present, renewed) : [];
  if (conflicts.length > 0 && params.conflicts === 'fail') {
    return { changes: [], failed: `changed by the operator and by the new product: ${conflicts.join(', ')}` };
  }
  const left = new Set(params.conflicts === 'skip' ? conflicts : []);
  const plan = planTree({ ...wish, entries: wish.entries.filter(({ path }) => !left.has(path)) }, seen);
  if ('unknown' in plan) return unknownPlan(plan.unknown);
  if ('failed' in plan) return { changes: [], failed: plan.failed };
  const copied: { path: string; reason: string }[] = [];
  const skipped = [...selection.skipped];
  for (const [path, reason] of selection.reasons) {
    const there = present.get(path);
    if (left.has(path)) skipped.push({ path, reason: 'changed by the new product too' });
    else if (there && markOf(there) === markOf(selection.entries.get(path)!))
      skipped.push({ path, reason: 'the same in dest' });
    else copied.push({ path, reason: REASONS[reason] });
  }
  const deleted = (wish.remove ?? []).filter((path) => present.has(path));
  return {
    changes: plan.changes,
    warnings: conflicts.map(
      (path) =>
        `${path} was changed by the operator and by the new product: ${left.has(path) ? 'left as the new product has it' : "the operator's is copied"}`,
    ),
    result: () => ({
      src: params.src,
      dest: params.dest,
      copied,
      skipped,
      conflicts,
      deleted,
      removed_by_operator: selection.gone,
      pristine_count: selection.pristine,
      msg: `${copied.length} copied, ${skipped.length} skipped, ${selection.pristine} as the product has them`,
    }),
  };
}

const REASONS = {
  new: 'not in the pristine product',
  changed: 'changed since the pristine product',
  all: 'not in dest',
} as const;

/** Entries that differ from the old product here and there, and not in the same way. */
function conflictsIn(
  selection: Selection,
  pristine: Manifest,
  present: ReadonlyMap<string, FileState>,
  renewed: Manifest | undefined,
): string[] {
  return [...selection.reasons.keys()].filter((path) => {
    const there = present.get(path);
    const mine = markOf(selection.entries.get(path)!);
    const theirs = renewed ? renewed.get(path) : there && markOf(there);
    if (theirs === undefined || theirs === mine) return false;
    // Already taken over by an earlier run.
    if (renewed && there && markOf(there) === mine) return false;
    return theirs !== pristine.get(path);
  });
}
