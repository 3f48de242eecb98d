import type { Task } from '../../playbook/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import type { LayeredScope } from '../variables/scope.ts';
import type { Rest } from './lookahead.ts';
import type { Extras } from './task-outcome.ts';

/** One pass of a task on a host: the task as a whole, or for one item of its loop. */
export interface TaskPass {
  readonly play: PlayContext;
  readonly host: HostState;
  readonly task: Task;
  /** What comes after it, for looking ahead. */
  readonly rest: Rest | undefined;
  readonly extras: Extras;
  readonly scope: LayeredScope;
}
