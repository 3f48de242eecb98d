import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  applyChanges,
  type CommandResult,
  type CommandSpec,
  commandOutput,
  contentOfBytes,
  fileState,
  readJournal,
  runCommand,
  setFile,
} from '../../src/resources/index.ts';
import { SHELLS, type TestHost, testHost, undo } from './host.ts';

async function run(host: TestHost, spec: CommandSpec): Promise<CommandResult> {
  const [outcome] = await host.make(runCommand(spec, { undo: 'irreversible' }));
  return outcome!.result as unknown as CommandResult;
}

describe.each(SHELLS)('commands under %s', (shell) => {
  it('give exit code and both outputs, whole and apart', async () => {
    const host = await testHost(shell);
    const script =
      'i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i+1)); done; printf "no end" >&2; exit 7';
    const result = await run(host, { script });
    expect(result.rc).toBe(7);
    expect(result.stdout.split('\n')).toHaveLength(20_001);
    expect(result.stderr).toBe('no end');
    expect(result.endedAt).toBeGreaterThanOrEqual(result.startedAt);
    expect(Math.abs(result.endedAt - Date.now())).toBeLessThan(60_000);
  });

  it('get arguments as they are, stdin, folder, environment and umask', async () => {
    const host = await testHost(shell);
    mkdirSync(join(host.root, "a 'b"));
    const words = ['$HOME', '`id`', "it's", 'two  blanks', 'a\nb', '', '*', '\\n', 'ü'];
    const argv = ['printf', '<%s>', ...words];
    expect((await run(host, { argv })).stdout).toBe(words.map((word) => `<${word}>`).join(''));
    const bytes = Buffer.from([0, 255, 10, 0, 37]);
    expect((await run(host, { argv: ['cat'], stdin: bytes })).stdoutBytes).toEqual(bytes);
    const cwd = join(host.root, "a 'b");
    const spec = {
      script: 'pwd; echo "$A|$B"; umask; : >made',
      cwd,
      umask: 0o077,
      env: { A: "x'y\nz", B: '$A' },
    };
    expect((await run(host, spec)).stdout.replace(/^0?077$/m, '077')).toBe(`${cwd}\nx'y\nz|$A\n077\n`);
    expect(statSync(join(cwd, 'made')).mode & 0o777).toBe(0o600);
    const session = { ...host.session, environment: { TASK: 'of the task' } };
    const [outcome] = await applyChanges(session, [
      runCommand({ script: 'echo "$TASK"' }, { undo: 'irreversible' }),
    ]);
    expect(outcome?.result).toMatchObject({ stdout: 'of the task\n' });
  });

  it('keep head and tail of an output without end, and as much of the disk free', async () => {
    const host = await testHost(shell);
    const session = { ...host.session, outputLimit: 256 * 1024 };
    // About 26 MB, as fast as they are cut: a cap that does not work never lets this script end.
    const script = `
      longer_than() { [ "$(wc -c <${session.lane.folder}/out)" -gt "$1" ]; }
      echo first; i=0
      while [ $i -lt 20 ]; do
        i=$((i+1)); dd if=/dev/zero bs=65536 count=20 2>/dev/null | tr '\\0' x; echo
        du -k -s ${session.lane.folder} >&2
        while longer_than 5000000; do sleep 0.1; done
      done
      while longer_than 600000; do sleep 0.1; done
      echo last`;
    const [outcome] = await applyChanges(session, [runCommand({ script }, { undo: 'irreversible' })]);
    const { stdout, stderr, omittedBytes } = outcome!.result as unknown as CommandResult;
    expect(stdout.startsWith('first\nxxx')).toBe(true);
    expect(stdout.endsWith('xxx\nlast\n')).toBe(true);
    expect(stdout).toMatch(/x\n\[\.\.\. about \d+ kB are left out here \.\.\.\]\nx/);
    expect(stdout.length).toBeGreaterThan(250 * 1024);
    expect(stdout.length).toBeLessThan(258 * 1024);
    // What is written while a file is cut is lost without being counted: "about".
    expect(omittedBytes).toBeGreaterThan(15_000_000);
    expect(omittedBytes).toBeLessThan(28_000_000);
    const used = stderr.split('\n').map((line) => Number(line.split('\t')[0]));
    expect(Math.max(...used)).toBeLessThan(20_000);
    expect(readdirSync(session.lane.folder).filter((name) => /^(out|err|watch)/.test(name))).toEqual([]);
  });

  it('keep an output that just fits, and every one when told to', async () => {
    const host = await testHost(shell);
    const write = 'dd if=/dev/zero bs=65536 count=8 2>/dev/null | tr "\\0" x';
    for (const outputLimit of [512 * 1024, 0]) {
      const [outcome] = await applyChanges({ ...host.session, outputLimit }, [
        runCommand({ script: outputLimit === 0 ? `${write}; ${write}` : write }, { undo: 'irreversible' }),
      ]);
      const { stdout, omittedBytes } = outcome!.result as unknown as CommandResult;
      expect(stdout).toBe('x'.repeat(outputLimit === 0 ? 1024 * 1024 : 512 * 1024));
      expect(omittedBytes).toBeUndefined();
    }
  });

  it('cannot disturb the frame: exit, unread stdin, syntax errors, missing programs', async () => {
    const host = await testHost(shell);
    expect((await run(host, { argv: ['/no/such/program'] })).rc).toBe(127);
    expect((await run(host, { script: 'if then' })).rc).not.toBe(0);
    expect((await run(host, { script: 'cat; exit 3', stdin: 'x' })).rc).toBe(3);
    expect((await run(host, { argv: ['pwd'], cwd: '/no/such/folder' })).rc).not.toBe(0);
    expect((await run(host, { script: 'printf "@ 9 done\\n@ 5 failed\\n"' })).stdout).toBe(
      '@ 9 done\n@ 5 failed\n',
    );
  });

  it('with an inverse are taken back, unless the state is another by then', async () => {
    const host = await testHost(shell);
    const file = join(host.root, "a 'b");
    const read = () => readFileSync(file, 'utf8');
    const inverse = {
      key: 'setting:x',
      look: ['cat', file],
      back: ['/bin/sh', '-c', 'cat >"$1"', 'sh', file],
    };
    const set = (text: string, seen?: string) =>
      runCommand({ argv: ['/bin/sh', '-c', `printf %s ${text} >"$1"`, 'sh', file] }, { ...inverse, seen });
    writeFileSync(file, 'one\n');
    await host.make(set('two', 'one\n'));
    await host.make(set('three', 'two'));
    expect(await readJournal(host.session, 'run-1')).toMatchObject([
      { key: 'setting:x', undo: 'invertible', state: 'done' },
      { key: 'setting:x', undo: 'invertible', state: 'done' },
    ]);
    expect((await applyChanges(host.session, [set('four', 'two')]))[0]).toMatchObject({ status: 'stale' });
    expect(await undo(host, { check: true })).toEqual(['would-undo', 'would-undo']);
    expect(read()).toBe('three');
    writeFileSync(file, 'theirs');
    expect(await undo(host)).toEqual([expect.stringMatching(/^drift/)]);
    writeFileSync(file, 'three');
    expect(await undo(host)).toEqual(['undone', 'undone']);
    expect(read()).toBe('one\n');
    expect(await undo(host)).toEqual(['already', 'already']);
  });

  it('whose state cannot be shown are not run', async () => {
    const host = await testHost(shell);
    const made = join(host.root, 'made');
    const look = ['/bin/sh', '-c', 'echo "cannot see it" >&2; exit 1'];
    const change = runCommand({ argv: ['touch', made] }, { key: 'x', look, back: ['true'] });
    const [outcome] = await applyChanges(host.session, [change]);
    expect(outcome).toMatchObject({ status: 'failed', message: 'cannot see it' });
    expect(existsSync(made)).toBe(false);
  });

  it('as probes change nothing and are not journaled', async () => {
    const host = await testHost(shell);
    const answer = await host.ask(commandOutput({ argv: ['echo', 'a b'] }));
    expect(answer).toMatchObject({ rc: 0, stdout: 'a b\n', stderr: '' });
    expect(await readJournal(host.session, 'run-1')).toEqual([]);
  });
});

