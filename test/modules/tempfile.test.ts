import { expect, test } from 'vitest';
import tempfile from '../../src/modules/tempfile/index.ts';
import { run } from './paper-host.ts';

test.each([
  [{}, 'file', '0600', /^\/tmp\/ansible\.[a-z0-9_]{8}$/],
  [
    { state: 'directory', path: '/var/tmp', prefix: 'x-', suffix: '.d' },
    'directory',
    '0700',
    /^\/var\/tmp\/x-[a-z0-9_]{8}\.d$/,
  ],
])('%j', async (args, state, mode, name) => {
  const files = { '/tmp': { dir: true as const }, '/var/tmp': { dir: true as const } };
  const ran = await run(tempfile, args, { files });
  expect(ran.result).toMatchObject({ path: expect.stringMatching(name), state, mode });
  expect(ran.changes).toHaveLength(1);
  expect((await run(tempfile, args, { files })).result.path).not.toBe(ran.result.path);
});

test('a folder that is not there is a failure', async () => {
  expect((await run(tempfile, { path: '/no' })).plan.failed).toBe('/no is no folder');
});
