import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  contentOfBytes,
  fileState,
  readJournal,
  removeTree,
  runCommand,
  setFile,
  treeState,
  undoEntries,
} from '../../src/resources/index.ts';
import { SHELLS, type TestHost, testHost, undo } from './host.ts';

async function write(host: TestHost, name: string, text: string): Promise<void> {
  const state = await host.ask(fileState(join(host.root, name)));
  await host.make(...setFile(state, { type: 'file', content: contentOfBytes(text) }));
}

describe.each(SHELLS)('undo.sh under %s', (shell) => {
  const program = shell === 'busybox' ? ['/usr/bin/busybox', 'sh'] : [`/bin/${shell}`];
  const run = (host: TestHost, ...flags: string[]) => {
    const script = join(host.state, 'runs/run-1/undo.sh');
    const { status, stdout, stderr } = spawnSync(program[0]!, [...program.slice(1), script, ...flags], {
      encoding: 'utf8',
    });
    return { status, lines: stdout.split('\n').filter((line) => line !== ''), stderr };
  };

  it('is run by a person on a console, without our tool', async () => {
    const host = await testHost(shell);
    const key = `file:${host.root}`;
    await write(host, 'a', 'a');
    await write(host, 'b', 'b');
    expect(run(host, '--check')).toMatchObject({
      status: 0,
      lines: [`2 would-undo ${key}/b`, `1 would-undo ${key}/a`],
    });
    expect(run(host, '--only', '2')).toMatchObject({ status: 0, lines: [`2 undone ${key}/b`] });
    expect(existsSync(join(host.root, 'a'))).toBe(true);
    expect(run(host)).toMatchObject({ status: 0, lines: [`2 already ${key}/b`, `1 undone ${key}/a`] });
    expect(host.manifest()).not.toContain('/a');
    const help = run(host, '--help');
    expect(help.status).toBe(2);
    expect(help.stderr).toContain('sh undo.sh [--check] [--from N] [--to M] [--only SEQ] [--force]');
  });

  it('says in a dry run of each change of one file that it would be taken back', async () => {
    const host = await testHost(shell);
    for (const content of ['one', 'two', 'three']) await write(host, 'a', content);
    await write(host, 'b', 'b');
    const key = `file:${host.root}`;
    const would = [4, 3, 2, 1].map((seq) => `${seq} would-undo ${key}/${seq === 4 ? 'b' : 'a'}`);
    expect(run(host, '--check')).toMatchObject({ status: 0, lines: would });
    writeFileSync(join(host.root, 'a'), 'theirs');
    expect(run(host, '--check').lines).toContain(
      `3 drift ${key}/a it is neither as the run left it nor as it was before`,
    );
  });

  it('stops at a difference, shows all three, and changes nothing there', async () => {
    const host = await testHost(shell);
    await write(host, 'one', 'run 1');
    await write(host, 'two', 'run 1');
    await write(host, 'three', 'run 1');
    writeFileSync(join(host.root, 'two'), 'the operator');
    const outcomes = await undoEntries(host.session, 'run-1', { check: false, force: false });
    expect(outcomes).toMatchObject([
      { seq: 3, status: 'undone' },
      { seq: 2, status: 'drift', before: 'absent', key: `file:${host.root}/two` },
    ]);
    const mode = (statSync(join(host.root, 'two')).mode & 0o7777).toString(8).padStart(4, '0');
    const picture = (text: string) => `file,${mode},0,0,${contentOfBytes(text).sha256}`;
    expect(outcomes[1]).toMatchObject({ after: picture('run 1'), present: picture('the operator') });
    expect(readFileSync(join(host.root, 'two'), 'utf8')).toBe('the operator');
    expect(existsSync(join(host.root, 'one'))).toBe(true);
    expect(run(host).status).toBe(3);
    expect(await undo(host, { force: true })).toEqual(['already', 'undone', 'undone']);
    expect(existsSync(join(host.root, 'two'))).toBe(false);
  });

  it('takes only the entries that were asked for', async () => {
    const host = await testHost(shell);
    for (const name of ['1', '2', '3', '4']) await write(host, name, name);
    expect(
      (await undoEntries(host.session, 'run-1', { from: 2, to: 3, check: false, force: false })).map(
        ({ seq }) => seq,
      ),
    ).toEqual([3, 2]);
    expect(['1', '2', '3', '4'].map((name) => existsSync(join(host.root, name)))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('removes a folder of ours with everything below, and does not look at what is inside', async () => {
    const host = await testHost(shell);
    const folder = join(host.root, 'release 2');
    await host.make(...setFile(await host.ask(fileState(folder)), { type: 'directory' }, { owned: true }));
    await write(host, 'release 2/conf', 'x');
    writeFileSync(join(folder, 'conf'), 'changed by the program');
    writeFileSync(join(folder, 'log'), 'written by the program');
    expect(await undo(host)).toEqual(['covered', 'undone']);
    expect(existsSync(folder)).toBe(false);
  });

  it('keeps a folder that somebody else put something into', async () => {
    const host = await testHost(shell);
    const folder = join(host.root, 'shared');
    await host.make(...setFile(await host.ask(fileState(folder)), { type: 'directory' }));
    writeFileSync(join(folder, 'theirs'), 'x');
    expect(await undo(host)).toEqual(['drift: it is not empty: theirs ']);
    expect(readFileSync(join(folder, 'theirs'), 'utf8')).toBe('x');
  });

  it('reports commands and leaves them alone', async () => {
    const host = await testHost(shell);
    await write(host, 'a', 'a');
    await host.make(
      runCommand({ argv: ['true'] }, { undo: 'irreversible' }),
      runCommand({ script: 'true' }, { undo: 'compensable' }),
    );
    expect(await undo(host)).toEqual(['compensable', 'irreversible', 'undone']);
  });

  it('ignores a torn last line, and what is damaged', async () => {
    const host = await testHost(shell);
    await write(host, 'a', 'a');
    await write(host, 'b', 'b');
    const journal = join(host.state, 'runs/run-1/journal');
    const whole = readFileSync(journal, 'latin1');
    truncateSync(journal, whole.length - 30);
    const torn = await readJournal(host.session, 'run-1');
    expect(torn.map(({ seq, state }) => [seq, state])).toEqual([
      [1, 'done'],
      [2, 'open'],
    ]);
    expect(await undo(host)).toEqual(['undone', 'undone']);
    expect((await readJournal(host.session, 'run-1')).map(({ state }) => state)).toEqual([
      'undone',
      'undone',
    ]);
    const lines = whole.split('\n');
    writeFileSync(journal, `${lines.slice(0, 3).join('\n')}\n${lines[3]!.replace(/ B 2 /, ' B 9 ')}\n`);
    expect((await readJournal(host.session, 'run-1')).map(({ seq }) => seq)).toEqual([1]);
    expect(await undo(host, { check: true })).toEqual(['already']);
  });

  it('goes on after an undo that was cut off in the middle', async () => {
    const host = await testHost(shell);
    mkdirSync(join(host.root, 'dir'));
    writeFileSync(join(host.root, 'dir/x'), 'x');
    const before = host.manifest();
    await host.make(...removeTree(await host.ask(treeState(join(host.root, 'dir')))));
    const [last] = (await readJournal(host.session, 'run-1')).slice(-1);
    const journal = join(host.state, 'runs/run-1/journal');
    const words = `U ${last?.seq} 1`;
    const sum = contentOfBytes(words).sha256.slice(0, 16);
    appendFileSync(journal, `${sum} ${words.length} ${words}\n`);
    mkdirSync(join(host.root, 'dir'));
    expect(await undo(host)).toEqual(['undone']);
    expect(host.manifest()).toBe(before);
  });
});

describe('undo', () => {
  it('of a run without a journal here has nothing to say', async () => {
    const host = await testHost('dash');
    expect(await undoEntries(host.session, 'no-such-run', { check: false, force: false })).toEqual([]);
  });

  it('keeps state to itself: folders 0700, files 0600', async () => {
    const host = await testHost('dash');
    writeFileSync(join(host.root, 'secret'), 's3cret');
    await write(host, 'secret', 'changed');
    const modes = execFileSync('find', [host.state, '-printf', '%y %m\n'], { encoding: 'utf8' });
    expect([...new Set(modes.trim().split('\n'))].sort()).toEqual(['d 700', 'f 600']);
  });
});
