import { describe, expect, test } from 'vitest';
import ini from '../../src/modules/ini_file/index.ts';
import { run } from './paper-host.ts';

const PHP = '; head\n[PHP]\nmemory = 128M\n;upload = 2M\n\n[Date]\n; zone here\ndate.tz = UTC\n';

describe('the option is as wanted afterwards', () => {
  test.each<[string, Record<string, unknown>, string, string, string]>([
    [
      'changed',
      { section: 'PHP', option: 'memory', value: '256M' },
      PHP,
      PHP.replace('128M', '256M'),
      'option changed',
    ],
    ['there', { section: 'PHP', option: 'memory', value: '128M' }, PHP, PHP, 'OK'],
    [
      'added after the last used line',
      { section: 'PHP', option: 'max', value: '5' },
      PHP,
      PHP.replace('128M\n', '128M\nmax = 5\n'),
      'option added',
    ],
    [
      'a commented line is used',
      { section: 'PHP', option: 'upload', value: '8M' },
      PHP,
      PHP.replace(';upload = 2M', 'upload = 8M'),
      'option changed',
    ],
    [
      'or is not',
      { section: 'PHP', option: 'upload', value: '8M', modify_inactive_option: false },
      PHP,
      PHP.replace('128M\n', '128M\nupload = 8M\n'),
      'option added',
    ],
    [
      'a new section',
      { section: 'X', option: 'a', value: '1' },
      PHP,
      `${PHP}[X]\na = 1\n`,
      'section and option added',
    ],
    [
      'no blanks',
      { section: 'X', option: 'a', value: '1', no_extra_spaces: true },
      '',
      '\n[X]\na=1\n',
      'section and option added',
    ],
    [
      'blanks do not matter',
      { section: 'a', option: 'b', value: '1', ignore_spaces: true },
      '[a]\nb=1\n',
      '[a]\nb=1\n',
      'OK',
    ],
    [
      'blanks matter',
      { section: 'a', option: 'b', value: '1' },
      '[a]\nb=1\n',
      '[a]\nb = 1\n',
      'option changed',
    ],
    [
      'before the first section',
      { option: 'top', value: '1' },
      '# c\n[a]\nb = 1\n',
      'top = 1\n# c\n[a]\nb = 1\n',
      'option added',
    ],
    [
      'an option like another',
      { section: 'a', option: 'b', value: '1' },
      '[a]\nbb = 2\n',
      '[a]\nbb = 2\nb = 1\n',
      'option added',
    ],
    [
      'a dot is a dot',
      { section: 'Date', option: 'date.tz', value: 'CET' },
      PHP,
      PHP.replace('UTC', 'CET'),
      'option changed',
    ],
    [
      'several values',
      { section: 'a', option: 'b', values: ['1', '2'] },
      '[a]\nb = 3\n',
      '[a]\nb = 1\nb = 2\n',
      'option added',
    ],
    [
      'comments of an option that stands once give their places up, or go',
      { section: 'a', option: 'b', values: ['2', '3'] },
      '[a]\n# b = 1\nb = 2\n; b = 4\nb\n',
      '[a]\nb = 3\nb = 2\n',
      'option changed',
    ],
    [
      'beside others, a comment with another value stays',
      { section: 'a', option: 'b', values: ['5', '2', '5'], exclusive: false },
      '[a]\n# b = 1\n# b = 2\nc = 0\n',
      '[a]\n# b = 1\nb = 2\nc = 0\nb = 5\n',
      'option added',
    ],
    [
      'a value that stands twice',
      { section: 'a', option: 'b', value: '1' },
      '[a]\nb = 1\nb = 1\n',
      '[a]\nb = 1\n',
      'option changed',
    ],
    [
      'a value twice in a new section',
      { section: 'a', option: 'b', values: ['1', '2', '1'] },
      '\n',
      '\n[a]\nb = 1\nb = 2\n',
      'section and option added',
    ],
    [
      'without a value, in place of the first line',
      { section: 'a', option: 'b', allow_no_value: true },
      '[a]\n#b=1\nb = 2\n',
      '[a]\nb\nb = 2\n',
      'option changed',
    ],
    [
      'behind what was a comment',
      { section: 'a', option: 'b', values: ['1', '2'] },
      '[a]\nc = 1\n\n# b = 1\n\n',
      '[a]\nc = 1\n\nb = 1\nb = 2\n\n',
      'option added',
    ],
    [
      'the mark of UTF-8 before the first section',
      { section: 'a', option: 'b', value: '1' },
      '\uFEFF[a]\nb = 0\n',
      '[a]\nb = 1\n',
      'option changed',
    ],
    [
      'values beside others',
      { section: 'a', option: 'b', values: ['1'], exclusive: false },
      '[a]\nb = 3\n',
      '[a]\nb = 3\nb = 1\n',
      'option added',
    ],
    [
      'no value',
      { section: 'a', option: 'skip', allow_no_value: true },
      '[a]\n',
      '[a]\nskip\n',
      'option added',
    ],
    [
      'gone',
      { section: 'PHP', option: 'memory', state: 'absent' },
      PHP,
      PHP.replace('memory = 128M\n', ''),
      'option changed',
    ],
    [
      'section gone',
      { section: 'PHP', state: 'absent' },
      PHP,
      '; head\n[Date]\n; zone here\ndate.tz = UTC\n',
      'section removed',
    ],
    ['gone already', { section: 'Nope', option: 'x', state: 'absent' }, PHP, PHP, 'OK'],
    [
      'no newline at the end',
      { section: 'a', option: 'c', value: '1' },
      '[a]\nb = 1',
      '[a]\nb = 1\nc = 1\n',
      'option added',
    ],
  ])('%s', async (_, args, before, after, msg) => {
    const ran = await run(ini, { path: '/f', ...args }, { files: { '/f': before } });
    expect(ran.text('/f')).toBe(after);
    expect(ran.result.msg).toBe(msg);
    expect((await ran.again()).changes).toEqual([]);
  });
});

