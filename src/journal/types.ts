import type { ErrorKind, SourcePosition } from '../errors/index.ts';
import type { UndoKind } from '../resources/index.ts';

/** How a task ended on a host. `unknown`: a dry run cannot tell, or the link died while the step was in flight. */
export type HostStatus = 'ok' | 'changed' | 'failed' | 'skipped' | 'unreachable' | 'unknown';

/** One change as reports see it. */
export interface ChangeRecord {
  readonly key: string;
  readonly summary: string;
  readonly undo: UndoKind;
  readonly seq?: number;
  /** While a plan is made. */
  readonly mark?: ChangeMark;
}

/** What a plan keeps of a change to know it again. Free of secrets: what holds one is a salted, slow digest. */
export interface ChangeMark {
  /** The state that it expects to find, `*` for what is not known. */
  readonly before: string;
  /** Digest of everything that it would do. */
  readonly intent: string;
  /** Digest of the content that a file would get. */
  readonly content?: string;
}

/** One difference as reports see it (already free of secrets). */
export interface DiffRecord {
  readonly beforeHeader?: string;
  readonly afterHeader?: string;
  readonly before?: string;
  readonly after?: string;
  readonly prepared?: string;
  /** The keyword `diff` asks for it: it is shown without `--diff` too. */
  readonly shown?: boolean;
}

export interface TaskRef {
  readonly id: string;
  /** As printed: `role : name`. */
  readonly name: string;
  readonly module: string;
  readonly position: SourcePosition;
}

/** Counts of the recap line of one host. */
export interface HostStats {
  readonly ok: number;
  readonly changed: number;
  readonly unreachable: number;
  readonly failed: number;
  readonly skipped: number;
  readonly rescued: number;
  readonly ignored: number;
  /** Tasks whose outcome nobody can know (dry run, or a lost link). */
  readonly unknown: number;
}

