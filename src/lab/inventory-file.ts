import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { stringify } from 'yaml';
import type { LabHost } from './types.ts';

/** A host and what the inventory says about it beside its address. */
export interface InventoryEntry {
  readonly host: LabHost;
  /** The public host key in OpenSSH's format. */
  readonly hostKey: string;
  readonly vars: Readonly<Record<string, unknown>>;
}

/** Where the inventory goes, and what is true of all its hosts. */
export interface InventoryPlan {
  readonly dir: string;
  readonly group: string;
  readonly privateKeyFile: string;
  readonly groupVars: Readonly<Record<string, unknown>>;
  readonly entries: readonly InventoryEntry[];
}

/** Writes `inventory.yml` and `known_hosts`; all paths in them are absolute. Gives the inventory's path. */
export async function writeInventory(plan: InventoryPlan): Promise<string> {
  const path = join(plan.dir, 'inventory.yml');
  const knownHosts = join(plan.dir, 'known_hosts');
  const hosts = Object.fromEntries(plan.entries.map((entry) => [entry.host.name, hostVars(entry)]));
  const group = { hosts, ...(Object.keys(plan.groupVars).length > 0 && { vars: plan.groupVars }) };
  const document = {
    all: {
      vars: {
        ansible_ssh_private_key_file: plan.privateKeyFile,
        cutover_known_hosts: knownHosts,
      },
      children: { [plan.group]: group },
    },
  };
  await writeFile(knownHosts, plan.entries.map(knownHostLine).join(''));
  await writeFile(
    path,
    `# Written by cutover lab up; it goes away with cutover lab down.\n${stringify(document)}`,
  );
  return path;
}

function hostVars({ host, vars }: InventoryEntry): Record<string, unknown> {
  return { ansible_host: host.address, ansible_port: host.port, ansible_user: host.user, ...vars };
}

function knownHostLine({ host, hostKey }: InventoryEntry): string {
  const name = host.port === 22 ? host.address : `[${host.address}]:${host.port}`;
  return `${name} ${keyFields(hostKey)}\n`;
}

/** Type and key without the comment. Throws for what is no key, which would be a mistake of ours. */
function keyFields(hostKey: string): string {
  const key = ssh2.utils.parseKey(hostKey);
  if (key instanceof Error) throw key;
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}
