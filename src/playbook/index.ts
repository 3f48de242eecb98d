/** Playbook files as a typed tree of plays, blocks and tasks, every node with its place. */

export { createIncludeLoader } from './includes.ts';
export { listPlay } from './listing.ts';
export { loadPlaybook } from './load.ts';
export { defaultsFor, defaultsIn } from './module-defaults.ts';
export { within } from './place.ts';
export { MissingRole } from './role-files.ts';
export { roleRequest } from './role-request.ts';
export { singleTask } from './single-task.ts';
export { selectTags, type TagSelection, tagWords } from './tags.ts';
export type {
  Become,
  Block,
  Common,
  Condition,
  Handler,
  Include,
  Included,
  IncludeLoader,
  LoadOptions,
  LoopSpec,
  ModuleCatalog,
  Play,
  Playbook,
  Role,
  Task,
  TaskNode,
  Undo,
  VarsLayer,
  VarsPrompt,
  Written,
} from './types.ts';
