import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { settingValues } from '../../config/index.ts';
import { CutoverError } from '../../errors/index.ts';
import {
  asYaml,
  inventoryGraph,
  inventoryHostJson,
  inventoryJson,
  inventoryYaml,
  loadInventory,
} from '../../inventory/index.ts';
import { parseExtraVars } from '../extra-vars.ts';
import { commandSecrets } from '../secrets.ts';
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
  readonly yaml?: boolean;
  readonly output?: string;
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
    extraVars: Object.assign({}, ...parseExtraVars(flags.extraVars ?? [], vault, commandSecrets())),
  };
  const show = (text: string): void => {
    if (flags.output === undefined) process.stdout.write(text);
    else writeFileSync(flags.output, text);
  };
  const json = (value: unknown) => `${JSON.stringify(value, null, 4)}\n`;
  if (flags.host !== undefined) {
    const vars = inventoryHostJson(loaded, flags.host, options);
    return show(flags.yaml ? asYaml(vars) : json(vars));
  }
  if (flags.graph)
    return show(
      inventoryGraph(loaded, {
        ...options,
        ...(group === undefined ? {} : { group }),
        vars: flags.vars ?? false,
      }),
    );
  if (flags.list) {
    const listed = { ...options, export: flags.export ?? false };
    return show(flags.yaml ? inventoryYaml(loaded, listed) : json(inventoryJson(loaded, listed)));
  }
  throw new CutoverError('usage', 'say what to show', { hint: 'use --list, --host NAME or --graph' });
}
