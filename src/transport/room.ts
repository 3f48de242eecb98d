import { NoRoom } from './channel.ts';

/** Counts the channels of one connection and lets openings wait their turn, because servers refuse too many (sshd's MaxSessions). */
export class ChannelRoom {
  private limit: number;
  private used = 0;
  private waiting: (() => void)[] = [];
  private readonly makeRoom: () => boolean;

  /** @param makeRoom ends an idle lane and gives whether there was one */
  constructor(limit: number, makeRoom: () => boolean) {
    this.limit = limit;
    this.makeRoom = makeRoom;
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
        if (!(error instanceof NoRoom) || ++refused > 20) throw error;
        // Somebody else's sessions may be in the way for a moment, or ours whose end the server has not noticed yet.
        if (this.used === 0) await new Promise((resolve) => setTimeout(resolve, 100 * refused));
        else this.limit = this.used;
      }
    }
  }

  private async freed(): Promise<void> {
    const turn = new Promise<void>((resolve) => this.waiting.push(resolve));
    this.makeRoom();
    await turn;
  }

  private release(): void {
    this.used--;
    this.waiting.shift()?.();
  }
}
