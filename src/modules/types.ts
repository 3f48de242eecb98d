import type { z } from 'zod';
import type { SourcePosition } from '../errors/index.ts';
import type { Change, ChangeOutcome, CommandSpec, Observed, Probe } from '../resources/index.ts';
import type { Scope, Templar } from '../template/index.ts';
import type { Unknown } from '../values/index.ts';

/** What a module may ask of the controller while it plans. Reading only. */
export interface PlanContext {
  readonly host: string;
  readonly checkMode: boolean;
  readonly diffMode: boolean;
  readonly scope: Scope;
  readonly templar: Templar;
  readonly position: SourcePosition | undefined;
  /** Finds a file that the playbook names: absolute, or relative to role (`files`/`templates`/`vars`), then playbook folder. Throws CutoverError with every place that was searched. */
  findFile(name: string, kind: 'files' | 'templates' | 'vars'): string;
  /** Text of a controller file, vault files decrypted. */
  readText(path: string): string;
  /** Bytes of a controller file (vault files decrypted), its size and sha256; read and hashed once per run. */
  readFile(path: string, options?: ReadOptions): Promise<ControllerFile>;
  /** The task's `environment`, rendered. */
  readonly environment: Readonly<Record<string, string>>;
  /** Epoch milliseconds of the run's start: one value for all hosts (backup names, ansible_managed). */
  readonly startedAt: number;
  /** Whether a value counts as true: there when `allow_broken_conditionals`, or what the role says of itself, lets conditions give what is no boolean. */
  readonly truth?: ((value: unknown) => boolean) | undefined;
  /** The setting `ansible_managed`, as written. */
  readonly managed?: string | undefined;
  /** The task acts on the controller itself (`connection: local`). */
  readonly local?: boolean;
  /** The host that the task is delegated to, and what it is beside the one that the task acts on. */
  readonly delegate?: { readonly name: string; readonly is: 'controller' | 'itself' | 'another' } | undefined;
  /** Where this run keeps its own files on the controller (backups, fetched files). */
  readonly runFolder: string;
}

/** How a file of the controller is read. */
export interface ReadOptions {
  /** Give a vault file as it is written, encrypted. */
  readonly asWritten?: boolean;
}

/** A file of the controller. Small ones are in memory. */
export interface ControllerFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** Permission bits. */
  readonly mode: number;
  readonly bytes: Uint8Array | undefined;
  /** It is encrypted on the controller: nobody may see its text. */
  readonly secret?: boolean;
}

/** What a module wants done: changes (none = ok), and the result that `register` keeps. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Result keys as in Ansible, made from what the changes gave. `changed`, `failed` and `msg` may be set to overrule the engine. */
  result?(outcomes: readonly ChangeOutcome[]): Record<string, unknown>;
  /** Overrules "changed when there are changes", e.g. for a command. Unknown in check mode when nobody can tell. */
  readonly changed?: boolean | Unknown;
  /** The result of a task with `check_mode: yes` in a real run, when `changed` is Unknown: nothing in it may be. */
  readonly whenPassedOver?: Readonly<Record<string, unknown>>;
  /** The changes end the connection themselves (a reboot): that it died meanwhile is no failure. */
  readonly endsLink?: boolean;
  /** Set when the wish cannot be met: the task fails with this line and nothing is done. */
  readonly failed?: string;
  /** Set when there is nothing to do on purpose (`creates` exists): shown as skipped with the reason. */
  readonly skipped?: string;
  /** Things that the engine does on the controller. */
  readonly effects?: readonly Effect[];
  readonly warnings?: readonly string[];
}

