import { CutoverError, type SourcePosition } from '../errors/index.ts';
import type { Group, VariableLayer, VariablePositions } from './types.ts';

/** A group while it is being put together. */
export interface GroupNode extends Group {
  priority: number;
  depth: number;
  readonly parents: string[];
  readonly children: string[];
  readonly childSet: Set<string>;
  readonly hosts: string[];
  readonly hostSet: Set<string>;
  readonly layers: VariableLayer[];
}

/** A host while it is being put together. */
export interface HostNode {
  readonly name: string;
  readonly position: SourcePosition | undefined;
  /** Groups that name it directly, in the order of the files. */
  readonly direct: Set<string>;
  readonly layers: VariableLayer[];
}

/** One variable with the place where it stands. */
export interface PlacedVars {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positions?: VariablePositions;
  readonly final?: true;
}

/** The variable that moves a group before or behind others of its depth; it is taken out of the variables. */
const PRIORITY = 'ansible_group_priority';

/**
 * Hosts and groups as the sources name them. Every source writes into the same graph; `settle` then gives what Ansible
 * promises: every group hangs below `all`, every host without a group is in `ungrouped`.
 */
export class InventoryGraph {
  readonly hosts = new Map<string, HostNode>();
  readonly groups = new Map<string, GroupNode>();
  private relinked = false;

  constructor() {
    this.addGroup('all', undefined);
    this.addGroup('ungrouped', undefined);
    this.link('all', 'ungrouped');
  }

  addGroup(name: string, position: SourcePosition | undefined): GroupNode {
    let group = this.groups.get(name);
    if (!group) {
      group = {
        name,
        position,
        priority: 1,
        depth: name === 'all' ? 0 : 1,
        parents: [],
        children: [],
        childSet: new Set(),
        hosts: [],
        hostSet: new Set(),
        layers: [],
      };
      this.groups.set(name, group);
    }
    return group;
  }

  addHost(name: string, group: string, position: SourcePosition | undefined): HostNode {
    let host = this.hosts.get(name);
    if (!host) {
      host = { name, position, direct: new Set(), layers: [] };
      this.hosts.set(name, host);
    }
    const node = this.addGroup(group, position);
    if (!node.hostSet.has(name)) {
      node.hostSet.add(name);
      node.hosts.push(name);
      host.direct.add(group);
    }
    return host;
  }

  /** Puts a group below another. Throws CutoverError when that makes a circle. */
  link(parent: string, child: string, position?: SourcePosition): void {
    const above = this.addGroup(parent, position);
    const below = this.addGroup(child, position);
    if (above.childSet.has(child)) return;
    if (parent === child || this.descendants(child).includes(parent)) {
      throw new CutoverError(
        'inventory',
        `the group "${child}" cannot be a child of "${parent}": it already contains it`,
        {
          position,
          hint: 'groups may not form a circle',
        },
      );
    }
    above.children.push(child);
    above.childSet.add(child);
    this.relinked = true;
    below.parents.push(parent);
  }

  setGroupVars(group: string, origin: string, vars: PlacedVars): void {
    const node = this.addGroup(group, undefined);
    const priority = vars.values[PRIORITY];
    if (priority !== undefined) {
      const number = Number(priority);
      if (!Number.isInteger(number)) {
        throw new CutoverError('inventory', `${PRIORITY} of the group "${group}" must be a whole number`, {
          position: vars.positions?.get(PRIORITY),
        });
      }
      node.priority = number;
    }
    const { [PRIORITY]: _, ...values } = vars.values;
    if (priority === undefined) pushLayer(node.layers, 'inventory file group vars', origin, vars);
    else if (Object.keys(values).length > 0)
      pushLayer(node.layers, 'inventory file group vars', origin, { ...vars, values });
  }

  setHostVars(host: HostNode, origin: string, vars: PlacedVars): void {
    pushLayer(host.layers, 'inventory file host vars', origin, vars);
  }

  /** Every group below one, itself first, level by level: the order in which Ansible lists hosts. */
  descendants(name: string): string[] {
    const seen = new Set([name]);
    for (const current of seen) for (const child of this.groups.get(current)?.children ?? []) seen.add(child);
    return [...seen];
  }

  /**
   * Brings the graph into its final shape after the sources were read, and again after a change during a run, for the
   * hosts that it touched. Gives whether groups were linked since the last time.
   */
  settle(touched: Iterable<HostNode> = this.hosts.values()): boolean {
    for (const group of this.groups.values())
      if (group.name !== 'all' && group.parents.length === 0) this.link('all', group.name);
    const ungrouped = this.addGroup('ungrouped', undefined);
    for (const host of touched) {
      const grouped = [...host.direct].some((name) => name !== 'all' && name !== 'ungrouped');
      if (!grouped) this.addHost(host.name, 'ungrouped', host.position);
      else if (host.direct.delete('ungrouped')) ungrouped.hostSet.delete(host.name);
    }
    if (ungrouped.hosts.length !== ungrouped.hostSet.size)
      ungrouped.hosts.splice(0, ungrouped.hosts.length, ...ungrouped.hostSet);
    const { relinked } = this;
    if (relinked) this.measureDepths();
    this.relinked = false;
    return relinked;
  }

  private measureDepths(): void {
    const waiting = new Map([...this.groups.values()].map((group) => [group.name, group.parents.length]));
    const ready = ['all'];
    for (const name of ready) {
      const group = this.groups.get(name)!;
      for (const childName of group.children) {
        const child = this.groups.get(childName)!;
        child.depth = Math.max(child.depth, group.depth + 1);
        const left = waiting.get(childName)! - 1;
        waiting.set(childName, left);
        if (left === 0) ready.push(childName);
      }
    }
  }
}

/** Adds variables behind the layers there are; those of one file stay one layer. */
function pushLayer(
  layers: VariableLayer[],
  level: VariableLayer['level'],
  origin: string,
  vars: PlacedVars,
): void {
  const last = layers.at(-1);
  if (last?.origin !== origin || !(last.positions instanceof Map) || !(vars.positions instanceof Map)) {
    layers.push({ level, origin, ...vars });
    return;
  }
  layers[layers.length - 1] = {
    level,
    origin,
    values: { ...last.values, ...vars.values },
    positions: new Map([...last.positions, ...vars.positions]),
  };
}
