/** Everything that the command line does, as library calls. */

export { z } from 'zod';
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
/** What modules of your own are made of: docs/own-modules.md. */
export {
  defineModule,
  type Effect,
  kinds,
  type Module,
  type Plan,
  type PlanContext,
} from './modules/index.ts';
export {
  type Change,
  type ChangeOutcome,
  type CommandResult,
  commandOutput,
  contentOfBytes,
  type FileContent,
  type FileState,
  facts,
  fileContent,
  fileState,
  groupState,
  httpRequest,
  type Observed,
  type Probe,
  removeTree,
  runCommand,
  sendRequest,
  serviceState,
  setFile,
  setGroup,
  setService,
  setTree,
  setUser,
  treeState,
  userState,
  waitFor,
} from './resources/index.ts';
export { isUnknown, Unknown } from './values/index.ts';
