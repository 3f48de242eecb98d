/** Hosts, groups, patterns and their layers of variables. */
export { variablePosition } from './inventory.ts';
export { loadInventory } from './load.ts';
export type {
  Group,
  Host,
  Inventory,
  InventoryOptions,
  InventoryVault,
  PatternMatch,
  VariableLayer,
} from './types.ts';
