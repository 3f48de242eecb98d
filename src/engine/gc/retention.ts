/** How much of the past is kept. A run goes when any of these says so. */
export interface Retention {
  /** So many of the newest runs stay. */
  readonly keep?: number;
  /** Runs that began longer ago go, in milliseconds. */
  readonly olderThanMs?: number;
  /** The oldest go until a place holds no more than this. */
  readonly maxBytes?: number;
}

/** A run as retention sees it. */
export interface Aged {
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** It is going on, or something of it is still to be settled. */
  readonly spared: boolean;
}

/** Gives the runs that go for their number or age, oldest first. The newest never goes. */
export function expendable(runs: readonly Aged[], retention: Retention, now: number): readonly string[] {
  const { keep = Number.POSITIVE_INFINITY, olderThanMs = Number.POSITIVE_INFINITY } = retention;
  return newestFirst(runs)
    .filter(
      ({ spared, startedAt }, index) =>
        index > 0 && !spared && (index >= keep || now - startedAt > olderThanMs),
    )
    .map(({ run }) => run)
    .reverse();
}

/** Gives the runs that may go for the sake of room, oldest first. The newest never goes. */
export function oldest(runs: readonly Aged[]): readonly string[] {
  return newestFirst(runs)
    .filter(({ spared }, index) => index > 0 && !spared)
    .map(({ run }) => run)
    .reverse();
}

const newestFirst = (runs: readonly Aged[]): readonly Aged[] =>
  [...runs].sort((a, b) => b.startedAt - a.startedAt || (a.run < b.run ? 1 : -1));
