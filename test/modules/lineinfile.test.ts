import { describe, expect, test } from 'vitest';
import lineinfile from '../../src/modules/lineinfile/index.ts';
import { run } from './paper-host.ts';

const SSHD = '#Port 22\nPort 2200\nUseDNS no\n';

describe('the line is there afterwards', () => {
  test.each<[string, Record<string, unknown>, string, string, string]>([
    ['added at the end', { line: 'X 1' }, SSHD, `${SSHD}X 1\n`, 'line added'],
    ['already there', { line: 'UseDNS no' }, SSHD, SSHD, ''],
    [
      'the last match is replaced',
      { regexp: '^#?Port', line: 'Port 22' },
      SSHD,
      '#Port 22\nPort 22\nUseDNS no\n',
      'line replaced',
    ],
    [
      'firstmatch',
      { regexp: '^#?Port', line: 'Port 22', firstmatch: true },
      SSHD,
      'Port 22\nPort 2200\nUseDNS no\n',
      'line replaced',
    ],
    [
      'search_string is no expression',
      { search_string: 'P.rt', line: 'X' },
      'Port\nP.rt\n',
      'Port\nX\n',
      'line replaced',
    ],
    [
      'backrefs',
      { regexp: '^(\\w+) no$', line: '\\1 yes', backrefs: true },
      SSHD,
      '#Port 22\nPort 2200\nUseDNS yes\n',
      'line replaced',
    ],
    [
      'named group',
      { regexp: '^(?P<key>UseDNS) ', line: '\\g<key> maybe', backrefs: 'yes' },
      SSHD,
      '#Port 22\nPort 2200\nUseDNS maybe\n',
      'line replaced',
    ],
    [
      'backrefs without a match do nothing',
      { regexp: '^(nope)', line: '\\1', backrefs: true },
      SSHD,
      SSHD,
      '',
    ],
    ['without a match the exact line counts', { regexp: '^DNS', line: 'UseDNS no' }, SSHD, SSHD, ''],
    [
      'insertafter',
      { line: 'X', insertafter: '^Port' },
      SSHD,
      '#Port 22\nPort 2200\nX\nUseDNS no\n',
      'line added',
    ],
    [
      'insertafter, first',
      { line: 'X', insertafter: 'Port', firstmatch: true },
      SSHD,
      '#Port 22\nX\nPort 2200\nUseDNS no\n',
      'line added',
    ],
    [
      'insertbefore',
      { line: 'X', insertbefore: '^UseDNS' },
      SSHD,
      '#Port 22\nPort 2200\nX\nUseDNS no\n',
      'line added',
    ],
    ['insertbefore BOF', { line: 'X', insertbefore: 'BOF' }, SSHD, `X\n${SSHD}`, 'line added'],
    [
      'an anchor that is not there means the end',
      { line: 'X', insertbefore: 'nope' },
      SSHD,
      `${SSHD}X\n`,
      'line added',
    ],
    [
      'regexp wins over insertafter',
      { regexp: '^UseDNS', line: 'X', insertafter: '^#' },
      SSHD,
      '#Port 22\nPort 2200\nX\n',
      'line replaced',
    ],
    ['no newline at the end', { line: 'X' }, 'a', 'a\nX\n', 'line added'],
    [
      'a new line ends as on the host',
      { regexp: '^a', line: 'a=2' },
      'a=1\r\nb\r\n',
      'a=2\nb\r\n',
      'line replaced',
    ],
    ['a $ in the line stays', { regexp: '^a', line: 'a=$1$&' }, 'a=1\n', 'a=$1$&\n', 'line replaced'],
    ['Python flags', { regexp: '(?i)^usedns', line: 'X' }, SSHD, '#Port 22\nPort 2200\nX\n', 'line replaced'],
    ['absent by regexp', { state: 'absent', regexp: 'Port' }, SSHD, 'UseDNS no\n', '2 line(s) removed'],
    [
      'absent by line',
      { state: 'absent', line: 'UseDNS no' },
      SSHD,
      '#Port 22\nPort 2200\n',
      '1 line(s) removed',
    ],
    [
      'absent by text',
      { state: 'absent', search_string: '#' },
      SSHD,
      'Port 2200\nUseDNS no\n',
      '1 line(s) removed',
    ],
    ['absent already', { state: 'absent', line: 'nope' }, SSHD, SSHD, ''],
  ])('%s', async (_, args, before, after, msg) => {
    const ran = await run(lineinfile, { path: '/etc/f', ...args }, { files: { '/etc/f': before } });
    expect(ran.text('/etc/f')).toBe(after);
    expect(ran.result.msg).toBe(msg);
    expect(ran.changes.length).toBe(before === after ? 0 : 1);
    if (args.state !== 'absent' && !('insertbefore' in args && before === after)) {
      expect((await ran.again()).changes).toEqual([]);
    }
  });
});

