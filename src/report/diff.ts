import { createTwoFilesPatch } from 'diff/lib/patch/create.js';
import type { DiffRecord } from '../journal/index.ts';

/** Gives the lines of the differences that are to be shown: all under `--diff`, else those that a task asked for. */
export function shownDiffs(
  diffs: readonly DiffRecord[],
  { diff, diffContext }: { readonly diff: boolean; readonly diffContext?: number },
): string[] {
  return diffs
    .filter(({ shown }) => diff || shown === true)
    .flatMap((record) => diffText(record, diffContext));
}

/** Gives a difference as unified diff lines, with so many unchanged lines around each part. */
export function diffText(diff: DiffRecord, context = 3): string[] {
  const lines: string[] = [];
  if (diff.prepared) lines.push(...diff.prepared.replace(/\n$/, '').split('\n'));
  if (diff.before !== undefined || diff.after !== undefined) {
    const patch = createTwoFilesPatch(
      `before: ${diff.beforeHeader ?? ''}`,
      `after: ${diff.afterHeader ?? diff.beforeHeader ?? ''}`,
      diff.before ?? '',
      diff.after ?? '',
      undefined,
      undefined,
      { context },
    );
    lines.push(...patch.split('\n').filter((line) => !line.startsWith('=====') && line !== ''));
  }
  return lines;
}
