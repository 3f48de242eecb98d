import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readFolder } from '../../src/modules/controller-folder.ts';

function folder(): string {
  const root = mkdtempSync(join(tmpdir(), 'cutover-folder-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'src/sub'), { recursive: true });
  mkdirSync(join(root, 'beside'));
  writeFileSync(join(root, 'src/sub/f'), 'f');
  const links = {
    'src/file': 'sub/f',
    'src/again': 'sub',
    'src/beside': '../beside',
    'src/gone': 'nowhere',
    'src/itself': 'itself',
    'src/sub/up': '..',
    'beside/back': '../src',
  };
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path));
  return join(root, 'src');
}

test.each([
  [
    'are what they lead to, where that has an end',
    true,
    {
      directory: ['again', 'beside', 'sub'],
      file: ['again/f', 'file', 'sub/f'],
      link: ['again/up', 'beside/back', 'gone', 'itself', 'sub/up'],
    },
  ],
  [
    'stay links',
    false,
    { directory: ['sub'], file: ['sub/f'], link: ['again', 'beside', 'file', 'gone', 'itself', 'sub/up'] },
  ],
])('links in a folder of the controller %s', async (_, follow, wanted) => {
  const found = Object.groupBy(await readFolder(folder(), follow), (entry) => entry.type);
  const paths = Object.entries(found).map(([type, entries]) => [
    type,
    entries.map(({ path }) => path).sort(),
  ]);
  expect(Object.fromEntries(paths)).toEqual(wanted);
});