describe('commands', () => {
  it('that run out of time are ended, and what came before them counts', async () => {
    const host = await testHost('dash');
    const path = join(host.root, 'x');
    const changes = [
      ...setFile(await host.ask(fileState(path)), { type: 'file', content: contentOfBytes('x') }),
      runCommand({ script: 'echo $$ >pid; sleep 60', cwd: host.root }, { undo: 'irreversible' }),
      runCommand({ argv: ['true'] }, { undo: 'irreversible' }),
    ];
    const outcomes = await applyChanges({ ...host.session, timeoutMs: 1500 }, changes);
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'failed', 'not-run']);
    expect(outcomes[1]?.message).toContain('still running after 1.5 s');
    // All of its session: gone, or dead and waiting for a lazy init to notice.
    const pid = readFileSync(join(host.root, 'pid'), 'utf8').trim();
    const left = spawnSync('ps', ['-s', pid, '-o', 'stat='], { encoding: 'utf8' }).stdout.trim();
    expect(left.split('\n').every((state) => state === '' || state.startsWith('Z'))).toBe(true);
  });

  it('keep secrets out of arguments and of the journal', async () => {
    const host = await testHost('dash');
    const script = 'tr "\\0" " " </proc/$$/cmdline; : s3cret';
    const [outcome] = await host.make(runCommand({ script, stdin: 's3cret' }, { undo: 'irreversible' }));
    expect(String(outcome?.result?.stdout)).not.toContain('s3cret');
    await host.make(runCommand({ argv: ['true', 's3cret'] }, { undo: 'irreversible' }));
    const found = execFileSync('/bin/sh', ['-c', 'grep -r s3cret "$1" || true', 'x', host.state], {
      encoding: 'utf8',
    });
    expect(found).toBe('');
  });
});

