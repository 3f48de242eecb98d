import type { Content } from './content.ts';
import type { FileState } from './states.ts';

/** What setFile shall bring about. `mode`: octal text (`'0644'`), a number of twelve bits, or symbolic (`u=rw,go=r`). Owner and group: name or digits. */
export type WantedFile = WantedKind & {
  readonly mode?: string | number;
  readonly owner?: string | number;
  readonly group?: string | number;
};

type WantedKind =
  /** A regular file; without `content` the present one stays (an absent file becomes empty). */
  | { readonly type: 'file'; readonly content?: Content }
  /** A folder, with its missing parents (which get the same mode and owner). */
  | { readonly type: 'directory' }
  /** A symbolic link with exactly this text. */
  | { readonly type: 'link'; readonly target: string }
  /** Another name of `target` (absolute). With `targetState` an existing right link is recognised. */
  | { readonly type: 'hard'; readonly target: string; readonly targetState?: FileState }
  | { readonly type: 'absent' }
  /** Sets times, creates an empty file when absent. Seconds since 1970; `keep` leaves a time alone; missing means now. */
  | { readonly type: 'touch'; readonly mtime?: number | 'keep'; readonly atime?: number | 'keep' };

/** How setFile shall do it. */
export interface FileOptions {
  /** A command that must accept the new file before it goes live; `%s` stands for its path. */
  readonly validate?: string;
  /** Never put the content into a diff. */
  readonly secret?: boolean;
  /** Overwrite in place when a rename is impossible (a bind-mounted file). Not atomic. */
  readonly unsafeWrites?: boolean;
  /** Of a created folder: whatever appears below belongs to this run, and a rollback removes it all. */
  readonly owned?: boolean;
  /** Instead of the line made from the difference. */
  readonly summary?: string;
  /** Headers of the diff, when they are not the path. */
  readonly beforeHeader?: string;
  readonly afterHeader?: string;
}

/** One entry of a wanted tree, by relative path. */
export interface TreeEntry {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link';
  /** Of a file. */
  readonly content?: Content;
  /** As in WantedFile; default: the tree's `mode`/`directoryMode`, else what is there, else the umask's. */
  readonly mode?: number | string;
  /** Of a link. */
  readonly target?: string;
  readonly owner?: string | number;
  readonly group?: string | number;
  /** Seconds since 1970; given to files that are written. */
  readonly mtime?: number;
}

/** What setTree shall bring about below `root`. Paths that are not named stay as they are. */
export interface WantedTree {
  readonly root: string;
  readonly entries: readonly TreeEntry[];
  /** For all entries that do not say otherwise, and for the root when it is created. */
  readonly owner?: string | number;
  readonly group?: string | number;
  readonly mode?: number | string;
  readonly directoryMode?: number | string;
  /** Relative paths that shall be gone, with everything below. */
  readonly delete?: readonly string[];
}

/** How setTree shall do it. */
export interface TreeOptions {
  readonly owned?: boolean;
  readonly secret?: boolean;
  readonly summary?: string;
}

/** A command. Either `argv` (no shell) or `script` (run by `shell`, default `/bin/sh`). */
export interface CommandSpec {
  readonly argv?: readonly string[];
  readonly script?: string;
  readonly shell?: string;
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  /** Added to the session's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly umask?: number;
  /** Milliseconds; default the session's. */
  readonly timeoutMs?: number;
  /** It asks questions at a terminal; only with `argv`. */
  readonly dialogue?: Dialogue;
}

/** What a program at a terminal asks, and what is typed then. */
export interface Dialogue {
  readonly answers: readonly {
    /** A Python regular expression. */
    readonly question: string;
    /** One text answers every time; a list answers once each. */
    readonly replies: string | readonly string[];
  }[];
  /** Milliseconds from one question to the next; undefined: no limit. */
  readonly timeoutMs?: number | undefined;
  /** Whether the terminal shows what is typed. */
  readonly echo: boolean;
}

/**
 * How a command is taken back: a program that shows the state which the command changes, and one that puts a state back.
 * Both are kept on the host and run again by an undo, perhaps much later and without us: no secrets in them.
 */
