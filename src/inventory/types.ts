import type { SourcePosition } from '../errors/index.ts';

/** Where variables were written. */
export interface VariablePositions {
  get(name: string): SourcePosition | undefined;
}

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
  /** Where each variable was written, when the values themselves do not know (INI, scripts). Read it through `variablePosition`. */
  readonly positions?: VariablePositions;
  /** Made by the run (`add_host`): data, which are never evaluated. */
  readonly final?: true;
}

/** What a pattern gave. */
export interface PatternMatch {
  readonly hosts: readonly string[];
  readonly unmatched: readonly string[];
}

/** A set of hosts; its variables are in the layers of its hosts. */
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

/** A machine as the inventory names it. */
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
  /** Things that work but deserve a look: group names with a dash, a host named like a group, files left out of a folder. */
  readonly warnings: readonly string[];
  /** All hosts below a group, in inventory order. */
  members(group: string): readonly string[];
  /** Layers of inventory and of `group_vars`/`host_vars` beside inventory and playbook, weakest first. `playbookFolder` undefined leaves the playbook's out. Cached. Decrypts vault files. */
  layers(host: string, playbookFolder?: string): readonly VariableLayer[];
  /** The same for a name that may be none of the inventory's (`delegate_to`): it gets what `all` and its own `host_vars` give. */
  outsiderLayers(host: string, playbookFolder?: string): readonly VariableLayer[];
  /**
   * Hosts that match a pattern such as `web:&prod:!web3`, in the order that Ansible gives: pattern by pattern, each in
   * the order of its group. A list is several patterns, of which none is split at commas again. Throws CutoverError('inventory') for a malformed pattern; names that
   * match nothing come back as `unmatched`, for a warning.
   */
  match(
    pattern: string | readonly string[],
    options?: { readonly limit?: string | readonly string[] },
  ): PatternMatch;
  /** Whether a source names the host: one that `add_host` made is gone with the run. */
  isWritten(name: string): boolean;
  /** Adds a host while a run goes on (`add_host`), or a group (`group_by`). Both say whether host, groups or values are new. */
  addHost(name: string, groups: readonly string[], vars: Readonly<Record<string, unknown>>): boolean;
  addGroup(name: string, parents: readonly string[], hosts: readonly string[]): boolean;
  /** What was added so far, in order: done again it gives the same hosts and groups. */
  readonly additions: readonly Addition[];
  /** Reads the sources again (`meta: refresh_inventory`). What was added while the run went on stays, as far as its hosts do. Throws ErrorList and changes nothing then. */
  refresh(): Promise<void>;
  /** Grows with everything that is added or read again. */
  readonly revision: number;
  /** The layers of one group alone (files of the inventory, then `group_vars`), weakest first: what `--graph --vars` shows. */
  groupLayers(group: string, playbookFolder?: string): readonly VariableLayer[];
}

/** A host that `add_host` made or changed, or a group of `group_by`. */
export type Addition =
  | {
      readonly host: string;
      readonly groups: readonly string[];
      readonly vars: Readonly<Record<string, unknown>>;
    }
  | { readonly group: string; readonly parents: readonly string[]; readonly hosts: readonly string[] };

/** The part of a vault that reading an inventory needs. `src/vault` makes one. */
export interface InventoryVault {
  /** Gives the plain text. Throws CutoverError('vault'). */
  decryptText(text: string, position?: SourcePosition): string;
}

/** How an inventory is read. */
export interface InventoryOptions {
  /** Opens whole-file vaults in group_vars and host_vars. */
  readonly vault?: InventoryVault;
  /** Told about every value that came out of a vault file. */
  readonly secrets?: { add(value: unknown): void };
  /** Folder that relative sources and `@file` patterns start from. Default: the process's. */
  readonly cwd?: string;
  /** Environment of inventory scripts. Default: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds that one call of an inventory script may take. Default 120,000. */
  readonly scriptTimeoutMs?: number;
}
