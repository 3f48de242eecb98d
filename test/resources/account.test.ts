import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  applyChanges,
  fileState,
  groupState,
  runCommand,
  setFile,
  setGroup,
  setUser,
  userState,
  type WantedUser,
} from '../../src/resources/index.ts';
import { type TestHost, testHost, undo, writeScript } from './host.ts';

/** A host with account files of its own: /etc and /home are private copies in a mount namespace, and no process of another test belongs to its accounts. */
async function accountHost(tools: 'shadow' | 'busybox'): Promise<TestHost & { read(path: string): string }> {
  let copy = '';
  const host = await testHost('dash', {
    wrap: (path) => {
      copy = execFileSync('mktemp', ['-d', '/dev/shm/cutover-etc-XXXXXX'], { encoding: 'utf8' }).trim();
      const script = join(copy, 'sh');
      const hide = tools === 'busybox' ? hidden(copy) : '';
      const files =
        'passwd shadow group gshadow subuid subgid login.defs default skel pam.d nsswitch.conf security';
      writeScript(
        script,
        `exec unshare -m -p -f --kill-child --mount-proc --propagation private /bin/sh -c '
d=$1; shift
mkdir -p $d/etc $d/home
for f in ${files}; do [ -e /etc/$f ] && [ ! -e $d/etc/$f ] && cp -a /etc/$f $d/etc/; done
mount --bind $d/etc /etc && mount --bind $d/home /home || exit 9
${hide}
exec ${path} "$@"' x ${copy} "$@"`,
      );
      return script;
    },
  });
  const read = (path: string) => readFileSync(join(copy, path), 'utf8');
  const { onTestFinished } = await import('vitest');
  onTestFinished(() => execFileSync('rm', ['-rf', copy]) && undefined);
  return { ...host, read };
}

/** Takes the shadow tools away and offers what Alpine's busybox has, made of sed: enough to see that they are called rightly. */
function hidden(copy: string): string {
  execFileSync('mkdir', ['-p', join(copy, 'bin')]);
  for (const tool of ['adduser', 'addgroup', 'deluser', 'delgroup']) {
    const found = existsSync(`/usr/sbin/${tool}`);
    writeScript(
      join(copy, 'bin', tool),
      `echo "${tool} $*" >>${copy}/called${found ? '' : ''}
case ${tool} in
  addgroup) while [ $# -gt 1 ]; do case $1 in -g) g=$2; shift;; esac; shift; done; echo "$1:x:\${g:-4000}:" >>/etc/group;;
  adduser) u=4000; while [ $# -gt 1 ]; do case $1 in -u) u=$2; shift;; -h) h=$2; shift;; -s) s=$2; shift;; -[Gg]) shift;; esac; shift; done
    echo "$1:x:$u:4000::\${h:-/home/$1}:\${s:-/bin/sh}" >>/etc/passwd; echo "$1:!:1::::::" >>/etc/shadow; mkdir -p "\${h:-/home/$1}";;
  deluser) while [ $# -gt 1 ]; do shift; done; sed -i "/^$1:/d" /etc/passwd /etc/shadow;;
  delgroup) sed -i "/^$1:/d" /etc/group;;
esac`,
    );
  }
  const hide = ['useradd', 'usermod', 'userdel', 'groupadd', 'groupmod', 'groupdel'];
  return `mkdir -p $d/sbin && cp -a /usr/sbin/. $d/sbin/ && cd $d/sbin && rm -f ${hide.join(' ')} adduser addgroup deluser delgroup && cd / && mount --bind $d/sbin /usr/sbin; PATH=$d/bin:$PATH; export PATH`;
}

/** Makes the password of an account old. */
const setAge = (name: string) =>
  runCommand({ argv: ['chage', '-d', '2020-01-01', name] }, { undo: 'irreversible' });

const HASH = '$6$salt$IxDD3jeSOb5eB1CX5LBsqZFVkJdido3OUILO5Ifz5iwMuTS4XMS130MTSuDDl3aCI6WouIL9AjRbLCelDCy.g.';
const OTHER = HASH.replace('salt', 'mint');

