import { CutoverError } from '../../errors/index.ts';
import { type Content, knownBytes } from '../content.ts';
import { setFile } from '../file/change.ts';
import { describeFile } from '../file/describe.ts';
import { predictPath } from '../file/predict.ts';
import { resolveMode } from '../mode.ts';
import type { TreeEntry, TreeOptions, WantedTree } from '../specs.ts';
import type { FileState, TreeState } from '../states.ts';
import type { Change } from '../types.ts';
import { linesDigest, treeLines } from './digest.ts';
import { realFolders, seenByNames, withoutLinks } from './links.ts';

/** One path that a tree change writes or adjusts. Relative to the root; `.` is the root itself. */
export interface TreeItem {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link';
  /** Whether the thing itself is made anew; otherwise only mode and owner are set. */
  readonly write: boolean;
  readonly content?: Content;
  readonly target?: string;
  readonly mode?: number;
  readonly owner?: string;
  readonly group?: string;
  readonly mtime?: number;
}

/** Everything that the host needs to bring a tree about, or to take it away. */
export interface TreeDetail {
  readonly root: string;
  readonly action: 'apply' | 'remove';
  /** Picture of the root (see describeFile); of a removal the digest of everything below it. */
  readonly expect: string;
  readonly digest?: string;
  /** Digest of the touched paths' lines as the probe showed them (see digest.ts); undefined: not compared. */
  readonly listDigest?: string;
  readonly items: readonly TreeItem[];
  /** Relative path to its expected picture, for every path that is touched. */
  readonly expected: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
  readonly owned: boolean;
}

/**
 * Gives the change that brings everything named in `wanted` about, or nothing when all of it is there; one more for each
 * folder that is written to through a link in the tree, and before it one for each link that gives way to a folder. Throws CutoverError for paths that leave the root.
 */
export function setTree(before: TreeState, wanted: WantedTree, options: TreeOptions = {}): Change[] {
  const checked = { ...wanted, entries: wanted.entries.map(checkPath) };
  const cleared = withoutLinks(before, checked);
  const placed = realFolders(cleared.before, checked).flatMap((folder) =>
    setFolder(folder.before, folder.wanted, options).map((change) =>
      seenByNames(change, folder.wanted.root, folder.names),
    ),
  );
  return [...cleared.changes, ...placed];
}

function setFolder(before: TreeState, wanted: WantedTree, options: TreeOptions): Change[] {
  const entries = withParents(before, wanted.entries);
  const items = [rootItem(before, wanted), ...entries.map((entry) => itemFor(before, wanted, entry))].filter(
    (item) => item !== undefined,
  );
  const conflicts = items.filter(({ path, type }) => {
    const found = before.entries.get(path);
    return found !== undefined && (found.type === 'directory') !== (type === 'directory');
  });
  const remove = topmost(
    [...(wanted.delete ?? []), ...conflicts.map(({ path }) => path)].filter((path) =>
      before.entries.has(path),
    ),
  );
  if (items.length === 0 && remove.length === 0) return [];
  const expected = new Map<string, string>();
  for (const { path } of items)
    expected.set(path, describeFile(path === '.' ? before.root : (before.entries.get(path) ?? ABSENT)));
  for (const path of remove)
    for (const [name, state] of before.entries)
      if (isAtOrBelow(name, path)) expected.set(name, describeFile(state));
  const touched = [...expected.keys()].map((path): [string, FileState] =>
    path === '.' ? ['.', before.root] : [`./${path}`, before.entries.get(path) ?? ABSENT],
  );
  const lines = treeLines(touched);
  const detail: TreeDetail = {
    root: wanted.root,
    action: 'apply',
    expect: describeFile(before.root),
    listDigest: lines && linesDigest(lines),
    items,
    expected,
    remove,
    owned: options.owned ?? false,
  };
  return [
    {
      resource: 'tree',
      key: `tree:${wanted.root}`,
      summary: options.summary ?? summarize(before, detail),
      undo: 'restorable',
      diff: {
        beforeHeader: wanted.root,
        afterHeader: wanted.root,
        prepared: listLines(before, detail).join('\n'),
      },
      predicts: predictTree(before, detail),
      detail,
    },
  ];
}

