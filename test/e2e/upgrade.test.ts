/** The main job as an operator lives it, on practice hosts with a running miniature Micro Integrator. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isRoot } from '../machine.ts';
import { differences, type Rehearsal, rehearse, upgradeArgs } from './cutover.ts';

let rehearsal: Rehearsal | undefined;

afterEach(async () => {
  await rehearsal?.down();
  rehearsal = undefined;
});

async function cluster(options: Parameters<typeof rehearse>[0] = {}): Promise<Rehearsal> {
  rehearsal = await rehearse({ hosts: 3, wso2: true, ...options });
  return rehearsal;
}

describe('the upgrade of three nodes', () => {
  it('says in a dry run what it would do, and changes nothing', async () => {
    const lab = await cluster();
    const before = await lab.manifests();
    const check = await lab.cutover(...upgradeArgs(lab, '--check'));
    expect(check.stdout).toContain('Unpack 4.1.0');
    expect(check.stdout).toContain('Switch the link to 4.1.0');
    expect(check.stdout).toMatch(/dry run: \d+ will change, \d+ won't, \d+ cannot be known/);
    expect(check.code).toBe(0);
    expect(differences(before, await lab.manifests())).toEqual([]);
    expect(await lab.versions()).toEqual(['4.0.0 running', '4.0.0 running', '4.0.0 running']);
  });

  it.runIf(isRoot)(
    'works over real sshd on hosts without Python, changes nothing the second time, and goes back',
    async () => {
      const lab = await cluster({ backend: 'openssh' });
      expect(
        (
          await lab.cutover(
            'exec',
            'all',
            '-i',
            lab.inventory,
            '-m',
            'command',
            '-a',
            'sh -c "command -v python3 python || echo none"',
          )
        ).stdout,
      ).toContain('none');
      const before = await lab.manifests();
      const upgrade = await lab.cutover(...upgradeArgs(lab));
      expect(upgrade.stdout).toContain('ok');
      expect(upgrade.code).toBe(0);
      expect(await lab.versions()).toEqual(['4.1.0 running', '4.1.0 running', '4.1.0 running']);
      const again = await lab.cutover(...upgradeArgs(lab, '--output', 'ansible'));
      expect(again.stdout.split('\n').filter((line) => /changed=0 /.test(line))).toHaveLength(3);
      expect(again.code).toBe(0);
      const rollback = await lab.cutover('rollback', 'last');
      expect(rollback.code).toBe(0);
      expect(differences(before, await lab.manifests())).toEqual([]);
      expect(await lab.versions()).toEqual(['4.0.0 running', '4.0.0 running', '4.0.0 running']);
    },
  );

  it.runIf(isRoot)(
    'works by a login that becomes the owner of the homes with a password, which the playbook knows and the inventory does not',
    async () => {
      const password = 'sudo-Pa55%word';
      const lab = await cluster({
        hosts: 2,
        backend: 'openssh',
        login: 'deploy',
        password,
        sudoPassword: password,
      });
      writeFileSync(
        lab.inventory,
        readFileSync(lab.inventory, 'utf8').replace(/^ *ansible_become_password: .*$/gm, ''),
      );
      writeFileSync(join(lab.dir, 'secret.yml'), `ansible_become_password: '${password}'\n`);
      const secret = ['-e', `@${join(lab.dir, 'secret.yml')}`];
      // The miniature's database stands for one that knows its users by password.
      execFileSync('chmod', ['-R', 'a+rwX', join(lab.dir, 'lab/cluster')]);
      writeFileSync(
        join(lab.dir, 'owner.yml'),
        `- hosts: all
  gather_facts: false
  become: true
  environment: {JAVA_HOME: /opt/java}
  tasks:
    - user: {name: wso2carbon}
    - shell: tail --pid="$(cat /opt/wso2/mi/wso2carbon.pid)" -f /dev/null & /opt/wso2/mi/bin/micro-integrator.sh stop && wait
    - file: {path: /opt/wso2, owner: wso2carbon, group: wso2carbon, recurse: true}
    - command: /opt/wso2/mi/bin/micro-integrator.sh start
      become_user: wso2carbon
`,
      );
      const owned = await lab.cutover('run', join(lab.dir, 'owner.yml'), '-i', lab.inventory, ...secret);
      expect(`${owned.code} ${owned.stdout}${owned.stderr}`).toMatch(/^0 /);
      const before = await lab.manifests();
      const other = await lab.cutover(...upgradeArgs(lab, '-e', 'mi_user=nobody', ...secret));
      expect(other.code).toBe(2);
      expect(other.stdout).toContain('nobody cannot write to /opt/wso2, nor switch /opt/wso2/mi, nor');
      expect(differences(before, await lab.manifests())).toEqual([]);
      const upgrade = await lab.cutover(...upgradeArgs(lab, '-e', 'mi_user=wso2carbon', ...secret));
      expect(`${upgrade.code} ${upgrade.stdout}${upgrade.stderr}`).toMatch(/^0 /);
      expect(await lab.versions()).toEqual(['4.1.0 running', '4.1.0 running']);
      const rollback = await lab.cutover('rollback', 'last');
      expect(`${rollback.code} ${rollback.stdout}${rollback.stderr}`).toMatch(/^0 /);
      expect(differences(before, await lab.manifests())).toEqual([]);
      expect(await lab.versions()).toEqual(['4.0.0 running', '4.0.0 running']);
    },
  );

  it('puts a node back by itself when an application is faulty there, keeps the one before, and leaves the one behind alone', async () => {
    const lab = await cluster({ faults: { node2: ['faulty-capp'] } });
    const before = await lab.manifests();
    const upgrade = await lab.cutover(...upgradeArgs(lab));
    expect(upgrade.code).toBe(2);
    expect(await lab.versions()).toEqual(['4.1.0 running', '4.0.0 running', '4.0.0 running']);
    expect(upgrade.stdout).toMatch(/node2 .*Check the health of 4\.1\.0: .*faulty CAPPs/);
    expect(upgrade.stdout).toContain('node2 is restored');
    const after = await lab.manifests();
    expect(differences(before, after).filter((line) => !line.startsWith('node1'))).toEqual([]);
  });

  it.each([
    ['while node 2 is unpacked', (task: string) => /Unpack/.test(task)],
    ['while node 2 is stopped', (task: string) => /Ask the process to end/.test(task)],
    ['when node 2 was just switched', (task: string) => /Switch the link/.test(task)],
    ['while node 2 starts', (task: string) => /Start the process/.test(task)],
  ])('goes back after the controller was killed %s', async (_, isMoment) => {
    const lab = await cluster();
    const before = await lab.manifests();
    const run = lab.start(...upgradeArgs(lab));
    const closed = once(run.child, 'close');
    await run.until(
      (event) => event.type === 'change-armed' && event.host === 'node2' && isMoment(event.taskName),
    );
    run.child.kill('SIGKILL');
    await closed;
    const runs = JSON.parse((await lab.cutover('runs', '--json')).stdout) as {
      id: string;
      startedAt: string;
      status: string;
      playbook: string;
    }[];
    expect(runs[0]).toMatchObject({ status: 'interrupted' });
    const rollback = await lab.cutover('rollback', 'last');
    expect(rollback.stdout).toContain('node2 is restored');
    expect(rollback.code).toBe(0);
    expect(differences(before, await lab.manifests())).toEqual([]);
    expect(await lab.versions()).toEqual(['4.0.0 running', '4.0.0 running', '4.0.0 running']);
    const again = await lab.cutover('rollback', runs[0]!.id);
    expect(again.stderr).toContain('was already rolled back');
    expect(again.code).toBe(1);
  });
});

describe('bad input changes nothing, and one line says what is wrong', () => {
  it('before any node is touched', async () => {
    const lab = await cluster({ password: 'practice-only' });
    const before = await lab.manifests();
    const inventory = readFileSync(lab.inventory, 'utf8');
    const variant = (name: string, change: (text: string) => string) => {
      const path = join(lab.dir, 'lab', `${name}.yml`);
      writeFileSync(path, change(inventory));
      return path;
    };
    const withInventory = (path: string) =>
      upgradeArgs(lab).map((arg) => (arg === lab.inventory ? path : arg));
    const cases: [string, string[], number, RegExp][] = [
      [
        'a missing pack',
        upgradeArgs(lab, '-e', 'mi_pack=/nowhere/wso2mi-4.1.0.zip'),
        2,
        /mi_pack: \/nowhere\/wso2mi-4\.1\.0\.zip on the controller does not exist/,
      ],
      [
        'a wrong checksum',
        upgradeArgs(lab, '-e', `mi_pack_sha256=${'0'.repeat(64)}`),
        2,
        /mi_pack_sha256 says 0{64}/,
      ],
      [
        'a wrong version',
        upgradeArgs(lab, '-e', 'mi_old_version=3.9.9'),
        2,
        /must be a link to .*wso2mi-3\.9\.9/,
      ],
      [
        'an unknown variable',
        upgradeArgs(lab, '-e', 'mi_java_home={{ mi_jav_home }}'),
        5,
        /mi_jav_home.* is undefined.*mi_java_home/,
      ],
      [
        'an unreachable node',
        withInventory(variant('unreachable', (text) => text.replace(/ansible_port: \d+/, 'ansible_port: 1'))),
        4,
        /node1 .*127\.0\.0\.1:1.*refused/i,
      ],
      [
        'a wrong host key',
        withInventory(
          variant('hostkey', (text) =>
            text.replace(/(cutover_known_hosts: ).*/, `$1${join(lab.dir, 'lab/other_known_hosts')}`),
          ),
        ),
        4,
        /host key/i,
      ],
      [
        'a wrong password',
        withInventory(
          variant('password', (text) =>
            text.replace(/ansible_ssh_private_key_file: .*/, 'ansible_password: wrong-guess'),
          ),
        ),
        4,
        /node1 .*(?:password|refused|denied)/i,
      ],
      [
        'too little space',
        upgradeArgs(lab, '-e', 'mi_needed_mb=99999999'),
        2,
        /MB free, and 99999999 MB \(mi_needed_mb\) are needed/,
      ],
      ['a misspelt host', upgradeArgs(lab, '-l', 'nod1'), 1, /nod1/],
      ['a playbook that is not there', ['run', 'nowhere.yml', '-i', lab.inventory], 5, /nowhere\.yml/],
    ];
    const known = readFileSync(join(lab.dir, 'lab/known_hosts'), 'utf8');
    writeFileSync(join(lab.dir, 'lab/other_known_hosts'), swapKeys(known));
    for (const [name, args, code, message] of cases) {
      const ended = await lab.cutover(...args);
      expect(`${name}: ${ended.stdout}${ended.stderr}`).toMatch(message);
      expect(`${name}: ${ended.code}`).toBe(`${name}: ${code}`);
      expect(`${ended.stdout}${ended.stderr}`).not.toContain('wrong-guess');
    }
    expect(differences(before, await lab.manifests())).toEqual([]);
    expect(await lab.versions()).toEqual(['4.0.0 running', '4.0.0 running', '4.0.0 running']);
  });

  it('says every error of a playbook at once, with place and nearest word', async () => {
    rehearsal = await rehearse({ hosts: 1 });
    writeFileSync(
      join(rehearsal.dir, 'bad.yml'),
      '- hosts: all\n  gather_fact: false\n  tasks:\n    - cpy: {src: a, dest: /b}\n    - file: {path: /x, stat: touch}\n    - debug: {msg: "{{ 1 + }}"}\n',
    );
    const ended = await rehearsal.cutover('run', 'bad.yml', '-i', rehearsal.inventory);
    expect(ended.code).toBe(5);
    expect(ended.stderr).toMatch(/bad\.yml:2:3: .*gather_facts/);
    expect(ended.stderr).toMatch(/bad\.yml:4:7: .*copy/);
    expect(ended.stderr).toMatch(/bad\.yml:5:\d+: .*state/);
    expect(ended.stderr).toMatch(/bad\.yml:6:\d+: /);
  });
});

