import { channel as diagnostics } from 'node:diagnostics_channel';
import { CutoverError } from '../errors/index.ts';
import type { Channel, Ending } from './channel.ts';
import { encodeFrame, type FrameFlags, type LaneHello, LaneReader } from './framing.ts';
import { describeIdentity } from './identity.ts';
import { LANE_RUNTIME } from './runtime.ts';
import { randomWord, type Starter, startRuntime } from './start.ts';
import type { Frame, FrameResult, Identity } from './types.ts';

/** Spool files of answered frames are swept after so many frames, or so many bytes. */
const SWEEP_FRAMES = 64;
const SWEEP_BYTES = 1_000_000;

/** Tells each answered frame to whoever measures (`diagnostics_channel`): host, bytes there and back. Costs nothing when nobody listens. */
const frames = diagnostics('cutover.frame');

interface Waiting {
  readonly frame: Frame;
  /** Bytes. */
  readonly sent: number;
  readonly resolve: (result: FrameResult) => void;
  readonly reject: (error: Error) => void;
}

/** One running shell with its frames in flight. It does not know how to come back after its channel ended. */
export class OpenLane {
  readonly hello: LaneHello;
  private readonly host: string;
  private readonly identity: Identity;
  private readonly channel: Channel;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private unsweptFrames = 0;
  private unsweptBytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private ending: string | undefined;
  /** Asked to end the frame with this id, which ran into its time limit. */
  private readonly endFrame: (id: number) => Promise<boolean>;
  /** Frames that are being ended, and whether that worked. */
  private readonly expired = new Map<number, Promise<boolean>>();
  private readonly interrupted = new Set<number>();

  private constructor(
    starter: Starter,
    identity: Identity,
    channel: Channel,
    hello: LaneHello,
    endFrame: (id: number) => Promise<boolean>,
  ) {
    this.host = starter.host;
    this.identity = identity;
    this.channel = channel;
    this.hello = hello;
    this.endFrame = endFrame;
    void channel.ended.then((ending) => this.died(ending));
  }

  /** Starts the shell. `sync` names its folder too, so that a reopened lane finds what was staged there. */
  static async open(
    starter: Starter,
    identity: Identity,
    sync: string,
    prelude: string | undefined,
    endFrame: (lane: OpenLane, id: number) => Promise<boolean>,
  ): Promise<OpenLane> {
    const token = randomWord();
    let hello: LaneHello | undefined;
    let greeted = () => {};
    const greeting = new Promise<void>((resolve) => {
      greeted = resolve;
    });
    let lane: OpenLane | undefined;
    const reader = new LaneReader(sync, token, {
      hello(told) {
        hello = told;
        greeted();
      },
      answer: (id, result) => lane?.answered(id, result),
      unusable: (id) => lane?.unusable(id),
      garbled: () => lane?.abandon('something else wrote into its channel'),
    });
    const channel = await startRuntime(starter, identity, LANE_RUNTIME, sync, (chunk) => reader.push(chunk));
    const ended = await Promise.race([greeting, channel.ended]);
    if (hello === undefined || hello.folder === '') {
      channel.destroy();
      const code = ended === undefined ? '' : ` (the shell ended with ${ended.code})`;
      throw new CutoverError('connect', `no writable folder for ${describeIdentity(identity)}${code}`, {
        host: starter.host,
        hint: 'a private folder is needed in one of TMPDIR, /tmp, /var/tmp, /run, /dev/shm or the home folder',
      });
    }
    lane = new OpenLane(starter, identity, channel, hello, (id) => endFrame(lane!, id));
    channel.stdin.write(`${token}\n`);
    if (prelude) lane.definePrelude(prelude);
    return lane;
  }

  get alive(): boolean {
    return this.ending === undefined;
  }

  get idle(): boolean {
    return this.waiting.size === 0;
  }

