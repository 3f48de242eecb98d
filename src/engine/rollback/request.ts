import type { ArmedChange } from '../context.ts';

/** What to take back, and how. */
export interface RollbackRequest {
  readonly armed: readonly ArmedChange[];
  /** Id of the run whose changes these are. */
  readonly of: string;
  readonly scope: 'host' | 'batch' | 'run' | 'command';
  readonly check: boolean;
  /** Undo even what was changed by others since. */
  readonly force: boolean;
  /** `host seq` of changes that an earlier, interrupted rollback has already taken back by hand. */
  readonly done?: ReadonlySet<string>;
  /** `host seq` of changes that are known to have happened: the host's journal must know them too. */
  readonly happened?: ReadonlySet<string>;
}
