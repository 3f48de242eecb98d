/** P4: the controller is killed at every event and between its writes; rollback or a second run ends in a legal state. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/journal/index.ts';
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
import { layOut, NEW, OLD, writeSmallPlay } from './small-play.ts';

const WORKERS = 3;
let lab: Bench;
let play: string;
let before: Awaited<ReturnType<typeof picture>>;
let after: Awaited<ReturnType<typeof picture>>;
let happened: readonly RunEvent[] = [];

const runArgs = (host: number, at: string) => [
  'run',
  play,
  '-i',
  lab.inventory,
  '-l',
  lab.hosts[host]!.name,
  '-e',
  `at=${at}`,
  '--output',
  'ndjson',
];

beforeAll(async () => {
  lab = await bench({ hosts: WORKERS });
  play = writeSmallPlay(lab.dir);
  const at = folder(lab.hosts[0]!.root, 'x');
  layOut(at);
  before = await picture(at);
  const whole = await lab.cutover(runArgs(0, at));
  expect(whole.code).toBe(0);
  happened = whole.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  after = await picture(at);
});
afterAll(() => lab?.down());

/** Gives what is wrong after a controller was killed there and the operator rolled back. */
async function killedThenRolledBack(kill: string, worker: number): Promise<string[]> {
  const { root } = lab.hosts[worker]!;
  const at = folder(root, kill.replace(':', '-'));
  const home = join(lab.dir, `home-${kill.replace(':', '-')}`);
  layOut(at);
  const torn: string[] = [];
  const reader = setInterval(() => {
    const text = readFileSync(join(at, 'text'), 'utf8');
    if (text !== OLD && text !== NEW) torn.push(`a reader saw ${text.length} bytes`);
  }, 1);
  const run = await lab.cutover(runArgs(worker, at), { home, kill });
  const wrong: string[] = [];
  if (run.signal !== 'SIGKILL') wrong.push(`the run was not killed: ${run.code} ${run.stderr}`);
  const rollback = await lab.cutover(['rollback', 'last'], { home });
  clearInterval(reader);
  const idle = /changed anything/.test(rollback.stderr);
  if (rollback.code !== 0 && !idle)
    wrong.push(`rollback: ${rollback.code} ${rollback.stdout}${rollback.stderr}`);
  wrong.push(...torn, ...differences(before, await picture(at)));
  wrong.push(
    ...(await settled(() => processesOf(root))),
    ...(await settled(() => leftovers(root, idle), 1000)),
  );
  return wrong.map((line) => `killed at ${kill}: ${line}`);
}

describe('the controller is killed', () => {
  it('at every event, and a rollback puts everything back', async () => {
    const wrong: string[] = [];
    // Everything around a change, and a sample of the rest. The last event is the end of the run.
    const points = happened
      .slice(0, -1)
      .flatMap(({ type }, i) => (/^change-/.test(type) || i % 8 === 2 ? [`event:${i + 1}`] : []));
    expect(points.length).toBeGreaterThan(20);
    await eachOf(points, WORKERS, async (point, worker) => {
      wrong.push(...(await killedThenRolledBack(point, worker)));
    });
    expect(wrong).toEqual([]);
  });

  it('between its writes to the network, and a rollback puts everything back', async () => {
    const wrong: string[] = [];
    const points = Array.from({ length: 12 }, (_, i) => `write:${9 + 3 * i}`);
    await eachOf(points, WORKERS, async (point, worker) => {
      wrong.push(...(await killedThenRolledBack(point, worker)));
    });
    expect(wrong).toEqual([]);
  });

  it('at some events, and a second run ends as if nothing had happened', async () => {
    const wrong: string[] = [];
    const armed = happened.flatMap(({ type }, i) => (type === 'change-armed' ? [i] : []));
    const points = armed.filter((_, i) => i % 2 === 1).map((i) => `event:${i + 1}`);
    await eachOf(points, WORKERS, async (kill, worker) => {
      const { root } = lab.hosts[worker]!;
      const at = folder(root, `again-${kill.replace(':', '-')}`);
      const home = join(lab.dir, `again-${kill.replace(':', '-')}`);
      layOut(at);
      await lab.cutover(runArgs(worker, at), { home, kill });
      const again = await lab.cutover(runArgs(worker, at), { home });
      const problems =
        again.code === 0 ? [] : [`the second run: ${again.code} ${again.stdout} ${again.stderr}`];
      // Whom the first run notified, the second one does not know: going on with handlers is what `rollback` is for.
      const handled = ({ path }: { path: string }) => path !== 'handled';
      problems.push(...differences(after.filter(handled), (await picture(at)).filter(handled)));
      const third = await lab.cutover([...runArgs(worker, at).slice(0, -2), '--output', 'ansible'], { home });
      // The command runs each time; nothing else may change.
      if (!/changed=1 /.test(third.stdout)) problems.push(`the third run: ${third.stdout}`);
      problems.push(
        ...(await settled(() => processesOf(root))),
        ...(await settled(() => leftovers(root), 1000)),
      );
      wrong.push(...problems.map((line) => `killed at ${kill}: ${line}`));
    });
    expect(wrong).toEqual([]);
  });
});
