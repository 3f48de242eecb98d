import { describe, expect, test } from 'vitest';
import group from '../../src/modules/group/index.ts';
import { ownerProbe } from '../../src/modules/group/owner.ts';
import user from '../../src/modules/user/index.ts';
import { ageProbe } from '../../src/modules/user/password-age.ts';
import {
  type CommandSpec,
  commandOutput,
  fileContent,
  fileState,
  groupState,
  type UserState,
  userState,
} from '../../src/resources/index.ts';
import { ended, planTask, unknown } from './task-plan.ts';

const HASH = '$6$salt$abcdefghijklmnopqrstuvwxyz';
const ann: UserState = {
  name: 'ann',
  exists: true,
  uid: 1001,
  gid: 1001,
  group: 'ann',
  groups: ['adm'],
  comment: 'Ann',
  home: '/home/ann',
  shell: '/bin/sh',
  passwordHash: HASH,
  expiresDay: -1,
  homeExists: true,
};
const nobody: UserState = { name: 'ann', exists: false };

const here = ['ann', 'adm', 'sudo', 'staff', 'a', 'b'].map((name) => [
  groupState(name),
  { name, exists: true, gid: 1, members: [] },
]) as [ReturnType<typeof groupState>, unknown][];
const plan = (args: Record<string, unknown>, state: unknown = ann) =>
  planTask(user, { name: 'ann', ...args }, { states: [[userState('ann'), state], ...here] });

