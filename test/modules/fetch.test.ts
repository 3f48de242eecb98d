import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import fetch from '../../src/modules/fetch/index.ts';
import { run } from './paper-host.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutover-fetch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const files = { '/etc/f': 'hello' };

test('below host and path', async () => {
  const ran = await run(fetch, { src: '/etc/f', dest: folder }, { files });
  expect(ran.plan).toMatchObject({
    changed: true,
    effects: [{ kind: 'write-local', path: join(folder, 'web1/etc/f'), bytes: Buffer.from('hello') }],
  });
  expect(ran.result).toMatchObject({
    dest: join(folder, 'web1/etc/f'),
    checksum: 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d',
  });
});

test.each([
  ['to a name', 'x', 'x'],
  ['into a folder', 'x/', 'x/f'],
])('flat %s', async (_, dest, path) => {
  const ran = await run(fetch, { src: '/etc/f', dest: join(folder, dest), flat: true }, { files });
  expect(ran.result.dest).toBe(join(folder, path));
});

test('a relative folder starts at the playbook', async () => {
  const ran = await run(
    fetch,
    { src: '/etc/f', dest: 'got' },
    { files, variables: { playbook_dir: folder } },
  );
  expect(ran.result.dest).toBe(join(folder, 'got/web1/etc/f'));
});

test('the same file again is no change', async () => {
  writeFileSync(join(folder, 'f'), 'hello');
  const ran = await run(fetch, { src: '/etc/f', dest: `${folder}/`, flat: true }, { files });
  expect([ran.plan.changed, ran.plan.effects]).toEqual([false, []]);
});

test('flat onto a folder is refused, in the words that playbooks compare', async () => {
  const ran = await run(fetch, { src: '/etc/f', dest: folder, flat: true }, { files });
  expect([ran.plan.failed, ran.plan.effects]).toEqual([
    'dest is an existing directory, use a trailing slash if you want to fetch src into that directory',
    undefined,
  ]);
});

test('a dry run says so and writes nothing', async () => {
  const ran = await run(fetch, { src: '/etc/f', dest: folder }, { files, checkMode: true });
  expect([ran.plan.changed, ran.plan.effects]).toEqual([true, []]);
});

test('a missing file fails unless it may be missing', async () => {
  expect((await run(fetch, { src: '/no', dest: folder })).plan.failed).toMatch(/does not exist/);
  const ran = await run(fetch, { src: '/no', dest: folder, fail_on_missing: 'no' });
  expect([ran.plan.failed, ran.result.msg]).toEqual([
    undefined,
    'the remote file does not exist, not transferring, ignored',
  ]);
});