describe.each(['shadow', 'busybox'] as const)('accounts with %s tools', (tools) => {
  it('are created, changed and put back', async () => {
    const host = await accountHost(tools);
    const files = ['etc/passwd', 'etc/shadow', 'etc/group', 'etc/gshadow'];
    const snapshot = () => files.map((path) => host.read(path).split('\n').sort().join('\n'));
    const before = snapshot();
    await host.make(...setGroup(await host.ask(groupState('wso2')), { state: 'present', gid: 802 }));
    const wanted: WantedUser = { state: 'present', uid: 802, shell: '/bin/sh', password: HASH };
    await host.make(...setUser(await host.ask(userState('carbon')), wanted));
    const created = await host.ask(userState('carbon'));
    expect(created).toMatchObject({
      exists: true,
      uid: 802,
      shell: '/bin/sh',
      passwordHash: HASH,
      homeExists: true,
    });
    expect(setUser(created, wanted)).toEqual([]);
    const more: WantedUser = {
      ...wanted,
      group: 'wso2',
      groups: ['adm', 'daemon'],
      comment: "Carbon, it's",
      home: '/home/c',
      password: OTHER,
    };
    await host.make(...setUser(created, more));
    const changed = await host.ask(userState('carbon'));
    expect(changed).toMatchObject({
      gid: 802,
      group: 'wso2',
      comment: "Carbon, it's",
      home: '/home/c',
      passwordHash: OTHER,
    });
    expect([...changed.groups!].sort()).toEqual(['adm', 'daemon']);
    expect(setUser(changed, more)).toEqual([]);
    await host.make(...setUser(changed, { state: 'absent' }));
    expect(await host.ask(userState('carbon'))).toMatchObject({ exists: false });
    expect(await undo(host)).toEqual(['undone', 'undone', 'undone', 'undone']);
    expect(snapshot()).toEqual(before);
  });

  it('say which group is missing, and change nothing', async () => {
    const host = await accountHost(tools);
    const wanted: WantedUser = { state: 'present', groups: ['no-such-group'] };
    const state = await host.ask(userState('daemon'));
    const [outcome] = await applyChanges(host.session, setUser(state, wanted));
    if (tools === 'shadow') {
      expect(outcome).toMatchObject({ status: 'failed', unchanged: true });
      expect(outcome?.message).toContain("group 'no-such-group' does not exist");
      expect(await undo(host)).toEqual(['already']);
    }
  });
});

