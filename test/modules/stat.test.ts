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
    { files: { '/f': { text: 'x', mode: 0o4751 } }, answers: told(sum('x')) },
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
  const ran = await run(stat, { path: '/f' }, { files, answers: told('-') });
  expect(ran.result.stat).toMatchObject(expected);
  expect(ran.result.stat).not.toHaveProperty('checksum');
});

test('sha256 needs no further question, get_checksum: no neither', async () => {
  const own = await run(stat, { path: '/f', checksum_algorithm: 'sha256' }, { files: { '/f': 'x' } });
  expect(own.result.stat).toMatchObject({ checksum: sum('x', 'sha256') });
  const none = await run(stat, { path: '/f', get_checksum: 'no' }, { files: { '/f': 'x' } });
  expect(none.result.stat).not.toHaveProperty('checksum');
});

test('follow looks behind the link', async () => {
  const ran = await run(
    stat,
    { path: '/f', follow: true, get_checksum: false },
    { files: { '/f': { link: '/g' }, '/g': 'xy' } },
  );
  expect(ran.result.stat).toMatchObject({ isreg: true, islnk: false, size: 2, path: '/f' });
});

test('in a dry run the checksum of a file that is not written yet is unknown', async () => {
  const real = await run(
    stat,
    { path: '/f' },
    { checkMode: true, files: { '/f': 'x' }, answers: { 'command:': { stdout: `${sum('x', 'sha256')}\n` } } },
  );
  expect(isUnknown((real.result.stat as { checksum: unknown }).checksum)).toBe(false);
  const pretended = await run(
    stat,
    { path: '/f' },
    {
      checkMode: true,
      files: { '/f': 'new' },
      answers: { 'command:': { stdout: `${sum('x', 'sha256')}\n` } },
    },
  );
  expect(isUnknown((pretended.result.stat as { checksum: unknown }).checksum)).toBe(true);
});

test('mime and flags when asked for', async () => {
  const ran = await run(
    stat,
    { path: '/f', get_checksum: false, get_mime: true, get_attributes: true },
    { files: { '/f': 'x' }, answers: told('text/plain; charset=us-ascii', '123 ----ia--------e--') },
  );
  expect(ran.result.stat).toMatchObject({
    mimetype: 'text/plain',
    charset: 'us-ascii',
    attr_flags: 'iae',
    attributes: ['immutable', 'append', 'extents'],
  });
});
