/** Which host may begin which task when. */

/** A host's permission to run a task: with whom it runs it, or the news that the batch is over. */
export type Turn =
  | {
      readonly kind: 'go';
      readonly hosts: readonly string[];
      /** Hosts do not wait for each other: what is to happen once for all of them cannot. */
      readonly alone: boolean;
    }
  | { readonly kind: 'stop' };

/** Decides, whenever a group of hosts has finished a task, whether the batch goes on. */
export type Policy = () => 'go-on' | 'stop';

/** How hosts advance through the tasks of a batch. Places compare like section numbers: 2.1.3 comes before 2.2. */
export interface Strategy {
  /** Waits for the host's turn at the task that stands at `place`. */
  arrive(host: string, place: readonly number[]): Promise<Turn>;
  /** The host has no more tasks. */
  leave(host: string): void;
}

/**
 * `linear`: nobody begins a task before everybody has finished the one before. When hosts stand at different places (one is in
 * a rescue), those at the earliest place go first.
 */
export function linearStrategy(hosts: readonly string[], policy: Policy): Strategy {
  const active = new Set(hosts);
  const waiting = new Map<string, { place: readonly number[]; go: (turn: Turn) => void }>();
  const release = () => {
    if (active.size === 0 || waiting.size < active.size) return;
    if (policy() === 'stop') {
      for (const { go } of waiting.values()) go({ kind: 'stop' });
      waiting.clear();
      return;
    }
    let first: readonly number[] | undefined;
    for (const { place } of waiting.values()) if (!first || comparePlaces(place, first) < 0) first = place;
    const group = hosts.filter(
      (host) => waiting.has(host) && comparePlaces(waiting.get(host)!.place, first!) === 0,
    );
    for (const host of group) {
      const { go } = waiting.get(host)!;
      waiting.delete(host);
      go({ kind: 'go', hosts: group, alone: false });
    }
  };
  return {
    arrive(host, place) {
      return new Promise((go) => {
        waiting.set(host, { place, go });
        // Not at once: the last one to come would fall behind those that wait already, and hosts go in the order of the batch.
        queueMicrotask(release);
      });
    },
    leave(host) {
      active.delete(host);
      release();
    },
  };
}

/** `free`: every host goes as fast as it can. */
export function freeStrategy(policy: Policy): Strategy {
  return {
    arrive: async (host) =>
      policy() === 'stop' ? { kind: 'stop' } : { kind: 'go', hosts: [host], alone: true },
    leave: () => {},
  };
}

/** Orders places as a reader meets them. */
export function comparePlaces(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** Lets at most `limit` pieces of work run at once. */
export class Limiter {
  private readonly limit: number;
  private running = 0;
  private readonly queue: (() => void)[] = [];

  constructor(limit: number) {
    this.limit = Math.max(1, limit);
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.limit) this.running++;
    // Whoever finishes hands its place over, so the count stays as it is.
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.running--;
    }
  }
}
