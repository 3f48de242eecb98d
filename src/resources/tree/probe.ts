import { Cursor } from '../cursor.ts';
import { stateOf } from '../file/probe.ts';
import { encodePath, quote } from '../shell.ts';
import type { FileState, TreeState } from '../states.ts';
import { linesDigest } from './digest.ts';

/** What a tree probe asks. */
export interface TreeQuery {
  readonly path: string;
  readonly checksum: boolean;
  readonly maxDepth?: number;
  readonly follow: boolean;
  readonly oneFilesystem: boolean;
}

/** Gives the shell lines that answer these questions; their roots are asked as files in the same frame. */
export function treeProbeScript(queries: readonly TreeQuery[]): string[] {
  return queries.map((query) => {
    const depth = query.maxDepth === undefined ? '' : `-maxdepth ${query.maxDepth}`;
    const options = [
      `co_depth=${quote(depth)}`,
      `co_same=${query.oneFilesystem ? '-xdev' : ''}`,
      `co_follow=${query.follow ? '-L' : ''}`,
      `co_sum=${query.checksum ? 1 : ''}`,
    ];
    return `${options.join(' ')}; co_part_out co_tree_probe ${quote(query.path)}`;
  });
}

/** Reads the answers; `roots` are the states of the roots. */
export function readTrees(
  cursor: Cursor,
  queries: readonly TreeQuery[],
  roots: readonly FileState[],
): TreeState[] {
  return queries.map((query, index) => readTree(new Cursor(cursor.part()), query, roots[index]!));
}

function readTree(cursor: Cursor, query: TreeQuery, root: FileState): TreeState {
  const records = cursor.linesUntil('//.');
  const hashes = cursor.linesUntil('//.');
  const links = cursor.linesUntil('//.');
  const raw = new Map<string, string[]>();
  for (const record of records === '' ? [] : records.slice(2).replace(/\n$/, '').split('\n//')) {
    const fields = record.split('/');
    raw.set(fields.slice(15).join('/').slice(2), fields);
  }
  const sums = readSums(hashes);
  const targets = readTargets(links);
  const entries = new Map<string, FileState>();
  for (const [name, fields] of raw) {
    const sha256 = sums.get(name);
    const target = targets.get(name);
    entries.set(name, {
      path: `${root.path === '/' ? '' : root.path}/${name}`,
      ...stateOf(fields),
      ...(sha256 !== undefined && { sha256 }),
      ...(target !== undefined && { target }),
    });
  }
  const whole = query.checksum && query.maxDepth === undefined && !query.follow && !query.oneFilesystem;
  if (!whole || root.type !== 'directory') return { root, entries };
  return { root, entries, digest: linesDigest(digestLines(root, raw, hashes + links)) };
}

/** The lines of core.sh's co_tree_lines, from what this probe printed: every host prints odd names in its own way. */
function digestLines(root: FileState, raw: ReadonlyMap<string, string[]>, rest: string): Buffer[] {
  const mode = (0o040000 | (root.mode ?? 0)).toString(16);
  let text = `//${mode} ${root.uid} ${root.gid} .\n`;
  for (const [name, [bits, uid, gid]] of raw) text += `//${bits} ${uid} ${gid} ./${name}\n`;
  return `${text}${rest}`.slice(0, -1).split('\n').map(encodePath);
}

function readSums(text: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const [, mark, sum, name = ''] of text.matchAll(
    /^(\\?)([0-9a-f]{64}) [ *]\.\/(.*(?:\n(?!\\?[0-9a-f]{64} ).*)*)\n/gm,
  )) {
    const plain = mark === '' ? name : name.replaceAll('\\n', '\n').replaceAll('\\\\', '\\');
    sums.set(plain, sum!);
  }
  return sums;
}

function readTargets(text: string): Map<string, string> {
  const targets = new Map<string, string>();
  for (const part of text === '' ? [] : text.slice(2).replace(/\n$/, '').split('\n//')) {
    const arrow = part.indexOf('\n->');
    targets.set(part.slice(2, arrow), part.slice(arrow + 3));
  }
  return targets;
}