describe('accounts', () => {
  it('own their home again, and their ranges of ids', async () => {
    const host = await accountHost('shadow');
    const shell = (script: string) => runCommand({ argv: ['sh', '-c', script] }, { undo: 'irreversible' });
    const look = () =>
      host.make(
        shell(
          '{ find /home/ids -exec stat -c "%n %u %g" {} +; grep -h ids: /etc/subuid /etc/subgid; } >/home/seen',
        ),
      );
    const wanted: WantedUser = { state: 'present', uid: 803, home: '/home/ids' };
    await host.make(...setUser(await host.ask(userState('ids')), wanted));
    await host.make(
      shell(
        'for f in subuid subgid; do echo ids:7000:9 >>/etc/$f; echo ids:9000:9 >>/etc/$f; done; echo x >/home/ids/not-its',
      ),
    );
    await look();
    const before = host.read('home/seen');
    expect(before).toMatch(/ids\/\.\S+ 803 \d+\n/);
    const first = host.session.nextSeq() + 1;
    const moved: WantedUser = { ...wanted, uid: 804, group: 'daemon', home: '/home/moved', moveHome: true };
    await host.make(...setUser(await host.ask(userState('ids')), moved));
    await host.make(...setUser(await host.ask(userState('ids')), { state: 'absent' }));
    expect(await undo(host, { from: first })).toEqual(['undone', 'undone']);
    await look();
    expect(host.read('home/seen')).toBe(before);
  });

  it('keep hashes out of arguments, journal and answers', async () => {
    const host = await accountHost('shadow');
    await host.make(...setUser(await host.ask(userState('carbon')), { state: 'present', password: HASH }));
    const journal = readFileSync(join(host.state, 'runs/run-1/journal'), 'utf8');
    expect(journal).not.toContain(HASH.slice(10, 30));
    const [change] = setUser(await host.ask(userState('carbon')), { state: 'present', password: OTHER });
    expect(JSON.stringify([change?.diff, change?.summary])).not.toContain(OTHER.slice(10, 30));
  });

  it('get a home that is not there, from the skeleton, and lose it on the way back', async () => {
    const host = await accountHost('shadow');
    await host.make(...setUser(await host.ask(userState('carbon')), { state: 'present', createHome: false }));
    const without = await host.ask(userState('carbon'));
    expect(setUser(without, { state: 'present', createHome: false })).toEqual([]);
    const [change, ...more] = setUser(without, { state: 'present' });
    expect([change?.summary, more]).toEqual(['modify user carbon (home folder)', []]);
    await host.make(change!);
    expect(await host.ask(userState('carbon'))).toMatchObject({ homeExists: true });
    expect(host.read('home/carbon/.profile')).toBe(host.read('etc/skel/.profile'));
    await host.make(
      ...setUser(await host.ask(userState('carbon')), { state: 'present', home: '/home/deep/carbon' }),
    );
    expect(host.read('home/deep/carbon/.profile')).toBe(host.read('etc/skel/.profile'));
    expect(await undo(host)).toEqual(['undone', 'undone', 'undone']);
    expect(() => host.read('home/carbon/.profile')).toThrow(/ENOENT/);
    expect(() => host.read('home/deep/carbon/.profile')).toThrow(/ENOENT/);
  });

  it('are locked and unlocked without a change of the age of their password', async () => {
    const host = await accountHost('shadow');
    await host.make(...setUser(await host.ask(userState('carbon')), { state: 'present', password: HASH }));
    await host.make(setAge('carbon'));
    const line = () => /^carbon:.*$/m.exec(host.read('etc/shadow'))![0];
    const before = line();
    for (const passwordLock of [true, false]) {
      await host.make(...setUser(await host.ask(userState('carbon')), { state: 'present', passwordLock }));
      expect(line()).toBe(passwordLock ? before.replace(':', ':!') : before);
    }
  });

  it('are not opened to everybody by unlocking what has no password', async () => {
    const host = await accountHost('shadow');
    await host.make(...setUser(await host.ask(userState('carbon')), { state: 'present' }));
    const state = await host.ask(userState('carbon'));
    expect(setUser(state, { state: 'present', passwordLock: false })).toEqual([]);
  });

  it('leave their homes and bring them back when told to remove them', async () => {
    const host = await accountHost('shadow');
    await host.make(...setUser(await host.ask(userState('carbon')), { state: 'present' }));
    const removed = { ...host.session, run: 'run-2' };
    const state = await host.ask(userState('carbon'));
    expect(state.homeExists).toBe(true);
    const outcomes = await applyChanges(removed, setUser(state, { state: 'absent', remove: true }));
    expect(outcomes).toMatchObject([{ status: 'done' }]);
    expect(await undo({ ...host, session: removed })).toEqual(['undone']);
    expect(await host.ask(userState('carbon'))).toMatchObject({ exists: true, homeExists: true });
  });

  it("are gone, and the change has failed, when the home to remove is another's", async () => {
    const host = await accountHost('shadow');
    const wanted: WantedUser = { state: 'present', home: '/etc/skel', createHome: false };
    await host.make(...setUser(await host.ask(userState('carbon')), wanted));
    const state = await host.ask(userState('carbon'));
    const removed = { ...host.session, run: 'run-2' };
    const outcomes = await applyChanges(removed, setUser(state, { state: 'absent', remove: true }));
    expect(outcomes).toMatchObject([
      { status: 'failed', message: expect.stringContaining('not owned by carbon') },
    ]);
    expect(await host.ask(userState('carbon'))).toMatchObject({ exists: false });
    expect(await undo({ ...host, session: removed })).toEqual(['undone']);
    expect(await host.ask(userState('carbon'))).toMatchObject({ exists: true });
  });

  it('that share a number own the same files: to give one to the other changes nothing', async () => {
    const host = await accountHost('shadow');
    const wanted: WantedUser = { state: 'present', uid: 4321, nonUnique: true };
    await host.make(...setUser(await host.ask(userState('carbon')), wanted));
    await host.make(...setUser(await host.ask(userState('twin')), { ...wanted, createHome: false }));
    const [one, ...more] = setFile(await host.ask(fileState('/home/carbon')), {
      type: 'directory',
      owner: 'twin',
    });
    expect(more).toEqual([]);
    const session = { ...host.session, run: 'run-2' };
    expect(await applyChanges(session, [one!])).toMatchObject([{ status: 'done', unchanged: true }]);
    const other = setFile(await host.ask(fileState('/home/carbon')), { type: 'directory', owner: 'root' });
    const [outcome] = await applyChanges({ ...session, run: 'run-3' }, other);
    expect(outcome).toMatchObject({ status: 'done' });
    expect(outcome!.unchanged).toBeUndefined();
  });
});
