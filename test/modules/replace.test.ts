import { expect, test } from 'vitest';
import replace from '../../src/modules/replace/index.ts';
import { run } from './paper-host.ts';

test.each<[string, Record<string, unknown>, string, string, string]>([
  ['every match', { regexp: 'a', replace: 'b' }, 'a a\na\n', 'b b\nb\n', '3 replacements made'],
  ['nothing means removed', { regexp: '#.*\\n' }, 'x\n#y\nz\n', 'x\nz\n', '1 replacements made'],
  [
    '^ and $ at every line',
    { regexp: '^(\\w+)$', replace: '<\\1>' },
    'a\nb c\nd\n',
    '<a>\nb c\n<d>\n',
    '2 replacements made',
  ],
  [
    'named group',
    { regexp: '(?P<k>\\w+)=old', replace: '\\g<k>=new' },
    'x=old\n',
    'x=new\n',
    '1 replacements made',
  ],
  [
    'after',
    { regexp: '1', replace: '2', after: '\\[b\\]' },
    '[a]\n1\n[b]\n1\n',
    '[a]\n1\n[b]\n2\n',
    '1 replacements made',
  ],
  [
    'before',
    { regexp: '1', replace: '2', before: '\\[b\\]' },
    '[a]\n1\n[b]\n1\n',
    '[a]\n2\n[b]\n1\n',
    '1 replacements made',
  ],
  [
    'between',
    { regexp: '1', replace: '2', after: 'S', before: 'E' },
    '1S1E1E',
    '1S2E1E',
    '1 replacements made',
  ],
  [
    'section not there',
    { regexp: '1', replace: '2', after: 'nope' },
    '1\n',
    '1\n',
    'Pattern for before/after params did not match the given file: nope(?P<subsection>.*)',
  ],
  ['no match', { regexp: 'z', replace: 'y' }, 'a\n', 'a\n', ''],
  ['same text', { regexp: 'a', replace: 'a' }, 'a\n', 'a\n', '1 replacements made'],
  [
    'a dollar sign in the replacement',
    { regexp: 'a', replace: '$&$1' },
    'a\n',
    '$&$1\n',
    '1 replacements made',
  ],
  [
    'a backslash in the replacement',
    { regexp: 'a', replace: 'C:\\\\x' },
    'a\n',
    'C:\\x\n',
    '1 replacements made',
  ],
])('%s', async (_, args, before, after, msg) => {
  const ran = await run(replace, { path: '/f', ...args }, { files: { '/f': before } });
  expect(ran.text('/f')).toBe(after);
  expect(ran.result.msg).toBe(msg);
  expect(ran.changes.length).toBe(before === after ? 0 : 1);
});

test('a missing file is a failure', async () => {
  expect((await run(replace, { path: '/f', regexp: 'a' })).plan.failed).toBe('Path /f does not exist !');
});

test('a group that is not there is named', async () => {
  await expect(
    run(replace, { path: '/f', regexp: 'a', replace: '\\2' }, { files: { '/f': 'a' } }),
  ).rejects.toThrow(/group 2/);
});
