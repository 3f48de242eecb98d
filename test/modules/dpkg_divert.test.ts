import { describe, expect, it, test } from 'vitest';
import dpkgDivert from '../../src/modules/dpkg_divert/index.ts';
import { run, type Thing } from './paper-host.ts';
import { ended } from './task-plan.ts';

const HEAD = '/usr/bin/dpkg-divert\nno-rename\n';
const OTHERS = 'local diversion of /o/x to /o/x.mine\ndiversion of /o/y to /o/y.perl by perl\n';
const HELD = 'diversion of /o/a to /o/a.distrib by perl\n';
const LOCAL = 'local diversion of /o/a to /o/a.distrib\n';

function host(lines: string, files: Record<string, Thing> = {}, owned = '') {
  const command = (asked: unknown) =>
    JSON.stringify(asked).includes('dpkg-query')
      ? ended(owned === '' ? 1 : 0, owned)
      : ended(0, HEAD + OTHERS + lines);
  return { files, answers: { command }, diffMode: true };
}

describe('dpkg_divert', () => {
  test.each<[string, Record<string, unknown>, string, Record<string, string>, string[]]>([
    ['begins', {}, '', {}, ["Adding 'local diversion of /o/a to /o/a.distrib'"]],
    ['is there', {}, LOCAL, {}, []],
    ['is there, renamed or not', { rename: true }, LOCAL, { '/o/a': '1' }, []],
    [
      'gets another holder',
      { holder: 'perl' },
      LOCAL,
      {},
      [
        "Removing 'local diversion of /o/a to /o/a.distrib'",
        "Adding 'diversion of /o/a to /o/a.distrib by perl'",
      ],
    ],
    [
      'takes what was diverted along',
      { divert: '/o/b' },
      LOCAL,
      { '/o/a.distrib': '1' },
      [
        "Removing 'local diversion of /o/a to /o/a.distrib'",
        "Adding 'local diversion of /o/a to /o/b'",
        'move /o/a.distrib to /o/b',
      ],
    ],
    [
      'takes nothing along over what is there',
      { divert: '/o/b' },
      LOCAL,
      { '/o/a.distrib': '1', '/o/b': '2' },
      ["Removing 'local diversion of /o/a to /o/a.distrib'", "Adding 'local diversion of /o/a to /o/b'"],
    ],
    ['ends', { state: 'absent' }, HELD, {}, ["Removing 'diversion of /o/a to /o/a.distrib by perl'"]],
    ['is not there', { state: 'absent' }, '', {}, []],
  ])('%s', async (_name, args, lines, files, summaries) => {
    const ran = await run(dpkgDivert, { path: '/o/a', ...args }, host(lines, files));
    expect(ran.plan.failed).toBeUndefined();
    expect(ran.summaries).toEqual(summaries);
    for (const { undo } of ran.changes) expect(undo).toBe('invertible');
    expect((await ran.again()).changes).toEqual([]);
  });

  it('tells what it ran and what there is now', async () => {
    const ran = await run(
      dpkgDivert,
      { path: '/o/a', divert: '/o/b', rename: true },
      host('', { '/o/a': '' }),
    );
    expect(ran.result).toMatchObject({
      commands: ['/usr/bin/dpkg-divert --rename --local --divert /o/b --add /o/a'],
      messages: ["Adding 'local diversion of /o/a to /o/b'"],
      diversion: { divert: '/o/b', holder: 'LOCAL', path: '/o/a', state: 'present' },
      diff: { before: { divert: null, holder: null, path: '/o/a', state: 'absent' } },
    });
    expect(ran.state('/o/a')?.type).toBe('absent');
    expect(ran.state('/o/b')?.type).toBe('file');
  });

  it('renames over a file only by force, and keeps that file', async () => {
    const files = { '/o/a': { text: '1', inode: 1 }, '/o/a.distrib': { text: '2', inode: 2 } };
    const around = host('', files);
    const wish = { path: '/o/a', rename: true };
    expect((await run(dpkgDivert, wish, around)).plan.failed).toMatch(/^Set 'force' param to True/);
    const ran = await run(dpkgDivert, { ...wish, force: true }, around);
    expect(ran.changes.map(({ undo }) => undo)).toEqual(['restorable', 'invertible']);
    expect(ran.changes[0]?.key).toBe('file:/o/a.distrib');
  });

  it('leaves the file of the holder where it is', async () => {
    const around = host('', { '/o/a': '1', '/o/a.distrib': '2' }, 'dash, perl:amd64: /o/a\n');
    const ran = await run(dpkgDivert, { path: '/o/a', holder: 'perl', rename: true }, around);
    expect(ran.plan.failed).toBeUndefined();
    expect(ran.state('/o/a')?.type).toBe('file');
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ path: '/o/a', divert: '/o/a' }, /to itself/],
    [{ path: 'a' }, /"a" is not absolute/],
    [{ path: '/o/a', divert: 'b' }, /"b" is not absolute/],
    [{ path: '/o' }, /cannot divert directories/],
    [{ path: '/o/a', divert: '/o/x.mine' }, /clashes with 'local diversion of \/o\/x to/],
    [{ path: '/o/a', divert: '/o/y.perl' }, /clashes with 'diversion of \/o\/y to/],
    [{ path: '/o/x.mine' }, /clashes with/],
    [{ path: '/o/z', divert: '/none/z', rename: true }, /no folder for \/none\/z/],
  ])('refuses what dpkg-divert refuses: %j', async (args, words) => {
    const ran = await run(dpkgDivert, args, host('', { '/o/z': '' }));
    expect(ran.plan.failed).toMatch(words);
    expect(ran.changes).toEqual([]);
  });
});
