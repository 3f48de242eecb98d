import type { HostNode, InventoryGraph } from './graph.ts';
import type { InventoryOptions, VariableLayer } from './types.ts';
import { VarsFolder } from './vars-folder.ts';

/** The layers of variables that sources and the folders `group_vars` and `host_vars` give, weakest first. Kept once they were asked for. */
export class VariableLayers {
  private readonly groups: InventoryGraph['groups'];
  /** Of the sources. */
  private readonly folders: readonly string[];
  private readonly options: InventoryOptions;
  private readonly varsFolders = new Map<string, VarsFolder>();
  private readonly ofSameGroups = new Map<string, readonly VariableLayer[]>();
  /** By playbook folder, then by host. */
  private readonly ofHosts = new Map<string, Map<string, readonly VariableLayer[]>>();

  constructor(groups: InventoryGraph['groups'], folders: readonly string[], options: InventoryOptions) {
    this.groups = groups;
    this.folders = folders;
    this.options = options;
  }

  /** Of a host that is in these groups, in the order in which their variables apply. */
  ofHost(
    node: HostNode,
    groups: () => readonly string[],
    playbookFolder: string | undefined,
  ): readonly VariableLayer[] {
    const key = playbookFolder ?? '';
    const cache = this.ofHosts.get(key) ?? new Map<string, readonly VariableLayer[]>();
    this.ofHosts.set(key, cache);
    let found = cache.get(node.name);
    if (!found) {
      found = [
        ...this.ofAllGroups(node, groups, playbookFolder),
        ...node.layers,
        ...this.fromFolders('inventory host_vars/*', [node.name], this.folders),
        ...this.fromFolders('playbook host_vars/*', [node.name], listed(playbookFolder)),
      ];
      cache.set(node.name, found);
    }
    return found;
  }

  /** Of groups alone. */
  ofGroups(groups: readonly string[], playbookFolder: string | undefined): readonly VariableLayer[] {
    const playbook = listed(playbookFolder);
    const all = groups.filter((name) => name === 'all');
    const others = groups.filter((name) => name !== 'all');
    return [
      ...groups.flatMap((name) => this.groups.get(name)!.layers),
      ...this.fromFolders('inventory group_vars/all', all, this.folders),
      ...this.fromFolders('playbook group_vars/all', all, playbook),
      ...this.fromFolders('inventory group_vars/*', others, this.folders),
      ...this.fromFolders('playbook group_vars/*', others, playbook),
    ];
  }

  /** Forgets what depends on how groups hang together; the folders stay read. */
  forget(): void {
    this.ofSameGroups.clear();
    this.ofHosts.clear();
  }

  forgetHost(name: string): void {
    for (const cache of this.ofHosts.values()) cache.delete(name);
  }

  /** Most hosts share their groups with many others. */
  private ofAllGroups(
    node: HostNode,
    groups: () => readonly string[],
    playbookFolder: string | undefined,
  ): readonly VariableLayer[] {
    const key = `${playbookFolder ?? ''}\0${[...node.direct].join('\0')}`;
    let found = this.ofSameGroups.get(key);
    if (!found) {
      found = this.ofGroups(groups(), playbookFolder);
      this.ofSameGroups.set(key, found);
    }
    return found;
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
      folder = new VarsFolder(path, this.options);
      this.varsFolders.set(path, folder);
    }
    return folder;
  }
}

function listed(folder: string | undefined): readonly string[] {
  return folder === undefined ? [] : [folder];
}
