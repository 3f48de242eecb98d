import { endFrame } from './command.ts';
import { effectiveIdentity, identityKey } from './identity.ts';
import { OpenLane } from './lane.ts';
import { randomWord, type Starter } from './start.ts';
import type { Frame, FrameResult, Identity, Lane } from './types.ts';

/** Lanes of one host that are open at once: sshd allows 10 sessions by default, and transfers and commands need some. */
const MOST_OPEN = 4;
/** How long ending a frame may take before its lane is given up, in milliseconds. */
const END_FRAME_MS = 6000;

/** The lanes of one host, one per identity. The least recently used idle one makes room for others and comes back when needed. */
export class LanePool {
  private readonly starter: Starter;
  private readonly loginUser: string;
  private readonly prelude: string | undefined;
  private readonly onIdle: () => void;
  private readonly lanes = new Map<string, PooledLane>();

  constructor(starter: Starter, loginUser: string, prelude: string | undefined, onIdle: () => void) {
    this.starter = starter;
    this.loginUser = loginUser;
    this.prelude = prelude;
    this.onIdle = onIdle;
  }

  /** Gives the lane of an identity, opened. Throws CutoverError `escalate`, `connect`, `timeout`. */
  async lane(asked: Identity): Promise<Lane> {
    const identity = effectiveIdentity(asked, this.loginUser);
    // Another password is another claim: it must be asked for, also where somebody else's opened the same door.
    const key = `${identityKey(identity)} ${identity.password ?? ''}`;
    let lane = this.lanes.get(key);
    if (lane === undefined) {
      lane = new PooledLane(this.starter, identity, this.prelude, () => this.limit(), this.onIdle);
      this.lanes.set(key, lane);
    }
    try {
      await lane.opened();
    } catch (error) {
      if (!lane.everOpened) this.lanes.delete(key);
      throw error;
    }
    return lane;
  }

  /** Ends the least recently used idle lane. Gives false when there is none. */
  evict(): boolean {
    const idle = [...this.lanes.values()].filter((lane) => lane.evictable);
    idle.sort((a, b) => a.lastUsed - b.lastUsed);
    idle[0]?.leave();
    return idle.length > 0;
  }

  /** Ends the idle lanes that run as a user; they come back when they are asked for. */
  async leaveUser(user: string): Promise<void> {
    const idle = [...this.lanes.values()].filter((lane) => lane.evictable && lane.user === user);
    await Promise.all(idle.map((lane) => lane.close()));
  }

  /** Ends what is in flight on all lanes. */
  interrupt(): void {
    for (const lane of this.lanes.values()) lane.interrupt();
  }

  async close(): Promise<void> {
    await Promise.all([...this.lanes.values()].map((lane) => lane.close()));
    this.lanes.clear();
  }

  private limit(): void {
    let open = [...this.lanes.values()].filter((lane) => lane.isOpen).length;
    while (open >= MOST_OPEN && this.evict()) open--;
  }
}

/** A lane as callers see it: it opens its shell again when that went away between two frames. */
class PooledLane implements Lane {
  lastUsed = 0;
  everOpened = false;
  private readonly starter: Starter;
  private readonly identity: Identity;
  private readonly prelude: string | undefined;
  private readonly beforeOpening: () => void;
  private readonly onIdle: () => void;
  private readonly sync = randomWord();
  private opening: Promise<OpenLane> | undefined;
  private current: OpenLane | undefined;
  private requested = 0;

  constructor(
    starter: Starter,
    identity: Identity,
    prelude: string | undefined,
    beforeOpening: () => void,
    onIdle: () => void,
  ) {
    this.starter = starter;
    this.identity = identity;
    this.prelude = prelude;
    this.beforeOpening = beforeOpening;
    this.onIdle = onIdle;
  }

  get user(): string {
    return this.current!.hello.user;
  }

  get uid(): number {
    return this.current!.hello.uid;
  }

  get folder(): string {
    return this.current!.hello.folder;
  }

  get isOpen(): boolean {
    return this.opening !== undefined && this.current?.alive !== false;
  }

  get evictable(): boolean {
    return (
      this.opening !== undefined && this.requested === 0 && this.current?.alive === true && this.current.idle
    );
  }

  async run(frame: Frame): Promise<FrameResult> {
    this.requested++;
    try {
      // Waiting on one promise keeps the order of the calls.
      const lane = await this.opened();
      return await lane.send(frame);
    } finally {
      if (--this.requested === 0) this.onIdle();
    }
  }

  opened(): Promise<OpenLane> {
    this.lastUsed = performance.now();
    if (this.opening !== undefined && this.current?.alive !== false) return this.opening;
    this.beforeOpening();
    this.current = undefined;
    const opening = OpenLane.open(this.starter, this.identity, this.sync, this.prelude, (lane, id) =>
      this.endFrame(lane, id),
    ).then(
      (lane) => {
        this.everOpened = true;
        this.current = lane;
        return lane;
      },
      (error) => {
        this.opening = undefined;
        throw error;
      },
    );
    this.opening = opening;
    return opening;
  }

  interrupt(): void {
    this.current?.interrupt();
  }

  leave(): void {
    this.current?.leave();
    this.opening = undefined;
  }

  async close(): Promise<void> {
    const lane = await this.opening?.catch(() => undefined);
    this.opening = undefined;
    await lane?.close();
  }

  private async endFrame(lane: OpenLane, id: number): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, END_FRAME_MS, false);
    const ending = endFrame(this.starter, this.identity, lane.hello.folder, id);
    return await Promise.race([ending, late]).finally(() => clearTimeout(timer));
  }
}
