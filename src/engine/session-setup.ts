import { homedir, hostname, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { settingNamed } from '../config/index.ts';
import { CutoverError, didYouMean } from '../errors/index.ts';
import { type Inventory, loadInventory } from '../inventory/index.ts';
import { maskedEvent, newRunId, type RunEvent } from '../journal/index.ts';
import { loadExecutablesFrom, loadModule, loadModulesFrom, moduleCatalog } from '../modules/index.ts';
import { createIncludeLoader, type LoadOptions, loadPlaybook, type Playbook } from '../playbook/index.ts';
import { createSecrets, type Secrets } from '../secrets/index.ts';
import { createTemplar, type Templar } from '../template/index.ts';
import type { ArmedChange, NewEvent, RunContext } from './context.ts';
import { StatsCollector } from './custom-stats.ts';
import { Fleet } from './hosts/fleet.ts';
import { HostState } from './hosts/host.ts';
import type { HostOptions } from './options.ts';
import { withSettings } from './play/configured.ts';
import type { StartAt } from './play/start-at.ts';
import type { Stepper } from './play/step.ts';
import { Limiter } from './play/strategy.ts';
import { PluginFiles } from './plugin-files.ts';
import { withoutHarmless } from './rollback/harmless.ts';
import { Tally } from './tally.ts';
import { ControllerFiles, searchFolders } from './task/files.ts';
import { Knowledge } from './task/predictions.ts';
import { checkerOf } from './variables/conditions.ts';
import { LayeredScope, LOOKS_AHEAD } from './variables/scope.ts';

/** What can be known before any host is touched. */
export interface Prepared {
  readonly inventory: Inventory;
  readonly templar: Templar;
  readonly secrets: Secrets;
  readonly files: ControllerFiles;
  readonly plugins: PluginFiles;
}

/** Reads the inventory and makes the template engine. Throws CutoverError or ErrorList. */
export async function prepareRun(
  options: HostOptions,
  secrets: Secrets = options.secrets ?? createSecrets(),
): Promise<Prepared> {
  const files = new ControllerFiles(options.vault, secrets);
  const inventory = await loadInventory(options.inventory, {
    ...(options.vault ? { vault: options.vault } : {}),
    secrets,
  });
  const given = { inventory, secrets, files, plugins: new PluginFiles() };
  return { ...given, templar: templarFor(options, given, true) };
}

/** Makes the template engine of a run; without `effects` its lookups run no program and look at no file or network. */
export function templarFor(
  options: HostOptions,
  { inventory, secrets, files, plugins }: Omit<Prepared, 'templar'>,
  effects: boolean,
): Templar {
  return createTemplar({
    secrets,
    native: options.config.jinja2Native === true,
    pluginHint: (plugin) => plugins.hint(plugin),
    ...(options.vault ? { decrypt: (text, at) => options.vault!.decryptValue(text, at) } : {}),
    lookups: (scope, self) => ({
      searchPath: (kind) => lookupFolders(scope, kind),
      readFile: (path, encoding) => files.readText(path, encoding),
      allowEffects: effects && !scope.has(LOOKS_AHEAD),
      scope,
      templar: self,
      matchHosts: (pattern) => inventory.match(pattern).hosts,
      environment: process.env,
      setting: (name) => settingNamed(options.config, name),
    }),
  });
}

/** Relative files of a lookup are searched where the task stands: its role, then the playbook. */
function lookupFolders(
  scope: { has(name: string): boolean; get(name: string): unknown },
  kind: string,
): readonly string[] {
  const read = (name: string) => (scope.has(name) ? scope.get(name) : undefined);
  const path = read('ansible_search_path');
  const folders = Array.isArray(path) ? path.map(String) : [process.cwd()];
  return folders.flatMap((folder) => searchFolders(kind, undefined, undefined, folder));
}

/** Where Ansible looks for roles and collections when no setting says it. */
function ansibleFolders(what: 'roles' | 'collections'): string[] {
  return [join(homedir(), '.ansible', what), join('/usr/share/ansible', what), join('/etc/ansible', what)];
}

function given(folders: readonly string[] | undefined): readonly string[] | undefined {
  return folders && folders.length > 0 ? folders : undefined;
}

/** How the playbook of these options is to be read. */
export function loadOptions(options: HostOptions, prepared: Prepared): LoadOptions {
  return {
    catalog: moduleCatalog(),
    roleFound: (path) => {
      prepared.plugins.add(path);
      loadExecutablesFrom(join(path, 'library'));
    },
    rolesPath: given(options.config.rolesPath) ?? ansibleFolders('roles'),
    collectionsPath: given(options.config.collectionsPath) ?? ansibleFolders('collections').slice(0, 2),
    readText: (path) => prepared.files.readText(path),
    checkTemplate: checkerOf({
      templar: prepared.templar,
      truthy: options.config.allowBrokenConditionals === true,
    }),
    renderStatic: (text, vars, at) => {
      const layers = [...options.extraVars]
        .reverse()
        .map((values) => ({ values, final: false, origin: 'extra vars' }));
      const written = [...vars]
        .reverse()
        .map((layer) => ({ values: layer.values, final: false, origin: layer.origin }));
      return prepared.templar.renderDeep(
        text,
        new LayeredScope([...layers, ...written], new Map(), prepared.templar),
        { at },
      );
    },
  };
}

/** Reads and checks a playbook, and those that follow it, with the user's own modules beside them. Throws ErrorList with everything that is wrong. */
export async function readPlaybook(
  file: string,
  options: HostOptions,
  prepared: Prepared,
  following: readonly string[] = [],
): Promise<{
  playbook: Playbook;
  includes: ReturnType<typeof createIncludeLoader>;
  renderStatic: LoadOptions['renderStatic'];
}> {
  const load = loadOptions(options, prepared);
  for (const one of [file, ...following]) {
    prepared.plugins.add(dirname(resolve(one)));
    await loadOwnModules(dirname(one), options);
  }
  const playbook = await loadPlaybook(file, load, following);
  return {
    playbook: withSettings(playbook, options.config),
    includes: createIncludeLoader(playbook, load),
    renderStatic: load.renderStatic,
  };
}

/** Makes the user's modules known: TypeScript in `modules/` and programs in `library/` beside the playbook, and where ansible.cfg says. Throws CutoverError('playbook'). */
export async function loadOwnModules(folder: string, options: HostOptions): Promise<void> {
  for (const path of options.config.library) loadExecutablesFrom(path);
  loadExecutablesFrom(join(folder, 'library'));
  await loadModulesFrom(join(folder, 'modules'));
}

/** Everything that opening a run needs beyond its options. */
export interface OpenRun {
  readonly command: 'run' | 'exec' | 'rollback' | 'gc';
  readonly playbook: string;
  readonly check: boolean;
  readonly diff: boolean;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly forceHandlers?: boolean;
  readonly startAt?: StartAt | undefined;
  readonly step?: Stepper | undefined;
  readonly of?: string;
  readonly planning?: RunContext['planning'];
  readonly guard?: RunContext['guard'];
  /** What a later command needs to reach the hosts again. */
  readonly frozen: Readonly<Record<string, unknown>>;
}

/** Ending what runs takes two seconds where TERM is not obeyed, and the way there and back. */
const ABANDON_AFTER_MS = 3500;

/** Creates the run in the store and the context that all its parts share. */
export async function openRun(options: HostOptions, prepared: Prepared, open: OpenRun): Promise<RunContext> {
  const id = newRunId();
  const writer = await options.store.create(id);
  const armed: ArmedChange[] = [];
  const tally = new Tally(open.check);
  const customStats = new StatsCollector();
  const emit = (event: NewEvent) => {
    const stamped = { at: Date.now(), ...event } as RunEvent;
    if (stamped.type === 'change-armed') armed.push(stamped);
    if (stamped.type === 'host-result' && stamped.status === 'ok' && !stamped.undo)
      armed.splice(0, armed.length, ...withoutHarmless(armed, stamped));
    tally.observe(stamped);
    customStats.observe(stamped);
    writer.append(stamped);
    const shown = maskedEvent(withoutSealed(stamped), prepared.secrets);
    for (const sink of options.sinks) sink(shown);
  };
  const user = currentUser();
  const hosts = new Map<string, HostState>();
  const knowledge = new Map<string, Knowledge>();
  const families = new Map<string, Set<Knowledge>>();
  const turns = new Map<string, Limiter>();
  const abandon = new AbortController();
  const context: RunContext = {
    id,
    options,
    check: open.check,
    diff: open.diff,
    tags: open.tags ?? [],
    skipTags: open.skipTags ?? [],
    startedAt: Date.now(),
    inventory: prepared.inventory,
    templar: prepared.templar,
    secrets: prepared.secrets,
    files: prepared.files,
    fleet: new Fleet(
      (event) => emit(event),
      {
        owner: `${user}@${hostname()}`,
        run: id,
        waitMs: options.lockWaitMs ?? 0,
        breakLock: options.breakLock ?? false,
      },
      options.config.connectRetries,
    ),
    hosts,
    forks: new Limiter(options.forks),
    throttles: new Map(),
    inTurn: (machine, work) => upsert(turns, machine, () => new Limiter(1)).run(work),
    writer,
    emit,
    armed,
    due: [],
    tally,
    customStats,
    loading: loadOptions(options, prepared),
    nobody: new HostState(''),
    forceHandlers: open.forceHandlers ?? options.config.forceHandlers ?? false,
    startAt: open.startAt,
    step: open.step,
    newLimiter: (limit) => new Limiter(limit),
    planning: open.planning,
    guard: open.guard,
    stopping: () => (options.interrupt?.stop.aborted ?? false) || open.guard?.refusal !== undefined,
    abandon: abandon.signal,
    knowledge: (machine, identity) =>
      upsert(
        knowledge,
        `${machine} ${identity}`,
        () => new Knowledge(upsert(families, machine, () => new Set())),
      ),
    host: (name) => upsert(hosts, name, () => new HostState(name)),
  };
  options.interrupt?.kill.addEventListener(
    'abort',
    () => {
      context.fleet.interrupt();
      setTimeout(() => abandon.abort(), ABANDON_AFTER_MS).unref();
    },
    { once: true },
  );
  emit({
    type: 'run-started',
    run: id,
    command: open.command,
    playbook: open.playbook,
    inventory: options.inventory,
    user,
    check: open.check,
    diff: open.diff,
    version: options.version ?? 'library',
    pid: process.pid,
    folder: process.cwd(),
    ...(open.of === undefined ? {} : { of: open.of }),
  });
  await writer.freeze({ options: open.frozen, files: {} });
  await writer.flush();
  return context;
}

/** Gives a module ready to be described. Throws CutoverError('usage') with the nearest name. */
export async function requireModule(name: string): Promise<string> {
  const resolved = moduleCatalog().resolve(name);
  if (resolved !== undefined) return (await loadModule(resolved)).name;
  throw new CutoverError('usage', `there is no module "${name}"`, {
    hint: didYouMean(name, moduleCatalog().names()),
  });
}

function withoutSealed(event: RunEvent): RunEvent {
  if (!('sealed' in event)) return event;
  const { sealed: _, ...open } = event;
  return open as RunEvent;
}

function currentUser(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? String(process.getuid?.() ?? 'unknown');
  }
}

function upsert<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
