/** Where connections are being set up, in how many at once. */
export interface LimiterOptions {
  /** At once in the whole process: a handshake costs about 10 ms of the one thread, and a queue of them makes timeouts. */
  readonly total?: number;
  /** At once to one address: sshd starts dropping unauthenticated connections at 10 (MaxStartups 10:30:100). */
  readonly perAddress?: number;
}

/** Lets only so many connections be set up at the same time; one is shared by a whole process. */
export class ConnectLimiter {
  private readonly total: number;
  private readonly perAddress: number;
  private running = 0;
  private readonly runningTo = new Map<string, number>();
  private readonly queue: { readonly address: string; readonly go: () => void }[] = [];

  constructor(options: LimiterOptions = {}) {
    this.total = options.total ?? 40;
    this.perAddress = options.perAddress ?? 8;
  }

  /** Runs the work as soon as there is a free place for the address, first come first served. */
  async run<T>(address: string, work: () => Promise<T>): Promise<T> {
    if (!this.mayStart(address)) {
      await new Promise<void>((go) => this.queue.push({ address, go }));
    } else this.count(address, 1);
    try {
      return await work();
    } finally {
      this.count(address, -1);
      this.startNext();
    }
  }

  private mayStart(address: string): boolean {
    return this.running < this.total && (this.runningTo.get(address) ?? 0) < this.perAddress;
  }

  private count(address: string, step: 1 | -1): void {
    this.running += step;
    const there = (this.runningTo.get(address) ?? 0) + step;
    if (there === 0) this.runningTo.delete(address);
    else this.runningTo.set(address, there);
  }

  private startNext(): void {
    const at = this.queue.findIndex((waiting) => this.mayStart(waiting.address));
    if (at < 0) return;
    const [next] = this.queue.splice(at, 1);
    this.count(next!.address, 1);
    next!.go();
  }
}

/** The limiter of everybody in this process who brings none. */
export const sharedLimiter = new ConnectLimiter();
