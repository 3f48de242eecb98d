import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import stat from '../../src/modules/stat/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { run } from './paper-host.ts';

const sum = (text: string, algorithm = 'sha1') => createHash(algorithm).update(text).digest('hex');
const told = (...lines: string[]) => ({ 'command:': { rc: 0, stdout: `${lines.join('\n')}\n` } });

test('a file', async () => {
  const ran = await run(
    stat,
    { path: '/f' },
    { files: { '/f': { text: 'x', mode: 0o4751 } }, answers: told('8 4096 0 0', 'unknown', '', sum('x')) },
  );
  expect(ran.result.stat).toMatchObject({
    exists: true,
    path: '/f',
    mode: '4751',
    isreg: true,
    isdir: false,
    isuid: true,
    xoth: true,
    woth: false,
    size: 1,
    pw_name: 'root',
    checksum: sum('x'),
  });
  expect([ran.rounds, ran.plan.changes]).toEqual([1, []]);
});

test.each([
  ['absent', {}, { exists: false }],
  ['folder', { '/f': { dir: true as const } }, { exists: true, isdir: true }],
  [
    'link',
    { '/f': { link: 'g' }, '/g': 'x' },
    { exists: true, islnk: true, lnk_target: 'g', lnk_source: '/g' },
  ],
])('%s', async (_, files, expected) => {
  const ran = await run(stat, { path: '/f' }, { files, answers: told('8 4096 0 0', 'unknown', '', '-') });
  expect(ran.result.stat).toMatchObject(expected);
  expect(ran.result.stat).not.toHaveProperty('checksum');
});

test('at an empty path is nothing, and nobody asks', async () => {
  const ran = await run(stat, { path: '' });
  expect([ran.result.stat, ran.rounds]).toEqual([{ exists: false }, 0]);
});

test('sha256 needs no further question, get_checksum: no neither', async () => {
  const own = await run(
    stat,
    { path: '/f', checksum_algorithm: 'sha256' },
    { files: { '/f': 'x' }, answers: told('') },
  );
  expect(own.result.stat).toMatchObject({ checksum: sum('x', 'sha256') });
  const none = await run(
    stat,
    { path: '/f', get_checksum: 'no' },
    { files: { '/f': 'x' }, answers: told('') },
  );
  expect(none.result.stat).not.toHaveProperty('checksum');
});

test('follow looks behind the link', async () => {
  const ran = await run(
    stat,
    { path: '/f', follow: true, get_checksum: false },
    { files: { '/f': { link: '/g' }, '/g': 'xy' }, answers: told('') },
  );
  expect(ran.result.stat).toMatchObject({ isreg: true, islnk: false, size: 2, path: '/f' });
});

test('in a dry run the checksum of a file that is not written yet is unknown', async () => {
  const answers = told('8 4096 0 0', 'unknown', '', sum('x'), sum('x', 'sha256'));
  const real = await run(stat, { path: '/f' }, { checkMode: true, files: { '/f': 'x' }, answers });
  expect((real.result.stat as { checksum: unknown }).checksum).toBe(sum('x'));
  const pretended = await run(stat, { path: '/f' }, { checkMode: true, files: { '/f': 'new' }, answers });
  expect(isUnknown((pretended.result.stat as { checksum: unknown }).checksum)).toBe(true);
});

test('how it is stored, what kind of content it has, its flags', async () => {
  const answers = told('8 4096 1 3', 'text/plain; charset=us-ascii', '123 ----ia--------e--');
  const ran = await run(stat, { path: '/f', get_checksum: false }, { files: { '/f': 'x' }, answers });
  expect(ran.result.stat).toMatchObject({
    blocks: 8,
    block_size: 4096,
    device_type: 259,
    version: '123',
    mimetype: 'text/plain',
    charset: 'us-ascii',
    attr_flags: 'iae',
    attributes: ['immutable', 'append', 'extents'],
  });
});

test('unless nobody wants that', async () => {
  const wish = { path: '/f', get_checksum: false, mime: 'no', attr: 'no' };
  const ran = await run(stat, wish, { files: { '/f': 'x' }, answers: told('0 512 0 0', 'unknown', '') });
  expect(ran.result.stat).toMatchObject({ blocks: 0, block_size: 512, device_type: 0 });
  for (const key of ['mimetype', 'charset', 'version', 'attr_flags', 'attributes'])
    expect(ran.result.stat).not.toHaveProperty(key);
});

test.each([
  ["stat: cannot statx '/f': No such file or directory", undefined],
  ["stat: cannot statx '/f': Not a directory", 'Not a directory'],
  ["stat: can't stat '/f': Permission denied", 'Permission denied'],
])('%s', async (said, failed) => {
  const ran = await run(stat, { path: '/f', get_checksum: false }, { answers: told(said, 'unknown', '') });
  expect(ran.plan.failed).toBe(failed);
  if (!failed) expect(ran.result.stat).toEqual({ exists: false });
});
