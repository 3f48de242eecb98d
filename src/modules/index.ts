/** The modules that tasks name: parameter schema plus pure plan. */
export { parseParams } from './arguments.ts';
export {
  endJob,
  forgetJob,
  type Job,
  type JobState,
  jobProbe,
  jobsFolder,
  readJob,
  startJob,
} from './async_status/job.ts';
export {
  describeModule,
  type ModuleDescription,
  moduleJsonSchema,
  type ParameterDescription,
} from './describe.ts';
export * as kinds from './params.ts';
export { type Catalog, loadExecutablesFrom, loadModule, loadModulesFrom, moduleCatalog } from './registry.ts';
export { targetPathsOf } from './schema.ts';
export {
  type ControllerFile,
  defineModule,
  type Effect,
  type LocalTree,
  type Module,
  type Plan,
  type PlanContext,
  type ReadOptions,
} from './types.ts';
