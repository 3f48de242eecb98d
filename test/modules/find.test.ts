import { expect, test } from 'vitest';
import find from '../../src/modules/find/index.ts';
import { inOrder } from '../../src/modules/find/order.ts';
import { treeState } from '../../src/resources/index.ts';
import { run, type Thing } from './paper-host.ts';
import { planTask } from './task-plan.ts';

const now = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;
const files: Record<string, Thing> = {
  '/d/a.log': { text: 'one\nerror: x\n', mtime: now - 10 * 86400 },
  '/d/b.log': { text: 'fine\n', mtime: now - 60, mode: 0o600 },
  '/d/c.txt': { text: 'x'.repeat(2000), mtime: now - 60 },
  '/d/.hidden': { text: '', mtime: now - 60 },
  '/d/sub/e.log': { text: 'x', mtime: now - 60 },
  '/d/sub/deep/f.log': { text: 'x', mtime: now - 60 },
  '/d/l': { link: 'a.log' },
};

test.each<[Record<string, unknown>, string[]]>([
  [{}, ['a.log', 'b.log', 'c.txt']],
  [{ patterns: '*.log' }, ['a.log', 'b.log']],
  [{ patterns: '*.log,*.txt' }, ['a.log', 'b.log', 'c.txt']],
  [{ patterns: ['[ab].log'], excludes: 'b*' }, ['a.log']],
  [{ patterns: '^[a-b]\\.log$', use_regex: true }, ['a.log', 'b.log']],
  [{ patterns: 'log', use_regex: true }, []],
  [{ patterns: '*.log', recurse: true }, ['a.log', 'b.log', 'sub/deep/f.log', 'sub/e.log']],
  [{ patterns: '*.log', recurse: true, limit: 2 }, ['a.log', 'b.log']],
  [{ file_type: 'directory', recurse: true }, ['sub', 'sub/deep']],
  [{ file_type: 'link' }, ['l']],
  [{ file_type: 'any' }, ['a.log', 'b.log', 'c.txt', 'l', 'sub']],
  [{ hidden: true, patterns: '.*' }, ['.hidden']],
  [{ age: '2d' }, ['a.log']],
  [{ age: '-1h' }, ['b.log', 'c.txt']],
  [{ size: '1k' }, ['c.txt']],
  [{ size: '-1k' }, ['a.log', 'b.log']],
  [{ mode: '0600' }, ['b.log']],
  [{ contains: 'error.*' }, ['a.log']],
  [{ contains: 'rror' }, []],
  [{ contains: 'one\\nerror', read_whole_file: true }, ['a.log']],
])('%j', async (args, names) => {
  const shallow = args.recurse
    ? files
    : Object.fromEntries(
        Object.entries(files)
          .filter(([path]) => !/sub\/./.test(path))
          .concat([['/d/sub', { dir: true }]]),
      );
  const ran = await run(find, { paths: '/d', ...args }, { files: shallow });
  expect((ran.result.files as { path: string }[]).map(({ path }) => path.slice(3)).sort()).toEqual(names);
  expect(ran.result.matched).toBe(names.length);
});

test.each([
  [1, ['a.log', 'b.log', 'c.txt', 'l', 'sub'], 8],
  [2, ['a.log', 'b.log', 'c.txt', 'l', 'sub', 'sub/deep', 'sub/e.log'], 9],
  [undefined, ['a.log', 'b.log', 'c.txt', 'l', 'sub', 'sub/deep', 'sub/deep/f.log', 'sub/e.log'], 9],
])('of depth %s, and what lies one step below is examined', async (depth, names, examined) => {
  const ran = await run(find, { paths: '/d', recurse: true, file_type: 'any', depth }, { files });
  expect((ran.result.files as { path: string }[]).map(({ path }) => path.slice(3)).sort()).toEqual(names);
  expect(ran.result.examined).toBe(examined);
});

test('a folder that is not there is told', async () => {
  const ran = await run(find, { paths: ['/no', '/d'] }, { files });
  expect(ran.result).toMatchObject({
    skipped_paths: { '/no': "'/no' is not a directory" },
    msg: expect.stringMatching(/^Not all/),
  });
  expect(ran.plan.warnings).toHaveLength(1);
});

test('a path that is a link to a folder is looked into', async () => {
  const tree = (path: string, type: string, entries: [string, object][]) =>
    [
      treeState(path, { checksum: false, maxDepth: 1 }),
      { root: { path, type }, entries: new Map(entries) },
    ] as const;
  const file = { path: '/l/f', type: 'file', mode: 0o644 };
  const states = [tree('/l', 'link', []), tree('/l/.', 'directory', [['f', file]])];
  const planned = await planTask(find, { paths: '/l' }, { states });
  expect(planned.resultWith()).toMatchObject({ skipped_paths: {}, files: [{ path: '/l/f' }] });
});

test('of each folder first its files, then its folders, then what is in these', () => {
  const listed = ['a', 'a/deep', 'a/deep/f', 'a/g', 'link', 'link/h', 'x'].map(
    (path) => [path, { path, type: /^(a|a.deep)$/.test(path) ? 'directory' : 'file' }] as const,
  );
  expect(inOrder(new Map(listed)).map(([name]) => name)).toEqual([
    ...['x', 'a', 'link', 'a/g', 'a/deep', 'a/deep/f', 'link/h'],
  ]);
});

test('checksums when asked for', async () => {
  const ran = await run(
    find,
    { paths: '/d', patterns: '*.log', get_checksum: true },
    { files, answers: { 'command:': { stdout: `${'a'.repeat(40)}\n${'b'.repeat(40)}\n` } } },
  );
  expect(ran.result.files).toMatchObject(
    [{ checksum: 'a'.repeat(40) }, { checksum: 'b'.repeat(40) }, {}, {}].slice(
      0,
      (ran.result.files as unknown[]).length,
    ),
  );
});

test.each([
  [{ paths: '/d', age: '2 days' }, /age must be a number/],
  [{ paths: '/d', size: 'big' }, /size must be a number/],
  [{}, /missing required arguments: paths/],
])('%j is refused', async (args, message) => {
  await expect(run(find, args)).rejects.toThrow(message);
});
