/** The modules that tasks name: parameter schema plus pure plan. */
export {
  type ControllerFile,
  defineModule,
  type Effect,
  type Module,
  type Plan,
  type PlanContext,
} from './types.ts';
