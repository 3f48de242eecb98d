import type { RunEvent } from '../journal/index.ts';

/** Tells which old runs went from a place. */
export function collectedLine(
  { host, runs }: Omit<RunEvent & { type: 'collected' }, 'at'>,
  check: boolean,
): string {
  const what =
    runs.length === 0 ? 'nothing to remove' : `${check ? 'would remove' : 'removed'} ${runs.join(', ')}`;
  return `  ${host ?? 'run store'}: ${what}`;
}
