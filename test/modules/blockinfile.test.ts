import { describe, expect, test } from 'vitest';
import blockinfile from '../../src/modules/blockinfile/index.ts';
import { run } from './paper-host.ts';

const B = '# BEGIN ANSIBLE MANAGED BLOCK';
const E = '# END ANSIBLE MANAGED BLOCK';

describe('the block is between its markers afterwards', () => {
  test.each<[string, Record<string, unknown>, string, string, string]>([
    ['at the end', { block: 'x\ny\n' }, 'a\n', `a\n${B}\nx\ny\n${E}\n`, 'Block inserted'],
    ['after a last line without end', { block: 'x' }, 'a', `a\n${B}\nx\n${E}\n`, 'Block inserted'],
    [
      'replaced where it stands',
      { block: 'z' },
      `a\n${B}\nx\n${E}\nb\n`,
      `a\n${B}\nz\n${E}\nb\n`,
      'Block inserted',
    ],
    ['same', { block: 'x\n' }, `a\n${B}\nx\n${E}\nb\n`, `a\n${B}\nx\n${E}\nb\n`, ''],
    ['insertafter', { block: 'x', insertafter: '^a' }, 'a\nb\n', `a\n${B}\nx\n${E}\nb\n`, 'Block inserted'],
    [
      'insertbefore the last match',
      { block: 'x', insertbefore: '^b' },
      'b\nb\n',
      `b\n${B}\nx\n${E}\nb\n`,
      'Block inserted',
    ],
    ['BOF', { block: 'x', insertbefore: 'BOF' }, 'a\n', `${B}\nx\n${E}\na\n`, 'Block inserted'],
    ['anchor not found', { block: 'x', insertafter: 'nope' }, 'a\n', `a\n${B}\nx\n${E}\n`, 'Block inserted'],
    [
      'own marker',
      { block: 'x', marker: '<!-- {mark} app -->' },
      'a\n',
      'a\n<!-- BEGIN app -->\nx\n<!-- END app -->\n',
      'Block inserted',
    ],
    [
      'own words',
      { block: 'x', marker: '; {mark}', marker_begin: 'from', marker_end: 'to' },
      '',
      '; from\nx\n; to\n',
      'Block inserted',
    ],
    ['absent', { state: 'absent', block: 'x' }, `a\n${B}\nx\n${E}\nb\n`, 'a\nb\n', 'Block removed'],
    ['an empty block goes', { block: '' }, `a\n${B}\nx\n${E}\n`, 'a\n', 'Block removed'],
    ['absent already', { state: 'absent' }, 'a\n', 'a\n', ''],
    [
      'blank lines around',
      { block: 'x', insertafter: '^a', append_newline: true, prepend_newline: true },
      'a\nb\n',
      `a\n\n${B}\nx\n${E}\n\nb\n`,
      'Block inserted',
    ],
    [
      'an anchor over two lines',
      { block: 'x', insertafter: '(?m)^a\\nb$' },
      'a\nb\nc\n',
      `a\nb\n${B}\nx\n${E}\nc\n`,
      'Block inserted',
    ],
  ])('%s', async (_, args, before, after, msg) => {
    const ran = await run(blockinfile, { path: '/f', ...args }, { files: { '/f': before } });
    expect(ran.text('/f')).toBe(after);
    expect(ran.result.msg).toBe(msg);
    expect(ran.changes.length).toBe(before === after ? 0 : 1);
    expect((await ran.again()).changes).toEqual([]);
  });
});

test('create makes the file', async () => {
  const ran = await run(blockinfile, { dest: '/f', content: 'x', create: true });
  expect(ran.text('/f')).toBe(`${B}\nx\n${E}\n`);
  expect(ran.result.msg).toBe('File created');
});

test('a missing file is a failure without create, but not when the block shall be absent', async () => {
  expect((await run(blockinfile, { path: '/f', block: 'x' })).plan.failed).toMatch(/does not exist/);
  const absent = await run(blockinfile, { path: '/f', state: 'absent', create: true });
  expect([absent.plan.failed, absent.changes]).toEqual([undefined, []]);
  expect((await run(blockinfile, { path: '/f', state: 'absent' })).plan.failed).toMatch(/does not exist/);
});

test('a marker without {mark} is one line above and below, and is warned of', async () => {
  const ran = await run(
    blockinfile,
    { path: '/f', block: 'x', marker: '# mine' },
    { files: { '/f': 'a\n' } },
  );
  expect(ran.text('/f')).toBe('a\n# mine\nx\n# mine\n');
  expect(ran.plan.warnings).toHaveLength(1);
});
