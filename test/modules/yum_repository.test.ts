import { describe, expect, test } from 'vitest';
import yumRepository from '../../src/modules/yum_repository/index.ts';
import { readRepoFile } from '../../src/modules/yum_repository/repo-file.ts';
import { run } from './paper-host.ts';

const FOLDER = '/etc/yum.repos.d';
const tools = { name: 'tools', description: 'Our tools', baseurl: 'http://a/$basearch' };

const at = (name: string, text: string) => ({ files: { [`${FOLDER}/${name}.repo`]: text } });
const empty = { files: { [FOLDER]: { dir: true as const } } };

describe('yum_repository', () => {
  test.each([
    ['a new file', tools, empty, '[tools]\nbaseurl = http://a/$basearch\nname = Our tools\n\n'],
    [
      'lists, flags and lines that go on',
      {
        ...tools,
        baseurl: ['http://a', 'http://b'],
        exclude: ['x', 'y'],
        enabled: false,
        gpgcheck: 'yes',
        cost: 5,
      },
      empty,
      '[tools]\nbaseurl = http://a\n\thttp://b\ncost = 5\nenabled = 0\nexclude = x y\ngpgcheck = 1\nname = Our tools\n\n',
    ],
    [
      'one that differs goes to the end, and comments go',
      tools,
      at('tools', '# by hand\n[tools]\nname=old\n[other]\nName: Other\n'),
      '[other]\nname = Other\n\n[tools]\nbaseurl = http://a/$basearch\nname = Our tools\n\n',
    ],
    [
      'one of two is removed',
      { name: 'tools', state: 'absent' },
      at('tools', '[tools]\nname=old\n\n[other]\nname=Other\nbaseurl=http://a\n  http://b\n'),
      '[other]\nbaseurl = http://a\n\thttp://b\nname = Other\n\n',
    ],
  ])('%s', async (_, args, situation, text) => {
    const ran = await run(yumRepository, args, situation);
    expect(ran.text(`${FOLDER}/tools.repo`)).toBe(text);
    expect(ran.changes).toHaveLength(1);
    expect(ran.result).toEqual({
      repo: 'tools',
      state: (args as { state?: string }).state ?? 'present',
    });
    expect((await ran.again()).changes).toEqual([]);
  });

  test.each([
    [
      'as wanted, with comments',
      tools,
      at('tools', '# x\n[tools]\nNAME=Our tools\nbaseurl=http://a/$basearch\n'),
    ],
    ['not there', { name: 'tools', state: 'absent' }, empty],
    ['not in the file', { name: 'tools', file: 'more', state: 'absent' }, at('more', '[other]\nname=x\n')],
  ])('nothing to do: %s', async (_, args, situation) => {
    expect((await run(yumRepository, args, situation)).changes).toEqual([]);
  });

  test('with the last repository goes the file', async () => {
    const ran = await run(
      yumRepository,
      { name: 'tools', state: 'absent' },
      at('tools', '[tools]\nname=x\n'),
    );
    expect(ran.state(`${FOLDER}/tools.repo`)!.type).toBe('absent');
  });

  test('mode alone is a change', async () => {
    const text = '[tools]\nname=Our tools\nbaseurl=http://a/$basearch\n';
    const ran = await run(yumRepository, { ...tools, mode: '0600' }, at('tools', text));
    expect(ran.state(`${FOLDER}/tools.repo`)!.mode).toBe(0o600);
  });

  test('a password is in no diff', async () => {
    const ran = await run(yumRepository, { ...tools, password: 'sesame' }, empty);
    expect(JSON.stringify(ran.changes[0]!.diff)).not.toContain('sesame');
    expect(ran.text(`${FOLDER}/tools.repo`)).toContain('password = sesame\n');
  });

  test.each([
    [tools, {}, /Repo directory '\/etc\/yum.repos.d' does not exist/],
    [tools, at('tools', 'name=x\n'), /line 1 stands before the first section/],
    [tools, at('tools', '[a]\nx=1\n[a]\n'), /line 3: a second section \[a\]/],
  ])('%# fails', async (args, situation, failed) => {
    expect((await run(yumRepository, args, situation)).plan.failed).toMatch(failed);
  });

  test.each([
    [{ name: 'x', baseurl: 'http://a' }, /description/],
    [{ name: 'x', description: 'X' }, /baseurl/],
    [{ ...tools, keepcache: 2 }, /keepcache/],
  ])('%j is refused', async (args, message) => {
    await expect(run(yumRepository, args, empty)).rejects.toThrow(message);
  });

  test('what belongs to no option', () => {
    expect(readRepoFile('[a]\n= 1\n')).toEqual({ fault: 'line 2 is no option' });
    expect(readRepoFile('[a]\nx\n')).toEqual({ fault: 'line 2 is no option' });
  });
});