describe('a full disk', () => {
  it('leaves the old file, says so, and is no change', async () => {
    const host = await testHost('dash');
    const small = join(host.root, 'small');
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small]);
    try {
      const path = join(small, 'conf');
      writeFileSync(path, 'old\n');
      const state = await host.ask(fileState(path));
      const content = contentOfBytes(Buffer.alloc(2_000_000, 'new\n'));
      const [outcome] = await applyChanges(host.session, setFile(state, { type: 'file', content }));
      expect(outcome?.status).toBe('failed');
      expect(outcome?.message).toContain('no space left on device');
      expect(readFileSync(path, 'utf8')).toBe('old\n');
      expect(execFileSync('ls', ['-A', small], { encoding: 'utf8' })).toBe('conf\n');
      expect(await undo(host)).toEqual(['already']);
    } finally {
      execFileSync('umount', [small]);
    }
  });

  it('of the state folder forbids the change', async () => {
    const host = await testHost('dash');
    mkdirSync(host.state);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', host.state]);
    try {
      const path = join(host.root, 'x');
      writeFileSync(path, Buffer.alloc(200_000, 'o'));
      const state = await host.ask(fileState(path));
      const [outcome] = await applyChanges(
        host.session,
        setFile(state, { type: 'file', content: contentOfBytes('new') }),
      );
      expect(outcome?.status).toBe('failed');
      expect(outcome?.message).toMatch(/no space left on device|I\/O error/);
      expect(statSync(path).size).toBe(200_000);
    } finally {
      execFileSync('umount', [host.state]);
    }
  });
});
