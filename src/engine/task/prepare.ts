import { asCutoverError, CutoverError } from '../../errors/index.ts';
import { loadModule, type Module, type PlanContext, parseParams } from '../../modules/index.ts';
import type { Task } from '../../playbook/index.ts';
import type { Session } from '../../resources/index.ts';
import type { Secrets } from '../../secrets/index.ts';
import type { Identity, Target } from '../../transport/index.ts';
import { containsUnknown, isMapping, isOmit, isUndefined, Unknown } from '../../values/index.ts';
import type { PlayContext } from '../context.ts';
import { machineOf } from '../hosts/fleet.ts';
import type { HostState } from '../hosts/host.ts';
import { resolveIdentity, resolveTarget } from '../hosts/target.ts';
import type { Marker } from '../plan/marker.ts';
import type { LayeredScope } from '../variables/scope.ts';
import { scopeFor } from '../variables/variables.ts';
import { findFile, searchFolders } from './files.ts';
import { needsHome, variablesIn, withHome, withVariables } from './home.ts';
import type { Knowledge } from './predictions.ts';

/** A task made ready for one host and one loop item: everything rendered and checked, nothing asked of the host yet. */
export interface Prepared {
  readonly task: Task;
  readonly module: Module;
  readonly params: unknown;
  readonly scope: LayeredScope;
  /** Where it acts: the host itself or the one it is delegated to. */
  readonly onHost: HostState;
  /** How to get there; absent for modules that stay on the controller. */
  readonly place:
    | { readonly target: Target; readonly identity: Identity; readonly stateDir: string | undefined }
    | undefined;
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

/** Renders and checks a task. Gives an `Unknown` when an argument cannot be known in this dry run. Throws CutoverError. */
export async function prepare(
  play: PlayContext,
  host: HostState,
  task: Task,
  scope: LayeredScope,
): Promise<Prepared | Unknown> {
  const run = play.run;
  const module = await loadModule(task.module);
  const flag = (
    written: { readonly value: unknown; readonly at?: Task['argsAt'] | undefined } | undefined,
    otherwise: boolean,
  ) =>
    written === undefined
      ? otherwise
      : run.templar.renderDeep(written.value, scope, { at: written.at }) === true;
  const check = task.checkMode === undefined ? run.check : checksOnly(play, task.checkMode, scope);
  const diff = flag(task.diff, run.diff);
  const args = renderArguments(play, task, scope);
  if (!module.controllerOnly && containsUnknown(args))
    return new Unknown('an argument depends on a step that was not carried out');
  const onHost = delegate(play, task, scope) ?? host;
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
    readFile: (path) => run.files.readFile(path),
    environment,
    startedAt: run.startedAt,
    managed: run.options.config.ansibleManaged,
    runFolder: run.writer.folder,
    local: place?.target.connection === 'local',
  };
  learnSecrets(args, run.secrets);
  const params = parseParams(
    module,
    place ? await absolutePaths(play, task, args, onHost, place, environment) : args,
    task.argsAt,
  );
  return {
    task,
    module,
    params,
    scope,
    onHost,
    place,
    knowledge: run.knowledge(place ? machineOf(place.target) : onHost.name, identityKey),
    context,
    environment,
    check,
    diff,
    noLog: flag(task.noLog, false),
    marker: flag(task.checkMode, false) ? undefined : run.planning?.marker,
  };
}

/** While a plan is made `ansible_check_mode` is false, except where it decides whether something is done. */
function checksOnly(
  play: PlayContext,
  written: NonNullable<Task['checkMode']>,
  scope: LayeredScope,
): boolean {
  const { run } = play;
  const own = run.planning ? scope.saying('ansible_check_mode', run.check) : scope;
  return run.templar.renderDeep(written.value, own, { at: written.at }) === true;
}

/** Makes `~` and relative paths absolute: they start from the home of the user who acts (a local connection: from here). */
async function absolutePaths(
  play: PlayContext,
  task: Task,
  args: Record<string, unknown>,
  onHost: HostState,
  place: NonNullable<Prepared['place']>,
  environment: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const names = variablesIn(task.module, args);
  if (names.length === 0 && !needsHome(task.module, args)) return args;
  const session = await play.run.fleet.session({
    host: onHost,
    ...place,
    run: play.run.id,
    task: task.id,
    environment: {},
    timeoutMs: undefined,
    onArm: async () => {},
  });
  const filled =
    names.length === 0
      ? args
      : withVariables(task.module, args, { ...(await variablesOf(session, names)), ...environment });
  if (!needsHome(task.module, filled)) return filled;
  const home = await homeOf(session);
  return withHome(task.module, filled, home, place.target.connection === 'local' ? process.cwd() : home);
}

const homes = new WeakMap<object, Promise<string>>();

function homeOf(session: Session): Promise<string> {
  const known = homes.get(session.lane);
  if (known) return known;
  const asking = session.lane
    .run({ script: 'printf %s "$HOME"' })
    .then(({ stdout }) => stdout.toString() || '/');
  homes.set(session.lane, asking);
  return asking;
}

/** Asks for environment variables of the user who acts. */
async function variablesOf(session: Session, names: readonly string[]): Promise<Record<string, string>> {
  const script = names.map((name) => `printf '%s\\0' "\${${name}+x}" "\${${name}-}"`).join('\n');
  const words = (await session.lane.run({ script })).stdout.toString().split('\0');
  return Object.fromEntries(
    names.flatMap((name, index) => (words[2 * index] === 'x' ? [[name, words[2 * index + 1]!]] : [])),
  );
}

