import type { ErrorKind, SourcePosition } from '../errors/index.ts';
import type { Connection, Frame, FrameResult, Identity, Lane } from '../transport/index.ts';
import type { Unknown } from '../values/index.ts';

/** A question to a host that changes nothing. Probes of many tasks are deduplicated by `key` and go as one frame. */
export interface Probe<State = unknown> {
  /** The resource kind that answers it: file, content, service, user, http ... */
  readonly resource: string;
  /** Same key, same question: `file:/etc/hosts`. */
  readonly key: string;
  readonly query: unknown;
  /** Never asked ahead of its turn nor remembered (a wait, an HTTP request). */
  readonly volatile?: boolean;
  /** Of a volatile one: asked in a dry run also when a step before it was not carried out. */
  readonly evenInDoubt?: boolean;
  /** Carries the type of the answer; never set. */
  readonly answer?: State;
}

/** The answers at hand. A module asks it with the probe that it made. */
export interface Observed {
  /** Gives the state, or undefined when it has not been asked yet. May be `Unknown` in check mode, after a task whose outcome is not known. */
  get<State>(probe: Probe<State>): State | Unknown | undefined;
}

/** How a change can be taken back. See docs: restorable (exact before-image), invertible (opposite action), compensable (the task's `undo:`), irreversible. */
export type UndoKind = 'restorable' | 'invertible' | 'compensable' | 'irreversible';

/** A readable difference. `secret` content is never put into one. */
export interface Diff {
  readonly beforeHeader?: string;
  readonly afterHeader?: string;
  readonly before?: string;
  readonly after?: string;
  /** For differences that are no text, such as `mode: 0644 -> 0600`. */
  readonly prepared?: string;
}

/**
 * One intended change of one resource: plain data. It carries the state that it expects to find; the host compares again
 * before acting, in the same frame that journals, saves the before-image, acts and verifies.
 */
export interface Change {
  readonly resource: string;
  /** What it changes, such as `file:/etc/hosts`; the same key as the probe that shows it. */
  readonly key: string;
  /** One line for people: `create /etc/x (0644 root:root, 12 bytes)`. */
  readonly summary: string;
  readonly undo: UndoKind;
  readonly diff?: Diff;
  /** States that hold after this change, for later tasks of a dry run: probe key -> state. */
  readonly predicts?: ReadonlyMap<string, unknown>;
  /** Resource-specific: everything `apply` needs. */
  readonly detail: unknown;
  /** Gives the changes that only what this one brought can tell, such as a file for a reply. They are made right after it; only for changes that stand alone in a frame. */
  readonly following?: (result: Readonly<Record<string, unknown>>) => readonly Change[];
}

/** What became of one change. `unknown`: the link died in between. */
export interface ChangeOutcome {
  readonly change: Change;
  readonly status: 'done' | 'stale' | 'failed' | 'unknown' | 'not-run';
  /** Number of the journal entry on the host. */
  readonly seq?: number;
  /** Resource-specific result (rc, stdout, stderr of a command; the reply of a request). */
  readonly result?: Record<string, unknown>;
  /** The host is as it was before: it failed, or what was asked for turned out to be there. */
  readonly unchanged?: true;
  /** Why it failed, one line. */
  readonly message?: string;
  /** Set when it was ended from here: `timeout`, `interrupted`. */
  readonly kind?: ErrorKind;
}

/** Everything that probing and applying needs of one host under one identity. */
export interface Session {
  readonly connection: Connection;
  readonly lane: Lane;
  /** Whose lane it is; default the login user's. */
  readonly identity?: Identity;
  /** Where commands of a local connection start that name no folder; default as the connection has it. */
  readonly folder?: string | undefined;
  /** Run id, part of journal paths on the host. */
  readonly run: string;
  /** Gives the next journal sequence number of this host in this run (shared by all identities of the host). */
  nextSeq(): number;
  /** The state folder on the host (`/var/lib/cutover` for root, `~/.local/state/cutover` otherwise, or the `cutover_state_dir` variable). */
  readonly stateDir: string | undefined;
  /** Called, and awaited, after numbers are given out and before anything is sent: the controller flushes its own record first. */
  arm(entries: readonly { readonly seq: number; readonly change: Change }[]): Promise<void>;
  /** Bytes of large transfers. */
  progress?(path: string, done: number, total: number): void;
  /** Environment variables of the task. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds; undefined means no limit. */
  readonly timeoutMs?: number | undefined;
  /** Bytes that are kept of each output of a command: head and tail. Default 4 MiB; 0 keeps all. */
  readonly outputLimit?: number | undefined;
  /** Where the task stands, for messages. */
  readonly position?: SourcePosition | undefined;
}

/** A kind of thing on a host that knows how to show, change and restore itself in POSIX sh. */
export interface Resource<Query, State, Detail> {
  readonly name: string;
  /** Asks many at once. Either a shell script whose output `parse` reads, batched with others into one frame ... */
  readonly probe?: {
    script(queries: readonly Query[]): string;
    parse(output: Buffer, queries: readonly Query[]): State[];
  };
  /** ... or work that needs the connection itself (HTTP through a forward). */
  readonly ask?: (query: Query, session: Session) => Promise<State>;
  /** The shell work of a change: expectation, journal, before-image, act, verify. `undefined` when `perform` does it. */
  readonly apply?: (
    change: Change & { readonly detail: Detail },
    seq: number,
    session: Session,
  ) => Frame | Promise<Frame>;
  readonly read?: (
    result: FrameResult,
    change: Change & { readonly detail: Detail },
  ) => Omit<ChangeOutcome, 'change' | 'seq'>;
  /** Work that needs its own channel (a command with live output, a request). */
  readonly perform?: (
    change: Change & { readonly detail: Detail },
    seq: number,
    session: Session,
  ) => Promise<Omit<ChangeOutcome, 'change' | 'seq'>>;
}
