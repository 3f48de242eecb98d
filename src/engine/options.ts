import type { SettingValues } from '../config/index.ts';
import type { EventSink, RunStore } from '../journal/index.ts';
import type { Secrets } from '../secrets/index.ts';
import type { Vault } from '../vault/index.ts';

/** Asks the operator for a line of text. Rejects when there is nobody to ask. */
export type Prompt = (text: string, options: { readonly echo: boolean }) => Promise<string>;

/** How hosts are reached and who acts there, as far as flags say it; inventory variables win over these. */
export interface ConnectionOptions {
  readonly remoteUser?: string;
  readonly privateKeyFile?: string;
  readonly password?: string;
  readonly connection?: string;
  readonly timeoutSeconds?: number;
  readonly become?: boolean;
  readonly becomeUser?: string;
  readonly becomeMethod?: string;
  readonly becomePassword?: string;
}

/** What every command that reaches hosts needs. */
export interface HostOptions {
  /** Inventory files, folders, scripts or `host,` lists. */
  readonly inventory: readonly string[];
  readonly limit?: string;
  readonly forks: number;
  readonly connection: ConnectionOptions;
  readonly extraVars: readonly Readonly<Record<string, unknown>>[];
  readonly vault?: Vault;
  readonly config: SettingValues;
  /** The ansible.cfg that the settings come from. */
  readonly configFile?: string;
  readonly store: RunStore;
  /** What the caller knows to be secret already; the run adds to it. Give the store the same one. */
  readonly secrets?: Secrets;
  readonly sinks: readonly EventSink[];
  readonly prompt?: Prompt;
  readonly verbosity: number;
  /** Of the program, as runs record it. */
  readonly version?: string;
  /** Told of the first Ctrl-C (`stop`: begin nothing new) and the second (`kill`: end what runs). */
  readonly interrupt?: Interrupt;
  /** How long to wait for another run's lock on a host, milliseconds. Default 0. */
  readonly lockWaitMs?: number;
  readonly breakLock?: boolean;
}

/** Options of `cutover run`. */
export interface RunOptions extends HostOptions {
  readonly playbook: string;
  /** Playbooks that are run after it, as one run. */
  readonly following?: readonly string[];
  readonly check: boolean;
  readonly diff: boolean;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly startAtTask?: string;
  readonly step?: boolean;
  readonly forceHandlers?: boolean;
  readonly allowNoHosts?: boolean;
}

/** Two stages of stopping, driven by the command line. */
export interface Interrupt {
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
}
