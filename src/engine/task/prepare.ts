import { asCutoverError, CutoverError } from '../../errors/index.ts';
import { loadModule, type Module, type PlanContext, parseParams } from '../../modules/index.ts';
import type { Task, Written } from '../../playbook/index.ts';
import { containsUnknown, isUnknown, Unknown } from '../../values/index.ts';
import type { PlayContext } from '../context.ts';
import { machineOf } from '../hosts/fleet.ts';
import type { HostState } from '../hosts/host.ts';
import type { Marker } from '../plan/marker.ts';
import { truthiness } from '../variables/conditions.ts';
import type { LayeredScope } from '../variables/scope.ts';
import { isOn } from '../variables/switches.ts';
import { learnSecrets, renderArguments, renderEnvironment } from './arguments.ts';
import { findFile, searchFolders } from './files.ts';
import { absolutePaths } from './home.ts';
import { identityMayCome } from './missing.ts';
import { delegate, locateHost, type Place } from './place.ts';
import type { Knowledge } from './predictions.ts';
import type { WrittenPaths } from './written-paths.ts';

/** A task made ready for one host and one loop item: everything rendered and checked, nothing asked of the host yet. */
export interface Prepared {
  readonly task: Task;
  readonly module: Module;
  readonly params: unknown;
  /** How the task wrote paths that are absolute in `params`. */
  readonly written: WrittenPaths;
  readonly scope: LayeredScope;
  /** Where it acts: the host itself or the one it is delegated to. */
  readonly onHost: HostState;
  /** How to get there; absent for modules that stay on the controller. */
  readonly place: Place | undefined;
  readonly knowledge: Knowledge;
  readonly context: PlanContext;
  readonly environment: Readonly<Record<string, string>>;
  readonly check: boolean;
  readonly diff: boolean;
  /** Nothing of the task's arguments may be told. */
  readonly noLog: boolean;
  /** Set while a plan is made: changes are marked so that they are known again. */
  readonly marker: Marker | undefined;
}

const NOTHING: WrittenPaths = new Map();

/** Renders and checks a task. Gives an `Unknown` when an argument cannot be known in this dry run. Throws CutoverError. */
export async function prepare(
  play: PlayContext,
  host: HostState,
  task: Task,
  scope: LayeredScope,
): Promise<Prepared | Unknown> {
  const run = play.run;
  const module = await loadModule(task.module);
  const on = (written: Written | undefined, otherwise = false) =>
    isOn(run.templar, written, scope, otherwise);
  // What is no boolean is told before anything happens, not when its answer is needed.
  for (const written of switches(play, task)) on(written);
  const check = checksOnly(play, task, scope);
  const diff = on(task.diff, run.diff);
  const args = renderArguments(play, task, scope);
  if (!module.controllerOnly && containsUnknown(args))
    return new Unknown('an argument depends on a step that was not carried out');
  const other = delegate(play, task, scope);
  const onHost = module.endsAtPlayHost ? host : (other ?? host);
  const environment = renderEnvironment(play, task, scope);
  const place = module.controllerOnly ? undefined : locateHost(play, onHost, host, task, scope);
  const identityKey = place ? `${place.identity.method}:${place.identity.user ?? ''}` : 'controller';
  const folders = (kind: string) => searchFolders(kind, task.role, task.position.file, play.play.folder);
  const context: PlanContext = {
    host: onHost.name,
    checkMode: check,
    diffMode: diff,
    scope,
    templar: run.templar,
    position: task.argsAt,
    findFile: (name, kind) => findFile(name, folders(kind), task.argsAt),
    readText: (path) => run.files.readText(path),
    readFile: (path, options) => run.files.readFile(path, options),
    environment,
    startedAt: run.startedAt,
    truth: run.options.config.allowBrokenConditionals || task.role?.truthy ? truthiness : undefined,
    managed: run.options.config.ansibleManaged,
    runFolder: run.writer.folder,
    local: place?.target.connection === 'local',
    delegate: other &&
      place && { name: other.name, is: besides(place, locateHost(play, other, host, task, scope)) },
  };
  learnSecrets(args, run.secrets);
  const given: unknown = parseParams(module, args, task.argsAt);
  const knowledge = run.knowledge(place ? machineOf(place.target) : onHost.name, identityKey);
  const paths = place
    ? await absolutePaths(play, task, module, given, onHost, place, environment).catch((error) =>
        identityMayCome(error, check, knowledge),
      )
    : { params: given, written: NOTHING };
  if (isUnknown(paths)) return paths;
  return {
    task,
    module,
    params: paths.params,
    written: paths.written,
    scope,
    onHost,
    place,
    knowledge,
    context,
    environment,
    check,
    diff,
    noLog: on(task.noLog),
    marker: on(task.checkMode) ? undefined : run.planning?.marker,
  };
}

/** What a host is beside the one that a task acts on. */
function besides(place: Place, { target }: Place): NonNullable<PlanContext['delegate']>['is'] {
  if (target.connection === 'local') return 'controller';
  return machineOf(target) === machineOf(place.target) ? 'itself' : 'another';
}

function switches(play: PlayContext, task: Task): readonly (Written | undefined)[] {
  const { ignoreErrors, ignoreUnreachable, runOnce, anyErrorsFatal, delegateFacts, become } = task;
  const forAll = [runOnce, anyErrorsFatal ?? play.play.anyErrorsFatal];
  return [
    ignoreErrors,
    ignoreUnreachable,
    delegateFacts,
    become.become ?? play.play.become.become,
    ...forAll,
  ];
}

/**
 * Whether a task is only to foretell what it would do. While a plan is made `ansible_check_mode` is false, except where it
 * decides that. Throws CutoverError for a `check_mode` that is no boolean.
 */
export function checksOnly({ run }: PlayContext, { checkMode }: Task, scope: LayeredScope): boolean {
  if (checkMode === undefined) return run.check;
  const own = run.planning ? scope.saying('ansible_check_mode', run.check) : scope;
  return isOn(run.templar, checkMode, own, run.check);
}

/** Adds the task's place to an error that has none. */
export function atTask(error: unknown, task: Task): CutoverError {
  const known = asCutoverError(error);
  if (known.position) return known;
  return new CutoverError(known.kind, known.message, {
    position: task.position,
    host: known.host,
    hint: known.hint,
    cause: known.cause ?? known,
  });
}
