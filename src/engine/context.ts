import type { CutoverError } from '../errors/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { DueNotification, RunEvent, RunWriter } from '../journal/index.ts';
import type {
  Handler,
  IncludeLoader,
  LoadOptions,
  Play,
  Playbook,
  Role,
  VarsLayer,
} from '../playbook/index.ts';
import type { Secrets } from '../secrets/index.ts';
import type { Templar } from '../template/index.ts';
import type { StatsCollector } from './custom-stats.ts';
import type { Fleet } from './hosts/fleet.ts';
import type { HostState } from './hosts/host.ts';
import type { HostOptions } from './options.ts';
import type { PlanGuard } from './plan/guard.ts';
import type { Marker } from './plan/marker.ts';
import type { StartAt } from './play/start-at.ts';
import type { Stepper } from './play/step.ts';
import type { Limiter } from './play/strategy.ts';
import type { Tally } from './tally.ts';
import type { ControllerFiles } from './task/files.ts';
import type { Knowledge } from './task/predictions.ts';

/** An event as its emitter writes it: the time is added. */
export type NewEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never;

/** What all parts of a run share. */
export interface RunContext {
  readonly id: string;
  readonly options: HostOptions;
  readonly check: boolean;
  readonly diff: boolean;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly startedAt: number;
  readonly inventory: Inventory;
  readonly templar: Templar;
  readonly secrets: Secrets;
  readonly files: ControllerFiles;
  readonly fleet: Fleet;
  readonly hosts: Map<string, HostState>;
  readonly forks: Limiter;
  readonly throttles: Map<string, Limiter>;
  /** Lets the hosts of an inventory that mean one machine take turns: two of them that look before either acts would get into each other's way. */
  inTurn<T>(machine: string, work: () => Promise<T>): Promise<T>;
  readonly writer: RunWriter;
  /** Passes an event to the run log and to every report. */
  emit(event: NewEvent): void;
  /** What is known of a host's resources, per identity. */
  knowledge(machine: string, identity: string): Knowledge;
  /** Gives the state of a host of the inventory (or of the implicit localhost). */
  host(name: string): HostState;
  /** Stands in where there is no host yet: a play's own keywords. */
  readonly nobody: HostState;
  readonly forceHandlers: boolean;
  /** `--start-at-task`: what comes before is passed over. */
  readonly startAt?: StartAt | undefined;
  /** `--step`. */
  readonly step?: Stepper | undefined;
  /** Set while a plan is made or checked. */
  readonly planning?: { readonly marker: Marker } | undefined;
  /** Set when only what a plan lists may be changed. */
  readonly guard?: PlanGuard | undefined;
  readonly tally: Tally;
  readonly customStats: StatsCollector;
  /** How task files are read while the run goes on. */
  readonly loading: LoadOptions;
  newLimiter(limit: number): Limiter;
  /** True once the operator asked to stop. */
  readonly stopping: () => boolean;
  /** Aborted when the operator wants everything to end and there was time enough for it. */
  readonly abandon: AbortSignal;
  /** Everything armed so far, by which a failing play rolls itself back. */
  readonly armed: ArmedChange[];
  /** Handlers that earlier runs owe and that were not called yet. */
  readonly due: DueNotification[];
}

/** A change that was about to be sent, as rollback reads it from the run's events. */
export type ArmedChange = RunEvent & { readonly type: 'change-armed' };

/** What the tasks of one batch of one play share. */
export interface PlayContext {
  readonly run: RunContext;
  readonly playbook: Playbook;
  readonly play: Play;
  readonly includes: IncludeLoader;
  /** Hosts of the whole play, in order. */
  readonly allHosts: readonly string[];
  /** Hosts of the present batch, in order. */
  readonly batch: readonly string[];
  readonly batchIndex: number;
  /** How many hosts the batch was made of, those that had failed before included. */
  readonly batchSize?: number | undefined;
  /** Values of `vars_prompt`. */
  readonly prompted: Readonly<Record<string, unknown>>;
  /** What `vars_files` gives per host, file by file, weakest first. */
  readonly varsFiles: Map<string, readonly VarsLayer[]>;
  /** Handlers of the play, and those that included roles bring. */
  readonly handlers: Handler[];
  /** Included roles with `public: true`: what follows sees their defaults and vars. */
  readonly exposed: Role[];
  /** Outcomes of `run_once` tasks, by place. */
  readonly once: Map<string, Promise<OnceResult>>;
  /** `meta` tasks that one host carries out for all, by place: done when the promise is. */
  readonly metas: Map<string, Promise<unknown>>;
  /** Set when the batch must not go on, with the reason. */
  readonly abort: {
    reason: string | undefined;
    endPlay: boolean;
    endBatch: boolean;
    /** Ends the whole run as an error, once the hosts of the batch stand still. */
    error?: CutoverError;
  };
  /** Task ids whose start was announced already (strategy `free`). */
  readonly announced: Set<string>;
}

/** What a `run_once` task leaves on every host of the batch. */
export interface OnceResult {
  readonly failed: boolean;
  readonly live: Readonly<Record<string, unknown>>;
  /** Names whose texts come from hosts, programs or files. */
  readonly foreign: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}
