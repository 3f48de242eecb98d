import { anyGlob } from '../../regex/index.ts';
import type { FileState, TreeState } from '../../resources/index.ts';
import type { TreeParams } from './params.ts';
import type { Manifest } from './pristine.ts';

/** An entry that is not copied, and why. */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

/** What of a folder is to be copied. */
export interface Selection {
  /** By relative path; folders around them are in it. */
  readonly entries: ReadonlyMap<string, FileState>;
  /** Why a file or link is copied: `new` (the product has none) or `changed`. */
  readonly reasons: ReadonlyMap<string, 'new' | 'changed' | 'all'>;
  readonly skipped: readonly Skipped[];
  /** How many entries are as the product brought them. */
  readonly pristine: number;
  /** Entries that the product brought and the operator took away. */
  readonly gone: readonly string[];
}

/** Chooses the operator's part of a folder. */
export function selectEntries(
  tree: TreeState,
  params: TreeParams,
  pristine: Manifest | undefined,
): Selection {
  const included = anyGlob(params.include);
  const excluded = anyGlob(params.exclude);
  const wanted = (path: string) => (params.include.length === 0 || included(path)) && !excluded(path);
  const reasons = new Map<string, 'new' | 'changed' | 'all'>();
  const chosen = new Map<string, FileState>();
  const skipped: Skipped[] = [];
  let untouched = 0;
  for (const [path, state] of tree.entries) {
    if (!wanted(path)) {
      if (excluded(path)) skipped.push({ path, reason: 'excluded' });
      continue;
    }
    const fault = whyNotCopied(state);
    if (fault) {
      skipped.push({ path, reason: fault });
      continue;
    }
    const reason = reasonFor(path, state, pristine);
    if (reason === undefined) untouched++;
    else {
      chosen.set(path, state);
      if (state.type !== 'directory') reasons.set(path, reason);
    }
  }
  const gone = [...(pristine?.keys() ?? [])].filter((path) => !tree.entries.has(path) && wanted(path));
  return { entries: withFolders(chosen, tree), reasons, skipped, pristine: untouched, gone };
}

function whyNotCopied(state: FileState): string | undefined {
  if (state.type === 'other') return `is a ${state.special ?? 'special file'}`;
  return state.type === 'file' && state.sha256 === undefined ? 'cannot be read' : undefined;
}

function reasonFor(
  path: string,
  state: FileState,
  pristine: Manifest | undefined,
): 'new' | 'changed' | 'all' | undefined {
  if (pristine === undefined) return 'all';
  const original = pristine.get(path);
  if (original === undefined) return 'new';
  return original === markOf(state) ? undefined : 'changed';
}

/** A state in the words of a manifest. */
export function markOf(state: FileState): string {
  if (state.type === 'directory') return 'directory';
  return state.type === 'link' ? `link:${state.target ?? ''}` : (state.sha256 ?? '');
}

function withFolders(chosen: ReadonlyMap<string, FileState>, tree: TreeState): Map<string, FileState> {
  const all = new Map<string, FileState>();
  for (const [path, state] of chosen) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      const found = tree.entries.get(folder);
      if (found && !all.has(folder)) all.set(folder, found);
    }
    all.set(path, state);
  }
  return all;
}
