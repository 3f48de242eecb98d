import type { Duplex, Readable, Writable } from 'node:stream';

/** Who runs commands on the host: the login user (`method: 'none'`) or whom `become` asks for. */
export interface Identity {
  readonly method: 'none' | 'sudo' | 'su' | 'doas';
  /** Default root when a method is given. */
  readonly user?: string;
  readonly password?: string;
  /** Extra flags of the method, such as `-H -S -n`. */
  readonly flags?: string;
  /** The method's program, when it is not the one of its name in PATH. */
  readonly exe?: string;
}

/** One piece of shell work: a script, and bytes that it finds in the private file `$payload`. */
export interface Frame {
  readonly script: string;
  readonly payload?: Uint8Array;
  /** Milliseconds. After it the frame's process group is killed and the promise rejects with kind `timeout`. */
  readonly timeoutMs?: number;
}

export interface FrameResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** A framed shell that lives as long as its connection. Frames run one after the other in the order of `run` calls, and are written without waiting for the answer before. */
export interface Lane {
  /** The user that the shell really runs as. */
  readonly user: string;
  /** The numeric user id. */
  readonly uid: number;
  /** A private folder (0700) on the host that goes away with the lane; uploads for this identity can be staged here. */
  readonly folder: string;
  /** Rejects with CutoverError `lost` (connection died while the frame was in flight: outcome unknown), `timeout`, or `escalate`. A non-zero exit code is not an error. */
  run(frame: Frame): Promise<FrameResult>;
}

/** A command in an exec channel and a process group of its own, for long or streaming work. */
export interface RunningCommand {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly finished: Promise<{ readonly code: number; readonly signal?: string }>;
  /** Ends the whole remote process group: TERM, then KILL after the grace period (milliseconds). */
  kill(graceMs?: number): Promise<void>;
}

/** Told about transferred bytes. */
export type Progress = (done: number, total: number) => void;

/** One host for one run: one SSH connection (or the controller itself), shared by every lane, transfer and forward. */
export interface Connection {
  /** The inventory name, for messages. */
  readonly host: string;
  /** Where commands start that name no folder; undefined: where the login shell starts, or in the home of who runs them when they may not look in there. */
  readonly folder?: string | undefined;
  /** Opens the lane of an identity, or gives the one that is open. Throws CutoverError `escalate`, `connect`. */
  lane(identity: Identity): Promise<Lane>;
  /** Runs a POSIX sh script in a channel of its own. The script arrives over stdin-safe means, never in argv when it may hold secrets. */
  exec(script: string, identity: Identity): Promise<RunningCommand>;
  /** Writes a file as the login user, hash verified on the host, into place by rename. Throws CutoverError `transfer`. */
  upload(
    source: Uint8Array | { readonly file: string },
    path: string,
    options?: { readonly mode?: number; readonly progress?: Progress },
  ): Promise<void>;
  /** Reads a file as the login user. */
  download(
    path: string,
    options?: { readonly maxBytes?: number; readonly progress?: Progress },
  ): Promise<Buffer>;
  /** Opens a TCP stream that starts on the host (direct-tcpip). Throws CutoverError `connect` with message starting `forwarding refused` when sshd forbids it, `connect` for a refused port. */
  forward(host: string, port: number): Promise<Duplex>;
  /** Ends the idle shells of a user, whose account programs refuse to change or delete while it has processes. They come back when they are asked for. */
  leaveUser(user: string): Promise<void>;
  /** Ends the processes of every frame that is in flight now; those frames reject with CutoverError `interrupted`. Frames sent afterwards run as ever. */
  interrupt(): void;
  /** Resolves when the connection died; never rejects. */
  readonly lost: Promise<Error>;
  close(): Promise<void>;
}

/** Everything needed to reach a host: already resolved from inventory variables, ~/.ssh/config and flags. Secrets are plain here and never printed. */
export interface Target {
  /** Inventory name. */
  readonly name: string;
  readonly connection: 'ssh' | 'local';
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly privateKeyFile?: string;
  readonly passphrase?: string;
  readonly hostKeyChecking: 'strict' | 'accept-new' | 'off';
  readonly knownHostsFiles?: readonly string[];
  /** Jump hosts, outermost first, as `[user@]host[:port]`. */
  readonly jump?: readonly string[];
  readonly connectTimeoutMs: number;
  /** Path of a ~/.ssh/config-like file; undefined reads the user's, null reads none. */
  readonly sshConfigFile?: string | null;
  /** Evaluated in each lane's shell once, before its first frame: defines shell functions that frames call. */
  readonly prelude?: string;
  /** The shell that runs lanes. Default /bin/sh. */
  readonly shell?: string;
}
