import { CutoverError, ErrorList } from '../errors/index.ts';
import { InventoryGraph } from './graph.ts';
import { type InventoryReading, LoadedInventory } from './inventory.ts';
import { readSource } from './sources.ts';
import type { Inventory, InventoryOptions } from './types.ts';

/**
 * Reads inventories: files (INI, YAML, JSON, TOML), folders of those, `host1,host2,` lists, and scripts that answer
 * `--list`. Later sources win. No source gives an inventory with nothing but the implicit localhost.
 * Throws ErrorList with every error of every source.
 */
export async function loadInventory(
  sources: readonly string[],
  options: InventoryOptions = {},
): Promise<Inventory> {
  const read = () => readSources(sources, options);
  return new LoadedInventory(await read(), { options, sources, read });
}

async function readSources(sources: readonly string[], options: InventoryOptions): Promise<InventoryReading> {
  const graph = new InventoryGraph();
  const warnings: string[] = [];
  const folders: string[] = [];
  const errors: CutoverError[] = [];
  for (const source of sources) {
    try {
      const folder = await readSource(source, { graph, options, warnings });
      if (folder !== undefined && !folders.includes(folder)) folders.push(folder);
    } catch (thrown) {
      if (thrown instanceof ErrorList) errors.push(...thrown.errors);
      else if (thrown instanceof CutoverError) errors.push(thrown);
      else throw thrown;
    }
  }
  if (errors.length > 0) throw new ErrorList(errors);
  graph.settle();
  warnings.push(...nameWarnings(graph));
  return { graph, folders, warnings };
}

function nameWarnings(graph: InventoryGraph): string[] {
  const odd = [...graph.groups.keys()].filter((name) => !/^[A-Za-z_]\w*$/.test(name));
  const both = [...graph.groups.keys()].filter((name) => graph.hosts.has(name));
  return [
    ...odd.map(
      (name) => `the group name "${name}" is not a variable name: in templates write groups['${name}']`,
    ),
    ...both.map((name) => `"${name}" is a group and a host: a pattern with that name means the group`),
  ];
}
