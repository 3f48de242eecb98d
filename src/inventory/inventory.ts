import { isDeepStrictEqual } from 'node:util';
import { CutoverError, didYouMean, type SourcePosition } from '../errors/index.ts';
import { positionOf } from '../source/index.ts';
import type { HostNode, InventoryGraph } from './graph.ts';
import { LOCALHOST_NAMES, matchHosts } from './matching.ts';
import { implicitLocalhost, outsider } from './outsiders.ts';
import type {
  Addition,
  Group,
  Host,
  Inventory,
  InventoryOptions,
  PatternMatch,
  VariableLayer,
} from './types.ts';
import { VariableLayers } from './variable-layers.ts';

/** What reading the sources gives. */
export interface InventoryReading {
  readonly graph: InventoryGraph;
  /** Folders of the sources, whose group_vars and host_vars count, in the order of the sources. */
  readonly folders: readonly string[];
  readonly warnings: readonly string[];
}

/** What an inventory is made of, and how it is read again. */
export interface InventorySettings {
  readonly options: InventoryOptions;
  readonly sources: readonly string[];
  read(): Promise<InventoryReading>;
}

/** Gives the place where a variable of a layer was written; undefined for values that no person wrote. */
export function variablePosition(layer: VariableLayer, name: string): SourcePosition | undefined {
  return layer.positions?.get(name) ?? positionOf(layer.values, name, 'key');
}

/** An inventory over a settled graph. Everything that takes work is computed when asked for, and kept. */
export class LoadedInventory implements Inventory {
  readonly sources: readonly string[];
  readonly cwd: string;
  revision = 0;
  private graph: InventoryGraph;
  private reading: InventoryReading;
  private readonly settings: InventorySettings;
  private hostViews = new Map<string, Host>();
  private variables: VariableLayers;
  private memberCache = new Map<string, readonly string[]>();
  /** By the groups that name a host directly: most hosts share them with many others. */
  private orderCache = new Map<string, readonly string[]>();
  /** Hosts that no source names. */
  private readonly added = new Set<string>();
  /** What was added since the sources were first read, to add it again. */
  private readonly made: Addition[] = [];

  constructor(reading: InventoryReading, settings: InventorySettings) {
    this.reading = reading;
    this.graph = reading.graph;
    this.settings = settings;
    this.variables = this.readVariables();
    this.sources = settings.sources;
    this.cwd = settings.options.cwd ?? process.cwd();
    this.viewHosts();
  }

  get hosts(): ReadonlyMap<string, Host> {
    return this.hostViews;
  }

  get groups(): ReadonlyMap<string, Group> {
    return this.graph.groups;
  }

  get folder(): string | undefined {
    return this.reading.folders[0];
  }

  get warnings(): readonly string[] {
    return this.reading.warnings;
  }

  private readVariables(): VariableLayers {
    return new VariableLayers(this.graph.groups, this.reading.folders, this.settings.options);
  }

  private viewHosts(): void {
    this.hostViews = new Map([...this.graph.hosts].map(([name, node]) => [name, this.view(node)]));
  }

  members(group: string): readonly string[] {
    let found = this.memberCache.get(group);
    if (!found) {
      this.mustHaveGroup(group);
      const all = new Set<string>();
      for (const name of this.graph.descendants(group))
        for (const host of this.graph.groups.get(name)!.hosts) all.add(host);
      found = [...all];
      this.memberCache.set(group, found);
    }
    return found;
  }

  match(
    pattern: string | readonly string[],
    options: { readonly limit?: string | readonly string[] } = {},
  ): PatternMatch {
    return matchHosts(this, pattern, options.limit);
  }

  layers(host: string, playbookFolder?: string): readonly VariableLayer[] {
    const node = this.graph.hosts.get(host) ?? implicitLocalhost(host);
    if (node) return this.layersOf(node, playbookFolder);
    throw new CutoverError('inventory', `the host "${host}" is not in the inventory`, {
      hint: didYouMean(host, this.graph.hosts.keys()),
    });
  }

  outsiderLayers(host: string, playbookFolder?: string): readonly VariableLayer[] {
    const node = this.graph.hosts.get(host) ?? implicitLocalhost(host) ?? outsider(host);
    return this.layersOf(node, playbookFolder);
  }

  private layersOf(node: HostNode, playbookFolder: string | undefined): readonly VariableLayer[] {
    return this.variables.ofHost(node, () => this.orderedGroups(node), playbookFolder);
  }

