import { expect, it } from 'vitest';
import { type Aged, expendable, oldest, type Retention } from '../../src/engine/gc/retention.ts';

const DAY = 86_400_000;
/** Runs a (the oldest) to e, a day apart, told in no order; `c` is spared. */
const RUNS: readonly Aged[] = ['d', 'a', 'e', 'c', 'b'].map((run) => ({
  run,
  startedAt: (run.charCodeAt(0) - 97) * DAY,
  spared: run === 'c',
}));

it.each<[Retention, string]>([
  [{ keep: 1 }, 'abd'],
  [{ keep: 3 }, 'ab'],
  [{ keep: 10 }, ''],
  [{ olderThanMs: 1.5 * DAY }, 'ab'],
  [{ olderThanMs: 0 }, 'abd'],
  [{ keep: 4, olderThanMs: 2.5 * DAY }, 'ab'],
  [{ maxBytes: 0 }, ''],
])('%j takes %j', (retention, gone) => {
  expect(expendable(RUNS, retention, 4 * DAY).join('')).toBe(gone);
});

it('never takes the newest, nor what is spared, for the sake of room', () => {
  expect(oldest(RUNS).join('')).toBe('abd');
  expect(oldest([])).toEqual([]);
});
