import { setTimeout as sleep } from 'node:timers/promises';
import { asCutoverError, CutoverError } from '../../errors/index.ts';
import type { EventSink } from '../../journal/index.ts';
import { type Change, refreshLock, releaseLock, type Session, takeLock } from '../../resources/index.ts';
import {
  type Connection,
  ConnectLimiter,
  connect,
  type Identity,
  type Lane,
  type Target,
} from '../../transport/index.ts';
import type { HostState } from './host.ts';

/** A lock without a heartbeat for five minutes counts as abandoned. */
const HEARTBEAT_MS = 60_000;

/** Between attempts to connect. */
const LONGEST_PAUSE_MS = 30_000;

/** How long a host may take to give a lock back before its connection is closed all the same. */
const RELEASE_MS = 3000;

/** Who holds the lock on a host, as another operator will read it. */
export interface LockOptions {
  readonly owner: string;
  /** The run that takes it: a rollback works on the journal of another one. */
  readonly run: string;
  readonly waitMs: number;
  readonly breakLock: boolean;
}

/** Where and for what a session is wanted. */
export interface SessionRequest {
  readonly host: HostState;
  readonly target: Target;
  readonly identity: Identity;
  readonly stateDir: string | undefined;
  /** Where commands of a local connection start that name no folder: that of the playbook. Default: where this process runs. */
  readonly folder?: string | undefined;
  readonly run: string;
  readonly task: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number | undefined;
  /** Bytes that are kept of each output of a command. */
  readonly outputLimit?: number | undefined;
  /** Takes the host's lock at once: undoing is changing too. */
  readonly hold?: boolean;
  /** Called before changes are sent, after which the record is flushed. */
  onArm(
    entries: readonly { readonly seq: number; readonly change: Change }[],
    identity: string,
  ): Promise<void>;
}

/** The open connections of a run: one per host, opened when first needed, never reopened behind anyone's back. */
export class Fleet {
  private readonly connections = new Map<string, Promise<Connection>>();
  private readonly locks = new Map<string, Promise<() => Promise<void>>>();
  private readonly numbers = new Map<string, number>();
  private readonly limiter = new ConnectLimiter();
  private readonly emit: EventSink;
  private readonly lock: LockOptions;

  private readonly retries: number;

  /** `retries`: further attempts to connect. */
  constructor(emit: EventSink, lock: LockOptions, retries = 0) {
    this.retries = retries;
    this.emit = emit;
    this.lock = lock;
  }

  /** Gives the connection of a host. A failed attempt is remembered, until `forget`. */
  connection(target: Target): Promise<Connection> {
    const key = connectionKey(target);
    const known = this.connections.get(key);
    if (known) return known;
    const opening = this.tryToConnect(target).catch((error) => {
      throw asCutoverError(error, 'connect', { host: target.name });
    });
    this.connections.set(key, opening);
    opening.then(
      (connection) => connection.lost.then(() => this.dropIf(key, opening)),
      () => {},
    );
    return opening;
  }

