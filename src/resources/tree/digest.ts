import { createHash } from 'node:crypto';
import { encodePath } from '../shell.ts';
import type { FileState } from '../states.ts';

/** Raw type bits of st_mode (POSIX sys/stat.h values of every system that matters). */
const TYPE_BITS = { file: 0o100000, directory: 0o040000, link: 0o120000 } as const;

/**
 * Gives the lines that core.sh's co_list_lines prints for these paths, or undefined when they cannot be known here:
 * odd names (hash programs escape them differently), special files, or states without numbers.
 */
export function treeLines(entries: Iterable<readonly [string, FileState]>): string[] | undefined {
  const lines: string[] = [];
  for (const [path, state] of entries) {
    if (state.type === 'absent') continue;
    const { mode, uid, gid } = state;
    if (state.type === 'other' || mode === undefined || uid === undefined || gid === undefined)
      return undefined;
    if (/[\\\n]/.test(path) || (state.target !== undefined && /[\\\n]/.test(state.target))) return undefined;
    lines.push(`//${(TYPE_BITS[state.type] | mode).toString(16)} ${uid} ${gid} ${path}`);
    if (state.type === 'file') {
      if (state.sha256 === undefined) return undefined;
      lines.push(`${state.sha256}  ${path}`);
    }
    if (state.type === 'link') {
      if (state.target === undefined) return undefined;
      lines.push(`//${path}`, `->${state.target}`);
    }
  }
  return lines;
}

/** Gives the digest of such lines: SHA-256 over them in byte order, each with its line end. */
export function linesDigest(lines: readonly (string | Buffer)[]): string {
  const sorted = lines
    .map((line) => (typeof line === 'string' ? encodePath(line) : line))
    .sort(Buffer.compare);
  const hash = createHash('sha256');
  for (const line of sorted) hash.update(line).update('\n');
  return hash.digest('hex');
}
