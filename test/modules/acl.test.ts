import { describe, expect, it, test } from 'vitest';
import { entryIn, readEntries, wouldChange } from '../../src/modules/acl/entries.ts';
import acl from '../../src/modules/acl/index.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

test.each([
  ['user:joe:rw-', false, { text: 'user:joe:rw-', isDefault: false }],
  ['default:user:joe:rw', false, { text: 'user:joe:rw', isDefault: true }],
  ['d:g:5:X', false, { text: 'group:5:X', isDefault: true }],
  ['mask::r', false, { text: 'mask::r', isDefault: false }],
  ['user:joe:-', true, { text: 'user:joe', isDefault: false }],
  ['user:joe', true, { text: 'user:joe', isDefault: false }],
  ['user:joe', false, undefined],
  ['users:joe:r', false, undefined],
  ['user:joe:q', false, undefined],
])('entry %s (removed: %s)', (written, removed, entry) => {
  expect(entryIn(written, removed)).toEqual(entry);
});

test.each([
  ['/a: *,*\n', false],
  ['/a: u::rw-,u:daemon:r--,g::r--,m::r--,o::r--,*\n', true],
  ['/a: *,*\n/a/b: u::rwx,*\n', true],
  ['', false],
])('rehearsed: %j', (said, changes) => {
  expect(wouldChange(said)).toBe(changes);
});

describe('acl', () => {
  const LIST = 'user::rw-\ngroup::r--\nother::r--\n\n';
  const around = (said: string) => ({
    files: { '/srv/f': 'x' },
    answers: { 'command:{"argv":["setfacl"': ended(0, said), command: ended(0, LIST) },
  });
  const words = (ran: Awaited<ReturnType<typeof run>>) =>
    (ran.changes[0]!.detail as { spec: { argv: string[] } }).spec.argv.slice(4);

  it('shows the list', async () => {
    const ran = await run(acl, { path: '/srv/f' }, around(''));
    expect(ran.result).toEqual({ msg: 'current acl', acl: ['user::rw-', 'group::r--', 'other::r--'] });
    expect(readEntries('\n')).toEqual([]);
  });

  test.each<[Record<string, unknown>, string[], string]>([
    [
      { entity: 'joe', etype: 'user', permissions: 'r' },
      ['/srv/f', '-p --omit-header', '-m', 'user:joe:r'],
      'user:joe:r is present',
    ],
    [
      { entity: 'joe', etype: 'user', state: 'absent' },
      ['/srv/f', '-p --omit-header', '-x', 'user:joe'],
      'user:joe is absent',
    ],
    [
      { entry: 'default:group:5:rw' },
      ['/srv/f', '-p --omit-header -d', '-d', '-m', 'group:5:rw'],
      'group:5:rw is present',
    ],
    [
      { etype: 'mask', permissions: 'rX', recursive: true, follow: false, recalculate_mask: 'no_mask' },
      ['/srv/f', '-p --omit-header -R', '-R', '-P', '-n', '-m', 'mask::rX'],
      'mask::rX is present',
    ],
  ])('%j', async (args, argv, msg) => {
    const ran = await run(acl, { path: '/srv/f', state: 'present', ...args }, around('/srv/f: u::rw-,*\n'));
    expect(words(ran)).toEqual(argv);
    expect(ran.changes[0]).toMatchObject({ undo: 'invertible', key: 'acl:/srv/f' });
    expect(ran.result.msg).toBe(msg);
    const right = await run(acl, { path: '/srv/f', state: 'present', ...args }, around('/srv/f: *,*\n'));
    expect(right.changes).toEqual([]);
  });

  it('says what is wrong', async () => {
    const asked = { path: '/srv/f', etype: 'user', entity: 'no', permissions: 'r', state: 'present' };
    const answers = {
      'command:{"argv":["setfacl"': ended(2, '', 'setfacl: no such user\n'),
      command: ended(0, LIST),
    };
    expect((await run(acl, asked, { ...around(''), answers })).plan.failed).toBe(
      '/srv/f: setfacl: no such user',
    );
    expect((await run(acl, { ...asked, path: '/no' }, around(''))).plan.failed).toMatch(/^Path not found/);
  });

  test.each([
    [{ state: 'present' }, /'etype' MUST be set/],
    [{ state: 'present', etype: 'user' }, /needs permissions/],
    [{ state: 'present', entry: 'user:joe' }, /entry must be/],
    [{ state: 'present', entry: 'user:joe:9' }, /entry must be/],
    [{ state: 'present', entry: 'user:joe:r', entity: 'joe' }, /'entry' MUST NOT be set/],
    [{ recursive: true }, /not with state query/],
    [{ use_nfsv4_acls: true }, /not supported/],
  ])('refuses %j', async (odd, message) => {
    await expect(run(acl, { path: '/srv/f', ...odd }, around(''))).rejects.toThrow(message);
  });
});
