import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeLocalTree } from '../../src/engine/task/local-tree.ts';
import type { LocalTree } from '../../src/modules/index.ts';
import { parseParams } from '../../src/modules/index.ts';
import { isLeftOut, type Rule, readRule } from '../../src/modules/synchronize/filter.ts';
import synchronize from '../../src/modules/synchronize/index.ts';
import { hasProgram } from '../machine.ts';
import { run as onPaper } from './paper-host.ts';
import { openThisHost, type ThisHost } from './this-host.ts';

let here: ThisHost;
beforeEach(async () => {
  here = await openThisHost();
});
afterEach(() => here.close());

const at = (path: string) => join(here.folder, path);

function put(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
  chmodSync(at(path), mode);
  utimesSync(at(path), 1_500_000_000, 1_500_000_000);
}

/** Everything below a folder: kind, mode, time of files, content. */
function picture(folder: string, below = ''): Record<string, string> {
  const all: Record<string, string> = {};
  for (const name of readdirSync(join(at(folder), below)).sort()) {
    const path = join(below, name);
    const seen = lstatSync(join(at(folder), path));
    const mode = (seen.mode & 0o7777).toString(8);
    if (seen.isSymbolicLink()) all[path] = `-> ${readlinkSync(join(at(folder), path))}`;
    else if (seen.isDirectory()) Object.assign(all, { [path]: `dir ${mode}` }, picture(folder, path));
    else
      all[path] =
        `${mode} ${Math.floor(seen.mtimeMs / 1000)} ${readFileSync(join(at(folder), path), 'utf8')}`;
  }
  return all;
}

/** A source, and a destination that has some of it. */
function lay(dest: string): void {
  put('src/a', 'a\n', 0o755);
  put('src/sub/b', 'b\n', 0o600);
  put('src/sub/deep/c.log', 'c\n');
  put('src/cache/x', 'x\n');
  put('src/z.log', 'z\n');
  put('src/we ird[1]', 'w\n');
  put('src/cut/.rsync-filter', '- *.tmp\n+ keep.log\n');
  put('src/cut/one.tmp', '1');
  put('src/cut/in/two.tmp', '2');
  put('src/cut/keep.log', '3');
  rmSync(at('src/link'), { force: true });
  symlinkSync('a', at('src/link'));
  chmodSync(at('src/sub'), 0o750);
  put(`${dest}/a`, 'other, and longer\n');
  put(`${dest}/gone/deep/x`, 'x\n');
  put(`${dest}/cache/mine`, 'm\n');
  put(`${dest}/other.log`, 'l\n');
  symlinkSync('cache', at(`${dest}/sub`));
}

const RSYNC = hasProgram('rsync');

