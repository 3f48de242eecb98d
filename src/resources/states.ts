/** What probes answer: plain, readonly pictures of things on a host. */

/** What stands at a path. */
export type FileType = 'absent' | 'file' | 'directory' | 'link' | 'other';

/** One path as the host showed it. Everything but `path` and `type` is missing when the path is absent. */
export interface FileState {
  /** The path that was asked for. */
  readonly path: string;
  readonly type: FileType;
  /** With `follow`: the path that links lead to, when it differs from `path`. Writing goes there. */
  readonly realPath?: string;
  /** The twelve permission bits. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Name, or the digits of the id when the host knows no name. */
  readonly owner?: string;
  readonly group?: string;
  /** Bytes. */
  readonly size?: number;
  /** Seconds since 1970, with a fraction where the host tells one. */
  readonly mtime?: number;
  readonly atime?: number;
  readonly ctime?: number;
  readonly inode?: number;
  readonly device?: number;
  /** Count of hard links. */
  readonly links?: number;
  /** Of a regular file that could be read, when the probe asked for it. */
  readonly sha256?: string;
  /** Where a symbolic link points, as written in it. */
  readonly target?: string;
  /** Exact kind when `type` is `other`. */
  readonly special?: 'fifo' | 'socket' | 'block' | 'character';
  /** The umask of the lane: what new files get when no mode is wanted. */
  readonly umask?: number;
  /** What stands at the parent folder. */
  readonly parent?: 'directory' | 'absent' | 'other';
  /** The topmost ancestor that is missing, when the parent is absent. */
  readonly firstMissing?: string;
  /** Whether the lane's user may read, write, execute (search) it. */
  readonly readable?: boolean;
  readonly writable?: boolean;
  readonly executable?: boolean;
}

/** A path with the bytes of the file behind it. */
export interface FileContent extends FileState {
  /** The bytes; missing when it is no readable regular file, or in a dry run when nobody holds them. */
  readonly bytes?: Buffer;
  /** The file is larger than `maxBytes`: `bytes` is only its beginning. */
  readonly truncated?: boolean;
}

/** A path and everything below it. */
export interface TreeState {
  readonly root: FileState;
  /** By relative path without leading `./`; the root itself is not in it. */
  readonly entries: ReadonlyMap<string, FileState>;
  /** Hash over types, modes, owners and contents, computed on the host: what a change expects to find. */
  readonly digest?: string;
}

/** One unit or init script. */
export interface ServiceState {
  readonly name: string;
  readonly scope: ServiceScope;
  readonly manager: 'systemd' | 'openrc' | 'sysv' | 'none';
  readonly exists: boolean;
  /** `active`, `inactive`, `failed`, `activating`, `unknown` ... (init scripts: `active`, `inactive` or `unknown`). */
  readonly active: string;
  /** `enabled`, `disabled`, `static`, `masked`, `indirect`, `generated`, `alias`, `unknown` ... */
  readonly enabled: string;
  /** systemd says that unit files changed since they were loaded. */
  readonly needsReload: boolean;
  /** Everything that `systemctl show` says (Ansible's `status`). */
  readonly properties: Readonly<Record<string, string>>;
}

export type ServiceScope = 'system' | 'user' | 'global';

/** One account. Only `name` and `exists` are set when there is none. */
export interface UserState {
  readonly name: string;
  readonly exists: boolean;
  readonly uid?: number;
  readonly gid?: number;
  /** Name of the primary group. */
  readonly group?: string;
  /** Names of the supplementary groups. */
  readonly groups?: readonly string[];
  readonly comment?: string;
  readonly home?: string;
  readonly shell?: string;
  /** The crypt hash of /etc/shadow when it could be read. A secret. */
  readonly passwordHash?: string;
  /** Days since 1970 on which the account expires, -1 for never, when it could be read. */
  readonly expiresDay?: number;
  readonly homeExists?: boolean;
}

/** One group. */
export interface GroupState {
  readonly name: string;
  readonly exists: boolean;
  readonly gid?: number;
  readonly members?: readonly string[];
}

/** What a command gave. */
export interface CommandResult {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The bytes behind `stdout`. */
  readonly stdoutBytes: Buffer;
  /** Epoch milliseconds on the host's clock; 0 when a probe asked. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** About so many bytes in the middle of the outputs were not kept: they were longer than the session's limit. */
  readonly omittedBytes?: number;
}

/** An answer to an HTTP request, or why there is none. */
export interface HttpReply {
  /** HTTP status, or -1 when no answer came (then `error` says why). */
  readonly status: number;
  readonly reason: string;
  /** The URL that answered, after redirects. */
  readonly url: string;
  readonly redirected: boolean;
  /** Names in lower case; repeated headers are joined by `, ` (cookies by `; `). */
  readonly headers: Readonly<Record<string, string>>;
  /** Name to value of the cookies that were set. */
  readonly cookies: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly error?: string;
  readonly elapsedMs: number;
}

/** How a wait ended. */
export interface WaitOutcome {
  readonly ok: boolean;
  readonly elapsedMs: number;
  /** Why it gave up, or the spec's own `message`. */
  readonly message?: string;
  /** Groups of `searchRegex`. */
  readonly groups?: readonly string[];
  readonly namedGroups?: Readonly<Record<string, string>>;
  /** What stands at the path when it was a wait for a path. */
  readonly file?: FileState;
}
