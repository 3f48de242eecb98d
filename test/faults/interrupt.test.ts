/** P6: Ctrl-C in its three stages, SIGTERM, a reader that leaves, and time limits; nothing is left running. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROGRAM } from '../program.ts';
import { type Bench, bench, folder, leftovers, processesOf, settled } from './bench.ts';

let lab: Bench;
let at = '';
let count = 0;
beforeAll(async () => {
  lab = await bench();
});
afterAll(() => lab?.down());
beforeEach(() => {
  at = folder(lab.hosts[0]!.root, `case${++count}`);
});

function play(tasks: string, keywords = ''): string {
  const path = join(lab.dir, `case${count}.yml`);
  writeFileSync(path, `- hosts: all\n  gather_facts: false\n${keywords}  tasks:\n${tasks}`);
  return path;
}
const runArgs = (path: string, ...more: string[]) => [
  'run',
  path,
  '-i',
  lab.inventory,
  '-e',
  `at=${at}`,
  ...more,
];
const has = (name: string) => existsSync(join(at, name));

/** Waits for a file that a command on the host makes: the command runs now. */
async function appears(name: string): Promise<void> {
  for (const until = Date.now() + 20_000; !has(name); await delay(10))
    if (Date.now() > until) throw new Error(`${name} did not appear`);
}

const SLOW = `    - name: first
      copy: {content: "1\\n", dest: "{{ at }}/first"}
    - name: slow
      command: sh -c 'touch "{{ at }}/started"; sleep 1; touch "{{ at }}/finished"'
      undo: [{file: {path: "{{ at }}/started", state: absent}}, {file: {path: "{{ at }}/finished", state: absent}}]
    - name: later
      copy: {content: "2\\n", dest: "{{ at }}/later"}
`;
const STUBBORN = `    - name: stubborn
      shell: 'trap "" TERM; touch "{{ at }}/started"; sleep 300 & sleep 300; wait'
    - name: later
      copy: {content: "2\\n", dest: "{{ at }}/later"}
`;

async function nothingLeft(): Promise<void> {
  const { root } = lab.hosts[0]!;
  expect(await settled(() => processesOf(root))).toEqual([]);
  expect(await settled(() => leftovers(root), 1000)).toEqual([]);
}

describe('a run that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by one %s lets finish what runs, starts nothing, and says how to go on',
    async (signal) => {
      const run = lab.start(runArgs(play(SLOW)));
      await appears('started');
      run.child.kill(signal);
      const ended = await run.ended;
      expect(ended.stderr).toContain('what is in flight may finish');
      expect(ended.code).toBe(99);
      expect([has('finished'), has('later')]).toEqual([true, false]);
      expect(ended.stdout).toMatch(/rollback covers 2 of 2: cutover rollback \S+/);
      expect(ended.stdout).toContain('interrupted');
      expect((await lab.runs())[0]).toMatchObject({ status: 'interrupted' });
      await nothingLeft();
      expect((await lab.cutover(['rollback', 'last'])).code).toBe(0);
      expect([has('first'), has('started'), has('finished')]).toEqual([false, false, false]);
    },
  );

  it('stops between the items of a loop, and lets no host begin that waits for its turn', async () => {
    const path = play(`    - command: sh -c 'touch "{{ at }}/item{{ item }}"; sleep 0.5'
      loop: [1, 2, 3, 4]
`);
    const run = lab.start(runArgs(path));
    await appears('item1');
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended.code).toBe(99);
    expect([has('item1'), has('item3')]).toEqual([true, false]);
    expect(ended.stdout).toMatch(/stopped by the operator after \d of 4 items/);
  });

  it('twice ends what runs on the hosts, also what does not obey', async () => {
    const run = lab.start(runArgs(play(STUBBORN)));
    await appears('started');
    run.child.kill('SIGINT');
    await run.says('in flight may finish');
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended.stderr).toContain('ending what runs on the hosts');
    expect(ended.code).toBe(99);
    expect(ended.stdout).toMatch(/stubborn: ended because the operator asked for it/);
    expect(has('later')).toBe(false);
    await nothingLeft();
  });

  it('twice gives up waiting', async () => {
    const run = lab.start(
      runArgs(play('    - wait_for: {path: "{{ at }}/never", timeout: 300}\n'), '--output', 'ndjson'),
    );
    await run.until((event) => event.type === 'host-task-started');
    run.child.kill('SIGINT');
    await run.says('in flight may finish');
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended.code).toBe(99);
    expect(ended.stdout).toContain('"interrupted"');
    await nothingLeft();
  });

  it('three times leaves at once', async () => {
    const run = lab.start(runArgs(play(STUBBORN)));
    await appears('started');
    run.child.kill('SIGINT');
    await run.says('in flight may finish');
    run.child.kill('SIGINT');
    await run.says('press Ctrl-C again to leave at once');
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended.code).toBe(99);
    // The command left the process group of its session and ignores TERM: nobody is there any more who could end it.
    await lab.endProcesses(0, /sleep 300/);
    expect((await lab.runs())[0]).toMatchObject({ status: 'interrupted' });
  });
});