describe('user', () => {
  test.each([
    [{}, ann, []],
    [{ uid: '1001', shell: '/bin/sh', group: 'ann', home: '/home/ann' }, ann, []],
    [{ home: '/home/ann/' }, { ...ann, home: '/home/ann/' }, []],
    [{ home: '/home/ann/' }, ann, ['modify user ann (home)']],
    [{ shell: '/bin/bash', comment: 'A' }, ann, ['modify user ann (comment, shell)']],
    [{ group: '1001' }, ann, []],
    [{ group: 'staff' }, ann, ['modify user ann (group)']],
    [{ groups: 'adm' }, ann, []],
    [{ groups: 'adm,sudo,' }, ann, ['modify user ann (groups)']],
    [{ groups: ['sudo'], append: 'yes' }, ann, ['modify user ann (groups)']],
    [{ groups: 'adm', append: true }, ann, []],
    [{ groups: '' }, ann, ['modify user ann (groups)']],
    [{ password: HASH }, ann, []],
    [{ password: '$6$other$x' }, ann, ['modify user ann (password)']],
    [{ password: '$6$other$x', update_password: 'on_create' }, ann, []],
    [{ password_lock: true }, ann, ['modify user ann (password)']],
    [{ password: '!' }, { ...ann, passwordHash: '!!' }, []],
    [{ password: HASH }, { ...ann, passwordHash: `!${HASH}` }, []],
    [{ password: '!' }, { ...ann, passwordHash: '' }, ['modify user ann (password)']],
    [{ password: '' }, { ...ann, passwordHash: '' }, []],
    [{ expires: -1 }, ann, []],
    [{ expires: 86_400 * 20_000 }, ann, ['modify user ann (day of expiry)']],
    [{}, nobody, ['create user ann']],
    [{ state: 'absent' }, ann, ['remove user ann']],
    [{ state: 'absent', remove: true }, nobody, []],
  ])('%j', async (args, state, summaries) => {
    expect((await plan(args, state)).summaries).toEqual(summaries);
  });

  test('hands every wish over', async () => {
    const args = {
      uid: 7,
      non_unique: 'yes',
      system: true,
      createhome: 'no',
      skeleton: '/etc/x',
      groups: 'a,b',
    };
    const planned = await plan(args, nobody);
    expect(planned.changes[0]!.detail).toMatchObject({
      wanted: {
        uid: 7,
        nonUnique: true,
        system: true,
        createHome: false,
        groups: ['a', 'b'],
      },
    });
    // useradd refuses a skeleton without a home to fill.
    expect(planned.changes[0]!.detail).not.toHaveProperty('wanted.skeleton', '/etc/x');
    const filled = await plan({ skeleton: '/etc/x' }, nobody);
    expect(filled.changes[0]!.detail).toMatchObject({ wanted: { skeleton: '/etc/x' } });
  });

  test('tells what the account is like, never its password', async () => {
    const planned = await plan({ shell: '/bin/bash', password: HASH, groups: 'adm,sudo' });
    const result = planned.resultWith({});
    expect(result).toMatchObject({
      name: 'ann',
      state: 'present',
      uid: 1001,
      group: 1001,
      groups: 'adm,sudo',
      home: '/home/ann',
      shell: '/bin/bash',
      password: 'NOT_LOGGING_PASSWORD',
    });
    expect(JSON.stringify(result)).not.toContain(HASH);
  });

  test.each([
    ['secret123', 1],
    [HASH, 0],
    ['!', 0],
    ['*', 0],
    ['!$6$a$b', 0],
    ['$6$a$b+', 1],
    ['abJnggxhB/yWI', 0],
  ])('password %s gives %i warnings', async (password, count) => {
    expect((await plan({ password })).warnings).toHaveLength(count);
  });

  test.each([
    [{ uid: 'x' }, /uid must be/],
    [{ local: true, umask: '077' }, /mutually exclusive: local\|umask/],
    [{ name: 'ann', user: 'bob' }, /given twice/],
  ])('refuses %j', async (args, message) => {
    await expect(plan(args)).rejects.toThrow(message);
  });

  describe('a group that no local file has', () => {
    const elsewhere = (name: string, rc: number) =>
      [commandOutput({ argv: ['getent', 'group', name] }), ended(rc)] as const;
    const withGroups = (args: Record<string, unknown>, state: UserState, rc: number) =>
      planTask(
        user,
        { name: 'ann', ...args },
        {
          states: [
            [userState('ann'), state],
            ...here,
            [groupState('ldap'), { name: 'ldap', exists: false }],
            elsewhere('ldap', rc),
          ],
        },
      );

    test.each([
      [{ groups: 'adm,ldap' }, ann],
      [{ group: 'ldap', groups: 'adm' }, nobody],
    ])('fails the task before it acts: %j', async (args, state) => {
      const planned = await withGroups(args, state, 2);
      expect([planned.failed, planned.changes]).toEqual(['Group ldap does not exist', []]);
    });

    test('may be elsewhere', async () => {
      expect((await withGroups({ groups: 'adm,ldap' }, ann, 0)).summaries).toEqual([
        'modify user ann (groups)',
      ]);
    });

    test('is not asked for when the account has it, and never as a number', async () => {
      const planned = await withGroups({ group: 'ldap' }, { ...ann, group: 'ldap' }, 2);
      expect([planned.failed, planned.asked]).toEqual([undefined, ['user:ann', 'group:ldap']]);
      expect((await withGroups({ group: '99' }, ann, 2)).asked).toEqual(['user:ann']);
    });

    test.each([
      [0, 'adm:x:4:\n', undefined],
      [2, '', ['4']],
    ])('given by its number is the one that has the number: %i', async (rc, line, groups) => {
      const planned = await planTask(
        user,
        { name: 'ann', groups: '4' },
        {
          states: [
            [userState('ann'), { ...ann, groups: ['adm'] }],
            [commandOutput({ argv: ['getent', 'group', '4'] }), ended(rc, line)],
          ],
        },
      );
      expect((planned.changes[0]?.detail as { groups?: string[] } | undefined)?.groups).toEqual(groups);
    });

    test('does not hold up removing an account', async () => {
      const planned = await withGroups({ group: 'ldap', state: 'absent' }, ann, 2);
      expect([planned.failed, planned.asked]).toEqual([undefined, ['user:ann']]);
    });
  });

  test('append without groups says nothing', async () => {
    const planned = await plan({ append: true });
    expect([planned.changes.length, planned.warnings]).toEqual([
      (await plan({})).changes.length,
      ["'append' is set, but no 'groups' are specified. Use 'groups' for appending new groups."],
    ]);
  });

  test('nothing known, nothing said', async () => {
    expect((await plan({}, unknown)).changed).toBe(unknown);
  });

  describe('password ages', () => {
    const args = { password_expire_max: 90, password_expire_warn: '7' };
    const states = (entry: string) =>
      [
        [userState('ann'), ann],
        [ageProbe('ann'), ended(0, entry)],
      ] as const;

    test('are set when they differ', async () => {
      const planned = await planTask(
        user,
        { name: 'ann', ...args },
        { states: states('ann:x:1:0:99999:7:::\n') },
      );
      expect(planned.changes[0]!.detail).toMatchObject({ spec: { argv: ['chage', '-M', '90', 'ann'] } });
    });

    test('are left when they are right', async () => {
      const planned = await planTask(
        user,
        { name: 'ann', ...args },
        { states: states('ann:x:1:0:90:7:::\n') },
      );
      expect(planned.changes).toEqual([]);
    });

    test('a failure of chage fails the task', async () => {
      const planned = await planTask(
        user,
        { name: 'ann', ...args },
        { states: states('ann:x:1:0:99999:7:::\n') },
      );
      expect(planned.resultWith(ended(1, '', 'chage: no'))).toMatchObject({
        failed: true,
        msg: 'password ages of ann: chage: no',
      });
    });
  });

  describe('SSH keys', () => {
    const file = '/home/ann/.ssh/id_ed25519';
    const args = { name: 'ann', generate_ssh_key: true, ssh_key_type: 'ed25519' };
    const states = (type: string) =>
      [
        [userState('ann'), ann],
        [fileState(file, { checksum: false }), { path: file, type }],
        [fileContent(`${file}.pub`), { path: file, type, bytes: Buffer.from('ssh-ed25519 AAA old\n') }],
        [
          commandOutput({ script: `ssh-keygen -l -f ${file}.pub 2>/dev/null || :\n` }),
          { rc: 0, stdout: '256 SHA256:old\n' },
        ],
      ] as const;

    test('are made when there are none; the passphrase is in no argument', async () => {
      const planned = await planTask(
        user,
        { ...args, ssh_key_passphrase: 'pass-phrase' },
        { states: states('absent') },
      );
      const { spec } = planned.changes[0]!.detail as { spec: CommandSpec };
      expect(planned.summaries).toEqual([`make the SSH key ${file}`]);
      expect(spec.argv!.join(' ')).not.toContain('pass-phrase');
      expect(spec.stdin).toBe('pass-phrase\n');
      expect(planned.resultWith(ended(0, '256 SHA256:x ann (ED25519)\nssh-ed25519 AAA new\n'))).toMatchObject(
        {
          ssh_key_file: file,
          ssh_public_key: 'ssh-ed25519 AAA new',
          ssh_fingerprint: '256 SHA256:x ann (ED25519)',
        },
      );
    });

    test('give way to new ones by force', async () => {
      const planned = await planTask(user, { ...args, force: true }, { states: states('file') });
      expect(planned.summaries).toEqual([`make the SSH key ${file}`]);
    });

    test('are left when they are there', async () => {
      const planned = await planTask(user, args, { states: states('file') });
      expect(planned.changes).toEqual([]);
      expect(planned.resultWith()).toMatchObject({
        ssh_public_key: 'ssh-ed25519 AAA old',
        ssh_fingerprint: '256 SHA256:old',
      });
    });
  });
});

