import { UnsafeText, VaultText } from '../values/index.ts';
import { pythonText } from './python-text.ts';
import type { Group, Inventory, VariableLayer } from './types.ts';

/** What the listings may look at beside the inventory. */
export interface ListingOptions {
  /** Folder of the playbook, whose group_vars and host_vars count too (`--playbook-dir`). */
  readonly playbookFolder?: string;
  /** Variables that win over all of the inventory's (`-e`). */
  readonly extraVars?: Readonly<Record<string, unknown>>;
  /** Only these hosts (`--limit`). */
  readonly hosts?: ReadonlySet<string>;
}

/** What `--list` may do otherwise. */
export interface ListOptions extends ListingOptions {
  /** Variables stay where they were written, so that the listing can serve as an inventory again (`--export`). */
  readonly export?: boolean;
}

/**
 * Gives what `ansible-inventory --list` prints: every group with its hosts and children, and the variables of every host
 * below `_meta`. Plain data with sorted keys; encrypted values stay encrypted. Throws what reading group_vars throws.
 */
export function inventoryJson(inventory: Inventory, options: ListOptions = {}): Record<string, unknown> {
  const listed = (hosts: readonly string[]) =>
    options.hosts ? hosts.filter((host) => options.hosts!.has(host)) : hosts;
  const hostvars: [string, unknown][] = [];
  for (const host of listed(inventory.members('all'))) {
    const vars = hostVariables(inventory, host, options);
    if (Object.keys(vars).length > 0) hostvars.push([host, vars]);
  }
  const listing: [string, unknown][] = [['_meta', { hostvars: sorted(hostvars) }]];
  for (const group of inventory.groups.values()) {
    const hosts = group.name === 'all' ? [] : listed(group.hosts);
    const vars = groupVariables(inventory, group, options);
    if (hosts.length === 0 && group.children.length === 0 && Object.keys(vars).length === 0) continue;
    listing.push([
      group.name,
      {
        ...(group.children.length > 0 && { children: [...group.children] }),
        ...(hosts.length > 0 && { hosts: [...hosts] }),
        ...(Object.keys(vars).length > 0 && { vars }),
      },
    ]);
  }
  return sorted(listing);
}

/** Gives the variables that a listing shows with a host: all of them, or with `export` those that were written for it. */
export function hostVariables(
  inventory: Inventory,
  host: string,
  options: ListOptions,
): Record<string, unknown> {
  return options.export
    ? plain(merged(ownLayers(inventory.layers(host, options.playbookFolder))))
    : inventoryHostJson(inventory, host, options);
}

/** Gives the variables that a listing shows with a group: none but with `export`. */
export function groupVariables(
  inventory: Inventory,
  group: Group,
  options: ListOptions,
): Record<string, unknown> {
  return options.export
    ? plain(groupVars(group, inventory.groupLayers(group.name, options.playbookFolder)))
    : {};
}

/** Gives what `ansible-inventory --host NAME` prints: the variables of a host, keys sorted. Throws CutoverError('inventory') for an unknown host. */
export function inventoryHostJson(
  inventory: Inventory,
  host: string,
  options: ListingOptions = {},
): Record<string, unknown> {
  return plain(merged(layersOf(inventory, host, options)));
}

/** Gives what `ansible-inventory --graph [GROUP] [--vars]` prints. Throws CutoverError('inventory') for an unknown group. */
export function inventoryGraph(
  inventory: Inventory,
  options: ListingOptions & { readonly group?: string; readonly vars?: boolean } = {},
): string {
  const start = options.group ?? 'all';
  inventory.members(start);
  const lines: string[] = [];
  const add = (depth: number, text: string): number =>
    lines.push(depth === 0 ? text : `${'  |'.repeat(depth)}--${text}`);
  const addVars = (depth: number, vars: () => Record<string, unknown>): void => {
    if (!options.vars) return;
    for (const [name, value] of Object.entries(vars())) add(depth, `{${name} = ${pythonText(value)}}`);
  };
  const walk = (name: string, depth: number): void => {
    const group = inventory.groups.get(name)!;
    add(depth, `@${name}:`);
    for (const child of group.children) walk(child, depth + 1);
    for (const host of name === 'all' ? [] : group.hosts) {
      if (options.hosts && !options.hosts.has(host)) continue;
      add(depth + 1, host);
      addVars(depth + 2, () => merged(layersOf(inventory, host, options)));
    }
    addVars(depth + 1, () => groupVars(group, inventory.groupLayers(name, options.playbookFolder)));
  };
  walk(start, 0);
  return `${lines.join('\n')}\n`;
}

type Values = Pick<VariableLayer, 'values'>;

function layersOf(inventory: Inventory, host: string, options: ListingOptions): readonly Values[] {
  const layers = inventory.layers(host, options.playbookFolder);
  return options.extraVars ? [...layers, { values: options.extraVars }] : layers;
}

/** What was written for the host itself, not for its groups. */
function ownLayers(layers: readonly VariableLayer[]): readonly Values[] {
  return layers.filter(({ level }) => /host/.test(level));
}

function merged(layers: readonly Values[]): Record<string, unknown> {
  const values = new Map<string, unknown>();
  for (const layer of layers)
    for (const [name, value] of Object.entries(layer.values)) values.set(name, value);
  return sorted([...values]);
}

/** The priority was taken out of the variables when the file was read; the graph shows it. */
function groupVars(group: Group, layers: readonly VariableLayer[]): Record<string, unknown> {
  const priority = group.priority === 1 ? {} : { ansible_group_priority: group.priority };
  return sorted(Object.entries({ ...priority, ...merged(layers) }));
}

/** Ansible marks the special values in its JSON; nothing is decrypted for a listing. */
function plain(mapping: Record<string, unknown>): Record<string, unknown> {
  return sorted(Object.entries(mapping).map(([key, item]) => [key, plainValue(item)]));
}

/** A value that several hosts share stays one: YAML then writes it once. */
const plainValues = new WeakMap<object, unknown>();

function plainValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!plainValues.has(value)) plainValues.set(value, plainObject(value));
  return plainValues.get(value);
}

function plainObject(value: object): unknown {
  if (value instanceof VaultText) return { __ansible_vault: value.ciphertext };
  if (value instanceof UnsafeText) return { __ansible_unsafe: value.text };
  if (Array.isArray(value)) return value.map(plainValue);
  return plain(value as Record<string, unknown>);
}

function sorted(entries: [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