export interface Inverse {
  /** What is changed, for the journal: `iptables:filter/INPUT ...`. */
  readonly key: string;
  /** Arguments of the program that prints the state: the same text for the same state. It must end with 0. */
  readonly look: readonly string[];
  /** Arguments of the program that puts back what `look` printed before; it has that text on its standard input. */
  readonly back: readonly string[];
  /** What `look` printed when the change was planned; something else meanwhile makes it stale. */
  readonly seen?: string;
  readonly summary?: string;
}

/** A request as `uri` makes it. */
export interface HttpSpec {
  readonly url: string;
  /** Default GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly user?: string;
  readonly password?: string;
  /** Send the credentials at once; otherwise only after a 401 that asks for Basic. */
  readonly forceBasicAuth?: boolean;
  /** `safe`: only for GET and HEAD (default). */
  readonly followRedirects?: 'all' | 'safe' | 'none';
  /** Names of headers that no redirect takes along, whatever their case. */
  readonly unredirectedHeaders?: readonly string[];
  /** Whole request, milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Default true. */
  readonly validateCerts?: boolean;
  /** PEM texts. */
  readonly ca?: string;
  readonly clientCert?: string;
  readonly clientKey?: string;
  /** Bytes of the body that are kept; default all. */
  readonly maxBodyBytes?: number;
  /** Unpack a body that the server sent packed by gzip. Default true. */
  readonly decompress?: boolean;
}

/** What to wait for, as seen from the host. */
export interface WaitSpec {
  /** `started`/`stopped`/`drained` look at a port, `present`/`absent` at a path; with a path, `started` means present and `stopped` absent. */
  readonly state: 'started' | 'stopped' | 'drained' | 'present' | 'absent';
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly port?: number;
  readonly path?: string;
  /** In the file's text, or in what the port sends. Multi-line mode. */
  readonly searchRegex?: string;
  /** Milliseconds, all of them. Defaults: timeout 300,000, delay 0, sleep 100 growing to 1,000, connect 5,000. */
  readonly timeoutMs?: number;
  readonly delayMs?: number;
  readonly sleepMs?: number;
  readonly connectTimeoutMs?: number;
  /** For `drained`: remote addresses that do not count, and states that do. */
  readonly excludeHosts?: readonly string[];
  readonly activeConnectionStates?: readonly string[];
  /** Instead of the standard sentence when time is up. */
  readonly message?: string;
}

/** What setService shall bring about. */
export interface WantedService {
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded';
  readonly enabled?: boolean;
  readonly masked?: boolean;
  readonly daemonReload?: boolean;
  readonly daemonReexec?: boolean;
  readonly noBlock?: boolean;
  /** Between stop and start of a restart with init scripts, seconds. */
  readonly sleep?: number;
}

/** What setUser shall bring about. Missing keys leave things as they are. */
export interface WantedUser {
  readonly state: 'present' | 'absent';
  readonly uid?: number;
  readonly nonUnique?: boolean;
  readonly group?: string | number;
  /** Supplementary groups; with `append` they are added, else they are the whole list. */
  readonly groups?: readonly string[];
  readonly append?: boolean;
  readonly comment?: string;
  readonly home?: string;
  readonly moveHome?: boolean;
  readonly createHome?: boolean;
  readonly skeleton?: string;
  readonly shell?: string;
  /** A crypt hash. */
  readonly password?: string;
  readonly updatePassword?: 'always' | 'on_create';
  readonly passwordLock?: boolean;
  readonly system?: boolean;
  /** Seconds since 1970; negative: never. */
  readonly expires?: number;
  readonly umask?: string;
  /** With `absent`: the home and mail spool too. */
  readonly remove?: boolean;
  readonly force?: boolean;
}

/** What setGroup shall bring about. */
export interface WantedGroup {
  readonly state: 'present' | 'absent';
  readonly gid?: number;
  readonly nonUnique?: boolean;
  readonly system?: boolean;
  readonly force?: boolean;
}
