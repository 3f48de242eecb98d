import { describe, expect, test } from 'vitest';
import copy from '../../src/modules/copy/index.ts';
import { run } from './paper-host.ts';

const sha1 = 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d'; // hello

describe('one file', () => {
  test.each<
    [string, Record<string, unknown>, Parameters<typeof run>[2], string, string | undefined, string[]]
  >([
    [
      'content',
      { content: 'hello', dest: '/d/f' },
      { files: { '/d': { dir: true } } },
      '/d/f',
      'hello',
      ['create /d/f (5 bytes)'],
    ],
    ['src', { src: 'a', dest: '/f' }, { local: { a: 'hello' } }, '/f', 'hello', ['create /f (5 bytes)']],
    [
      'into a folder',
      { src: 'sub/a', dest: '/d' },
      { local: { 'sub/a': 'hello' }, files: { '/d': { dir: true } } },
      '/d/a',
      'hello',
      ['create /d/a (5 bytes)'],
    ],
    [
      'into a folder to be made',
      { src: 'a', dest: '/d/e/' },
      { local: { a: 'hello' }, files: { '/x': '' } },
      '/d/e/a',
      'hello',
      ['create folder /d/e', 'create /d/e/a (5 bytes)'],
    ],
    [
      'into a linked folder',
      { src: 'a', dest: '/l' },
      { local: { a: 'hello' }, files: { '/l': { link: '/d' }, '/d': { dir: true } } },
      '/l/a',
      'hello',
      ['create /l/a (5 bytes)'],
    ],
    [
      'replaces',
      { content: 'hello', dest: '/f', mode: '0600' },
      { files: { '/f': 'old' } },
      '/f',
      'hello',
      ['write /f (0600 5 bytes)'],
    ],
    ['same', { content: 'hello', dest: '/f' }, { files: { '/f': 'hello' } }, '/f', 'hello', []],
    [
      'only the mode',
      { content: 'hello', dest: '/f', mode: 'u=rw,go=' },
      { files: { '/f': 'hello' } },
      '/f',
      'hello',
      ['set attributes of /f (0600)'],
    ],
    [
      'force: no',
      { content: 'hello', dest: '/f', force: 'no', mode: '0600' },
      { files: { '/f': 'old' } },
      '/f',
      'old',
      [],
    ],
    [
      'mode: preserve',
      { src: 'a', dest: '/f', mode: 'preserve' },
      { local: { a: 'hello' } },
      '/f',
      'hello',
      ['create /f (0644 5 bytes)'],
    ],
    [
      'a link is replaced',
      { content: 'hello', dest: '/l' },
      { files: { '/l': { link: '/f' }, '/f': 'x' } },
      '/l',
      'hello',
      ['replace link /l (5 bytes)'],
    ],
    [
      'a link is followed',
      { content: 'hello', dest: '/l', follow: true },
      { files: { '/l': { link: '/f' }, '/f': 'x' } },
      '/f',
      'hello',
      ['write /f (5 bytes)'],
    ],
    [
      'a link that leads nowhere is replaced',
      { content: 'hello', dest: '/l', follow: true },
      { files: { '/l': { link: '/gone' } } },
      '/l',
      'hello',
      ['replace link /l (5 bytes)'],
    ],
    [
      'a mapping becomes JSON',
      { content: { a: [1, true, 'ü'] }, dest: '/f' },
      {},
      '/f',
      '{"a": [1, true, "\\u00fc"]}',
      ['create /f (26 bytes)'],
    ],
    [
      'remote file',
      { src: '/s', dest: '/f', remote_src: true },
      { files: { '/s': 'hello' }, answers: { 'command:': { rc: 0, stdout: `${'a'.repeat(40)}\n` } } },
      '/f',
      undefined,
      ['create /f (5 bytes)'],
    ],
  ])('%s', async (_, args, situation, path, text, summaries) => {
    const ran = await run(copy, args, situation);
    expect(ran.plan.failed).toBeUndefined();
    expect(ran.summaries).toEqual(summaries);
    if (text !== undefined) expect(ran.text(path)).toBe(text);
    expect(ran.result.dest).toBe(path);
    expect((await ran.again()).changes).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, Parameters<typeof run>[2], RegExp]>([
    ['no folder', { content: 'x', dest: '/no/f' }, {}, /directory \/no does not exist/],
    [
      'content and a folder',
      { content: 'x', dest: '/d' },
      { files: { '/d': { dir: true } } },
      /\/d is a directory/,
    ],
    ['remote source missing', { src: '/s', dest: '/f', remote_src: true }, {}, /^Source \/s not found$/],
    [
      'wrong checksum',
      { src: 'a', dest: '/f', checksum: sha1.replace('a', 'b') },
      { local: { a: 'hello' } },
      /^Copied file does not match the expected checksum\. Transfer failed\.$/,
    ],
    [
      'a pipe in the way',
      { content: 'x', dest: '/p' },
      { files: { '/p': { other: true } } },
      /no regular file/,
    ],
  ])('%s fails', async (_, args, situation, message) => {
    expect((await run(copy, args, situation)).plan.failed).toMatch(message);
  });

  test('one question in the common case', async () => {
    expect((await run(copy, { content: 'x', dest: '/f' }, { files: { '/f': 'y' } })).rounds).toBe(1);
  });

  test('result as Ansible has it', async () => {
    const ran = await run(
      copy,
      { src: 'a', dest: '/f', mode: '0640', backup: true },
      { local: { a: 'hello' }, files: { '/f': 'old' } },
    );
    expect(ran.result).toMatchObject({
      dest: '/f',
      checksum: sha1,
      mode: '0640',
      size: 5,
      state: 'file',
      owner: 'root',
    });
    expect(ran.result.backup_file).toMatch(/backups\/web1\/f\./);
  });

  test('a folder that an earlier task of a dry run made is there', async () => {
    const around = { '/x': '' };
    const args = { content: 'x', dest: '/new/f' };
    const bare = await run(copy, args, { files: around, checkMode: true });
    expect(bare.plan.failed).toMatch(/does not exist/);
    const made = await run(copy, args, {
      files: around,
      checkMode: true,
      answers: { 'file:/new?follow': { path: '/new', type: 'directory', mode: 0o755 } },
    });
    expect(made.summaries).toEqual(['create /new/f (1 bytes)']);
  });
});

describe('a folder', () => {
  const local = { 'app/a': 'A', 'app/sub/b': 'B' };

  test('under its own name, and into the folder with a slash', async () => {
    const into = await run(copy, { src: 'app', dest: '/opt' }, { local, files: { '/opt': { dir: true } } });
    expect(into.text('/opt/app/sub/b')).toBe('B');
    const contents = await run(
      copy,
      { src: 'app/', dest: '/opt/x' },
      { local, files: { '/opt': { dir: true } } },
    );
    expect(contents.text('/opt/x/sub/b')).toBe('B');
    expect((await contents.again()).changes).toEqual([]);
  });

  test('only what differs, and modes by kind', async () => {
    const ran = await run(
      copy,
      { src: 'app/', dest: '/opt/x', mode: '0600', directory_mode: '0700' },
      { local, files: { '/opt/x/a': { text: 'A', mode: 0o600 }, '/opt/x/other': 'stays' } },
    );
    expect(ran.changes[0]!.diff!.prepared!.split('\n').sort()).toEqual(['+ sub/', '+ sub/b']);
    expect(ran.state('/opt/x/sub')!.mode).toBe(0o700);
    expect(ran.state('/opt/x/sub/b')!.mode).toBe(0o600);
    expect(ran.text('/opt/x/other')).toBe('stays');
  });

  test('goes through links to folders, and changes what they lead to', async () => {
    const args = { src: 'app/', dest: '/opt/x', owner: 'www' };
    const files = {
      '/opt/x': { dir: true },
      '/real': { dir: true },
      '/opt/x/sub': { link: '/real' },
    } as const;
    const ran = await run(copy, args, { local, files });
    expect(ran.changes.map(({ key }) => key)).toEqual(['tree:/opt/x', 'tree:/real']);
    expect([ran.text('/real/b'), ran.state('/real')!.owner]).toEqual(['B', 'www']);
    const nowhere = { ...files, '/opt/x/sub': { link: '/file' }, '/file': 'no folder' };
    expect((await run(copy, args, { local, files: nowhere })).plan.failed).toBe(
      '/opt/x/sub is a link to /file, which is no directory',
    );
  });

  test('gives the folders that it makes around a folder their mode and owner too', async () => {
    const ran = await run(
      copy,
      { src: 'app', dest: '/opt/new/deep', owner: 'www', directory_mode: '0750' },
      { local, files: { '/opt': { dir: true } } },
    );
    const shown = (path: string) => ran.state(path)!.mode;
    expect(['/opt/new', '/opt/new/deep', '/opt/new/deep/app', '/opt/new/deep/app/sub'].map(shown)).toEqual([
      0o750, 0o750, 0o750, 0o750,
    ]);
    expect((await ran.again()).changes).toEqual([]);
  });

  test('force: no leaves files alone', async () => {
    const ran = await run(
      copy,
      { src: 'app/', dest: '/x', force: false },
      { local, files: { '/x/a': 'mine' } },
    );
    expect(ran.changes[0]!.diff!.prepared).not.toMatch(/ a$/m);
  });

  test('of the target', async () => {
    const files = {
      '/s/a': { text: 'A', mode: 0o600 },
      '/s/d/b': 'B',
      '/s/l': { link: 'a' },
      '/t': { dir: true as const },
    };
    const ran = await run(copy, { src: '/s', dest: '/t', remote_src: true, local_follow: false }, { files });
    expect(ran.plan.failed).toBeUndefined();
    expect(ran.changes).toHaveLength(1);
    expect(ran.state('/t/s/a')).toMatchObject({ type: 'file', mode: 0o600 });
    expect(ran.state('/t/s/l')).toMatchObject({ type: 'link', target: 'a' });
    expect((await ran.again()).changes).toEqual([]);
  });
});

describe('a folder of the target', () => {
  const source = {
    '/s': { dir: true as const, mode: 0o700 },
    '/s/a': { text: 'A', mode: 0o600 },
    '/s/d': { dir: true as const, mode: 0o750 },
    '/s/d/b': 'B',
    '/s/d/l': { link: '../a' },
    '/s/l': { link: 'a' },
    '/s/gone': { link: '/nowhere' },
  };
  const there = { '/t/a': { text: 'A', mode: 0o644 }, '/t/d/b': { text: 'old', mode: 0o644 } };
  const links = (ran: Awaited<ReturnType<typeof run>>, root: string) =>
    ['l', 'd/l', 'gone'].filter((name) => ran.state(`${root}/${name}`)?.type === 'link');

  test.each<[string, Record<string, unknown>, Parameters<typeof run>[2], Record<string, unknown>]>([
    [
      'whole, with its mode and links, where nothing is',
      { src: '/s/', dest: '/n' },
      {},
      { root: '/n', mode: 0o700, links: ['l', 'd/l', 'gone'], changed: undefined, dest: '/n' },
    ],
    [
      'whole, below a folder that is there',
      { src: '/s', dest: '/t', mode: 'preserve' },
      { files: { '/t': { dir: true } } },
      { root: '/t/s', mode: 0o700, links: ['l', 'd/l', 'gone'], changed: undefined, dest: '/t/s' },
    ],
    [
      'below a folder that is made for it: links of the top are passed over',
      { src: '/s', dest: '/n' },
      {},
      { root: '/n/s', mode: 0o755, links: ['d/l'], changed: true, dest: '/n' },
    ],
    [
      'into a folder that is made for it',
      { src: '/s/', dest: '/n/', directory_mode: '0711' },
      {},
      { root: '/n', mode: 0o711, links: ['d/l'], changed: true, dest: '/n/' },
    ],
    [
      'into a folder that is there',
      { src: '/s/', dest: '/t' },
      { files: there },
      { root: '/t', mode: 0o755, links: [], changed: true, dest: '/t/' },
    ],
    [
      'into a folder that is there, links as links',
      { src: '/s/', dest: '/t', local_follow: false },
      { files: there },
      { root: '/t', mode: 0o755, links: ['l', 'd/l'], changed: true, dest: '/t/' },
    ],
    [
      'not over one that is there with force: no',
      { src: '/s/', dest: '/t', force: false },
      { files: there },
      { root: '/t', mode: 0o755, links: [], changed: undefined, dest: '/t/' },
    ],
  ])('%s', async (_, args, situation, wanted) => {
    const files = { ...source, ...situation?.files };
    const ran = await run(copy, { ...args, remote_src: true }, { files });
    expect(ran.plan.failed).toBeUndefined();
    const root = wanted.root as string;
    const shown = { root, mode: ran.state(root)?.mode, links: links(ran, root), changed: ran.plan.changed };
    expect({ ...shown, dest: ran.result.dest }).toMatchObject(wanted);
    expect((await ran.again()).changes).toEqual([]);
  });

  test.each([
    ['whole', '/n', {}],
    ['into one that is there', '/t', there],
  ])('%s, what its links lead to with local_follow: yes', async (_, dest, present) => {
    const { '/s/gone': _gone, ...sound } = source;
    const args = { src: '/s/', dest, remote_src: true, local_follow: true };
    const ran = await run(copy, args, { files: { ...sound, ...present } });
    expect(ran.plan.failed).toBeUndefined();
    expect(['l', 'd/l'].map((name) => ran.state(`${dest}/${name}`))).toMatchObject([
      { type: 'file', mode: 0o600 },
      { type: 'file', mode: 0o600 },
    ]);
    expect((await ran.again()).changes).toEqual([]);
  });

  test('that shall be followed fails with a link that leads nowhere', async () => {
    const args = { src: '/s/', dest: '/n', remote_src: true, local_follow: true };
    const ran = await run(copy, args, { files: source });
    expect(ran.plan.failed).toBe('the link gone of the source leads nowhere');
  });

  test('files that are the same keep their mode, files that differ get the mode of the source', async () => {
    const files = { ...source, ...there, '/s/d/b': { text: 'B', mode: 0o640 } };
    const ran = await run(copy, { src: '/s/', dest: '/t', remote_src: true }, { files });
    expect(ran.state('/t/a')).toMatchObject({ mode: 0o644 });
    expect(ran.state('/t/d/b')).toMatchObject({ mode: 0o640 });
    expect(ran.state('/t/d')).toMatchObject({ mode: 0o755 });
  });

  test('what is there and of another kind stays', async () => {
    const files = { ...source, '/t/a': { dir: true as const }, '/t/d': 'a file' };
    const ran = await run(copy, { src: '/s/', dest: '/t', remote_src: true }, { files });
    expect([ran.state('/t/a')?.type, ran.state('/t/d')?.type]).toEqual(['directory', 'file']);
  });
});

test.each([
  [{ dest: '/f' }, /src \(or content\) is required/],
  [{ dest: '/f', src: 'a', content: 'b' }, /mutually exclusive/],
  [{ dest: '/d/', content: 'b' }, /can not use content with a dir/],
  [{ dest: '/f', content: 'b', mode: 'rw' }, /"rw" is no mode/],
])('%j is refused', async (args, message) => {
  await expect(run(copy, args)).rejects.toThrow(message);
});
