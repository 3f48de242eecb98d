import { describe, expect, test } from 'vitest';
import copy from '../../src/modules/copy/index.ts';
import type { Module } from '../../src/modules/index.ts';
import iniFile from '../../src/modules/ini_file/index.ts';
import lineinfile from '../../src/modules/lineinfile/index.ts';
import replace from '../../src/modules/replace/index.ts';
import { run } from './paper-host.ts';

const files = { '/f': 'a\n' };
const parts = (before: string, after: string, attributes = {}) => [
  { before, after, before_header: '/f (content)', after_header: '/f (content)' },
  { ...attributes, before_header: '/f (file attributes)', after_header: '/f (file attributes)' },
];

describe('the key diff of results', () => {
  test.each<[string, Module<never>, Record<string, unknown>, boolean, unknown]>([
    ['an edit', lineinfile as never, { path: '/f', line: 'b' }, true, parts('a\n', 'a\nb\n')],
    ['an edit without --diff', lineinfile as never, { path: '/f', line: 'b' }, false, parts('', '')],
    ['an edit that is not needed', lineinfile as never, { path: '/f', line: 'a' }, true, parts('a\n', 'a\n')],
    [
      'an edit of mode and text',
      lineinfile as never,
      { path: '/f', line: 'b', mode: '0600' },
      true,
      parts('a\n', 'a\nb\n', { before: { mode: '0644' }, after: { mode: '0600' } }),
    ],
    [
      'a replacement',
      replace as never,
      { path: '/f', regexp: 'a', replace: 'b' },
      true,
      { before: 'a\n', after: 'b\n', before_header: '/f', after_header: '/f' },
    ],
    ['a replacement without --diff', replace as never, { path: '/f', regexp: 'a' }, false, undefined],
    ['no replacement', iniFile as never, { path: '/f', section: 's', state: 'absent' }, true, undefined],
    [
      'a copy over a file',
      copy as never,
      { dest: '/f', content: 'b\n' },
      true,
      [{ before: 'a\n', after: 'b\n', before_header: '/f', after_header: '/f' }],
    ],
    [
      'a new copy',
      copy as never,
      { dest: '/n', content: 'b\n' },
      true,
      [{ before: '', after: 'b\n', after_header: '/n' }],
    ],
    ['a copy without --diff', copy as never, { dest: '/f', content: 'b\n' }, false, []],
    [
      'a copy that only sets the mode',
      copy as never,
      { dest: '/f', content: 'a\n', mode: '0600' },
      true,
      { before: { path: '/f', mode: '0644' }, after: { path: '/f', mode: '0600' } },
    ],
  ])('%s', async (_, module, args, diffMode, wanted) => {
    expect((await run(module, args, { files, diffMode })).result.diff).toEqual(wanted);
  });

  test('lineinfile names its backup', async () => {
    const ran = await run(lineinfile, { path: '/f', line: 'b', backup: true }, { files });
    expect(ran.result.backup).toBe(ran.result.backup_file);
    expect(ran.result.backup).toMatch(/\/f\./);
  });
});
