import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  diffManifests,
  type LabStatus,
  labDown,
  labStatus,
  labUp,
  treeManifest,
} from '../../../src/lab/index.ts';
import { markedProcesses } from '../../../src/lab/processes.ts';
import { connectTo, run } from '../client.ts';

let base: string;
let lab: LabStatus;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'lab-'));
  lab = await labUp({ dir: join(base, 'lab'), hosts: 2, wso2: true });
}, 60_000);

afterAll(async () => {
  await labDown({ dir: lab.dir });
  expect(await markedProcesses(lab.dir)).toEqual([]);
  await rm(base, { recursive: true });
});

test('every node runs 4.0.0 and is healthy', async () => {
  const { all } = parse(await readFile(lab.inventory, 'utf8'));
  for (const host of lab.hosts) {
    expect(host.mi).toEqual({ version: '4.0.0', running: true });
    const offset = all.children.mi.hosts[host.name].mi_port_offset;
    const health = await fetch(`http://127.0.0.1:${9191 + offset}/healthz`);
    expect(await health.json()).toEqual({ version: '4.0.0', status: 'ready' });
  }
});

test('the inventory names packs that are there', async () => {
  const { vars } = parse(await readFile(lab.inventory, 'utf8')).all.children.mi;
  const digest = async (path: string) =>
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  expect(await digest(vars.mi_pack)).toBe(vars.mi_pack_sha256);
  expect(await digest(vars.mi_old_pack)).toBe(vars.mi_old_pack_sha256);
});

test('a stop and a start over SSH leave nothing behind but logs and the pid', async () => {
  const host = lab.hosts[0]!;
  const exclude = (path: string) => path.includes('/repository/logs') || path.endsWith('/wso2carbon.pid');
  const before = await treeManifest(host.root, { exclude });
  const client = await connectTo(lab, host);
  const script = `export JAVA_HOME=${host.root}/opt/java; mi=${host.root}/opt/wso2/mi
    $mi/bin/micro-integrator.sh stop; while ps -p "$(cat $mi/wso2carbon.pid)" >/dev/null; do sleep 0.05; done
    echo down; $mi/bin/micro-integrator.sh start
    until tail -n 1 $mi/repository/logs/wso2carbon.log | grep -q EI_INTERNAL_HTTPS; do sleep 0.05; done; echo up`;
  expect((await run(client, script)).stdout).toBe('down\nup\n');
  client.end();
  expect((await labStatus({ dir: lab.dir })).hosts[0]!.mi).toEqual({ version: '4.0.0', running: true });
  expect(diffManifests(before, await treeManifest(host.root, { exclude }))).toEqual([]);
});

test.each([
  ['a host that is not there', { nod1: ['crash'] }, /no host nod1/],
  ['an unknown fault', { node1: ['crsh'] }, /unknown fault crsh/],
] as const)('refuses faults of %s', async (_name, faults, expected) => {
  const dir = join(base, 'bad');
  await expect(labUp({ dir, wso2: true, faults: faults as never })).rejects.toThrow(expected);
  await labDown({ dir });
});
