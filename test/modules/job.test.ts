/** The shell of jobs under every shell that is here. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { endJob, forgetJob, jobProbe, readJob, startJob } from '../../src/modules/index.ts';
import type { CommandResult, CommandSpec } from '../../src/resources/index.ts';
import { hasProgram } from '../machine.ts';

const SHELLS = [['dash'], ['bash'], ['busybox', 'ash'], ['mksh'], ['ksh93']].filter(([program]) =>
  hasProgram(program!),
);

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function call(shell: readonly string[], { argv, stdin, cwd }: CommandSpec): CommandResult {
  const [, ...args] = argv!;
  const text = args.map((word) => word.replaceAll('/bin/sh ', `${shell.join(' ')} `));
  const ran = spawnSync(shell[0]!, [...shell.slice(1), ...text], { input: stdin, cwd, timeout: 20_000 });
  const { status, stdout, stderr } = ran;
  return {
    rc: status ?? -1,
    stdout: stdout.toString(),
    stderr: stderr.toString(),
    stdoutBytes: stdout,
    startedAt: 0,
    endedAt: 0,
  };
}

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('a job under %s', (_, shell) => {
  const setUp = () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'cutover job-'));
    folders.push(stateDir);
    return { id: 'run.1', stateDir };
  };
  const look = (job: ReturnType<typeof setUp>) => readJob(call(shell, jobProbe(job).query as CommandSpec));
  const until = (job: ReturnType<typeof setUp>, wanted: string) => {
    for (let tries = 0; tries < 200; tries++) {
      const state = look(job);
      if (state.state === wanted) return state;
    }
    throw new Error(`the job is ${look(job).state}, not ${wanted}`);
  };

  it('keeps what a command writes, its input and its end', () => {
    const job = setUp();
    expect(look(job).state).toBe('none');
    const spec = {
      argv: ['/bin/sh', '-c', 'cat; echo "$1" >&2; exit 4', 'x', "a 'b"],
      stdin: 'ä\n',
      cwd: '/',
    };
    expect(call(shell, startJob(spec, job, 60))).toMatchObject({ rc: 0, stdout: '', stderr: '' });
    const { ended, path } = until(job, 'ended');
    expect(ended).toMatchObject({ rc: 4, stdout: 'ä\n', stderr: "a 'b\n" });
    expect(ended.endedAt).toBeGreaterThanOrEqual(ended.startedAt);
    call(shell, forgetJob(job));
    expect(existsSync(path)).toBe(false);
  });

  it('runs a script that has input too', () => {
    const job = setUp();
    call(
      shell,
      startJob({ script: 'read -r line; echo "<$line>"; pwd', stdin: 'in\n', cwd: '/usr' }, job, 60),
    );
    expect(until(job, 'ended').ended.stdout).toBe('<in>\n/usr\n');
  });

  it('cannot be started twice', () => {
    const job = setUp();
    call(shell, startJob({ argv: ['true'] }, job, 60));
    expect(call(shell, startJob({ argv: ['true'] }, job, 60)).rc).not.toBe(0);
  });

  it('is ended with all its processes when asked to, and when its time is up', () => {
    const job = setUp();
    call(shell, startJob({ script: 'sleep 61 & sleep 62' }, job, 60));
    expect(look(job).state).toBe('running');
    call(shell, endJob(job));
    expect(look(job).state).toBe('expired');
    const other = { ...job, id: 'run.2' };
    call(shell, startJob({ script: 'sleep 63 & sleep 64' }, other, 1));
    until(other, 'expired');
    const alive = () => /sleep 6[1234]$/m.test(spawnSync('ps', ['axww', '-o', 'args']).stdout.toString());
    for (let tries = 0; alive() && tries < 300; tries++) spawnSync('sleep', ['0.02']);
    expect(alive()).toBe(false);
  });
});
