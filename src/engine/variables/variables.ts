import { dirname, resolve } from 'node:path';
import type { Common, LoopSpec, Play, Role, VarsLayer } from '../../playbook/index.ts';
import { OMIT } from '../../values/index.ts';
import type { PlayContext, RunContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import { batchHosts, playHosts } from '../hosts/refreshed.ts';
import { factsWithoutPrefix, factVariables } from './facts.ts';
import { keywordValue } from './keyword.ts';
import { LayeredScope, type ScopeLayer } from './scope.ts';
import { mappingView } from './view.ts';

/** What the variables of a scope depend on, beyond the run. */
export interface ScopeParts {
  readonly host: HostState;
  readonly play?: PlayContext | undefined;
  /** Of the playbook, where there is no play: `hostvars` know nothing of a play's own variables. */
  readonly folder?: string | undefined;
  readonly task?: (Common & { readonly loop?: LoopSpec | undefined }) | undefined;
  /** Data known only here: loop variables, `before` and `result` of an undo. Innermost last. */
  readonly extras?: readonly Readonly<Record<string, unknown>>[];
}

/** Makes the scope of a task on a host, by Ansible's order of precedence (docs: playbooks_variables, "variable precedence"). */
export function scopeFor(run: RunContext, parts: ScopeParts): LayeredScope {
  const layers: ScopeLayer[] = [];
  const data = (
    values: Readonly<Record<string, unknown>>,
    origin: string,
    foreign?: (name: string) => boolean,
  ) => layers.push({ values, final: true, origin, foreign });
  const text = (values: Readonly<Record<string, unknown>>, origin: string) =>
    layers.push({ values, final: false, origin });
  const written = (list: readonly VarsLayer[], ofTask = false) => {
    for (const { level, origin, values } of list)
      layers.push({ values, final: false, origin: `${level}: ${origin}`, ofTask });
  };
  const { host, play, task } = parts;
  const role = task?.role;
  const chain = role ? [role, ...[...role.parents].reverse()] : [];
  const others = play
    ? [...play.play.roles, ...play.exposed].reverse().filter((one) => !chain.includes(one))
    : [];
  const taskVars = [...(task?.vars ?? [])].reverse();
  const ofLevel = (...levels: VarsLayer['level'][]) =>
    taskVars.filter((layer) => levels.includes(layer.level));

  for (const values of [...(parts.extras ?? [])].reverse()) {
    const { loop } = parts.task ?? {};
    const source = loop && { [String(values.ansible_loop_var)]: loop.value };
    // The items of `with_` forms come out of a lookup.
    const foreign = (name: string) =>
      loop !== undefined && loop.kind !== 'loop' && name === values.ansible_loop_var;
    layers.push({ values, final: true, origin: 'loop and include variables', source, foreign });
  }
  for (const extra of [...run.options.extraVars].reverse()) text(extra, 'extra vars (-e)');
  written(ofLevel('include params'));
  written(ofLevel('role params'));
  written(chain.map((one) => one.params));
  data(host.live, 'set_fact and register', (name) => host.foreign.has(name));
  text(host.included, 'include_vars');
  written(ofLevel('task vars'), true);
  written(ofLevel('block vars'), true);
  written(chain.map((one) => one.vars));
  // `private_role_vars` keeps the vars of roles to themselves; an include that says `public: true` wants it otherwise.
  const published = run.options.config.privateRoleVars
    ? others.filter((one) => play?.exposed.includes(one))
    : others;
  written(published.map((one) => one.vars));
  if (play) {
    written([...(play.varsFiles.get(host.name) ?? [])].reverse());
    data(play.prompted, 'play vars_prompt');
    written([play.play.vars]);
  }
  if (Object.keys(host.facts).length > 0)
    data(factVariables(host.facts, run.options.config.injectFactsAsVars !== false), 'facts', () => true);
  const inventoryLayers =
    host === run.nobody ? [] : run.inventory.outsiderLayers(host.name, play?.play.folder ?? parts.folder);
  for (let i = inventoryLayers.length - 1; i >= 0; i--) {
    const layer = inventoryLayers[i]!;
    layers.push({
      values: layer.values,
      final: layer.final === true,
      origin: `${layer.level}: ${layer.origin}`,
      positions: layer.positions,
    });
  }
  written(chain.map((one) => one.defaults));
  written(others.map((one) => one.defaults));
  if (task) data(connectionVariables(run, host, task, play?.play), 'connection');
  if (host.unseen) data(host.unseen.variables, 'not known yet');

  const scope: LayeredScope = new LayeredScope(
    layers,
    magicVariables(run, parts, role, () => scope),
    run.templar,
    run.options.config.hashBehaviour === 'merge',
  );
  return scope;
}

/** What Ansible lets a task read of its connection when no variable says it: weaker than everything. */
function connectionVariables(
  run: RunContext,
  host: HostState,
  task: Common,
  play: Play | undefined,
): Readonly<Record<string, unknown>> {
  const known = connectionViews.get(host)?.get(task);
  if (known) return known;
  const { connection: flags, config } = run.options;
  const to = task.delegateTo?.value;
  const address = to === undefined ? host.name : run.templar.isTemplate(String(to)) ? undefined : String(to);
  const user = task.remoteUser || play?.remoteUser ? undefined : (flags.remoteUser ?? config.remoteUser);
  const connection = task.connection || play?.connection ? undefined : flags.connection;
  const values = {
    ...(address === undefined ? {} : { ansible_host: address, ansible_ssh_host: address }),
    ...(user === undefined ? {} : { ansible_user: user, ansible_ssh_user: user }),
    ...(connection === undefined ? {} : { ansible_connection: connection }),
    ansible_shell_executable: '/bin/sh',
    ansible_timeout: flags.timeoutSeconds ?? config.timeout ?? 10,
  };
  const views = connectionViews.get(host) ?? new WeakMap();
  connectionViews.set(host, views.set(task, values));
  return values;
}
const connectionViews = new WeakMap<HostState, WeakMap<Common, Readonly<Record<string, unknown>>>>();

/** Magic variables that change while a play goes on: facts, other hosts, and who is still there. */
const CHANGING = [
  'ansible_facts',
  'hostvars',
  'vars',
  'play_hosts',
  'ansible_play_hosts',
  'ansible_play_batch',
];

function magicVariables(
  run: RunContext,
  parts: ScopeParts,
  role: Role | undefined,
  self: () => LayeredScope,
): ReadonlyMap<string, () => unknown> {
  const { host, play } = parts;
  const known = run.inventory.hosts.get(host.name);
  const alive = () =>
    play
      ? playHosts(play).filter((name) => ['active', 'ended'].includes(run.host(name).status))
      : [host.name];
  const aliveInBatch = () =>
    play ? batchHosts(play).filter((name) => run.host(name).status === 'active') : [host.name];
  const values: Record<string, () => unknown> = {
    omit: () => OMIT,
    inventory_hostname: () => host.name,
    inventory_hostname_short: () => host.name.split('.')[0],
    group_names: () => known?.groups.filter((name) => name !== 'all').toSorted() ?? [],
    groups: () => groupsOf(run),
    hostvars: () => hostVariables(run, play),
    vars: () =>
      mappingView(
        (name) => (self().has(name) ? { read: () => self().get(name) } : undefined),
        () => [...self().names()].filter((name) => !['vars', 'hostvars', 'omit'].includes(name)),
      ),
    ansible_facts: () => factsWithoutPrefix(host.facts),
    play_hosts: aliveInBatch,
    ansible_play_hosts: alive,
    ansible_play_hosts_all: () => (play ? playHosts(play) : [host.name]),
    ansible_play_batch: aliveInBatch,
    ansible_play_name: () => (play ? playName(play) : ''),
    // A plan tells what a run would do, not what a dry run would.
    ansible_check_mode: () => run.check && run.planning === undefined,
    ansible_diff_mode: () => run.diff,
    ansible_forks: () => run.options.forks,
    ansible_verbosity: () => run.options.verbosity,
    ansible_run_tags: () => (run.tags.length > 0 ? run.tags : ['all']),
    ansible_skip_tags: () => run.skipTags,
    ansible_version: () => ({ full: '2.19.0', major: 2, minor: 19, revision: 0, string: '2.19.0' }),
    ansible_playbook_python: () => '/usr/bin/python3',
    ansible_inventory_sources: () => run.inventory.sources.map(absolute),
    ansible_config_file: () => run.options.configFile ?? null,
    inventory_file: () => run.inventory.sources.map(absolute)[0] ?? '',
    inventory_dir: () => run.inventory.folder ?? '',
    cutover_run_id: () => run.id,
  };
  if (run.options.limit !== undefined) values.ansible_limit = () => run.options.limit;
  const folder = play?.play.folder ?? parts.folder;
  if (folder !== undefined) values.playbook_dir = () => folder;
  if (play) {
    const names = (roles: readonly Role[]) => [...new Set(roles.map((one) => one.name))];
    values.ansible_role_names = () => names(play.play.roles);
    // As often as they are used, in order.
    values.ansible_play_role_names = () =>
      play.play.roles.filter((one) => !one.dependency).map((one) => one.name);
    values.ansible_dependent_role_names = () => names(play.play.roles.filter((one) => one.dependency));
    values.role_names = values.ansible_play_role_names;
    values.ansible_search_path = () => [
      ...new Set([
        ...(role ? [role, ...usersOf(role)].map((one) => one.path) : []),
        ...(parts.task ? [dirname(parts.task.position.file)] : []),
        play.play.folder,
      ]),
    ];
  }
  const unseen = host.unseen?.value;
  if (unseen) for (const name of CHANGING) values[name] = () => unseen;
  if (role) {
    // A role of a collection has a short name, too.
    values.role_name = () => role.name.replace(/^\w+\.\w+\.(?:\w+\.)*/, '');
    values.ansible_role_name = () => role.name;
    values.role_path = () => role.path;
    const chain = [role, ...usersOf(role)];
    const users = chain.filter((_, index) => index > 0 && !chain[index - 1]?.dependency);
    if (users.length > 0) {
      values.ansible_parent_role_names = () => users.map((one) => one.name);
      values.ansible_parent_role_paths = () => users.map((one) => one.path);
    }
  }
  const delegation = parts.task?.delegateTo;
  if (delegation)
    values.ansible_delegated_vars = () => {
      const to = String(keywordValue(delegation, self(), run.templar) ?? host.name);
      return { [to]: delegatedVariables(hostVariables(run, play), to, host.name) };
    };
  if (parts.task && parts.task.delegateTo === undefined)
    values.environment = () =>
      [play?.play.environment, ...(parts.task?.environment ?? [])].flatMap((one) => (one ? [one.value] : []));
  return new Map(Object.entries(values));
}

/** What `ansible_delegated_vars` has of the host `to`: its variables, and always an address, as seen by the host that the task is for. */
function delegatedVariables(all: Record<string, unknown>, to: string, seenBy: string): unknown {
  const own = (all[to] ?? {}) as Record<string, unknown>;
  const added = 'ansible_host' in own ? [] : ['ansible_host'];
  return mappingView(
    (name) => {
      if (name === 'inventory_hostname') return { read: () => seenBy };
      if (name in own) return { read: () => own[name] };
      return name === 'ansible_host' ? { read: () => to } : undefined;
    },
    () => [...Object.keys(own), ...added],
  );
}

/** The roles that a role was used by, nearest first. */
function usersOf(role: Role): readonly Role[] {
  return role.parents.filter((one) => !one.needed).reverse();
}

function playName({ play }: PlayContext): string {
  const { value } = play.hosts;
  return play.name?.value ?? (Array.isArray(value) ? value.join(',') : String(value));
}

function absolute(source: string): string {
  return source.includes(',') ? source : resolve(source);
}

const groupViews = new WeakMap<RunContext, { revision: number; view: Record<string, readonly string[]> }>();
function groupsOf(run: RunContext): Record<string, readonly string[]> {
  const { revision } = run.inventory;
  const known = groupViews.get(run);
  if (known?.revision === revision) return known.view;
  const view = Object.fromEntries(
    [...run.inventory.groups.keys()].map((name) => [name, run.inventory.members(name)]),
  );
  groupViews.set(run, { revision, view });
  return view;
}

/** `hostvars`: every host's variables, read only when somebody looks. */
function hostVariables(run: RunContext, play: PlayContext | undefined): Record<string, unknown> {
  const names = () => [...run.inventory.hosts.keys()];
  return mappingView((name) => {
    if (!run.inventory.hosts.has(name) && !run.hosts.has(name) && name !== 'localhost') return undefined;
    const scope = scopeFor(run, { host: run.host(name), folder: play?.play.folder });
    return {
      read: () =>
        mappingView(
          (key) => (scope.has(key) ? { read: () => scope.get(key) } : undefined),
          () => [...scope.names()].filter((key) => !['vars', 'hostvars', 'omit'].includes(key)),
        ),
    };
  }, names);
}
