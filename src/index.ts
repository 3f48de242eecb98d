/** Everything that the command line does, as library calls. */

export {
  applyPlan,
  type ExecOptions,
  execModule,
  makePlan,
  type PlanDocument,
  type RollbackOptions,
  type RunOptions,
  type RunSummary,
  readPlan,
  rollbackRun,
  runPlaybook,
} from './engine/index.ts';
export { CutoverError, describeError, ErrorList } from './errors/index.ts';
export { type EventSink, openRunStore, type RunEvent, type RunInfo, type RunStore } from './journal/index.ts';
export { labDown, labStatus, labUp } from './lab/index.ts';
export { defineModule, type Module, type Plan, type PlanContext } from './modules/index.ts';
