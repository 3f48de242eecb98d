/** The connection is cut after so many bytes: the outcome is said to be unknown, and a rollback ends in a legal state. */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Bench,
  bench,
  differences,
  eachOf,
  folder,
  leftovers,
  picture,
  processesOf,
  settled,
} from './bench.ts';
import { type CuttingProxy, type Direction, startProxy } from './proxy.ts';
import { layOut, NEW, OLD, writeSmallPlay } from './small-play.ts';

const WORKERS = 2;
let lab: Bench;
let play: string;
let proxies: CuttingProxy[];
let before: Awaited<ReturnType<typeof picture>>;
let login: Record<Direction, number>;
let whole: Record<Direction, number>;

const runArgs = (worker: number, at: string) => [
  'run',
  play,
  '-i',
  lab.inventory,
  '-l',
  lab.hosts[worker]!.name,
  '-e',
  `at=${at} ansible_port=${proxies[worker]!.port}`,
];

beforeAll(async () => {
  lab = await bench({ hosts: WORKERS });
  play = writeSmallPlay(lab.dir);
  proxies = await Promise.all(lab.hosts.map((host) => startProxy(host.port)));
  const known = join(lab.dir, 'lab/known_hosts');
  const keys = readFileSync(known, 'utf8').trim().split('\n');
  for (const [i, host] of lab.hosts.entries()) {
    const line = keys.find((key) => key.includes(`:${host.port} `))!;
    appendFileSync(known, `${line.replace(`:${host.port} `, `:${proxies[i]!.port} `)}\n`);
  }
  proxies[0]!.limit('out', Number.POSITIVE_INFINITY);
  const ping = await lab.cutover([
    'exec',
    lab.hosts[0]!.name,
    '-i',
    lab.inventory,
    '-m',
    'ping',
    '-e',
    `ansible_port=${proxies[0]!.port}`,
  ]);
  expect(ping.code).toBe(0);
  login = { ...proxies[0]!.passed };
  const at = folder(lab.hosts[0]!.root, 'whole');
  layOut(at);
  before = await picture(at);
  proxies[0]!.limit('out', Number.POSITIVE_INFINITY);
  expect((await lab.cutover(runArgs(0, at))).code).toBe(0);
  whole = { ...proxies[0]!.passed };
});
afterAll(async () => {
  await lab?.down();
  await Promise.all((proxies ?? []).map((proxy) => proxy.close()));
});

async function cutThenRolledBack(direction: Direction, bytes: number, worker: number): Promise<string[]> {
  const { root } = lab.hosts[worker]!;
  const name = `${direction}-${bytes}`;
  const at = folder(root, name);
  const home = join(lab.dir, `home-${name}`);
  layOut(at);
  const wrong: string[] = [];
  const reader = setInterval(() => {
    const text = readFileSync(join(at, 'text'), 'utf8');
    if (text !== OLD && text !== NEW) wrong.push(`a reader saw ${text.length} bytes`);
  }, 1);
  const proxy = proxies[worker]!;
  proxy.limit(direction, bytes);
  const run = await lab.cutover(runArgs(worker, at), { home });
  if (run.code !== 4 || !/no contact/.test(run.stdout))
    wrong.push(`exit ${run.code}: ${run.stdout}${run.stderr}`);
  if (/\n\s+at .*\.ts:\d+:\d+\)?\n/.test(run.stdout + run.stderr))
    wrong.push(`a stack: ${run.stdout}${run.stderr}`);
  proxy.limit('out', Number.POSITIVE_INFINITY);
  const rollback = await lab.cutover(['rollback', 'last'], { home });
  clearInterval(reader);
  const idle = /changed anything/.test(rollback.stderr);
  if (rollback.code !== 0 && !idle)
    wrong.push(`rollback ${rollback.code}: ${rollback.stdout}${rollback.stderr}`);
  wrong.push(...differences(before, await picture(at)));
  wrong.push(
    ...(await settled(() => processesOf(root))),
    ...(await settled(() => leftovers(root, idle), 1000)),
  );
  return wrong.map((line) => `cut after ${bytes} bytes ${direction}: ${line}`);
}

describe('the connection is cut', () => {
  it.each(['out', 'in'] as const)('after so many bytes %s', async (direction) => {
    // In the middle of the login, and from there on all through the work.
    const span = whole[direction] - login[direction];
    expect(span).toBeGreaterThan(1000);
    const points = [
      Math.round(login[direction] / 3),
      ...Array.from({ length: 9 }, (_, i) => Math.round(login[direction] + (span * (i + 0.5)) / 10)),
    ];
    const wrong: string[] = [];
    await eachOf(points, WORKERS, async (bytes, worker) => {
      wrong.push(...(await cutThenRolledBack(direction, bytes, worker)));
    });
    expect(wrong).toEqual([]);
  });
});
