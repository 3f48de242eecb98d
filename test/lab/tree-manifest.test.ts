import { chmod, mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { diffManifests, treeManifest } from '../../src/lab/index.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tree-'));
  await mkdir(join(root, 'folder'));
  await writeFile(join(root, 'folder/file'), 'text');
  await symlink('folder', join(root, 'link'));
  await chmod(join(root, 'folder/file'), 0o640);
});
afterEach(() => rm(root, { recursive: true }));

test('lists what is there', async () => {
  const owner = { uid: process.getuid?.(), gid: process.getgid?.() };
  expect(await treeManifest(root)).toEqual([
    { path: 'folder', type: 'folder', mode: expect.any(Number), ...owner },
    {
      ...{ path: 'folder/file', type: 'file', mode: 0o640, ...owner },
      sha256: '982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1',
    },
    { path: 'link', type: 'link', mode: 0, target: 'folder', ...owner },
  ]);
});

test.each<[string, (path: (name: string) => string) => Promise<unknown>, string[]]>([
  ['nothing', async () => {}, []],
  ['a new file', (path) => writeFile(path('new'), ''), ['+ new']],
  ['a lost link', (path) => unlink(path('link')), ['- link']],
  ['another content', (path) => writeFile(path('folder/file'), 'else'), ['~ folder/file: content']],
  ['another mode', (path) => chmod(path('folder/file'), 0o600), ['~ folder/file: mode 640 -> 600']],
])('%s', async (_name, change, expected) => {
  const before = await treeManifest(root);
  await change((name) => join(root, name));
  expect(diffManifests(before, await treeManifest(root))).toEqual(expected);
});

test('leaves out what is excluded, and what is below it', async () => {
  const paths = (await treeManifest(root, { exclude: (path) => path === 'folder' })).map(({ path }) => path);
  expect(paths).toEqual(['link']);
});