  /** Writes a frame at once, behind those that are in flight. */
  send(frame: Frame, flags: FrameFlags = {}): Promise<FrameResult> {
    return new Promise((resolve, reject) => {
      if (this.ending !== undefined) return reject(this.lostError());
      const id = this.nextId++;
      const sweep = this.unsweptFrames >= SWEEP_FRAMES || this.unsweptBytes >= SWEEP_BYTES;
      if (sweep) this.unsweptFrames = this.unsweptBytes = 0;
      const bytes = encodeFrame(id, frame.script, frame.payload, { ...flags, sweep });
      this.unsweptFrames++;
      this.waiting.set(id, { frame, sent: bytes.length, resolve, reject });
      this.channel.stdin.write(bytes);
      if (this.waiting.size === 1) this.watch();
    });
  }

  /** Ends every frame in flight, one after the other; each rejects with `interrupted`. */
  interrupt(): void {
    for (const id of this.waiting.keys()) this.interrupted.add(id);
    this.watch();
  }

  /** Ends the shell but leaves what was staged in its folder, for the lane that comes back under the same name. */
  leave(): void {
    this.channel.stdin.end('leave\n');
  }

  /** Ends the shell, which deletes its folder. */
  async close(): Promise<void> {
    this.channel.stdin.end('quit\n');
    await this.channel.ended;
  }

  private definePrelude(prelude: string): void {
    this.send({ script: prelude }, { prelude: true }).then(
      (result) => {
        if (result.code !== 0) this.abandon(`its prelude failed: ${result.stderr.toString().trim()}`);
      },
      () => {},
    );
  }

  /** The clock of a frame starts when it is first in line. */
  private watch(): void {
    clearTimeout(this.timer);
    const first = this.waiting.entries().next().value;
    if (first === undefined) return;
    const [id, { frame }] = first;
    if (this.interrupted.has(id)) return void this.expire(id);
    if (frame.timeoutMs === undefined) return;
    this.timer = setTimeout(() => void this.expire(id), frame.timeoutMs);
  }

  private async expire(id: number): Promise<void> {
    if (this.expired.has(id)) return;
    const ending = this.endFrame(id).catch(() => false);
    this.expired.set(id, ending);
    const ended = await ending;
    if (!this.waiting.has(id)) return;
    if (!ended) return this.abandon('a frame ran into its time limit and could not be ended');
    // The answer of a killed frame follows at once, unless the kernel holds one of its processes (state D).
    this.timer = setTimeout(() => this.abandon('a process of it cannot be killed'), 3000);
  }

  private answered(id: number, result: FrameResult): void {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) return;
    this.waiting.delete(id);
    const received = result.stdout.length + result.stderr.length;
    this.unsweptBytes += received;
    frames.publish({ host: this.host, sent: waiting.sent, received });
    const ending = this.expired.get(id);
    // What ignores TERM outlives the frame that started it: nobody may leave before it was killed.
    if (ending) void ending.then(() => waiting.reject(this.endedError(id, waiting.frame)));
    else waiting.resolve(result);
    this.watch();
  }

  private unusable(id: number): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    waiting?.reject(
      new CutoverError('command', `cannot create files in ${this.hello.folder}, so nothing was run`, {
        host: this.host,
        hint: 'is the file system full, or read-only?',
      }),
    );
    this.watch();
  }

  private abandon(why: string): void {
    this.ending ??= why;
    this.channel.signal('KILL');
    this.channel.destroy();
    this.fail();
  }

  private died(ending: Ending): void {
    this.ending ??= `its shell ended${ending.signal ? ` by ${ending.signal}` : ''}`;
    this.fail();
  }

  private fail(): void {
    clearTimeout(this.timer);
    const inFlight = [...this.waiting.entries()];
    this.waiting.clear();
    for (const [id, { frame, reject }] of inFlight)
      reject(this.expired.has(id) ? this.endedError(id, frame) : this.lostError());
  }

  private endedError(id: number, frame: Frame): CutoverError {
    if (this.interrupted.has(id))
      return new CutoverError('interrupted', 'ended because the operator asked for it', { host: this.host });
    return new CutoverError(
      'timeout',
      `still running after ${(frame.timeoutMs ?? 0) / 1000} s, so it was ended`,
      {
        host: this.host,
      },
    );
  }

  private lostError(): CutoverError {
    return new CutoverError(
      'lost',
      `the lane of ${describeIdentity(this.identity)} was lost while work was in flight: ${this.ending}`,
      { host: this.host, hint: 'whether it took effect is not known; the journal on the host tells' },
    );
  }
}