/** Gives the change that removes a folder with everything below, or nothing when it is absent. */
export function removeTree(before: TreeState): Change[] {
  const { root } = before;
  if (root.type === 'absent') return [];
  if (root.type !== 'directory') return setFile(root, { type: 'absent' });
  const path = root.realPath ?? root.path;
  const predicts = new Map<string, unknown>();
  predictPath(predicts, { path, type: 'absent', umask: root.umask }, undefined);
  for (const name of before.entries.keys())
    predictPath(predicts, { path: join(path, name), type: 'absent' }, undefined);
  predicts.set(`tree:${path}`, {
    root: { path, type: 'absent', umask: root.umask },
    entries: new Map(),
  } satisfies TreeState);
  const detail: TreeDetail = {
    root: path,
    action: 'remove',
    expect: describeFile(root),
    digest: before.digest,
    items: [],
    expected: new Map(),
    remove: [],
    owned: false,
  };
  const count = before.entries.size;
  return [
    {
      resource: 'tree',
      key: `tree:${path}`,
      summary: `remove ${root.type === 'directory' ? 'folder ' : ''}${path}${count > 0 ? ` (${count} entries)` : ''}`,
      undo: 'restorable',
      diff: { prepared: `state: ${root.type} -> absent (${count} entries below)` },
      predicts,
      detail,
    },
  ];
}

const ABSENT: FileState = { path: '', type: 'absent' };

function checkPath(entry: TreeEntry): TreeEntry {
  const parts = entry.path.split('/');
  if (entry.path === '.') return entry;
  if (parts.some((part) => part === '' || part === '.' || part === '..') || /[\n\0]/.test(entry.path))
    throw new CutoverError('playbook', `'${entry.path}' is no path inside the tree`);
  return entry;
}

/** Adds the folders that entries need and that nobody named, so that undo knows about them. */
function withParents(before: TreeState, entries: readonly TreeEntry[]): TreeEntry[] {
  const named = new Set(entries.map(({ path }) => path));
  const added: TreeEntry[] = [];
  for (const { path } of entries)
    for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
      const folder = path.slice(0, at);
      if (named.has(folder) || before.entries.get(folder)?.type === 'directory') continue;
      named.add(folder);
      added.push({ path: folder, type: 'directory' });
    }
  return [...added, ...entries];
}

function rootItem(before: TreeState, wanted: WantedTree): TreeItem | undefined {
  if (before.root.type === 'directory' || wanted.entries.some((entry) => entry.path === '.'))
    return undefined;
  return itemFor(before, wanted, { path: '.', type: 'directory' });
}

function itemFor(before: TreeState, wanted: WantedTree, entry: TreeEntry): TreeItem | undefined {
  const found = entry.path === '.' ? before.root : (before.entries.get(entry.path) ?? ABSENT);
  const wish = entry.mode ?? (entry.type === 'directory' ? (wanted.directoryMode ?? undefined) : wanted.mode);
  const umask = before.root.umask ?? 0o022;
  const directory = entry.type === 'directory';
  const keeps = found.type === entry.type;
  const fresh = (directory ? 0o777 : 0o666) & ~umask;
  const mode =
    wish === undefined || entry.type === 'link'
      ? undefined
      : resolveMode(wish, keeps ? (found.mode ?? fresh) : fresh, { directory, umask });
  const owner = text(entry.owner ?? wanted.owner);
  const group = text(entry.group ?? wanted.group);
  const write =
    !keeps ||
    (entry.type === 'link' && found.target !== entry.target) ||
    (entry.type === 'file' && entry.content !== undefined && entry.content.sha256 !== found.sha256);
  const differs =
    (mode !== undefined && mode !== found.mode) ||
    (owner !== undefined && owner !== found.owner && owner !== String(found.uid)) ||
    (group !== undefined && group !== found.group && group !== String(found.gid));
  if (!write && !differs) return undefined;
  return {
    path: entry.path,
    type: entry.type,
    write,
    content: entry.content,
    target: entry.target,
    mode: mode ?? (write ? (keeps ? found.mode : fresh) : undefined),
    // A file that is replaced keeps its owner, as with a single file.
    owner: owner ?? (write && keeps ? text(found.uid) : undefined),
    group: group ?? (write && keeps ? text(found.gid) : undefined),
    mtime: entry.mtime,
  };
}

