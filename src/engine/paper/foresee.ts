/** Looks for variables and modules that are missing before any host is touched: a run that is certain to fail over one must not begin. */
import { CutoverError } from '../../errors/index.ts';
import { moduleCatalog } from '../../modules/index.ts';
import {
  type IncludeLoader,
  type Play,
  type Playbook,
  selectTags,
  type Task,
  type TaskNode,
} from '../../playbook/index.ts';
import { isInText, lacksPlugin, missingIn, namesUsed } from '../../template/index.ts';
import { isMapping, isUnknown } from '../../values/index.ts';
import type { PlayContext, RunContext } from '../context.ts';
import { assignmentsIn } from '../explain/explain-tasks.ts';
import { textsOfPlay } from '../lint/texts.ts';
import type { RunOptions } from '../options.ts';
import { newBatch } from '../play/batch-context.ts';
import { matchPlay } from '../play/pattern.ts';
import { type Prepared, templarFor } from '../session-setup.ts';
import { renderArguments } from '../task/arguments.ts';
import { findFile, searchFolders } from '../task/files.ts';
import { rules } from '../task/settle.ts';
import { judge, NoBoolean } from '../variables/conditions.ts';
import { loopItems, loopVariables } from '../variables/loops.ts';
import { unseen } from '../variables/unseen.ts';
import { scopeFor } from '../variables/variables.ts';
import { loadVarsFiles } from '../variables/varsfiles.ts';
import { varsFilesOf } from './literal-files.ts';
import { paperRun } from './paper-run.ts';
import { lastingNames, takesAnything } from './settable.ts';
import { type SurveyedPlay, surveyPlay } from './survey.ts';

/** Tasks times hosts that are rendered at most: enough for every host of a common run, and well under a tenth of a second. */
const MAX_RENDERED = 1500;

/** Tasks that speak for themselves when something is missing, and steps that are none: only mistakes in their text count. */
const SPEAKING = new Set(['assert', 'fail', 'debug', 'meta']);

/**
 * Gives an error for each task that is certain to be reached and certain to fail because something is undefined, or its module not built in. Everything that only
 * a run can tell (facts, results, what tasks set) counts as unknown, and so does what depends on it; a name that the playbook itself
 * provides for (`is defined`, `default`) is left to it.
 */
export async function foreseeMissing(
  options: RunOptions,
  prepared: Prepared,
  playbook: Playbook,
  includes: IncludeLoader,
): Promise<readonly CutoverError[]> {
  const readText = (path: string) => prepared.files.readText(path);
  const surveys = await Promise.all(playbook.plays.map((play) => surveyPlay(play, includes)));
  if (surveys.some((survey) => takesAnything(survey, readText) || addsHosts(survey))) return [];
  const names = new Set(
    surveys.flatMap((survey) => [
      ...lastingNames({ ...survey, assignments: assignmentsIn(survey, readText) }),
    ]),
  );
  const run = await paperRun(
    options,
    { ...prepared, templar: templarFor(options, prepared, false) },
    options,
  );
  const errors: CutoverError[] = [];
  const ended = new Set<string>();
  for (const survey of surveys) {
    if (survey.tasks.some(({ node }) => node.kind === 'task' && endsEarly(node))) continue;
    errors.push(...(await missingInPlay(run, playbook, survey, { includes, names, ended })));
  }
  return errors.length === 0 ? [] : withoutProvided(errors, surveys);
}

const addsHosts = ({ tasks }: SurveyedPlay) =>
  tasks.some(({ node }) => node.kind === 'task' && node.module === 'add_host');

/** A `fail` that nothing may soften; one in a loop would need to know the items. */
const isFail = (task: Task) =>
  task.module === 'fail' && task.loop === undefined && task.failedWhen === undefined;

const endsEarly = (task: Task) => task.module === 'meta' && /^end_/.test(String(task.args.action));

/** What looking through the plays shares. */
interface Shared {
  readonly includes: IncludeLoader;
  /** Variables that some task may set. */
  readonly names: ReadonlySet<string>;
  /** Hosts that are certain to end at a `fail` of the playbook: what comes behind it they do not come to. */
  readonly ended: Set<string>;
}

async function missingInPlay(
  run: RunContext,
  playbook: Playbook,
  { play, tasks }: SurveyedPlay,
  { includes, names, ended }: Shared,
): Promise<readonly CutoverError[]> {
  if (play.ignoreErrors !== undefined) return [];
  const all = hostsOf(run, play);
  const hosts = all.slice(0, Math.max(1, Math.floor(MAX_RENDERED / Math.max(1, tasks.length))));
  const context = newBatch({ run, playbook, play, includes, allHosts: all });
  const fixed = await readVarsFiles(context, hosts);
  const found = new Map<string, CutoverError>();
  for (const name of hosts) {
    const host = run.host(name);
    host.unseen = unseen(new Set([...names, ...fixed]));
    host.setLive(Object.fromEntries([...names, ...fixed].map((known) => [known, host.unseen!.value])));
    for (const task of certainTasks(run, play)) {
      if (ended.has(name)) break;
      const error = missingForTask(context, name, task);
      if (error === 'fails') ended.add(name);
      else if (error) found.set(`${error.position?.line}:${error.position?.column}:${error.message}`, error);
    }
  }
  return [...found.values()];
}

/** The hosts of a play; none when its pattern needs what only a run knows. */
function hostsOf(run: RunContext, play: Play): readonly string[] {
  try {
    return matchPlay(run, play).hosts;
  } catch {
    return [];
  }
}