test('create is on unless told', async () => {
  expect((await run(ini, { path: '/f', section: 'a', option: 'b', value: '1' })).text('/f')).toBe(
    '\n[a]\nb = 1\n',
  );
  expect(
    (await run(ini, { path: '/f', section: 'a', option: 'b', value: '1', create: false })).plan.failed,
  ).toMatch(/does not exist/);
});

test('a link gives way to the edited file, unless it is to be followed', async () => {
  const files = { '/l': { link: '/f' }, '/f': { text: '[a]\nb = 0\n', mode: 0o600 } };
  const wish = { path: '/l', section: 'a', option: 'b', value: '1' };
  const ran = await run(ini, wish, { files });
  expect([ran.text('/l'), ran.text('/f')]).toEqual(['[a]\nb = 1\n', '[a]\nb = 0\n']);
  expect(ran.state('/l')).toMatchObject({ type: 'file', mode: 0o600 });
  expect((await ran.again()).changes).toEqual([]);
  const followed = await run(ini, { ...wish, follow: true }, { files });
  expect(followed.text('/f')).toBe('[a]\nb = 1\n');
  expect((await run(ini, { ...wish, value: '0' }, { files })).changes).toEqual([]);
});

test.each([
  [{ path: '/f', section: 'a', option: 'b' }, /needs value or values/],
  [{ path: '/f', section: 'a', option: 'b', values: [] }, /needs value or values/],
  [{ path: '/f', section: 'a' }, /needs value or values/],
  [{ path: '/f', section: 'a', option: 'b', value: '1', values: ['2'] }, /value or values, not both/],
  [{ path: '/f' }, /needs section or option/],
])('%j is refused', async (args, message) => {
  await expect(run(ini, args)).rejects.toThrow(message);
});