describe.runIf(RSYNC)('does what rsync does', () => {
  test.each<[string, Record<string, unknown>, readonly string[]]>([
    ['plainly', {}, ['-a']],
    ['and deletes', { delete: true }, ['-a', '--delete']],
    [
      'but for what is excluded',
      { delete: true, rsync_opts: ['--exclude=cache', "--exclude='*.log'"] },
      ['-a', '--delete', '--exclude=cache', '--exclude=*.log'],
    ],
    [
      'deletes what is excluded',
      { delete: true, rsync_opts: ['--exclude=/cache', '--delete-excluded'] },
      ['-a', '--delete', '--exclude=/cache', '--delete-excluded'],
    ],
    [
      'protects',
      { delete: true, rsync_opts: ["--filter='P gone/deep'"] },
      ['-a', '--delete', '--filter=P gone/deep'],
    ],
    [
      'chosen files',
      { rsync_opts: ['--include=*/', '--include=*.log', '--exclude=*'] },
      ['-a', '--include=*/', '--include=*.log', '--exclude=*'],
    ],
    [
      'below a folder',
      { rsync_opts: ['--exclude=sub/**.log', '--exclude=c?t/***', '--exclude=[w]e*'] },
      ['-a', '--exclude=sub/**.log', '--exclude=c?t/***', '--exclude=[w]e*'],
    ],
    [
      'with other modes',
      { rsync_opts: ['--chmod=D2750,Fu=rw,Fg=r,Fo='] },
      ['-a', '--chmod=D2750,Fu=rw,Fg=r,Fo='],
    ],
    ['without modes', { perms: false, links: false }, ['-a', '--no-perms', '--no-links']],
    ['what is there', { existing_only: true }, ['-a', '--existing']],
    ['what is not there', { rsync_opts: ['-v', '--ignore-existing'] }, ['-a', '--ignore-existing']],
    ['behind links', { copy_links: true }, ['-a', '-L']],
    ['one level', { recursive: false, dirs: true }, ['-a', '--no-recursive', '--dirs']],
  ])('%s', async (_, given, words) => {
    lay('mine');
    lay('theirs');
    // There rsync fails, and so do we: see below.
    if (words.includes('--ignore-existing')) for (const dest of ['mine', 'theirs']) rmSync(at(`${dest}/sub`));
    const before = picture('mine');
    // Contents are compared here; rsync needs -c for that.
    execFileSync('rsync', ['-F', '-c', ...words, `${at('src')}/`, at('theirs')], { stdio: 'ignore' });
    const args = { src: `${at('src')}/`, dest: at('mine'), ...given };
    const dry = await here.run(synchronize as never, args, { checkMode: true });
    expect(picture('mine')).toEqual(before);
    const done = await here.run(synchronize as never, args);
    expect(done.result).toEqual(dry.result);
    expect(done).toMatchObject({ changed: true, failed: false });
    expect(picture('mine')).toEqual(picture('theirs'));
    expect(await here.run(synchronize as never, args)).toMatchObject({ changed: false, result: { msg: '' } });
    await here.undo();
    expect(picture('mine')).toEqual(before);
  });
});

describe('where things go', () => {
  test.each<[string, string, string, Record<string, string>]>([
    ['a folder without a slash', 'src', 'd', { 'd/src/a': 'x' }],
    ['what is in it', 'src/', 'd', { 'd/a': 'x' }],
    ['a file to a new name', 'src/a', 'there/n', { 'there/n': 'x' }],
    ['a file into a folder', 'src/a', 'there', { 'there/a': 'x' }],
    ['a file into a new folder', 'src/a', 'd/', { 'd/a': 'x' }],
  ])('%s', async (_, src, dest, expected) => {
    put('src/a', 'x');
    mkdirSync(at('there'));
    const ended = await here.run(synchronize as never, { src: at(src), dest: at(dest) });
    expect(ended).toMatchObject({ changed: true, failed: false });
    for (const [path, text] of Object.entries(expected)) expect(readFileSync(at(path), 'utf8')).toBe(text);
  });

  test('no more than one folder is made, unless mkpath says so', async () => {
    put('src/a', 'x');
    const args = { src: `${at('src')}/`, dest: at('no/such') };
    expect(await here.run(synchronize as never, args)).toMatchObject({ failed: true, result: { rc: 11 } });
    const wide = { ...args, rsync_opts: ['--mkpath'] };
    expect(await here.run(synchronize as never, wide)).toMatchObject({ changed: true, failed: false });
  });

  test('a folder with something in it does not give way to a file', async () => {
    put('src/a', 'x');
    put('d/a/b', 'y');
    const args = { src: `${at('src')}/`, dest: at('d') };
    const ended = await here.run(synchronize as never, args);
    expect(ended).toMatchObject({ failed: true, result: { rc: 23 } });
    expect(ended.result.msg).toContain('could not make way');
    expect(await here.run(synchronize as never, { ...args, delete: true })).toMatchObject({ failed: false });
    expect(readFileSync(at('d/a'), 'utf8')).toBe('x');
  });

  test('nothing goes through a link to a folder with --ignore-existing', async () => {
    lay('d');
    const before = picture('d');
    const args = { src: `${at('src')}/`, dest: at('d'), rsync_opts: ['--ignore-existing'] };
    const ended = await here.run(synchronize as never, args);
    expect(ended).toMatchObject({ failed: true });
    expect(ended.result.msg).toMatch(/d\/sub is a link to .*d\/cache: nothing is written through it/);
    expect(picture('d')).toEqual(before);
  });

  test('a source on the target, when the task is delegated to the target itself', async () => {
    put('src/a', 'x');
    const args = { src: `${at('src')}/`, dest: at('d') };
    const delegate = { name: 'web1', is: 'itself' } as const;
    expect(await here.run(synchronize as never, args, { delegate })).toMatchObject({ changed: true });
    expect(readFileSync(at('d/a'), 'utf8')).toBe('x');
    const between = await here.run(synchronize as never, args, { delegate: { name: 'db1', is: 'another' } });
    expect(between.result.msg).toContain('from db1 to web1');
  });
});

