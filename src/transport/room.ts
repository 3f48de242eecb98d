import { CutoverError } from '../errors/index.ts';
import { NoRoom } from './channel.ts';

/** How often an opening is tried again on a server that has no session for us though we hold none. */
const MOST_REFUSALS = 15;

/** Counts the channels of one connection and lets openings wait their turn, because servers refuse too many (sshd's MaxSessions). */
export class ChannelRoom {
  private readonly host: string;
  private limit: number;
  private used = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly givers: (() => boolean)[] = [];

  constructor(host: string, limit: number) {
    this.host = host;
    this.limit = limit;
  }

  /** Registers a holder of channels that can do without them for a while; `giveUp` ends an idle one and tells whether there was one. */
  mayAsk(giveUp: () => boolean): void {
    this.givers.push(giveUp);
  }

  /** Tells that a holder has become idle: somebody may be waiting for its channel. */
  idle(): void {
    if (this.waiting.length > 0) this.makeRoom();
  }

  /** Opens a channel when there is room; `ended` resolves when it gives its place back. */
  async open<T>(start: () => Promise<T>, ended: (channel: T) => Promise<unknown>): Promise<T> {
    for (let refused = 0; ; ) {
      while (this.used >= this.limit) await this.freed();
      this.used++;
      try {
        const channel = await start();
        void ended(channel).then(() => this.release());
        return channel;
      } catch (error) {
        this.release();
        if (!(error instanceof NoRoom)) throw error;
        if (++refused > MOST_REFUSALS) throw this.noSession(error);
        // With none of ours open: sshd has not noticed yet that the last one ended, or its process lives on.
        if (this.used === 0) await new Promise((resolve) => setTimeout(resolve, 20 * refused ** 2));
        else this.limit = this.used;
      }
    }
  }

  private async freed(): Promise<void> {
    const turn = new Promise<void>((resolve) => this.waiting.push(resolve));
    this.makeRoom();
    await turn;
  }

  private makeRoom(): void {
    this.givers.some((giveUp) => giveUp());
  }

  private release(): void {
    this.used--;
    this.waiting.shift()?.();
  }

  private noSession(cause: Error): CutoverError {
    return new CutoverError('connect', `the server opens no session: ${cause.message}`, {
      host: this.host,
      cause,
      hint: 'is MaxSessions in sshd_config at least 1?',
    });
  }
}
