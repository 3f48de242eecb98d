/** A damaged or full run store: one clear line each, and what can still be done is done. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isRoot } from '../machine.ts';
import { PROGRAM } from '../program.ts';
import { type Bench, bench, differences, type Ended, folder, leftovers, picture } from './bench.ts';
import { layOut, writeSmallPlay } from './small-play.ts';

let lab: Bench;
let play: string;
let whole: string;
let at = '';
let home = '';
let count = 0;
let before: Awaited<ReturnType<typeof picture>>;

beforeAll(async () => {
  lab = await bench();
  play = writeSmallPlay(lab.dir);
});
afterAll(() => lab?.down());
beforeEach(async () => {
  at = folder(lab.hosts[0]!.root, `case${++count}`);
  home = join(lab.dir, `home${count}`);
  layOut(at);
  before = await picture(at);
});

const run = (...more: string[]) =>
  lab.cutover(['run', play, '-i', lab.inventory, '-e', `at=${at}`, ...more], { home });
const rollback = () => lab.cutover(['rollback', 'last'], { home });
const runFolder = () => {
  const runs = join(home, 'runs');
  const id = readdirSync(runs).find((name) => name !== 'key')!;
  return join(runs, id);
};
/** One line that an operator can read, and no stack. */
function oneLine(ended: Ended): string {
  const lines = ended.stderr.trim().split('\n');
  expect(lines.join('\n')).not.toMatch(/\n\s+at /);
  expect(lines).toHaveLength(1);
  return lines[0]!;
}

describe('a run store that is damaged', () => {
  it('with a torn last line is read up to there', async () => {
    expect((await run()).code).toBe(0);
    const log = join(runFolder(), 'events.ndjson');
    const size = readFileSync(log).length;
    truncateSync(log, size - 25);
    const listed = await lab.runs(home);
    expect(listed[0]).toMatchObject({ status: 'interrupted' });
    expect((await rollback()).code).toBe(0);
    expect(differences(before, await picture(at))).toEqual([]);
  });

  it('with a damaged line in the middle says nothing false', async () => {
    expect((await run()).code).toBe(0);
    const log = join(runFolder(), 'events.ndjson');
    const lines = readFileSync(log, 'utf8').split('\n');
    const started = lines.findIndex((line) => line.includes('"task-started"'));
    writeFileSync(
      log,
      lines.map((line, i) => (i === started ? '{"at":1,"type":"task-st\u0000\u0000' : line)).join('\n'),
    );
    expect((await rollback()).code).toBe(0);
    expect(differences(before, await picture(at))).toEqual([]);
  });

  it('without its key says so, and the key is not made anew', async () => {
    expect((await run()).code).toBe(0);
    rmSync(join(home, 'runs/key'));
    const ended = await rollback();
    expect(ended.code).toBe(1);
    expect(oneLine(ended)).toMatch(/key/);
    expect(existsSync(join(home, 'runs/key'))).toBe(false);
    const again = await run();
    expect(`${again.code} ${oneLine(again)}`).toMatch(/^1 .*key/);
  });

  it('with a damaged key says so', async () => {
    expect((await run()).code).toBe(0);
    chmodSync(join(home, 'runs/key'), 0o600);
    appendFileSync(join(home, 'runs/key'), 'x');
    const ended = await rollback();
    expect(`${ended.code} ${oneLine(ended)}`).toMatch(/^1 .*key.*damaged/);
  });

  it('with the key of another store says so', async () => {
    expect((await run()).code).toBe(0);
    writeFileSync(join(home, 'runs/key'), Buffer.alloc(32, 7));
    const ended = await rollback();
    expect(`${ended.code} ${oneLine(ended)}`).toMatch(/^1 .*key does not open/);
  });

  it('that is empty, or has only dry runs, says so', async () => {
    const empty = await rollback();
    expect(`${empty.code} ${oneLine(empty)}`).toMatch(/^1 .*no run of a playbook in .* changed anything/);
    expect((await run('--check')).code).toBe(0);
    const dry = await rollback();
    expect(`${dry.code} ${oneLine(dry)}`).toMatch(/^1 .*no run of a playbook in .* changed anything/);
    const unknown = await lab.cutover(['rollback', 'nosuch'], { home });
    expect(`${unknown.code} ${oneLine(unknown)}`).toMatch(/^1 .*there is no run "nosuch"/);
  });

  it('that is no folder says so', async () => {
    writeFileSync(home, '');
    const ended = await run();
    expect(`${ended.code} ${oneLine(ended)}`).toMatch(new RegExp(`^1 .*${home}`));
    const listed = await lab.cutover(['runs'], { home });
    expect(`${listed.code} ${oneLine(listed)}`).toMatch(new RegExp(`^1 .*${home}`));
    rmSync(home);
  });

  it.runIf(isRoot)('that may not be read says so', async () => {
    expect((await run()).code).toBe(0);
    const other = join(lab.dir, `copy${count}`);
    cpSync(home, other, { recursive: true });
    // As somebody else: root may read everything.
    const env = {
      PATH: process.env.PATH,
      CUTOVER_HOME: other,
      ANSIBLE_CONFIG: '/dev/null',
      HOME: '/nonexistent',
    };
    chmodSync(lab.dir, 0o755);
    chmodSync(other, 0o755);
    chmodSync(join(other, 'runs'), 0o700);
    const answer = (() => {
      try {
        return execFileSync(process.execPath, [PROGRAM, 'runs'], {
          env,
          uid: 65534,
          gid: 65534,
          encoding: 'utf8',
          stdio: 'pipe',
        });
      } catch (error) {
        const { status, stderr } = error as { status: number; stderr: string };
        return `${status} ${stderr}`;
      }
    })();
    expect(answer).toMatch(/^1 error: .*permission denied/i);
    expect(answer.trim().split('\n')).toHaveLength(1);
  });
});

describe.runIf(isRoot)('a run store on a full disk', () => {
  const mounts: string[] = [];
  afterAll(() => {
    for (const mount of mounts) execFileSync('umount', [mount]);
  });
  it.each(['4k', '8k', '16k', '24k'])(
    'of %s changes nothing that it could not write down, says so in one line, and what was done can be undone',
    async (size) => {
      folder(home);
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'cutover-test', home]);
      mounts.push(home);
      const ended = await run();
      expect(ended.code).toBe(1);
      const lines = `${ended.stdout}\n${ended.stderr}`
        .split('\n')
        .filter((line) => /no space left/i.test(line));
      // Of the host whose task could not begin, and of the run.
      expect([1, 2]).toContain(lines.length);
      expect(`${ended.stdout}${ended.stderr}`).not.toMatch(/\n\s+at .*\.[tj]s:\d+/);
      whole = `${ended.stdout}${ended.stderr}`;
      // Room again: the rollback itself keeps a log.
      execFileSync('mount', ['-o', 'remount,size=4m', home]);
      const back = await rollback();
      if (back.code !== 0) expect(`${back.stderr} ${whole}`).toMatch(/changed anything/);
      expect(differences(before, await picture(at))).toEqual([]);
      expect(await leftovers(lab.hosts[0]!.root)).toEqual([]);
    },
  );
});
