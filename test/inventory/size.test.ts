import { describe, expect, test } from 'vitest';
import { loadInventory } from '../../src/inventory/index.ts';
import { folderWith } from './folder.ts';

const GROUPS = 100;

function ini(hosts: number): string {
  const lines = ['[site:children]'];
  for (let group = 0; group < GROUPS; group++) lines.push(`g${group}`);
  for (let group = 0; group < GROUPS; group++) {
    lines.push(`[g${group}]`);
    for (let host = group; host < hosts; host += GROUPS)
      lines.push(`host${host} ansible_host=10.0.${host >> 8}.${host & 255} rack=${group}`);
  }
  return lines.join('\n');
}

function yaml(hosts: number): string {
  const lines = ['all:', '  children:'];
  for (let group = 0; group < GROUPS; group++) {
    lines.push(`    g${group}:`, '      hosts:');
    for (let host = group; host < hosts; host += GROUPS)
      lines.push(`        host${host}: {ansible_host: 10.0.${host >> 8}.${host & 255}, rack: ${group}}`);
  }
  return lines.join('\n');
}

/** Every host in one mapping, one variable a line, and a list that only the general YAML parser reads. */
function flat(hosts: number): string {
  const lines = ['all:', '  hosts:'];
  for (let host = 0; host < hosts; host++)
    lines.push(
      `    host${host}:`,
      `      ansible_host: 10.0.${host >> 8}.${host & 255}`,
      `      rack: ${host % GROUPS}`,
    );
  lines.push('  children:');
  for (let group = 0; group < GROUPS; group++) {
    lines.push(`    g${group}:`, '      vars: {list: [1, 2]}', '      hosts:');
    for (let host = group; host < hosts; host += GROUPS) lines.push(`        host${host}:`);
  }
  return lines.join('\n');
}

/** Loads, asks for every host's variables, and matches a pattern with everything in it. How long that takes: bench/inventory.ts. */
async function work(cwd: string, source: string, hosts: number): Promise<void> {
  const inventory = await loadInventory([source], { cwd });
  let layers = 0;
  for (const host of inventory.hosts.keys()) layers += inventory.layers(host).length;
  const found = inventory.match('all:&host*:!~host.*0$:!g1[0:2]');
  expect(inventory.hosts.size).toBe(hosts);
  expect(layers).toBeGreaterThan(hosts * 2);
  expect(found.hosts.length).toBe((hosts * 9) / 10 - 3);
}

describe('large inventories', () => {
  test.each([
    ['hosts', ini],
    ['hosts.yml', yaml],
    ['hosts.yml', flat],
  ] as const)('%s by %o', async (file, write) => {
    const cwd = folderWith({
      [file]: write(10_000),
      'group_vars/all.yml': 'a: 1\n',
      'host_vars/host1.yml': 'b: 1\n',
    });
    await work(cwd, file, 10_000);
  });
});