describe('group', () => {
  const there = { name: 'wso2', exists: true, gid: 802, members: [] };
  const none = { name: 'wso2', exists: false };
  test.each([
    [{ state: 'present' }, there, []],
    [{ gid: '802' }, there, []],
    [{ gid: 803 }, there, ['modify group wso2 (gid 803)']],
    [{ gid: 802, system: 'yes' }, none, ['create group wso2 (gid 802)']],
    [{ state: 'absent' }, there, ['remove group wso2']],
    [{ state: 'absent' }, none, []],
  ])('%j', async (args, state, summaries) => {
    const gid = Number((args as { gid?: unknown }).gid);
    const states = [
      [groupState('wso2'), state],
      [ownerProbe(gid), { stdout: '' }],
    ] as const;
    expect((await planTask(group, { name: 'wso2', ...args }, { states })).summaries).toEqual(summaries);
  });

  const other = { name: 'other', exists: true, gid: 900, members: [] };
  test.each<[string, object, unknown, unknown, string | undefined]>([
    ['a new group', none, { stdout: 'other:x:900:\n' }, other, "groupadd: GID '900' already exists"],
    ['a group', there, { stdout: 'other:x:900:\n' }, other, "groupmod: GID '900' already exists"],
    [
      'a group, of one that a dry run gave another',
      there,
      { stdout: 'other:x:900:\n' },
      { ...other, gid: 901 },
      undefined,
    ],
    [
      'a group, of one that a dry run took away',
      there,
      { stdout: 'other:x:900:\n' },
      { name: 'other', exists: false },
      undefined,
    ],
    ['a group where nobody knows', there, unknown, other, undefined],
  ])(
    'a number that another group has is foreseen to fail: for %s',
    async (_, state, owner, taken, failed) => {
      const states = [
        [groupState('wso2'), state],
        [ownerProbe(900), owner],
        [groupState('other'), taken],
      ] as const;
      const planned = await planTask(group, { name: 'wso2', gid: 900 }, { states });
      expect(planned.failed).toEqual(failed && expect.stringContaining(failed));
      expect(planned.changes).toHaveLength(failed ? 0 : 1);
      // With `local` Ansible's module looks itself, and says it without a program's name.
      const local = await planTask(group, { name: 'wso2', gid: 900, local: true }, { states });
      expect(local.failed).toEqual(failed && "GID '900' already exists with group 'other'");
      const shared = await planTask(group, { name: 'wso2', gid: 900, non_unique: true }, { states });
      expect(shared.changes).toHaveLength(1);
    },
  );

  test('tells its number', async () => {
    const states = [[groupState('wso2'), there]] as const;
    const planned = await planTask(group, { name: 'wso2' }, { states });
    expect(planned.resultWith()).toEqual({ name: 'wso2', state: 'present', gid: 802, system: false });
  });

  test('non_unique needs a number', async () => {
    await expect(planTask(group, { name: 'x', non_unique: true })).rejects.toThrow(/non_unique needs gid/);
  });
});
