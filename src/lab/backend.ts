import type { LabHost, LabOptions } from './types.ts';

/** A started host and its public host key in OpenSSH's format. */
export type StartedHost = LabHost & { readonly hostKey: string };

/** What a kind of practice host can do; one object per back end. */
export interface Backend {
  /** Throws CutoverError `usage` when this machine cannot run it. */
  check(): void;
  /** The folder that becomes the root of a host, as the controller writes to it before the start. */
  writeRoot(dir: string, name: string): string;
  /** The same folder as the host sees it: '' when it is the root indeed. */
  hostRoot(dir: string, name: string): string;
  /** Starts the hosts. `pid` is the process that serves them all, where there is one. */
  start(
    options: LabOptions,
    names: readonly string[],
    authorizedKey: string,
  ): Promise<{ readonly pid?: number; readonly hosts: readonly StartedHost[] }>;
  /** Runs a shell command on a started host without SSH, as its administrator. */
  run(dir: string, host: LabHost, command: string): Promise<void>;
  /** What the inventory must say about a host beside its address. */
  vars(options: LabOptions, host: LabHost): Readonly<Record<string, unknown>>;
  /** The /proc that a host's own process ids are of. */
  proc(host: LabHost): string;
  /** How long processes may take to end by themselves when the lab goes down, in milliseconds. */
  readonly graceMs: number;
}
