/** Hosts, groups, patterns and their layers of variables. */
export type { Group, Host, Inventory, VariableLayer } from './types.ts';