function topmost(paths: readonly string[]): string[] {
  const sorted = [...new Set(paths)].sort();
  return sorted.filter((path) => !sorted.some((other) => other !== path && isAtOrBelow(path, other)));
}

const isAtOrBelow = (path: string, top: string) => path === top || path.startsWith(`${top}/`);
const join = (root: string, name: string) => (name === '.' ? root : `${root === '/' ? '' : root}/${name}`);
const text = (value: string | number | undefined) => (value === undefined ? undefined : String(value));

function summarize(before: TreeState, detail: TreeDetail): string {
  const written = detail.items.filter((item) => item.write && item.type !== 'directory').length;
  const counts = [
    written > 0 ? `${written} files` : undefined,
    detail.items.length > written ? `${detail.items.length - written} folders and attributes` : undefined,
    detail.remove.length > 0 ? `${detail.remove.length} removed` : undefined,
  ].filter((count) => count !== undefined);
  return `${before.root.type === 'absent' ? 'create' : 'update'} tree ${detail.root} (${counts.join(', ')})`;
}

/** One line per touched path; long lists end with a count. */
function listLines(before: TreeState, detail: TreeDetail): string[] {
  const most = 200;
  const lines = detail.items.map((item) => {
    const there = item.path === '.' ? before.root.type !== 'absent' : before.entries.has(item.path);
    return `${item.write ? (there ? '~' : '+') : '*'} ${item.path}${item.type === 'directory' ? '/' : ''}`;
  });
  lines.push(...detail.remove.map((path) => `- ${path}`));
  return lines.length <= most ? lines : [...lines.slice(0, most), `... and ${lines.length - most} more`];
}

function predictTree(before: TreeState, detail: TreeDetail): Map<string, unknown> {
  const map = new Map<string, unknown>();
  const entries = new Map(before.entries);
  let root = before.root;
  for (const path of [...before.entries.keys()])
    if (detail.remove.some((top) => isAtOrBelow(path, top))) {
      entries.delete(path);
      predictPath(map, { path: join(detail.root, path), type: 'absent' }, undefined);
    }
  for (const item of detail.items) {
    const found = item.path === '.' ? before.root : before.entries.get(item.path);
    const state = stateOf(item, found, join(detail.root, item.path), before.root.umask);
    const bytes = item.write && item.content ? knownBytes(item.content) : undefined;
    predictPath(map, state, bytes ? Buffer.from(bytes) : 'unknown');
    if (item.path === '.') root = state;
    else entries.set(item.path, state);
  }
  map.set(`tree:${detail.root}`, { root, entries } satisfies TreeState);
  return map;
}

function stateOf(
  item: TreeItem,
  found: FileState | undefined,
  path: string,
  umask: number | undefined,
): FileState {
  const id = (name: string | undefined) =>
    name !== undefined && /^[0-9]+$/.test(name) ? Number(name) : undefined;
  return {
    ...(item.write ? {} : found),
    path,
    type: item.type,
    umask,
    parent: 'directory',
    mode: item.mode ?? found?.mode,
    owner: item.owner ?? found?.owner,
    uid: item.owner === undefined ? found?.uid : id(item.owner),
    group: item.group ?? found?.group,
    gid: item.group === undefined ? found?.gid : id(item.group),
    ...(item.type === 'link' && { target: item.target }),
    ...(item.type === 'file' && item.content && { sha256: item.content.sha256, size: item.content.size }),
  };
}
