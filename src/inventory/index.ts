/** Hosts, groups, patterns and their layers of variables. */
export { variablePosition } from './inventory.ts';
export { inventoryGraph, inventoryHostJson, inventoryJson, type ListingOptions } from './listing.ts';
export { loadInventory } from './load.ts';
export { asYaml, inventoryYaml } from './tree.ts';
export type {
  Addition,
  Group,
  Host,
  Inventory,
  InventoryOptions,
  InventoryVault,
  PatternMatch,
  VariableLayer,
} from './types.ts';