  private async tryToConnect(target: Target): Promise<Connection> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await connect(target, { limiter: this.limiter });
      } catch (error) {
        // A wrong key or password stays wrong.
        const passing = error instanceof CutoverError && (error.kind === 'connect' || error.kind === 'lost');
        if (!passing || attempt > this.retries) throw error;
        await sleep(Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** (attempt - 1)));
      }
    }
  }

  /** Gives everything that probing and applying need of a host. */
  async session(request: SessionRequest): Promise<Session> {
    const connection = await this.connection(request.target);
    const lane = await connection.lane(request.identity);
    const session: Session = {
      connection,
      lane,
      identity: request.identity,
      folder: request.folder,
      run: request.run,
      nextSeq: () => this.nextSeq(machineOf(request.target)),
      stateDir: request.stateDir,
      environment: request.environment,
      timeoutMs: request.timeoutMs,
      outputLimit: request.outputLimit,
      arm: async (entries) => {
        await this.hold(connectionKey(request.target), session, lane);
        await request.onArm(entries, lane.user);
      },
      progress: (path, done, total) =>
        this.emit({ at: Date.now(), type: 'transfer', host: request.host.name, path, done, total }),
    };
    if (request.hold) await this.hold(connectionKey(request.target), session, lane);
    return session;
  }

  /** Closes a connection so that the next use logs in anew. */
  async forget(target: Target): Promise<void> {
    const key = connectionKey(target);
    const open = this.connections.get(key);
    this.connections.delete(key);
    const connection = await open?.catch(() => undefined);
    // The lock is given back first, because the next change takes it again; on a dead link it stays, and stays ours.
    const held = [...this.locks].filter(([name]) => name.startsWith(`${key} `));
    for (const [name] of held) this.locks.delete(name);
    const released = Promise.all(held.map(async ([, lock]) => (await lock)())).catch(() => undefined);
    await Promise.race([released, connection?.lost, sleep(RELEASE_MS, undefined, { ref: false })]);
    await connection?.close().catch(() => undefined);
  }

  /** Ends what runs on every host. Work that is asked for afterwards, such as tidying up, is done as ever. */
  interrupt(): void {
    for (const open of this.connections.values())
      open.then(
        (connection) => connection.interrupt(),
        () => {},
      );
  }

  /** Releases every lock and closes every connection. Never throws. */
  async close(): Promise<void> {
    await Promise.all([...this.locks.values()].map(async (lock) => (await lock.catch(() => undefined))?.()));
    await Promise.all(
      [...this.connections.values()].map(async (open) =>
        (await open.catch(() => undefined))?.close().catch(() => undefined),
      ),
    );
    this.connections.clear();
    this.locks.clear();
  }

  /** Numbers of a journal grow, also when several inventory names mean the machine that keeps it. */
  private nextSeq(machine: string): number {
    const next = (this.numbers.get(machine) ?? 0) + 1;
    this.numbers.set(machine, next);
    return next;
  }

  /** Takes the host's lock before the first change of this run on it. */
  private hold(key: string, worker: Session, lane: Lane): Promise<unknown> {
    const session = { ...worker, run: this.lock.run };
    const lockKey = `${key} ${lane.uid}`;
    const known = this.locks.get(lockKey);
    if (known) return known;
    const { owner } = this.lock;
    const taking = takeLock(session, this.lock).then(({ from }) => {
      if (from !== undefined)
        this.emit({
          at: Date.now(),
          type: 'warning',
          host: session.connection.host,
          message: `took the lock over from ${from}`,
        });
      const heartbeat = setInterval(
        () =>
          refreshLock(session, owner).catch((error) => {
            // Somebody broke it: this run must not change anything more there.
            if (error instanceof CutoverError && error.kind === 'lock')
              this.locks.set(lockKey, refused(error));
          }),
        HEARTBEAT_MS,
      );
      heartbeat.unref();
      return async () => {
        clearInterval(heartbeat);
        await releaseLock(session, owner).catch(() => undefined);
      };
    });
    this.locks.set(lockKey, taking);
    return taking;
  }

  private dropIf(key: string, opening: Promise<Connection>): void {
    if (this.connections.get(key) === opening) this.connections.delete(key);
  }
}

function refused(error: Error): Promise<never> {
  const refusal = Promise.reject(error);
  refusal.catch(() => {});
  return refusal;
}

/** Two inventory names can mean one machine, but each has its own connection: variables may differ. */
function connectionKey(target: Target): string {
  return [target.name, target.connection, target.user ?? '', target.address, target.port ?? ''].join('|');
}

/** Gives what is equal for inventory names that mean the same machine, as far as the inventory shows it. */
export function machineOf(target: Target): string {
  return target.connection === 'local'
    ? 'local'
    : [target.connection, target.address, target.port ?? ''].join('|');
}

/** Whether an error means that the host cannot be reached, as against a task that failed on it. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof CutoverError && ['connect', 'hostkey', 'auth', 'lost'].includes(error.kind);
}
