/** Names of variables that the tasks of a play may set while it goes on. */
import { moduleCatalog } from '../../modules/index.ts';
import type { Assignment } from '../explain/explain-tasks.ts';
import { hasTemplate, includedVars, varsFilesOf } from './literal-files.ts';
import type { SurveyedPlay } from './survey.ts';

/** Top-level facts of built-in modules whose names do not begin with `ansible_`. */
const MODULE_FACTS: Readonly<Record<string, readonly string[]>> = {
  package_facts: ['packages'],
  service_facts: ['services'],
  mount_facts: ['mount_points'],
  deploy_helper: ['deploy_helper'],
};

/** Levels of assignments that hold from the task on, and not for the task alone. */
const LASTING = new Set(['set_fact', 'register', 'include_vars', 'role vars', 'role defaults']);

/** Whether a play may get variables of any name: from includes, files, groups or facts that only a run can know. */
export function takesAnything(survey: SurveyedPlay, readText: (path: string) => string): boolean {
  if (survey.open.length > 0 || !varsFilesOf(survey.play, readText).known) return true;
  return survey.tasks.some(({ node }) => {
    if (node.kind !== 'task') return false;
    if (node.module === 'group_by' || moduleCatalog().isOwn(node.module)) return true;
    if (node.module === 'meta' && node.args.action === 'refresh_inventory') return true;
    if (node.module === 'set_fact')
      return '_variable' in node.args || Object.keys(node.args).some(hasTemplate);
    return node.module === 'include_vars' && !includedVars(node, survey.play, readText).known;
  });
}

/** Gives what stays set once a task of the play has run: facts, results, and what `add_host` and prompts bring. */
export function* lastingNames(
  survey: SurveyedPlay & { readonly assignments: readonly Assignment[] },
): Iterable<string> {
  for (const { name, level } of survey.assignments) if (LASTING.has(level)) yield name;
  for (const { name } of survey.play.varsPrompt) yield name;
  for (const { node } of survey.tasks) {
    if (node.kind !== 'task') continue;
    if (Object.hasOwn(MODULE_FACTS, node.module)) yield* MODULE_FACTS[node.module]!;
    if (node.module === 'getent') yield `getent_${String(node.args.database)}`;
    if (node.module === 'add_host') yield* Object.keys(node.args);
  }
}
