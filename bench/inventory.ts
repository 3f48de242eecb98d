/** How long large inventories take: loading, every host's variables, and a pattern; 10,000 and 60,000 hosts in 100 groups. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadInventory } from '../src/inventory/index.ts';
import { machineLine, printTable } from './measure.ts';

const GROUPS = 100;

function membersOf(group: number, hosts: number): number[] {
  const members: number[] = [];
  for (let host = group; host < hosts; host += GROUPS) members.push(host);
  return members;
}

const groups = Array.from({ length: GROUPS }, (_, group) => group);
const address = (host: number) => `10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`;

const formats: Readonly<Record<string, (hosts: number) => string>> = {
  'hosts.cfg': (hosts) =>
    groups
      .flatMap((group) => [
        `[g${group}]`,
        ...membersOf(group, hosts).map((host) => `host${host} ansible_host=${address(host)} rack=${group}`),
      ])
      .join('\n'),
  'hosts.yml': (hosts) =>
    [
      'all:\n  children:',
      ...groups.flatMap((group) => [
        `    g${group}:\n      hosts:`,
        ...membersOf(group, hosts).map(
          (host) => `        host${host}: {ansible_host: ${address(host)}, rack: ${group}}`,
        ),
      ]),
    ].join('\n'),
};

async function seconds(work: () => unknown): Promise<string> {
  const start = performance.now();
  await work();
  return `${((performance.now() - start) / 1000).toFixed(2)} s`;
}

const folder = mkdtempSync(join(tmpdir(), 'cutover-bench-'));
try {
  const rows = [['', 'load', 'variables', 'pattern']];
  for (const hosts of [10_000, 60_000]) {
    for (const [file, write] of Object.entries(formats)) {
      writeFileSync(join(folder, file), write(hosts));
      let inventory: Awaited<ReturnType<typeof loadInventory>> | undefined;
      const load = await seconds(async () => {
        inventory = await loadInventory([file], { cwd: folder });
      });
      const variables = await seconds(() => {
        for (const host of inventory!.hosts.keys()) inventory!.layers(host);
      });
      const pattern = await seconds(() => inventory!.match('all:&host*:!~host.*0$:!g1[0:2]'));
      rows.push([`${hosts} hosts, ${file}`, load, variables, pattern]);
    }
  }
  console.log(`Inventories (${machineLine()})\n`);
  printTable(rows);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
