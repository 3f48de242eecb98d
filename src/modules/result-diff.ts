/** The key `diff` of results, in the shapes that Ansible's modules give it. */
import type { Change, FileState } from '../resources/index.ts';
import { attributeDiff } from './file/difference.ts';

/**
 * How a module that edits a text tells what it did: `parts` tells content and attributes apart and is always there,
 * `whole` is one difference of the content under `--diff`.
 */
export type EditDiff = 'parts' | 'whole';

/** What an edit did, as far as its `diff` says it. */
interface Edited {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly found: FileState;
  readonly left: FileState;
  /** Differences are wanted: otherwise texts are left out. */
  readonly shown: boolean;
}

/** Gives the `diff` of an edited text file. */
export function editDiff(shape: EditDiff | undefined, edited: Edited): { diff?: unknown } {
  const { path, before, after, found, left, shown } = edited;
  if (shape === undefined) return {};
  if (shape === 'whole') {
    const headers = { before_header: path, after_header: path };
    return shown && before !== after ? { diff: { before, after, ...headers } } : {};
  }
  const headers = (part: string) => ({
    before_header: `${path} (${part})`,
    after_header: `${path} (${part})`,
  });
  const content = shown ? { before, after } : { before: '', after: '' };
  return {
    diff: [
      { ...content, ...headers('content') },
      { ...attributesOnly(found, left), ...headers('file attributes') },
    ],
  };
}

/** Whatever attribute is another one was asked for. */
const ANY = { mode: true, owner: true, group: true };

function attributesOnly(found: FileState, left: FileState): Record<string, unknown> {
  if (found.type === 'absent') return {};
  const { before, after } = attributeDiff(found, left, ANY);
  const { path: _before, ...was } = before;
  const { path: _after, ...is } = after;
  return Object.keys(is).length > 0 ? { before: was, after: is } : {};
}

/** Gives the `diff` of a file that was put somewhere: its content when that is new and differences are wanted, else its attributes. */
export function placedDiff(
  changes: readonly Change[],
  placed: {
    readonly found: FileState;
    readonly left: FileState;
    readonly replaces: boolean;
    readonly shown: boolean;
  },
): { diff: unknown } {
  if (!placed.replaces) return { diff: attributeDiff(placed.found, placed.left, ANY) };
  if (!placed.shown) return { diff: [] };
  const texts = changes.flatMap(({ diff }) => {
    if (diff?.before === undefined || diff.after === undefined) return [];
    const header = placed.found.type === 'absent' ? {} : { before_header: diff.beforeHeader };
    return [{ before: diff.before, after: diff.after, ...header, after_header: diff.afterHeader }];
  });
  return { diff: texts };
}
