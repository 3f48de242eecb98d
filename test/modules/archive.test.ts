import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it, test } from 'vitest';
import archive from '../../src/modules/archive/index.ts';
import { readMembers } from '../../src/modules/archive/members.ts';
import { archiveParams } from '../../src/modules/archive/params.ts';
import { hasProgram } from '../machine.ts';
import { openThisHost, type ThisHost } from './this-host.ts';

test.each<[string[], string[], string, boolean]>([
  [['/a/b'], ['P /a/b', 'D /a/b', 'A /a/b/c'], '/a/', false],
  [['/a/b/'], ['P /a/b/', 'D /a/b/', 'A /a/b//c'], '/a/b/', false],
  [['/a/b', '/a/c/d'], ['P /a/b', 'P /a/c/d', 'A /a/b', 'A /a/c/d'], '/a/', false],
  [['/a/x', '/b/x'], ['P /a/x', 'P /b/x'], '/', false],
  [['/a/b'], ['P /a/b', 'A /a/b'], '/a/', true],
  [['/a/b*'], ['P /a/b', 'A /a/b'], '/a/', false],
  [['/a/b/c', '/a'], ['P /a/b/c', 'P /a', 'X /a', 'A /a/b/c'], '/a/b/', true],
  [['/a/b', '/a/no'], ['P /a/b', 'P /a/no', 'A /a/b', 'M /a/no'], '/a/', false],
])('%j begins at the right folder', (path, lines, root, isSingle) => {
  const members = readMembers(`${lines.join('\n')}\n`, archiveParams.parse({ path, dest: '/x' }));
  expect(members).toMatchObject({ root, isSingle });
  expect(members.found.every((one) => one.startsWith(root) && !one.includes('//'))).toBe(true);
});

describe('archive with the programs of this machine', () => {
  let host: ThisHost | undefined;
  let here: string;
  const at = (name: string) => join(here, name);
  beforeEach(async () => {
    host ??= await openThisHost();
    here = join(host.folder, `work${process.hrtime.bigint()}`);
    mkdirSync(at('d/sub'), { recursive: true });
    mkdirSync(at('d/empty'));
    writeFileSync(at('d/a b.txt'), 'a\n');
    writeFileSync(at('d/.hidden'), 'h\n');
    writeFileSync(at('d/x.pyc'), '');
    writeFileSync(at('d/sub/c.log'), 'c\n');
    symlinkSync('a b.txt', at('d/link'));
    writeFileSync(at('one.txt'), 'one\n');
  });
  afterAll(() => host?.close());
  const run = (args: Record<string, unknown>, around = {}) => host!.run(archive as never, args, around);
  const listed = (name: string) =>
    execFileSync('tar', ['-tf', at(name)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .sort();

  it('packs a folder once', async () => {
    const wish = { path: at('d'), dest: at('d.tgz'), mode: '0600' };
    expect((await run(wish, { checkMode: true })).changed).toBe(true);
    expect(existsSync(at('d.tgz'))).toBe(false);
    const first = await run(wish);
    expect(first).toMatchObject({
      changed: true,
      failed: false,
      result: { dest: at('d.tgz'), dest_state: 'archive', arcroot: `${here}/`, missing: [] },
    });
    expect(listed('d.tgz')).toEqual(
      ['d/.hidden', 'd/a b.txt', 'd/empty/', 'd/link', 'd/sub/', 'd/sub/c.log', 'd/x.pyc'].sort(),
    );
    expect(statSync(at('d.tgz')).mode & 0o777).toBe(0o600);
    expect((await run(wish)).changed).toBe(false);
    writeFileSync(at('d/new'), 'n');
    expect((await run(wish)).changed).toBe(true);
    expect(listed('d.tgz')).toContain('d/new');
  });

  it('refuses a folder as the archive, and a pattern that fits nothing', async () => {
    const folder = await run({ path: at('one.txt'), dest: at('d') });
    expect(folder.result.msg).toBe(`${at('d')} is a directory`);
    expect(existsSync(at('d/made'))).toBe(false);
    const nothing = await run({ path: at('none*'), dest: at('n.tgz') });
    expect(nothing.result.msg).toBe('Error, no source paths were found');
  });

  it('compresses a single file, or packs it', async () => {
    const alone = await run({ path: at('one.txt') });
    expect(alone.result).toMatchObject({ dest: at('one.txt.gz'), dest_state: 'compress' });
    expect(gunzipSync(readFileSync(at('one.txt.gz'))).toString()).toBe('one\n');
    expect((await run({ path: at('one.txt') })).changed).toBe(false);
    await run({ path: at('one.txt'), dest: at('one.tar'), format: 'tar' });
    await run({ path: at('one.txt'), dest: at('one.tgz'), force_archive: true });
    expect([listed('one.tar'), listed('one.tgz')]).toEqual([['one.txt'], ['one.txt']]);
  });

  it('leaves out what it shall', async () => {
    const wish = { path: [at('d/*'), at('none')], dest: at('p.tar'), format: 'tar' };
    const ran = await run({ ...wish, exclude_path: [at('d/su*')], exclusion_patterns: ['*.pyc'] });
    expect(listed('p.tar')).toEqual(['d/a b.txt', 'd/link']);
    expect(ran.result).toMatchObject({
      missing: [at('none')],
      dest_state: 'incomplete',
      expanded_exclude_paths: [at('d/sub')],
    });
  });

  it('removes what was packed, nothing else', async () => {
    await run({ path: [at('d/*')], exclude_path: [at('d/sub')], dest: at('r.tgz'), remove: true });
    expect([existsSync(at('d/a b.txt')), existsSync(at('d/empty')), existsSync(at('d/sub/c.log'))]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('does nothing when there is nothing', async () => {
    expect(await run({ path: at('none'), dest: at('n.tgz') })).toMatchObject({
      changed: false,
      result: { archived: [], dest_state: 'absent', missing: [at('none')] },
    });
    expect(existsSync(at('n.tgz'))).toBe(false);
  });

  test.each([
    ['d', undefined, /must specify "dest"/],
    ['d', 'no/such/d.tgz', /does not exist/],
  ])('fails: %s to %s', async (path, dest, message) => {
    const args = dest === undefined ? { path: at(path) } : { path: at(path), dest: at(dest) };
    expect((await run(args)).result.msg).toMatch(message);
  });

  it.runIf(hasProgram('zip') && hasProgram('unzip'))('makes zip archives', async () => {
    const wish = { path: at('d'), dest: at('d.zip'), format: 'zip' };
    expect((await run(wish)).changed).toBe(true);
    expect((await run(wish)).changed).toBe(false);
    const names = execFileSync('unzip', ['-Z1', at('d.zip')], { encoding: 'utf8' });
    expect(names.trim().split('\n').sort()).toContain('d/sub/c.log');
  });
});
