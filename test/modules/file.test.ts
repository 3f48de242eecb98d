import { describe, expect, test } from 'vitest';
import file from '../../src/modules/file/index.ts';
import { parseTime } from '../../src/modules/file/times.ts';
import { run, type Thing } from './paper-host.ts';

const dir: Thing = { dir: true };

describe('what the path is afterwards', () => {
  test.each<[string, Record<string, unknown>, Record<string, Thing>, string[]]>([
    [
      'a new folder with its parents',
      { path: '/a/b', state: 'directory', mode: '0750' },
      { '/x': '' },
      ['create folder /a/b (0750)'],
    ],
    ['a folder that is there', { path: '/a/', state: 'directory', mode: '0755' }, { '/a': dir }, []],
    [
      'a folder behind a link',
      { path: '/l', state: 'directory', mode: '0700' },
      { '/l': { link: '/a' }, '/a': dir },
      ['set attributes of /a (0700)'],
    ],
    [
      'only attributes',
      { path: '/f', mode: 'u+x', owner: 'app' },
      { '/f': 'x' },
      ['set attributes of /f (0744 app:)'],
    ],
    ['nothing to do', { path: '/f', mode: '0644', owner: 'root', group: '0' }, { '/f': 'x' }, []],
    ['no mode where a variable is empty', { path: '/f', mode: '', owner: 'root' }, { '/f': 'x' }, []],
    ['the state that it has', { path: '/a', mode: '0700' }, { '/a': dir }, ['set attributes of /a (0700)']],
    ['a link', { path: '/l', src: '/f', state: 'link' }, { '/f': 'x' }, ['link /l -> /f']],
    [
      'a relative link',
      { path: '/a/l', src: '../f', state: 'link' },
      { '/f': 'x', '/a': dir },
      ['link /a/l -> ../f'],
    ],
    [
      'a link elsewhere',
      { path: '/l', src: '/f', state: 'link' },
      { '/f': 'x', '/l': { link: '/g' } },
      ['link /l -> /f'],
    ],
    [
      'a link that is there',
      { path: '/l', src: '/f', state: 'link' },
      { '/f': 'x', '/l': { link: '/f' } },
      [],
    ],
    [
      'a dangling link by force',
      { path: '/l', src: '/f', state: 'link', force: true },
      { '/x': '' },
      ['link /l -> /f'],
    ],
    [
      'a link over a file by force',
      { path: '/l', src: '/f', state: 'link', force: true },
      { '/f': 'x', '/l': 'y' },
      ['link /l -> /f'],
    ],
    [
      'a link over an empty folder by force',
      { path: '/l', src: '/f', state: 'link', force: true },
      { '/f': 'x', '/l': dir },
      ['link /l -> /f'],
    ],
    [
      'the owner of what a link leads to',
      { path: '/l', src: '/f', state: 'link', owner: 'app' },
      { '/f': 'x', '/l': { link: '/f' } },
      ['set attributes of /f (app:)'],
    ],
    [
      'the owner of the link itself',
      { path: '/l', src: '/f', state: 'link', owner: 'app', follow: false },
      { '/f': 'x', '/l': { link: '/f' } },
      ['set attributes of /l (app:)'],
    ],
    [
      'what a link leads to, which stays a link without being called one',
      { path: '/l', src: '/g' },
      { '/f': 'x', '/g': 'y', '/l': { link: '/f' } },
      ['link /l -> /g'],
    ],
    ['a hard link', { path: '/h', src: '/f', state: 'hard' }, { '/f': 'x' }, ['hard link /h => /f']],
    [
      'a hard link that is there',
      { path: '/h', src: '/f', state: 'hard' },
      { '/f': { text: 'x', inode: 5 }, '/h': { text: 'x', inode: 5 } },
      [],
    ],
    ['an empty file', { path: '/f', state: 'touch', mode: '0600' }, { '/x': '' }, ['touch /f (0600)']],
    ['touched again', { path: '/f', state: 'touch' }, { '/f': 'x' }, ['touch /f']],
    [
      'touched without times',
      { path: '/f', state: 'touch', modification_time: 'preserve', access_time: 'preserve', mode: '0644' },
      { '/f': 'x' },
      [],
    ],
    [
      'a time',
      { path: '/f', state: 'file', modification_time: '202001010000.00' },
      { '/f': 'x' },
      ['touch /f'],
    ],
    [
      'a time that it has',
      { path: '/f', modification_time: '1000', modification_time_format: '%s' },
      { '/f': 'x' },
      [],
    ],
    ['a file gone', { path: '/f', state: 'absent' }, { '/f': 'x' }, ['remove /f']],
    ['a folder gone', { path: '/a', state: 'absent' }, { '/a/b/c': 'x' }, ['remove folder /a (2 entries)']],
    [
      'a link gone, not what it leads to',
      { path: '/l', state: 'absent' },
      { '/l': { link: '/a' }, '/a/b': 'x' },
      ['remove /l'],
    ],
    ['gone already', { path: '/f', state: 'absent' }, {}, []],
  ])('%s', async (_, args, files, summaries) => {
    const ran = await run(file, args, { files });
    expect(ran.plan.failed).toBeUndefined();
    expect(ran.summaries).toEqual(summaries);
    const predictable =
      args.state !== 'touch' &&
      args.state !== 'hard' &&
      args.modification_time === undefined &&
      args.state !== 'link';
    if (predictable) expect((await ran.again()).changes).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, Record<string, Thing>, RegExp]>([
    ['file never makes one', { path: '/f', state: 'file' }, {}, /file \(\/f\) is absent, cannot continue/],
    [
      'file is not a folder',
      { path: '/a', state: 'file' },
      { '/a': dir },
      /file \(\/a\) is directory, cannot continue/,
    ],
    [
      'directory is not a file',
      { path: '/f', state: 'directory' },
      { '/f': 'x' },
      /\/f already exists as a file/,
    ],
    [
      'link to nothing',
      { path: '/l', src: '/f', state: 'link' },
      {},
      /src file does not exist, use "force=yes".*: \/f$/,
    ],
    [
      'link over a file',
      { path: '/l', src: '/f', state: 'link' },
      { '/f': 'x', '/l': 'y' },
      /refusing to convert from file to symlink for \/l/,
    ],
    [
      'link over a full folder',
      { path: '/l', src: '/f', state: 'link', force: true },
      { '/f': 'x', '/l/a': 'y' },
      /the directory \/l is not empty/,
    ],
    [
      'hard link over a file',
      { path: '/h', src: '/f', state: 'hard' },
      { '/f': { text: 'x', inode: 1 }, '/h': { text: 'y', inode: 2 } },
      /different hard link exists at destination/,
    ],
    ['touch without a folder', { path: '/no/f', state: 'touch' }, {}, /folder around/],
    ['a device is left alone', { path: '/p', mode: '0600' }, { '/p': { other: true } }, /no regular file/],
  ])('%s', async (_, args, files, message) => {
    const ran = await run(file, args, { files });
    expect(ran.plan.failed).toMatch(message);
    expect(ran.changes).toEqual([]);
  });
});

test('recurse sets everything below in one change, links but by owner', async () => {
  const files: Record<string, Thing> = {
    '/a/f': 'x',
    '/a/d/g': { text: 'y', mode: 0o600 },
    '/a/l': { link: 'f' },
  };
  const ran = await run(
    file,
    { path: '/a', state: 'directory', recurse: true, mode: 'u=rwX,go=rX', owner: 'app' },
    { files },
  );
  expect(ran.changes).toHaveLength(1);
  expect(ran.changes[0]!.diff!.prepared!.split('\n').sort()).toEqual(['* ./', '* d/', '* d/g', '* f', '* l']);
  expect([ran.state('/a/f')!.mode, ran.state('/a/d')!.mode, ran.state('/a/d/g')!.mode]).toEqual([
    0o644, 0o755, 0o644,
  ]);
  expect((await ran.again()).changes).toEqual([]);
});

describe('recurse and links that lead out of the folder', () => {
  const files: Record<string, Thing> = {
    '/a/one': { link: '/out/f' },
    '/a/same': { link: '../out/f' },
    '/a/folder': { link: '/far' },
    '/a/nowhere': { link: 'gone' },
    '/a/inside': { link: 'g' },
    '/a/g': 'x',
    '/out/f': 'x',
    '/far/d/h': 'x',
    '/far/back': { link: '/a' },
  };

  test('sets what is there, each once', async () => {
    const args = { path: '/a', state: 'directory', recurse: true, mode: 'g-r' };
    const ran = await run(file, args, { files });
    expect(ran.changes.map(({ key }) => key)).toEqual(['tree:/a', 'tree:/far', 'file:/out/f']);
    const modes = ['/a/g', '/out/f', '/far/d', '/far/d/h'].map((path) => ran.state(path)!.mode);
    expect(modes).toEqual([0o604, 0o604, 0o715, 0o604]);
    expect((await ran.again()).changes).toEqual([]);
  });

  test('leaves it alone without follow', async () => {
    const args = { path: '/a', state: 'directory', recurse: true, mode: 'g-r', follow: false };
    const ran = await run(file, args, { files });
    expect(ran.changes.map(({ key }) => key)).toEqual(['tree:/a']);
  });
});

test('owned is part of the change', async () => {
  const ran = await run(file, { path: '/new', state: 'directory', owned: true }, { files: { '/x': '' } });
  expect(ran.changes[0]!.detail).toMatchObject({ owned: true });
});

test('result as Ansible has it', async () => {
  const ran = await run(file, { dest: '/f', mode: '0600' }, { files: { '/f': 'x' } });
  expect(ran.result).toMatchObject({
    path: '/f',
    state: 'file',
    mode: '0600',
    owner: 'root',
    group: 'root',
    uid: 0,
    gid: 0,
    size: 1,
  });
});

test.each([
  [{ path: '/', state: 'absent' }, /will not remove \//],
  [{ path: '/f', state: 'touch', recurse: true }, /recurse option requires state to be/],
  [{ path: '/f', state: 'hard' }, /src is required for creating new hardlinks/],
  [{ path: '/f', attributes: '+ i' }, /flags of chattr/],
  [{ path: '/f', src: '/g', state: 'link', attributes: '+i' }, /no attributes for a link/],
  [{ path: '/f', state: 'dir' }, /must be one of/],
])('%j is refused', async (args, message) => {
  await expect(run(file, args)).rejects.toThrow(message);
});

test.each([
  ['202401022359.30', '%Y%m%d%H%M.%S', new Date(2024, 0, 2, 23, 59, 30)],
  ['2024-01-02', '%Y-%m-%d', new Date(2024, 0, 2)],
  ['86400', '%s', new Date(86400_000)],
  ['x', '%Y', undefined],
])('time %s as %s', (text, format, time) => {
  expect(parseTime(text, format)).toBe(time && time.getTime() / 1000);
});

/** What `diff` of the result says, which playbooks compare. */
test.each<[string, Record<string, unknown>, Record<string, Thing>, unknown]>([
  [
    'touched',
    { state: 'touch' },
    { '/f': 'x' },
    [
      { state: 'file', mtime: 1000, atime: 1000 },
      { state: 'touch', mtime: 'now', atime: 'now' },
    ],
  ],
  [
    'older now',
    { modification_time: '86400', modification_time_format: '%s' },
    { '/f': 'x' },
    [{ mtime: 1000 }, { mtime: 86400 }],
  ],
  ['a hard link', { state: 'hard', src: '/x' }, { '/x': '' }, [{ state: 'absent' }, { state: 'hard' }]],
  [
    'a hard link, no soft one any more',
    { state: 'hard', src: '/x' },
    { '/x': '', '/f': { link: '/y' } },
    [
      { state: 'link', src: '/y' },
      { state: 'hard', src: '/x' },
    ],
  ],
  ['made', { state: 'touch' }, {}, [{ state: 'absent' }, { state: 'touch' }]],
  [
    'made, with an owner',
    { state: 'directory', owner: '0' },
    {},
    [{ state: 'absent' }, { state: 'directory', owner: 0 }],
  ],
  ['as it was', { state: 'file' }, { '/f': 'x' }, [{}, {}]],
  ['another mode', { mode: '0600' }, { '/f': 'x' }, [{ mode: '0644' }, { mode: '0600' }]],
  ['a link', { state: 'link', src: '/x' }, { '/x': '' }, [{ state: 'absent' }, { state: 'link' }]],
  ['gone', { state: 'absent' }, { '/f': 'x' }, [{ state: 'file' }, { state: 'absent' }]],
  ['gone already', { state: 'absent' }, {}, undefined],
])('the difference of what is %s', async (_, args, files, expected) => {
  const { result } = await run(file, { path: '/f', ...args }, { files });
  const diff = result.diff as { before: object; after: object } | undefined;
  const named = (expected as [object, object] | undefined)?.map((one) => ({ path: '/f', ...one }));
  expect(diff && [diff.before, diff.after]).toEqual(named);
});