/** What a plan can ask of the engine itself. */
export type Effect =
  | { readonly kind: 'set-facts'; readonly facts: Record<string, unknown>; readonly cacheable?: boolean }
  | { readonly kind: 'include-vars'; readonly vars: Record<string, unknown> }
  | {
      readonly kind: 'pause';
      readonly seconds?: number;
      readonly prompt?: string;
      readonly echo?: boolean;
      readonly tells?: boolean;
    }
  | {
      readonly kind: 'add-host';
      readonly host: string;
      readonly groups: readonly string[];
      readonly vars: Record<string, unknown>;
    }
  | { readonly kind: 'group-by'; readonly group: string; readonly parents: readonly string[] }
  | { readonly kind: 'debug'; readonly message: unknown; readonly verbosity?: number }
  | {
      /** Log in anew until the host runs commands again; the result gains `elapsed`, in seconds. */
      readonly kind: 'await-connection';
      /** What is waited for, for the message of a failure: `the target came back`. */
      readonly what: string;
      readonly delaySeconds: number;
      readonly timeoutSeconds: number;
      readonly sleepSeconds: number;
      readonly connectTimeoutSeconds?: number | undefined;
      /** A command whose output must not be this any more. */
      readonly differs?: { readonly spec: CommandSpec; readonly from: string };
      /** A command that must succeed. */
      readonly accepts?: CommandSpec;
    }
  | { readonly kind: 'write-local'; readonly path: string; readonly bytes: Uint8Array }
  | ({ readonly kind: 'write-local-tree' } & LocalTree);

/** What shall be in a folder of the controller. */
export interface LocalTree {
  readonly root: string;
  /** Relative paths that go, with what is below. */
  readonly remove: readonly string[];
  /** Folders stand before what is in them; `.` is the folder itself. What is missing here stays as it is. */
  readonly entries: readonly {
    readonly path: string;
    readonly type: 'file' | 'directory' | 'link';
    /** Of a file that is written. */
    readonly bytes?: Uint8Array;
    /** Of a link that is made. */
    readonly target?: string;
    readonly mode?: number;
    readonly owner?: number;
    readonly group?: number;
    /** Seconds since 1970. */
    readonly mtime?: number;
  }[];
}

/** A module: a parameter schema and a pure plan. */
export interface Module<Params = unknown> {
  readonly name: string;
  /** One sentence, for the documentation and the editor. */
  readonly summary: string;
  /** Strict: an unknown parameter is an error before anything runs. Aliases and coercions are part of it (see params.ts). */
  readonly params: z.ZodType<Params>;
  /** Whether the module takes free text (`command: uptime`), and into which parameter it goes. */
  readonly freeForm?: string;
  /** What Ansible says when something required is missing, where it has words of its own for this module. */
  whenMissing?(given: Readonly<Record<string, unknown>>): string;
  /** Parameters that are paths of the target by their kind, but not with these values: a source on the controller. */
  pathsAsWritten?(params: Params): readonly string[];
  /** Parameters whose relative paths stay relative, though `~` and variables in them are filled in: the module knows the folder. */
  relativePaths?(params: Params): readonly string[];
  /** Everything it wants to see. Called again with what is known so far until it asks nothing new. */
  needs?(params: Params, seen: Observed, context: PlanContext): readonly Probe[] | Promise<readonly Probe[]>;
  plan(params: Params, seen: Observed, context: PlanContext): Plan | Promise<Plan>;
  /** Runs once for all hosts of the batch, as `pause` does in Ansible. */
  readonly oncePerBatch?: boolean;
  /** May take its time, and compares nothing with what it saw before: hosts that mean one machine do it at once. */
  readonly sideBySide?: boolean;
  /** Acts on the host of the play also when it is delegated: `delegate_to` says where its other end is. */
  readonly endsAtPlayHost?: boolean;
  /** With these parameters it only asks: where a dry run does not, it says all the same that nothing will change. */
  onlyAsks?(params: Params): boolean;
  /** Never reaches a host: no connection is opened for it. */
  readonly controllerOnly?: boolean;
}

/** Gives the module as written, with its parameter type inferred from the schema. */
export function defineModule<Params>(module: Module<Params>): Module<Params> {
  return module;
}
