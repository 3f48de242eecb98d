import { describe, expect, it, test } from 'vitest';
import { readGroup } from '../../src/modules/alternatives/group.ts';
import alternatives from '../../src/modules/alternatives/index.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';

const DEBIAN = `/opt/a
thing - manual mode
  link best version is /opt/b
  link currently points to /opt/a
  link thing is /usr/bin/thing
  slave sub is /usr/bin/sub
/opt/a - priority 5
  slave sub: /opt/sa
/opt/b - priority 50
-- /var/lib/dpkg/alternatives/thing
manual
`;
const RED_HAT = `/opt/b
thing - status is auto.
 link currently points to /opt/b
/opt/a - priority 5
 slave sub: /opt/sa
/opt/b - family x priority 50
Current \`best' version is /opt/b.
-- /var/lib/alternatives/thing
auto
`;

describe('groups', () => {
  it('are read as Debian shows them', () => {
    expect(readGroup(DEBIAN)).toEqual({
      auto: false,
      link: '/usr/bin/thing',
      current: '/opt/a',
      followerLinks: new Map([['sub', '/usr/bin/sub']]),
      alternatives: [
        { path: '/opt/a', priority: 5, followers: new Map([['sub', '/opt/sa']]) },
        { path: '/opt/b', priority: 50, followers: new Map() },
      ],
    });
  });
  it('are read as Red Hat shows them', () => {
    const group = readGroup(RED_HAT);
    expect(group).toMatchObject({ auto: true, link: undefined, current: '/opt/b' });
    expect(group?.alternatives.map(({ path, priority }) => [path, priority])).toEqual([
      ['/opt/a', 5],
      ['/opt/b', 50],
    ]);
  });
  it('may not be there', () => {
    expect(readGroup('')).toBeUndefined();
  });
});

describe('alternatives', () => {
  const files = { '/opt/a': '', '/opt/b': '', '/opt/c': '' };
  const sub = { name: 'sub', link: '/usr/bin/sub', path: '/opt/sa' };
  test.each<[string, Record<string, unknown>, string, string[]]>([
    ['is the one', { path: '/opt/a' }, DEBIAN, []],
    ['select another', { path: '/opt/b' }, DEBIAN, ['--set thing /opt/b']],
    ['is registered', { path: '/opt/b', state: 'present', priority: 50 }, DEBIAN, []],
    ['register', { path: '/opt/c', state: 'present' }, DEBIAN, ['--install /usr/bin/thing thing /opt/c 50']],
    [
      'register the first',
      { path: '/opt/c', link: '/usr/bin/t' },
      '',
      ['--install /usr/bin/t thing /opt/c 50', '--set thing /opt/c'],
    ],
    [
      'another priority, what goes along stays',
      { path: '/opt/a', priority: 9 },
      DEBIAN,
      ['--install /usr/bin/thing thing /opt/a 9 --slave /usr/bin/sub sub /opt/sa'],
    ],
    ['the same along', { path: '/opt/a', slaves: [sub] }, DEBIAN, []],
    [
      'another along',
      { path: '/opt/a', subcommands: [{ ...sub, path: '/opt/x' }] },
      DEBIAN,
      ['--install /usr/bin/thing thing /opt/a 5 --slave /usr/bin/sub sub /opt/x'],
    ],
    ['leave it to the priority', { path: '/opt/a', state: 'auto' }, DEBIAN, ['--auto thing']],
    ['is left to it', { path: '/opt/a', state: 'auto' }, RED_HAT, []],
    ['take out', { path: '/opt/a', state: 'absent' }, DEBIAN, ['--remove thing /opt/a']],
    ['is out', { path: '/opt/c', state: 'absent' }, DEBIAN, []],
  ])('%s', async (_name, args, shown, commands) => {
    const ran = await run(
      alternatives,
      { name: 'thing', ...args },
      { files, answers: { command: ended(0, shown) } },
    );
    const words = ran.changes.map(({ detail }) =>
      (detail as { spec: { argv: string[] } }).spec.argv.slice(1).join(' '),
    );
    expect(words).toEqual(commands);
    for (const { undo } of ran.changes) expect(undo).toBe('invertible');
  });

  it('says what is missing', async () => {
    const around = { files, answers: { command: ended(0, '') } };
    const unlinked = await run(alternatives, { name: 'thing', path: '/opt/a' }, around);
    expect(unlinked.plan.failed).toMatch(/missing the link/);
    const lost = await run(alternatives, { name: 'thing', path: '/opt/none', link: '/x' }, around);
    expect(lost.plan.failed).toBe('Specified path /opt/none does not exist');
  });
});
