/** Names that no source of the inventory has. They belong to no group; `all` still gives them variables. */
import type { HostNode } from './graph.ts';
import { LOCALHOST_NAMES } from './matching.ts';
import type { VariableLayer } from './types.ts';

/** The controller, when a playbook names it and no inventory does. */
export function implicitLocalhost(name: string): HostNode | undefined {
  if (!LOCALHOST_NAMES.includes(name)) return undefined;
  const values = { ansible_connection: 'local' };
  const layer: VariableLayer = { level: 'inventory file host vars', origin: 'implicit localhost', values };
  return { ...outsider(name), layers: [layer] };
}

/** A host that only a task names (`delegate_to`). */
export function outsider(name: string): HostNode {
  return { name, position: undefined, direct: new Set(), layers: [] };
}
