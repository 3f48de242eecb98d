import { expect, test } from 'vitest';
import assemble from '../../src/modules/assemble/index.ts';
import { run } from './paper-host.ts';

const parts = { '20-b': 'two', '10-a': 'one\n', '.hidden': 'h', 'x.bak': 'old\n' };
const onHost = Object.fromEntries(Object.entries(parts).map(([name, text]) => [`/d/${name}`, text]));

test.each<[string, Record<string, unknown>, string]>([
  ['in the order of names', {}, 'h\none\ntwo\nold\n'],
  ['names that fit', { regexp: '^\\d' }, 'one\ntwo'],
  ['no hidden ones', { ignore_hidden: true }, 'one\ntwo\nold\n'],
  ['with a delimiter', { regexp: '^\\d', delimiter: '###' }, 'one\n###\ntwo'],
  ['with an escaped delimiter', { regexp: '^\\d', delimiter: '#\\n#' }, 'one\n#\n#\ntwo'],
])('%s', async (_, args, text) => {
  const remote = await run(
    assemble,
    { src: '/d', dest: '/f', mode: '0600', ...args },
    { files: { ...onHost, '/d/sub/x': 'no' } },
  );
  expect(remote.text('/f')).toBe(text);
  expect(remote.result).toMatchObject({ dest: '/f', mode: '0600' });
  const md5sum = remote.result.md5sum;
  expect(md5sum).toMatch(/^[0-9a-f]{32}$/);
  const again = await remote.again();
  expect(again.changes).toEqual([]);
  expect(again.result).toMatchObject({ md5sum });
  const local = Object.fromEntries(Object.entries(parts).map(([name, content]) => [`d/${name}`, content]));
  const here = await run(assemble, { src: 'd', dest: '/f', remote_src: false, ...args }, { local });
  expect(here.text('/f')).toBe(text);
});

test('a folder that is not there', async () => {
  expect((await run(assemble, { src: '/no', dest: '/f' })).plan.failed).toBe('Source (/no) does not exist');
});