/** Reads `vars_files`; gives the names that they may set when a file's own name is a template. */
async function readVarsFiles(context: PlayContext, hosts: readonly string[]): Promise<readonly string[]> {
  const { run, play } = context;
  if (JSON.stringify(play.varsFiles.map(({ value }) => value)).includes('{{'))
    return varsFilesOf(play, (path) => run.files.readText(path)).layers.flatMap(({ values }) =>
      Object.keys(values),
    );
  for (const host of hosts) await loadVarsFiles(context, run.host(host));
  return [];
}

/** Tasks that a host comes to unless the run ends before; what a rescue may make good again is none of them. */
function* certainTasks(run: RunContext, play: Play): Iterable<Task> {
  for (const list of [play.preTasks, play.roleTasks, play.tasks, play.postTasks]) yield* ofList(run, list);
}

function* ofList(run: RunContext, nodes: readonly TaskNode[]): Iterable<Task> {
  for (const node of nodes) {
    if (node.kind === 'block') {
      if (node.rescue.length === 0) yield* ofList(run, node.block);
      yield* ofList(run, node.always);
    } else if (
      node.kind === 'task' &&
      node.ignoreErrors === undefined &&
      selectTags(node, run.tags, run.skipTags)
    )
      yield node;
  }
}

/** Carries a task through on paper up to its arguments, in the order of the engine; gives `fails` where the playbook says so itself. */
function missingForTask(play: PlayContext, name: string, task: Task): CutoverError | 'fails' | undefined {
  const { run } = play;
  try {
    const host = run.host(name);
    const base = scopeFor(run, { host, play, task });
    const items = task.loop ? firstItem(task, base, run) : [];
    if (items === undefined) return undefined;
    const scope = items.length === 0 ? base : scopeFor(run, { host, play, task, extras: items });
    for (const condition of task.when)
      if (judge([condition], scope, rules(play)).holds !== true) return undefined;
    const why = moduleCatalog().missing(task.module, task.args);
    if (why !== undefined)
      return new CutoverError('playbook', why, {
        position: task.position,
        hint: 'every run comes to this task',
      });
    const flaw = play.playbook.flaws.get(task.argsAt);
    if (flaw) return flaw;
    renderArguments(play, task, scope);
    if (task.module === 'template') renderTemplate(play, task, scope);
    return mistakeInQuestions(play, task, scope) ?? (isFail(task) ? 'fails' : undefined);
  } catch (error) {
    if (!(error instanceof CutoverError)) return undefined;
    const speaks = SPEAKING.has(task.module) && !(error instanceof NoBoolean);
    return (speaks ? isMistake(error) : isCertain(error)) ? error : undefined;
  }
}

/** What is wrong with the text of a question that is only asked when the task has acted, or by `assert` itself; what it says of values is left to the run. */
function mistakeInQuestions(
  play: PlayContext,
  task: Task,
  scope: ReturnType<typeof scopeFor>,
): CutoverError | undefined {
  const asked = [...(task.changedWhen ?? []), ...(task.failedWhen ?? [])];
  // Without another try nobody asks `until`.
  if (task.retries?.value !== 0) asked.push(...(task.until ?? []));
  if (task.module === 'assert')
    for (const value of [task.args.that].flat())
      if (typeof value === 'string') asked.push({ value, at: task.argsAt });
  for (const condition of asked)
    try {
      judge([condition], scope, rules(play));
    } catch (error) {
      if (error instanceof CutoverError && isMistake(error)) return error;
    }
  return undefined;
}

/** Whether the run would meet the error too: something undefined, or a value of the wrong kind. What only failed for want of a host, a file or the network may be well then. */
function isCertain(error: CutoverError): boolean {
  const missing = missingIn(error);
  // A connection variable that nobody set is another thing than a typing mistake, and others begin to be there with the task.
  if (missing) return !/^(?:ansible|template)_/.test(missing.path);
  if (isMistake(error)) return true;
  return error.kind === 'template' && error.cause === undefined;
}

/** Whether no value would help: the text is wrong, or calls what is not there. */
const isMistake = (error: CutoverError) => isInText(error) || lacksPlugin(error);

/** The variables of a loop's first pass; undefined when nobody knows whether there is one. */
function firstItem(
  task: Task,
  scope: ReturnType<typeof scopeFor>,
  run: RunContext,
): readonly Record<string, unknown>[] | undefined {
  // A condition is judged for each item, after the list itself: with one, a missing list may be meant.
  if (task.loop === undefined || task.when.length > 0) return undefined;
  const items = loopItems(task.loop, scope, run.templar);
  return isUnknown(items) || items.length === 0 ? undefined : [loopVariables(task.loop, items, 0)];
}

function renderTemplate(play: PlayContext, task: Task, scope: ReturnType<typeof scopeFor>): void {
  const { src, ...others } = task.args;
  if (typeof src !== 'string' || Object.keys(others).some((name) => /_(?:blocks|string)$/.test(name))) return;
  const file = findFile(
    String(play.run.templar.renderDeep(src, scope)),
    searchFolders('templates', task.role, task.position.file, play.play.folder),
    task.argsAt,
  );
  play.run.templar.renderFile(play.run.files.readText(file), scope, { file });
}

/** Leaves out names whose absence some place of the playbook provides for: it has its own words for it. */
function withoutProvided(
  errors: readonly CutoverError[],
  surveys: readonly SurveyedPlay[],
): readonly CutoverError[] {
  const provided = new Set(surveys.flatMap((survey) => [...providedNames(survey)]));
  return errors.filter((error) => {
    const missing = missingIn(error);
    return missing === undefined || !provided.has(missing.path.split(/[.[]/)[0]!);
  });
}

function* providedNames(survey: SurveyedPlay): Iterable<string> {
  for (const { text, as } of textsOfPlay(survey)) yield* namesUsed(text, as).optional;
  for (const { node } of survey.tasks) {
    const options = node.role?.argumentSpec?.options;
    if (isMapping(options)) yield* Object.keys(options);
  }
}