describe('the file around the line', () => {
  test('create makes file and folder, with the mode', async () => {
    const ran = await run(
      lineinfile,
      { dest: '/etc/new/f', line: 'a', create: 'yes', mode: '0600' },
      { files: { '/etc': { dir: true } } },
    );
    expect(ran.summaries).toEqual([
      'create folder /etc/new',
      expect.stringMatching(/^create \/etc\/new\/f \(0600/),
    ]);
    expect(ran.text('/etc/new/f')).toBe('a\n');
  });

  test('without create a missing file is a failure', async () => {
    const ran = await run(lineinfile, { path: '/etc/f', line: 'a' });
    expect(ran.plan.failed).toBe('Destination /etc/f does not exist !');
  });

  test('a missing file has no line to remove', async () => {
    const ran = await run(lineinfile, { path: '/etc/f', line: 'a', state: 'absent', create: true });
    expect(ran.changes).toEqual([]);
    expect(ran.result).toMatchObject({ found: 0, msg: 'file not present' });
  });

  test('only the mode differs', async () => {
    const ran = await run(lineinfile, { path: '/f', line: 'a', mode: '0600' }, { files: { '/f': 'a\n' } });
    expect(ran.summaries).toEqual(['set attributes of /f (0600)']);
    expect(ran.result).toMatchObject({ msg: 'ownership, perms or SE linux context changed', mode: '0600' });
  });

  test('a link is followed', async () => {
    const ran = await run(
      lineinfile,
      { path: '/f', line: 'b' },
      { files: { '/f': { link: 'real' }, '/real': 'a\n' } },
    );
    expect(ran.changes[0]!.key).toBe('file:/real');
  });

  test('backup goes to the run store', async () => {
    const ran = await run(lineinfile, { path: '/f', line: 'b', backup: true }, { files: { '/f': 'a\n' } });
    expect(ran.plan.effects).toMatchObject([{ kind: 'write-local', bytes: Buffer.from('a\n') }]);
    expect(ran.result.backup_file).toMatch(/\/run\/backups\/web1\/f\.[0-9a-f]{12}$/);
    const dry = await run(
      lineinfile,
      { path: '/f', line: 'b', backup: true },
      { files: { '/f': 'a\n' }, checkMode: true },
    );
    expect(dry.plan.effects).toEqual([]);
  });

  test.each([
    [{ regexp: '' }, /^The regular expression is an empty string,.* use '\^' /],
    [{ search_string: '' }, /^The search string is an empty string,.* appending\.$/],
  ])('%j stands in every line, and warns of that', async (sought, warning) => {
    const ran = await run(lineinfile, { path: '/f', line: 'c', ...sought }, { files: { '/f': 'a\nb\n' } });
    expect(ran.text('/f')).toBe('a\nc\n');
    expect(ran.plan.warnings).toEqual([expect.stringMatching(warning)]);
  });

  test('bytes that are no UTF-8 survive', async () => {
    const bytes = Buffer.from([0x61, 0xff, 0x0a]);
    const ran = await run(lineinfile, { path: '/f', line: 'ü' }, { files: { '/f': { text: bytes } } });
    const content = (ran.changes[0]!.detail as { content: { from: { bytes: Buffer } } }).content.from.bytes;
    expect(content.equals(Buffer.concat([bytes, Buffer.from('ü\n')]))).toBe(true);
  });
});

test.each([
  [{ path: '/f' }, /line is required with state=present/],
  [{ path: '/f', state: 'absent' }, /one of line, search_string, or regexp is required/],
  [{ path: '/f', line: 'x', regexp: 'a', search_string: 'b' }, /regexp or search_string, not both/],
  [{ path: '/f', line: 'x', backrefs: true }, /regexp is required with backrefs/],
  [{ path: '/f', line: 'x', validate: 'visudo -c' }, /validate must contain %s/],
])('%j is refused', async (args, message) => {
  await expect(run(lineinfile, args)).rejects.toThrow(message);
});

test('a broken expression is named', async () => {
  await expect(
    run(lineinfile, { path: '/f', line: 'x', regexp: '(' }, { files: { '/f': '' } }),
  ).rejects.toThrow(/"\(" is no usable regular expression/);
});
