import { dumpYaml } from '../template/index.ts';
import { groupVariables, hostVariables, type ListOptions } from './listing.ts';
import type { Inventory } from './types.ts';

type Data = Record<string, unknown>;

/** What `--yaml` prints of plain data: as Ansible's own files look. */
export function asYaml(value: unknown): string {
  return dumpYaml(value, {
    flow: 'none',
    indent: 2,
    width: 80,
    sortKeys: true,
    unicode: true,
    explicitStart: false,
    explicitEnd: false,
  });
}

/** Gives what `ansible-inventory --list --yaml` prints: the tree of groups; a host has its variables where it comes first. */
export function inventoryYaml(inventory: Inventory, options: ListOptions = {}): string {
  const seen = new Set<string>();
  const hostsOf = (names: readonly string[]): Data => {
    const made: Data = {};
    for (const name of names) {
      if (options.hosts && !options.hosts.has(name)) continue;
      made[name] = seen.has(name) ? {} : hostVariables(inventory, name, options);
      seen.add(name);
    }
    return made;
  };
  const groupOf = (name: string): Data => {
    const group = inventory.groups.get(name)!;
    const children = Object.fromEntries(group.children.map((child) => [child, groupOf(child)]));
    const parts = {
      children,
      hosts: name === 'all' ? {} : hostsOf(group.hosts),
      vars: groupVariables(inventory, group, options),
    };
    return Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0));
  };
  return asYaml({ all: groupOf('all') });
}
