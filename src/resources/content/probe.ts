import { createHash } from 'node:crypto';
import { Cursor } from '../cursor.ts';
import { runScript } from '../session.ts';
import { quote } from '../shell.ts';
import type { FileContent, FileState } from '../states.ts';
import type { Session } from '../types.ts';

/** What a content probe asks. */
export interface ContentQuery {
  readonly path: string;
  readonly follow: boolean;
  readonly maxBytes?: number;
}

/** Gives the shell lines that print the contents, grouped by how much of them is wanted. They come last in a frame: their lengths are only as sure as the states before them. */
export function contentScript(queries: readonly ContentQuery[]): string[] {
  return [...byLimit(queries)].map(([limit, group]) => {
    const words = group.map(({ path, follow }) => `${follow ? 'follow ' : ''}${quote(path)}`);
    return `co_contents ${limit} ${words.join(' ')}`;
  });
}

/** Reads the contents behind states that came in the same frame. A file that changed in between is read again by itself. */
export async function readContents(
  session: Session,
  cursor: Cursor,
  queries: readonly ContentQuery[],
  states: readonly FileState[],
): Promise<FileContent[]> {
  const stateOf = new Map(queries.map((query, index) => [query, states[index]!]));
  const contents = new Map<ContentQuery, FileContent>();
  for (const group of byLimit(queries).values())
    for (const query of group) {
      const state = stateOf.get(query)!;
      const holds = state.type === 'file' && state.readable === true;
      const length = Math.min(state.size ?? 0, query.maxBytes ?? Number.POSITIVE_INFINITY);
      contents.set(query, holds ? withBytes(state, query, Buffer.from(cursor.take(length))) : state);
    }
  const answers = queries.map((query) => contents.get(query)!);
  return Promise.all(
    answers.map((answer, index) => (fits(answer) ? answer : readAlone(session, queries[index]!, answer))),
  );
}

function byLimit(queries: readonly ContentQuery[]): Map<number | 'all', ContentQuery[]> {
  const groups = new Map<number | 'all', ContentQuery[]>();
  for (const query of queries) {
    const limit = query.maxBytes ?? 'all';
    groups.set(limit, [...(groups.get(limit) ?? []), query]);
  }
  return groups;
}

function withBytes(state: FileState, query: ContentQuery, bytes: Buffer): FileContent {
  const truncated = (state.size ?? 0) > (query.maxBytes ?? Number.POSITIVE_INFINITY);
  return { ...state, bytes, ...(truncated && { truncated }) };
}

function fits({ bytes, truncated, sha256, size }: FileContent): boolean {
  // Files of /proc say size 0 and hold more.
  if (bytes === undefined || truncated) return true;
  return size === bytes.length && sha256 === createHash('sha256').update(bytes).digest('hex');
}

async function readAlone(session: Session, query: ContentQuery, state: FileState): Promise<FileContent> {
  const print = query.maxBytes === undefined ? 'cat' : `head -c ${query.maxBytes + 1}`;
  const { stdout } = await runScript(session, [
    `co_dir=${quote(session.lane.folder)}`,
    `co_part_out ${print} ${quote(query.path)}`,
  ]);
  const all = new Cursor(stdout).part();
  const bytes = Buffer.from(all.subarray(0, query.maxBytes));
  const truncated = bytes.length < all.length;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { bytes: _old, ...rest } = state as FileContent;
  return { ...rest, bytes, ...(truncated ? { truncated } : { sha256, size: bytes.length }) };
}
