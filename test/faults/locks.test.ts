/** One run at a time per host: who holds the lock is said in one line, waiting and breaking work, a dead run's lock is taken over. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, bench, folder, leftovers, type Running } from './bench.ts';

let lab: Bench;
let at = '';
let count = 0;
let slow = '';
let quick = '';
beforeAll(async () => {
  lab = await bench();
  slow = join(lab.dir, 'slow.yml');
  quick = join(lab.dir, 'quick.yml');
  writeFileSync(
    slow,
    `- hosts: all
  gather_facts: false
  tasks:
    - copy: {content: "slow\\n", dest: "{{ at }}/slow"}
    - command: sh -c 'touch "{{ at }}/holding"; while [ ! -e "{{ at }}/go" ]; do sleep 0.05; done'
      undo: {none: it only waits}
    - copy: {content: "end\\n", dest: "{{ at }}/end"}
`,
  );
  writeFileSync(
    quick,
    '- hosts: all\n  gather_facts: false\n  tasks:\n    - copy: {content: "quick\\n", dest: "{{ at }}/quick"}\n',
  );
});
afterAll(() => lab?.down());
beforeEach(() => {
  at = folder(lab.hosts[0]!.root, `case${++count}`);
});

const args = (play: string, ...more: string[]) => [
  'run',
  play,
  '-i',
  lab.inventory,
  '-e',
  `at=${at}`,
  ...more,
];
const home = (name: string) => ({ home: join(lab.dir, `home-${name}-${count}`) });
const release = () => writeFileSync(join(at, 'go'), '');

async function holder(): Promise<Running> {
  const run = lab.start(args(slow), home('first'));
  for (const until = Date.now() + 20_000; !existsSync(join(at, 'holding')); await delay(10))
    if (Date.now() > until) throw new Error('the first run does not hold the host');
  return run;
}

describe('a second run on the same host', () => {
  it('says in one line who holds it, and changes nothing', async () => {
    const first = await holder();
    const [firstInfo] = await lab.runs(home('first').home);
    const second = await lab.cutover(args(quick), home('second'));
    expect(second.code).toBe(2);
    const lines = second.stdout.split('\n').filter((line) => line.includes('locked'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/locked by \S+@\S+ \(run \S+, last seen \S+\).*--wait.*--break-lock/);
    expect(lines[0]).toContain(firstInfo!.id);
    expect(existsSync(join(at, 'quick'))).toBe(false);
    const looked = await lab.cutover(args(quick, '--check'), home('third'));
    expect(looked.code).toBe(0);
    release();
    expect((await first.ended).code).toBe(0);
    expect(await leftovers(lab.hosts[0]!.root)).toEqual([]);
  });

  it('waits when it is told to', async () => {
    const first = await holder();
    const second = lab.start(args(quick, '--wait', '30s', '--output', 'ndjson'), home('second'));
    await second.until((event) => event.type === 'host-task-started');
    await delay(300);
    expect(existsSync(join(at, 'quick'))).toBe(false);
    release();
    expect([(await first.ended).code, (await second.ended).code]).toEqual([0, 0]);
    expect(existsSync(join(at, 'quick'))).toBe(true);
  });

  it('gives up waiting in time', async () => {
    const first = await holder();
    const second = await lab.cutover(args(quick, '--wait', '1s'), home('second'));
    expect(second.code).toBe(2);
    expect(second.stdout).toMatch(/locked by/);
    release();
    await first.ended;
  });

  it('breaks the lock when it is told to, says whose it was, and does not give it back to the first', async () => {
    const first = await holder();
    const second = await lab.cutover(args(quick, '--break-lock'), home('second'));
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/warning: node1: took the lock over from \S+ \(run/);
    release();
    await first.ended;
    expect(await leftovers(lab.hosts[0]!.root)).toEqual([]);
  });
});

describe('the lock of a run that was killed', () => {
  it('is taken over with a warning', async () => {
    const first = lab.start(args(slow, '--output', 'ndjson'), home('first'));
    await first.until((event) => event.type === 'change-armed');
    first.child.kill('SIGKILL');
    await first.ended;
    release();
    const lock = join(lab.hosts[0]!.root, 'var/lib/cutover/lock');
    expect(readFileSync(lock, 'utf8')).not.toBe('');
    const second = await lab.cutover(args(quick, '--wait', '10s'), home('second'));
    expect(second.stdout).toMatch(/warning: node1: took the lock over from \S+ \(run/);
    expect(second.code).toBe(0);
    expect(await leftovers(lab.hosts[0]!.root)).toEqual([]);
  });

  it('of another boot is taken over too', async () => {
    const state = folder(lab.hosts[0]!.root, 'var/lib/cutover');
    writeFileSync(join(state, 'lock'), `ann@ops 20200101-000000-aaaa some-other-boot 1577836800 1 1\n`);
    const run = await lab.cutover(args(quick), home('second'));
    expect(run.stdout).toContain(
      'took the lock over from ann@ops (run 20200101-000000-aaaa, last seen 2020-01-01T00:00:00Z)',
    );
    expect(run.code).toBe(0);
  });

  it('that is damaged is no obstacle for ever', async () => {
    const state = folder(lab.hosts[0]!.root, 'var/lib/cutover');
    writeFileSync(join(state, 'lock'), '');
    const run = await lab.cutover(args(quick), home('second'));
    expect(run.stdout).toContain('took the lock over from a damaged lock');
    expect(run.code).toBe(0);
  });
});
