import { expect, test } from 'vitest';
import slurp from '../../src/modules/slurp/index.ts';
import { run } from './paper-host.ts';

test('gives base64', async () => {
  const ran = await run(slurp, { path: '/f' }, { files: { '/f': { text: Buffer.from([0, 255]) } } });
  expect(ran.result).toEqual({ content: 'AP8=', encoding: 'base64', source: '/f' });
});

test.each([
  [{}, /file not found: \/f/],
  [{ '/f': { dir: true as const } }, /source is a directory and must be a file/],
])('%j fails', async (files, message) => {
  expect((await run(slurp, { src: '/f' }, { files })).plan.failed).toMatch(message);
});
