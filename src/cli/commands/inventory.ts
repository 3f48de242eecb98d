import { resolve } from 'node:path';
import { settingValues } from '../../config/index.ts';
import { CutoverError } from '../../errors/index.ts';
import { inventoryGraph, inventoryHostJson, inventoryJson, loadInventory } from '../../inventory/index.ts';
import { createSecrets } from '../../secrets/index.ts';
import { parseExtraVars } from '../extra-vars.ts';
import { settings } from '../settings.ts';
import { type VaultFlags, vaultFromFlags } from '../vault-flags.ts';

/** Flags of `cutover inventory`. */
export interface InventoryFlags extends VaultFlags {
  readonly inventory?: readonly string[];
  readonly limit?: string;
  readonly extraVars?: readonly string[];
  readonly export?: boolean;
  readonly list?: boolean;
  readonly host?: string;
  readonly graph?: boolean;
  readonly vars?: boolean;
  readonly playbookDir?: string;
}

/** `cutover inventory`: prints what ansible-inventory would. */
export async function inventory(group: string | undefined, flags: InventoryFlags): Promise<void> {
  const config = settingValues(settings());
  const vault = await vaultFromFlags(flags, config);
  const loaded = await loadInventory(flags.inventory ?? config.inventory ?? [], vault ? { vault } : {});
  const options = {
    ...(flags.limit === undefined
      ? {}
      : { hosts: new Set(loaded.match('all', { limit: flags.limit }).hosts) }),
    ...(flags.playbookDir === undefined ? {} : { playbookFolder: resolve(flags.playbookDir) }),
    extraVars: Object.assign({}, ...parseExtraVars(flags.extraVars ?? [], vault, createSecrets())),
  };
  const json = (value: unknown) => process.stdout.write(`${JSON.stringify(value, null, 4)}\n`);
  if (flags.host !== undefined) return void json(inventoryHostJson(loaded, flags.host, options));
  if (flags.graph)
    return void process.stdout.write(
      inventoryGraph(loaded, {
        ...options,
        ...(group === undefined ? {} : { group }),
        vars: flags.vars ?? false,
      }),
    );
  if (flags.list) return void json(inventoryJson(loaded, { ...options, export: flags.export ?? false }));
  throw new CutoverError('usage', 'say what to show', { hint: 'use --list, --host NAME or --graph' });
}