/** What `set_stats` kept for the end of the run: figures of the run, and of each host that has some. */
export interface CustomStats {
  readonly run: Readonly<Record<string, unknown>>;
  readonly hosts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Everything that happens in a run, in order. Reports, `runs show`, `rollback` and `resume` read nothing else.
 * Values that travel in an event are masked for sinks, and kept sealed in `sealed` where a later command needs them.
 */
export type RunEvent = { readonly at: number } & (
  | {
      readonly type: 'run-started';
      readonly run: string;
      readonly command: 'run' | 'exec' | 'rollback' | 'resume' | 'gc';
      /** Path of the playbook as given, or the module of `exec`. */
      readonly playbook: string;
      readonly inventory: readonly string[];
      readonly user: string;
      readonly check: boolean;
      readonly diff: boolean;
      readonly version: string;
      /** Run that this one rolls back or resumes. */
      readonly of?: string;
      readonly pid: number;
      /** Where it was started: relative names begin there. */
      readonly folder?: string;
    }
  | {
      readonly type: 'play-started';
      readonly play: number;
      readonly name: string;
      readonly hosts: readonly string[];
      readonly position: SourcePosition;
    }
  | { readonly type: 'no-hosts'; readonly play: number; readonly name: string; readonly pattern: string }
  | {
      readonly type: 'batch-started';
      readonly play: number;
      readonly batch: number;
      readonly batches: number;
      readonly hosts: readonly string[];
    }
  /** First host reaches a task (in `linear`, all hosts together). `kind` tells handlers and facts from tasks. */
  | {
      readonly type: 'task-started';
      readonly task: TaskRef;
      readonly kind: 'task' | 'handler' | 'facts' | 'undo';
      readonly hosts: readonly string[];
    }
  | { readonly type: 'host-task-started'; readonly task: string; readonly host: string }
  /** Numbers are given out and the frame is about to be sent: flushed to disk before. */
  | {
      readonly type: 'change-armed';
      readonly play: number;
      readonly batch: number;
      readonly task: string;
      readonly taskName: string;
      /** Where the change happens. */
      readonly host: string;
      /** For whom, when the task was delegated. */
      readonly forHost: string;
      /** User on the host, and how it was reached: what a rollback needs to find the journal again. */
      readonly identity: string;
      readonly become: { readonly method: 'none' | 'sudo' | 'su' | 'doas'; readonly user?: string };
      readonly stateDir: string | undefined;
      /** Run id under which the host's journal has it. */
      readonly journal: string;
      readonly changes: readonly (ChangeRecord & { readonly seq: number })[];
      /** The handlers that the task notifies when it comes to a good end. */
      readonly notifies?: readonly { readonly id: string; readonly handler: string }[];
      /** `undo`: the task's `undo:` and the variables that it may need; `way`: to the host, where inventory and flags do not say it. Sealed by the store. */
      readonly sealed?: unknown;
    }
  | {
      readonly type: 'change-done';
      readonly task: string;
      readonly host: string;
      readonly seq: number;
      readonly outcome: 'done' | 'stale' | 'failed' | 'unknown' | 'not-run';
    }
  | {
      readonly type: 'transfer';
      readonly host: string;
      readonly path: string;
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly type: 'retry';
      readonly task: string;
      readonly host: string;
      readonly attempt: number;
      readonly left: number;
      readonly result: Record<string, unknown>;
    }
  /** One item of a loop. */
  | {
      readonly type: 'item-result';
      readonly task: string;
      readonly host: string;
      readonly status: HostStatus;
      readonly item: unknown;
      readonly label: string;
      readonly result: Record<string, unknown>;
      readonly diffs: readonly DiffRecord[];
      readonly ignored: boolean;
      /** Whether it was only foretold, where that is not what the run does: `check_mode` of the task says otherwise. */
      readonly check?: boolean;
    }
  | {
      readonly type: 'host-result';
      readonly task: TaskRef;
      readonly host: string;
      readonly delegatedTo?: string;
      readonly status: HostStatus;
      /** Failed, but `ignore_errors` or `ignore_unreachable` lets the host go on. */
      readonly ignored: boolean;
      readonly result: Record<string, unknown>;
      readonly changes: readonly ChangeRecord[];
      readonly diffs: readonly DiffRecord[];
      readonly error?: {
        readonly kind: ErrorKind;
        readonly message: string;
        readonly position?: SourcePosition;
        readonly hint?: string;
      };
      readonly durationMs: number;
      /** Results came out one by one as `item-result`. */
      readonly loop: boolean;
      /** A dry run cannot even say what it would change. */
      readonly open?: boolean;
      /** Whether it was only foretold, where that is not what the run does: `check_mode` of the task says otherwise. */
      readonly check?: boolean;
      /** A step of an `undo:` list: it takes something back, and is no change of its own. */
      readonly undo?: boolean;
      readonly noLog: boolean;
      /** What replay needs: registered variable, facts. Sealed by the store. */
      readonly sealed?: unknown;
    }
  | {
      readonly type: 'notified';
      readonly host: string;
      readonly play: number;
      /** The handler's place in the playbook. */
      readonly id: string;
      /** As it was notified: its name, or what it listens to. */
      readonly handler: string;
      readonly task: string;
      /** Taken over from this run. */
      readonly since?: string;
    }
  /** A handler that was notified has run, or need not any more. */
  | { readonly type: 'delivered'; readonly host: string; readonly play: number; readonly id: string }
  | { readonly type: 'rescued'; readonly host: string; readonly task: string }
  | { readonly type: 'debug'; readonly host: string; readonly task: string; readonly message: unknown }
  | { readonly type: 'prompt'; readonly text: string }
  | {
      readonly type: 'warning';
      readonly message: string;
      readonly position?: SourcePosition;
      readonly host?: string;
    }
  | { readonly type: 'host-excluded'; readonly host: string; readonly reason: string }
  | {
      readonly type: 'rollback-started';
      readonly run: string;
      readonly hosts: readonly string[];
      readonly scope: 'host' | 'batch' | 'run' | 'command';
    }
  /** One undone (or not undone) journal entry. */
  | {
      readonly type: 'undo-result';
      readonly host: string;
      readonly seq: number;
      readonly key: string;
      readonly summary: string;
      readonly outcome: 'undone' | 'already' | 'covered' | 'drift' | 'irreversible' | 'failed' | 'would-undo';
      readonly detail?: string;
    }
  | {
      readonly type: 'host-rolled-back';
      readonly host: string;
      readonly status: 'restored' | 'partial' | 'drifted' | 'failed' | 'unreachable' | 'nothing';
      readonly detail?: string;
    }
  /** Old runs that were removed (in a dry run: would be) from a host, or from the store of the controller. */
  | { readonly type: 'collected'; readonly host?: string; readonly runs: readonly string[] }
  | {
      readonly type: 'batch-ended';
      readonly play: number;
      readonly batch: number;
      readonly failed: readonly string[];
    }
  | { readonly type: 'play-ended'; readonly play: number }
  | {
      readonly type: 'run-ended';
      readonly status: RunStatus;
      readonly exitCode: number;
      readonly stats: Readonly<Record<string, HostStats>>;
      readonly custom?: CustomStats;
      readonly coverage?: { readonly reversible: number; readonly changes: number };
      readonly prediction?: { readonly will: number; readonly wont: number; readonly unknown: number };
      readonly message?: string;
    }
);

export type RunStatus = 'running' | 'ok' | 'failed' | 'unreachable' | 'interrupted' | 'error' | 'rolled-back';

/** Told of each event as it happens; must not throw. */
export type EventSink = (event: RunEvent) => void;

/** A line of `cutover runs`. */
export interface RunInfo {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  /** `interrupted` also when the controller died: no end event and no such process any more. */
  readonly status: RunStatus;
  readonly command: 'run' | 'exec' | 'rollback' | 'resume' | 'gc';
  readonly playbook: string;
  readonly hosts: readonly string[];
  readonly changed: number;
  readonly check: boolean;
  readonly user: string;
  /** Id of the run that took this one back. */
  readonly rolledBackBy: string | undefined;
}

/** Inputs of a run as they were, for rollback and resume: files by absolute path, and the options. */
export interface FrozenInputs {
  readonly options: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string>>;
}

/** One run being written. */
export interface RunWriter {
  readonly id: string;
  /** Folder of the run on the controller (0700). */
  readonly folder: string;
  /** Appends; `host-result.sealed` is encrypted, everything else masked. */
  append(event: RunEvent): void;
  /** Returns after everything appended so far is on disk (fsync). */
  flush(): Promise<void>;
  /** Keeps the inputs, sealed. */
  freeze(inputs: FrozenInputs): Promise<void>;
  close(): Promise<void>;
}

/** Where runs are kept on the controller. Default `$CUTOVER_HOME`, else `$XDG_STATE_HOME/cutover`, else `~/.local/state/cutover`. */
export interface RunStore {
  readonly folder: string;
  create(id?: string): Promise<RunWriter>;
  list(): Promise<readonly RunInfo[]>;
  /**
   * Finds a run by id, unique beginning of an id, or `last`: the newest run of a playbook that changed something and is no dry run,
   * or with `any` the newest of all. Throws CutoverError('usage') with what there is.
   */
  find(reference: string, last?: 'changed' | 'any'): Promise<RunInfo>;
  /** Reads the events back, sealed parts opened; a torn last line is left out. */
  events(id: string): AsyncIterable<RunEvent>;
  inputs(id: string): Promise<FrozenInputs>;
  markRolledBack(id: string, by: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Bytes that a run holds. */
  size(id: string): Promise<number>;
}