/** Arguments that are passwords by their name are secrets, wherever their values came from; so is the password in a URL. */
function learnSecrets(args: Readonly<Record<string, unknown>>, secrets: Secrets): void {
  for (const [name, value] of Object.entries(args)) {
    if (typeof value !== 'string') continue;
    if (/(?:^|_)(?:password|passwd|passphrase|token|secret)$/.test(name)) secrets.add(value);
    const [, inUrl] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#:@]*:([^/?#]+)@/i.exec(value) ?? [];
    if (inUrl !== undefined) secrets.add([inUrl, decoded(inUrl)]);
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Gives the rendered arguments with module defaults below them; `omit` takes an argument out. */
export function renderArguments(play: PlayContext, task: Task, scope: LayeredScope): Record<string, unknown> {
  const { templar } = play.run;
  const merged: Record<string, unknown> = {};
  for (const written of task.moduleDefaults) {
    const all = templar.renderDeep(written.value, scope, { at: written.at });
    if (!isMapping(all)) continue;
    for (const name of [task.module, task.writtenModule, `ansible.builtin.${task.module}`]) {
      if (isMapping(all[name])) Object.assign(merged, all[name]);
    }
  }
  let own: Readonly<Record<string, unknown>> = task.args;
  if (Object.hasOwn(own, '_variable')) {
    const { _variable: variable, ...rest } = own;
    const value = templar.renderDeep(variable, scope, { at: task.argsAt });
    if (!isMapping(value))
      throw new CutoverError('playbook', `the arguments of "${task.writtenModule}" must be a mapping`, {
        position: task.argsAt,
      });
    own = { ...value, ...rest };
  }
  // These are expressions: the module evaluates them, and their values must not be evaluated again.
  const asWritten = task.module === 'assert' ? 'that' : task.module === 'debug' ? 'var' : undefined;
  for (const [written, value] of Object.entries(own)) {
    // Names of facts may be templates; other arguments have names that are known.
    const name =
      task.module === 'set_fact' ? String(templar.renderDeep(written, scope, { at: task.argsAt })) : written;
    const rendered = name === asWritten ? value : templar.renderDeep(value, scope, { at: task.argsAt });
    if (!isOmit(rendered)) merged[name] = withoutOmitted(rendered);
    else delete merged[name];
  }
  return merged;
}

/** Keys and items that are `omit` deeper inside go too. */
function withoutOmitted(value: unknown): unknown {
  if (Array.isArray(value))
    return value.some(isOmit) || value.some(isMapping)
      ? value.filter((item) => !isOmit(item)).map(withoutOmitted)
      : value;
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => !isOmit(item))
      .map(([key, item]) => [key, withoutOmitted(item)]),
  );
}

function delegate(play: PlayContext, task: Task, scope: LayeredScope): HostState | undefined {
  if (task.delegateTo === undefined) return undefined;
  const name = play.run.templar.renderDeep(task.delegateTo.value, scope, { at: task.delegateTo.at });
  if (isOmit(name) || name === null || name === '') return undefined;
  if (isUndefined(name))
    throw new CutoverError('template', `delegate_to: ${name.message}`, { position: task.delegateTo.at });
  return play.run.host(String(name));
}

/** Gives the host that a task is delegated to, for reports. */
export function delegateName(play: PlayContext, task: Task, scope: LayeredScope): string | undefined {
  return delegate(play, task, scope)?.name;
}

function locateHost(
  play: PlayContext,
  onHost: HostState,
  host: HostState,
  task: Task,
  scope: LayeredScope,
): Prepared['place'] {
  const run = play.run;
  // A delegated task uses the connection variables of the host that it is delegated to, and the task's own become.
  const connectionScope =
    onHost === host ? scope : scopeFor(run, { host: onHost, play, task: { ...task, delegateTo: undefined } });
  const sources = {
    host: onHost.name,
    scope: connectionScope,
    play: play.play,
    task,
    options: run.options,
    templar: run.templar,
    secrets: run.secrets,
  };
  const target =
    isLoopbackName(onHost.name) && !run.inventory.hosts.has(onHost.name)
      ? { ...resolveTarget(sources), connection: 'local' as const }
      : resolveTarget(sources);
  const stateDir = connectionScope.has('cutover_state_dir')
    ? connectionScope.get('cutover_state_dir')
    : undefined;
  return {
    target,
    identity: resolveIdentity(sources),
    stateDir: typeof stateDir === 'string' ? stateDir : undefined,
  };
}

/** Whether a name means the controller without being in any inventory. */
export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name === '127.0.0.1' || name === '::1';
}

function renderEnvironment(
  play: PlayContext,
  task: Task,
  scope: LayeredScope,
): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {};
  // Ansible gives nothing to a command that is sent as it is.
  if (task.module === 'raw') return environment;
  for (const written of [play.play.environment, ...task.environment]) {
    if (written === undefined) continue;
    const value = play.run.templar.renderDeep(written.value, scope, { at: written.at });
    for (const part of Array.isArray(value) ? value : [value]) {
      if (isOmit(part) || part === null || part === '') continue;
      if (!isMapping(part))
        throw new CutoverError('playbook', 'environment must be a mapping of names to values', {
          position: written.at,
        });
      for (const [name, item] of Object.entries(part))
        if (item !== null && !isOmit(item)) environment[name] = variableText(item);
    }
  }
  return environment;
}

/** Booleans are written as Python writes them, which is what Ansible hands over. */
function variableText(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
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