describe('a rollback that meets drift', () => {
  it('stops, shows the three states, and changes nothing', async () => {
    rehearsal = await rehearse({ hosts: 1 });
    const lab = rehearsal;
    writeFileSync(
      join(lab.dir, 'play.yml'),
      '- hosts: all\n  gather_facts: false\n  tasks:\n    - copy: {content: "ours\\n", dest: ~/a}\n    - copy: {content: "ours too\\n", dest: ~/b}\n',
    );
    expect((await lab.cutover('run', 'play.yml', '-i', lab.inventory)).code).toBe(0);
    const home = join(lab.dir, 'lab/node1');
    writeFileSync(join(home, 'b'), 'somebody else was here\n');
    const rollback = await lab.cutover('rollback', 'last');
    expect(rollback.code).toBe(2);
    expect(rollback.stdout).toMatch(/drift .*\/b/);
    expect(rollback.stdout).toMatch(/before: .*\n.*after: .*\n.*present: /);
    expect(readFileSync(join(home, 'b'), 'utf8')).toBe('somebody else was here\n');
    expect(readFileSync(join(home, 'a'), 'utf8')).toBe('ours\n');
    const forced = await lab.cutover('rollback', 'last', '--force');
    expect(forced.code).toBe(0);
    expect(() => readFileSync(join(home, 'a'))).toThrow();
  });
});

/** Gives each host the key of another one: well-formed, and wrong. */
function swapKeys(knownHosts: string): string {
  const key = execFileSync(
    'sh',
    [
      '-c',
      'd=$(mktemp -d); ssh-keygen -q -t ed25519 -N "" -f "$d/k"; cut -d" " -f1,2 "$d/k.pub"; rm -r "$d"',
    ],
    { encoding: 'utf8' },
  ).trim();
  return `${knownHosts
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `${line.split(' ')[0]} ${key}`)
    .join('\n')}\n`;
}
