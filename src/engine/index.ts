/** Runs plays: batches, strategies, conditions, loops, handlers, failure policy; and takes runs back. */

export { type ExecOptions, execModule } from './exec.ts';
export {
  type ExplainedLayer,
  type ExplainOptions,
  type Explanation,
  explainVariable,
} from './explain/explain.ts';
export { collectGarbage, type GcOptions } from './gc/collect.ts';
export type { Retention } from './gc/retention.ts';
export { describeProblem, type LintOptions, lintPlaybook } from './lint/lint.ts';
export type { LintProblem } from './lint/problem.ts';
export type { ConnectionOptions, HostOptions, Interrupt, Prompt, RunOptions } from './options.ts';
export { type ApplyOptions, applyPlan } from './plan/apply.ts';
export { type PlanDocument, type PlannedStep, readPlan } from './plan/document.ts';
export { type MadePlan, makePlan, type PlanRequest } from './plan/make.ts';
export { rollbackFromTargets } from './rollback/from-targets.ts';
export { type RollbackOptions, rollbackRun } from './rollback/rollback-run.ts';
export { type RunSummary, runPlaybook } from './run.ts';
export { type Prepared, prepareRun, readPlaybook } from './session-setup.ts';
