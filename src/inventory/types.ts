import type { SourcePosition } from '../errors/index.ts';

/** A set of variables from one place. Values are as written: templates in them are evaluated when they are read. */
export interface VariableLayer {
  /** Which of the precedence levels it belongs to, as named by Ansible's documentation. */
  readonly level:
    | 'inventory file group vars'
    | 'inventory group_vars/all'
    | 'playbook group_vars/all'
    | 'inventory group_vars/*'
    | 'playbook group_vars/*'
    | 'inventory file host vars'
    | 'inventory host_vars/*'
    | 'playbook host_vars/*';
  /** The file, as the operator would name it. */
  readonly origin: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface Group {
  readonly name: string;
  readonly priority: number;
  /** Longest way from `all`: deeper groups win. */
  readonly depth: number;
  readonly parents: readonly string[];
  readonly children: readonly string[];
  /** Direct members. */
  readonly hosts: readonly string[];
  readonly position: SourcePosition | undefined;
}

export interface Host {
  readonly name: string;
  /** All groups, `all` and parents included, in the order in which their variables are applied (last wins). */
  readonly groups: readonly string[];
  readonly position: SourcePosition | undefined;
}

/** Hosts and groups, and for each host its layers of variables from weakest to strongest. Loads in linear time. */
export interface Inventory {
  /** In the order of the files. */
  readonly hosts: ReadonlyMap<string, Host>;
  readonly groups: ReadonlyMap<string, Group>;
  /** The folder of the first source file, for `inventory_dir`. */
  readonly folder: string | undefined;
  readonly sources: readonly string[];
  /** All hosts below a group, in inventory order. */
  members(group: string): readonly string[];
  /** Layers of inventory and of `group_vars`/`host_vars` beside inventory and playbook, weakest first. `playbookFolder` undefined leaves the playbook's out. Cached. Decrypts vault files. */
  layers(host: string, playbookFolder?: string): readonly VariableLayer[];
  /** Hosts that match a pattern such as `web:&prod:!web3`, in inventory order. Throws CutoverError('inventory') for a malformed pattern; unknown names come back as warnings. */
  match(
    pattern: string,
    options?: { readonly limit?: string },
  ): { readonly hosts: readonly string[]; readonly unmatched: readonly string[] };
  /** Adds a host while a run goes on (`add_host`), or a group (`group_by`). */
  addHost(name: string, groups: readonly string[], vars: Readonly<Record<string, unknown>>): void;
  addGroup(name: string, parents: readonly string[], hosts: readonly string[]): void;
}