describe('a reader that leaves', () => {
  it('does not end the run', async () => {
    const path = play(
      Array.from({ length: 30 }, (_, i) => `    - copy: {content: "${i}\\n", dest: "{{ at }}/f${i}"}\n`).join(
        '',
      ),
    );
    const run = lab.start(runArgs(path, '-v', '--output', 'ndjson'));
    await run.until((event) => event.type === 'run-started');
    run.child.stdout!.destroy();
    const [code] = (await once(run.child, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect(has('f29')).toBe(true);
    expect((await lab.runs())[0]).toMatchObject({ status: 'ok', changed: 30 });
  });

  it('such as head', async () => {
    const path = play(
      Array.from({ length: 10 }, (_, i) => `    - copy: {content: "${i}\\n", dest: "{{ at }}/f${i}"}\n`).join(
        '',
      ),
    );
    const quoted = [process.execPath, PROGRAM, ...runArgs(path, '-v')].map((word) => `'${word}'`).join(' ');
    const shell = spawn('sh', ['-c', `{ ${quoted}; echo "ended $?" >"${at}/ended"; } | head -n 1`], {
      cwd: lab.dir,
      env: { ...process.env, CUTOVER_HOME: join(lab.dir, 'controller'), ANSIBLE_CONFIG: '/dev/null' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    shell.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    await once(shell, 'close');
    expect(readFileSync(join(at, 'ended'), 'utf8')).toBe('ended 0\n');
    expect(stderr.split('\n').filter((line) => /Error|EPIPE/.test(line))).toEqual([]);
    expect(has('f9')).toBe(true);
  });
});

describe('a time limit', () => {
  it('ends the command with all that it started, and the task fails with the kind "timeout"', async () => {
    const path = play(`    - name: slow
      shell: 'trap "" TERM; touch "{{ at }}/started"; sleep 300 & sleep 300'
      timeout: 1
      ignore_errors: true
      register: slow
    - name: told
      copy: {content: "{{ slow.msg }}", dest: "{{ at }}/told"}
`);
    const ended = await lab.cutover(runArgs(path, '--output', 'ndjson'));
    expect(ended.code).toBe(0);
    const failed = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .find((event) => event.type === 'host-result' && event.status === 'failed');
    expect(failed.error).toMatchObject({ kind: 'timeout' });
    expect(readFileSync(join(at, 'told'), 'utf8')).toMatch(/after 1 s/);
    await nothingLeft();
  });

  it('holds for commands that only read, too', async () => {
    const path = play(`    - command: sleep 300
      changed_when: false
      timeout: 1
`);
    const ended = await lab.cutover(runArgs(path, '--output', 'ndjson'));
    expect(ended.code).toBe(2);
    expect(ended.stdout).toContain('"kind":"timeout"');
    await nothingLeft();
  });
});