describe('from the target', () => {
  const files = { '/var/log/app/a.log': 'new', '/var/log/app/sub/b': { text: 'b', mode: 0o640 } };
  const answers = { 'command:': { rc: 0, stdout: '0\n0\n', stderr: '' } };

  async function pull(args: Record<string, unknown>): Promise<{ tree: LocalTree | undefined; msg: string }> {
    const ran = await onPaper(synchronize, { mode: 'pull', ...args }, { files, answers });
    const [effect] = ran.plan.effects ?? [];
    return { tree: effect?.kind === 'write-local-tree' ? effect : undefined, msg: String(ran.result.msg) };
  }

  test('only what differs, and what is gone goes', async () => {
    put('got/a.log', 'older');
    put('got/extra/x', 'x');
    const args = { src: '/var/log/app/', dest: at('got'), delete: true, owner: false, group: false };
    const { tree, msg } = await pull(args);
    expect(msg).toContain('>f.st...... a.log\ncd+++++++++ sub/\n>f+++++++++ sub/b\n');
    expect(msg).toContain('*deleting   extra/');
    await writeLocalTree(tree!);
    expect(picture('got')).toEqual({ 'a.log': '644 1000 new', sub: 'dir 755', 'sub/b': '640 1000 b' });
    expect(await pull(args)).toEqual({ tree: undefined, msg: '' });
  });

  test('one file, to a new name', async () => {
    const { tree } = await pull({ src: '/var/log/app/a.log', dest: at('named'), owner: false, group: false });
    await writeLocalTree(tree!);
    expect(readFileSync(at('named'), 'utf8')).toBe('new');
  });
});

test.each<[string, string, boolean, boolean]>([
  ['- *.log', 'a/b.log', false, true],
  ['- /*.log', 'a/b.log', false, false],
  ['- a/', 'a', false, false],
  ['- a/', 'x/a', true, true],
  ['- a/*/c', 'z/a/b/c', false, true],
  ['- a/*/c', 'a/b/b/c', false, false],
  ['- a/**/c', 'a/b/b/c', false, true],
  ['- f[!0-9]o', 'fxo', false, true],
  ['- f[!0-9]o', 'f1o', false, false],
  ['- a.c', 'abc', false, false],
  ['- \\*', '*', false, true],
  ['- \\*?', '*x', false, true],
  ['hide *.o', 'x.o', false, true],
  ['P *.o', 'x.o', false, false],
])('the rule %s and %s', (rule, path, isFolder, left) => {
  expect(isLeftOut([readRule(rule) as Rule], path, isFolder, 'sends')).toBe(left);
});

test.each([
  [['--hard-links'], 'the option "--hard-links" of rsync is not supported here'],
  [['-aH'], 'the option "-H" of rsync is not supported here'],
  [['--link-dest=/x'], 'the option "--link-dest" of rsync is not supported here'],
  [['src'], '"src" is no option of rsync'],
])('options that cannot be followed are refused before anything runs: %s', (options, message) => {
  expect(() => parseParams(synchronize, { src: 'a', dest: '/b', rsync_opts: options })).toThrow(message);
});
