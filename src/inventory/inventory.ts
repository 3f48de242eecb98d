import { CutoverError, didYouMean, type SourcePosition } from '../errors/index.ts';
import { positionOf } from '../source/index.ts';
import type { HostNode, InventoryGraph } from './graph.ts';
import { LOCALHOST_NAMES, matchHosts } from './matching.ts';
import type { Group, Host, Inventory, InventoryOptions, PatternMatch, VariableLayer } from './types.ts';
import { VarsFolder } from './vars-folder.ts';

/** What loading found beside hosts and groups. */
export interface InventorySettings {
  readonly options: InventoryOptions;
  readonly sources: readonly string[];
  /** Folders of the sources, whose group_vars and host_vars count, in the order of the sources. */
  readonly folders: readonly string[];
  readonly warnings: readonly string[];
}

/** Gives the place where a variable of a layer was written; undefined for values that no person wrote. */
export function variablePosition(layer: VariableLayer, name: string): SourcePosition | undefined {
  return layer.positions?.get(name) ?? positionOf(layer.values, name, 'key');
}

/** An inventory over a settled graph. Everything that takes work is computed when asked for, and kept. */
export class LoadedInventory implements Inventory {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly folder: string | undefined;
  readonly sources: readonly string[];
  readonly warnings: readonly string[];
  readonly cwd: string;
  private readonly graph: InventoryGraph;
  private readonly settings: InventorySettings;
  private readonly hostViews = new Map<string, Host>();
  private readonly varsFolders = new Map<string, VarsFolder>();
  private memberCache = new Map<string, readonly string[]>();
  /** By the groups that name a host directly: most hosts share them with many others. */
  private orderCache = new Map<string, readonly string[]>();
  private groupLayerCache = new Map<string, readonly VariableLayer[]>();
  /** By playbook folder, then by host. */
  private hostLayerCache = new Map<string, Map<string, readonly VariableLayer[]>>();

  constructor(graph: InventoryGraph, settings: InventorySettings) {
    this.graph = graph;
    this.settings = settings;
    this.groups = graph.groups;
    this.sources = settings.sources;
    this.warnings = settings.warnings;
    this.folder = settings.folders[0];
    this.cwd = settings.options.cwd ?? process.cwd();
    for (const node of graph.hosts.values()) this.hostViews.set(node.name, this.view(node));
    this.hosts = this.hostViews;
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
    const key = playbookFolder ?? '';
    const cache = this.hostLayerCache.get(key) ?? new Map<string, readonly VariableLayer[]>();
    this.hostLayerCache.set(key, cache);
    let found = cache.get(host);
    if (!found) {
      const node = this.graph.hosts.get(host) ?? implicitLocalhost(host);
      if (!node) {
        throw new CutoverError('inventory', `the host "${host}" is not in the inventory`, {
          hint: didYouMean(host, this.graph.hosts.keys()),
        });
      }
      found = [
        ...this.sharedLayers(node, playbookFolder),
        ...node.layers,
        ...this.fromFolders('inventory host_vars/*', [host], this.settings.folders),
        ...this.fromFolders(
          'playbook host_vars/*',
          [host],
          playbookFolder === undefined ? [] : [playbookFolder],
        ),
      ];
      cache.set(host, found);
    }
    return found;
  }

  groupLayers(group: string, playbookFolder?: string): readonly VariableLayer[] {
    this.mustHaveGroup(group);
    return this.layersOfGroups([group], playbookFolder);
  }

  addHost(name: string, groups: readonly string[], vars: Readonly<Record<string, unknown>>): void {
    const targets = groups.length === 0 ? ['all'] : groups;
    for (const group of targets) this.graph.addHost(name, group, undefined);
    const node = this.graph.hosts.get(name)!;
    if (Object.keys(vars).length > 0) this.graph.setHostVars(node, 'add_host', { values: vars });
    this.changed([node]);
  }

  addGroup(name: string, parents: readonly string[], hosts: readonly string[]): void {
    this.graph.addGroup(name, undefined);
    for (const parent of parents) this.graph.link(parent, name);
    this.changed(hosts.map((host) => this.graph.addHost(host, name, undefined)));
  }

  /** A run may change thousands of hosts one by one, so only what depends on them is forgotten. */
  private changed(touched: readonly HostNode[]): void {
    const relinked = this.graph.settle(touched);
    this.memberCache = new Map();
    if (relinked) {
      this.orderCache = new Map();
      this.groupLayerCache = new Map();
      this.hostLayerCache = new Map();
    }
    for (const node of touched) {
      for (const cache of this.hostLayerCache.values()) cache.delete(node.name);
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

  private sharedLayers(node: HostNode, playbookFolder: string | undefined): readonly VariableLayer[] {
    const key = `${playbookFolder ?? ''}\0${[...node.direct].join('\0')}`;
    let found = this.groupLayerCache.get(key);
    if (!found) {
      found = this.layersOfGroups(this.orderedGroups(node), playbookFolder);
      this.groupLayerCache.set(key, found);
    }
    return found;
  }

  private layersOfGroups(
    groups: readonly string[],
    playbookFolder: string | undefined,
  ): readonly VariableLayer[] {
    const playbook = playbookFolder === undefined ? [] : [playbookFolder];
    const all = groups.filter((name) => name === 'all');
    const others = groups.filter((name) => name !== 'all');
    return [
      ...groups.flatMap((name) => this.graph.groups.get(name)!.layers),
      ...this.fromFolders('inventory group_vars/all', all, this.settings.folders),
      ...this.fromFolders('playbook group_vars/all', all, playbook),
      ...this.fromFolders('inventory group_vars/*', others, this.settings.folders),
      ...this.fromFolders('playbook group_vars/*', others, playbook),
    ];
  }

  /** Folder by folder, and in each by the order of the groups. */
  private fromFolders(
    level: VariableLayer['level'],
    names: readonly string[],
    folders: readonly string[],
  ): VariableLayer[] {
    const kind = level.includes('host_vars') ? 'host_vars' : 'group_vars';
    return folders.flatMap((path) => {
      const folder = this.varsFolder(path);
      return names.flatMap((name) => folder.files(kind, name).map((file) => ({ level, ...file })));
    });
  }

  private varsFolder(path: string): VarsFolder {
    let folder = this.varsFolders.get(path);
    if (!folder) {
      folder = new VarsFolder(path, this.settings.options);
      this.varsFolders.set(path, folder);
    }
    return folder;
  }

  private mustHaveGroup(group: string): void {
    if (this.graph.groups.has(group)) return;
    throw new CutoverError('inventory', `the group "${group}" is not in the inventory`, {
      hint: didYouMean(group, this.graph.groups.keys()),
    });
  }
}

/** The controller, when a playbook names it and no inventory does. It belongs to no group; `all` still gives it variables. */
function implicitLocalhost(name: string): HostNode | undefined {
  if (!LOCALHOST_NAMES.includes(name)) return undefined;
  const values = { ansible_connection: 'local' };
  const layer: VariableLayer = { level: 'inventory file host vars', origin: 'implicit localhost', values };
  return { name, position: undefined, direct: new Set(), layers: [layer] };
}