  groupLayers(group: string, playbookFolder?: string): readonly VariableLayer[] {
    this.mustHaveGroup(group);
    return this.variables.ofGroups([group], playbookFolder);
  }

  addHost(name: string, groups: readonly string[], vars: Readonly<Record<string, unknown>>): boolean {
    if (!this.differs(name, groups, vars)) return false;
    if (!this.hosts.has(name)) this.added.add(name);
    this.add({ host: name, groups, vars });
    return true;
  }

  private add(addition: Addition): void {
    this.made.push(addition);
    this.carryOut(addition);
  }

  private carryOut(addition: Addition): void {
    if ('host' in addition) {
      const { host, groups, vars } = addition;
      for (const group of groups.length === 0 ? ['all'] : groups) this.graph.addHost(host, group, undefined);
      const node = this.graph.hosts.get(host)!;
      if (Object.keys(vars).length > 0)
        this.graph.setHostVars(node, 'add_host', { values: vars, final: true });
      this.changed([node]);
    } else {
      const { group, parents, hosts } = addition;
      this.graph.addGroup(group, undefined);
      for (const parent of parents) this.graph.link(parent, group);
      // When this is done again, a host may be gone.
      const there = hosts.filter((host) => this.graph.hosts.has(host) || LOCALHOST_NAMES.includes(host));
      this.changed(there.map((host) => this.graph.addHost(host, group, undefined)));
    }
  }

  get additions(): readonly Addition[] {
    return this.made;
  }

  isWritten(name: string): boolean {
    return this.hosts.has(name) && !this.added.has(name);
  }

  /** Whether a host is missing, or lacks one of the groups or values. A group counts that names the host itself, not one below it. */
  private differs(name: string, groups: readonly string[], vars: Readonly<Record<string, unknown>>): boolean {
    const known = this.hosts.get(name);
    const node = this.graph.hosts.get(name);
    if (!known || !node || groups.some((group) => !node.direct.has(group))) return true;
    const present = Object.assign({}, ...node.layers.map((layer) => layer.values));
    return Object.entries(vars).some(([key, value]) => !isDeepStrictEqual(present[key], value));
  }

  addGroup(name: string, parents: readonly string[], hosts: readonly string[]): boolean {
    const { groups } = this;
    const isNew =
      // Who is in a group below it is in it.
      hosts.some((host) => !this.hosts.get(host)?.groups.includes(name)) ||
      parents.some((parent) => !groups.get(parent)?.children.includes(name));
    if (!isNew) return false;
    this.add({ group: name, parents, hosts });
    return true;
  }

  async refresh(): Promise<void> {
    this.reading = await this.settings.read();
    this.graph = this.reading.graph;
    this.variables = this.readVariables();
    this.forget();
    this.viewHosts();
    for (const addition of this.made) this.carryOut(addition);
    this.revision++;
  }

  private forget(): void {
    this.memberCache = new Map();
    this.orderCache = new Map();
    this.variables.forget();
  }

  /** A run may change thousands of hosts one by one, so only what depends on them is forgotten. */
  private changed(touched: readonly HostNode[]): void {
    const relinked = this.graph.settle(touched);
    this.revision++;
    this.memberCache = new Map();
    if (relinked) this.forget();
    for (const node of touched) {
      this.variables.forgetHost(node.name);
      if (!this.hostViews.has(node.name)) this.hostViews.set(node.name, this.view(node));
    }
  }

  private view(node: HostNode): Host {
    const order = (): readonly string[] => this.orderedGroups(node);
    return {
      name: node.name,
      position: node.position,
      get groups() {
        return order();
      },
    };
  }

  /** All groups of a host in the order in which their variables apply: by depth, priority and name. */
  private orderedGroups(node: HostNode): readonly string[] {
    const key = [...node.direct].join('\0');
    let found = this.orderCache.get(key);
    if (!found) {
      const names = new Set(node.direct);
      for (const name of names) for (const parent of this.graph.groups.get(name)!.parents) names.add(parent);
      names.add('all');
      found = [...names]
        .map((name) => this.graph.groups.get(name)!)
        .sort((a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : 1))
        .map((group) => group.name);
      this.orderCache.set(key, found);
    }
    return found;
  }

  private mustHaveGroup(group: string): void {
    if (this.graph.groups.has(group)) return;
    throw new CutoverError('inventory', `the group "${group}" is not in the inventory`, {
      hint: didYouMean(group, this.graph.groups.keys()),
    });
  }
}
