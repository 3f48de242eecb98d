/** What rsync prints of what it does: eleven letters for each thing, and its name. */
import { type FileState, resolveMode } from '../../resources/index.ts';
import type { SourceEntry, TreeWish } from '../placing-tree.ts';
import type { Plan } from '../types.ts';
import type { Work } from './survey.ts';

/** How the lines are written. */
interface Manner {
  /** What is sent over a connection has another arrow. */
  readonly arrow: '<' | '>';
  readonly checksum: boolean;
  readonly times: boolean;
}

/** Gives all the lines. */
export function linesOf(
  { place, wanted, options }: Pick<Work, 'place' | 'wanted' | 'options'>,
  wish: TreeWish,
  before: { readonly root: FileState; readonly present: ReadonlyMap<string, FileState> },
  arrow: '<' | '>',
): string[] {
  const manner: Manner = { arrow, checksum: options.checksum, times: options.times };
  const { root, present } = before;
  const below = (path: string) => [place.prefix, path].filter((part) => part !== '').join('/');
  const shown = (path: string) => (place.name === undefined ? below(path) : place.prefix);
  const isNew = root.type === 'absent' && (place.root === place.makes || root.parent !== 'directory');
  const top = wanted.top && lineFor(wanted.top, root, place.prefix || '.', manner);
  return [
    ...(isNew ? [`created directory ${place.makes}`] : []),
    top,
    ...wish.entries.map((entry) => {
      const there = present.get(entry.path);
      return staysAsItIs(wish, entry, there) ? undefined : lineFor(entry, there, shown(entry.path), manner);
    }),
    ...(wish.remove ?? []).map(
      (path) => `*deleting   ${shown(path)}${present.get(path)?.type === 'directory' ? '/' : ''}`,
    ),
  ].filter((line) => line !== undefined);
}

/** Whether an entry is left alone because of what is there. */
export function staysAsItIs(wish: TreeWish, entry: SourceEntry, present: FileState | undefined): boolean {
  if (present === undefined) return false;
  if (entry.type === 'directory' && present.realPath !== undefined) return true;
  return (wish.onlyMissing && entry.type !== 'directory') || (wish.keep?.(entry, present) ?? false);
}

/** Whether something is other than it shall be. */
export function isOther(entry: SourceEntry, present: FileState | undefined): boolean {
  return lineFor(entry, present, '', { arrow: '>', checksum: false, times: true }) !== undefined;
}

/** Gives the line for one thing; nothing when it is as it shall be. `shown`: its name. */
function lineFor(
  entry: SourceEntry,
  present: FileState | undefined,
  shown: string,
  manner: Manner,
): string | undefined {
  const letter = { file: 'f', directory: 'd', link: 'L' }[entry.type];
  const name = `${shown}${entry.type === 'directory' ? '/' : ''}${entry.type === 'link' ? ` -> ${entry.target}` : ''}`;
  const makes = { file: manner.arrow, directory: 'c', link: 'c' }[entry.type];
  if (present?.type !== entry.type) return `${makes}${letter}+++++++++ ${name}`;
  const isSent = isNew(entry, present);
  const marks = [
    isSent && entry.type !== 'directory' && (manner.checksum || entry.type === 'link') ? 'c' : '.',
    isSent && entry.type === 'file' && entry.content?.size !== present.size ? 's' : '.',
    isSent ? timeMark(entry, present, manner) : '.',
    modeDiffers(entry, present) ? 'p' : '.',
    differs(entry.owner, present.owner, present.uid) ? 'o' : '.',
    differs(entry.group, present.group, present.gid) ? 'g' : '.',
  ].join('');
  if (marks === '......') return undefined;
  return `${isSent ? makes : '.'}${letter}${marks}... ${name}`;
}

function isNew(entry: SourceEntry, present: FileState): boolean {
  if (entry.type === 'file') return entry.content?.sha256 !== present.sha256;
  return entry.type === 'link' && entry.target !== present.target;
}

function timeMark(entry: SourceEntry, present: FileState, { times }: Manner): string {
  if (!times) return 'T';
  return entry.mtime === Math.floor(present.mtime ?? 0) ? '.' : 't';
}

function modeDiffers({ mode, type }: SourceEntry, present: FileState): boolean {
  if (mode === undefined || type === 'link') return false;
  const had = present.mode ?? 0;
  return resolveMode(mode, had, { directory: type === 'directory', umask: present.umask ?? 0 }) !== had;
}

function differs(wanted: string | undefined, name: string | undefined, id: number | undefined): boolean {
  return wanted !== undefined && wanted !== name && wanted !== String(id);
}

/** The plan of a task that has nothing to do but to say this. */
export function told(lines: readonly string[]): Plan {
  return {
    changes: [],
    result: () => ({ rc: 0, msg: lines.map((line) => `${line}\n`).join(''), stdout_lines: lines }),
  };
}

/** Folders are passed over when nobody asked for what is in them. */
export function isSending({ source, options, place }: Pick<Work, 'source' | 'options' | 'place'>): boolean {
  return source.top.type !== 'directory' || options.recursive || (options.dirs && place.prefix === '');
}

/** The plan of a task that cannot be done; `rc` as rsync has it. */
export function failing(failed: string, rc: number | undefined): Plan {
  return { changes: [], failed, ...(rc === undefined ? {} : { result: () => ({ rc }) }) };
}
