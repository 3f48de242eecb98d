/** Rollback: by hand with undo.sh, killed and repeated, of plays, batches, delegated tasks, in parts, with drift and later runs. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, bench, differences, folder, leftovers, picture } from './bench.ts';
import { layOut, writeSmallPlay } from './small-play.ts';

let lab: Bench;
let small: string;
let at = '';
let home = '';
let count = 0;
let before: Awaited<ReturnType<typeof picture>>;

beforeAll(async () => {
  lab = await bench({ hosts: 3 });
  small = writeSmallPlay(lab.dir);
});
afterAll(() => lab?.down());
beforeEach(async () => {
  count++;
  home = join(lab.dir, `home${count}`);
  at = folder(lab.hosts[0]!.root, `case${count}`);
  layOut(at);
  before = await picture(at);
});

const cut = (...args: string[]) => lab.cutover(args, { home });
const runSmall = () => cut('run', small, '-i', lab.inventory, '-l', 'node1', '-e', `at=${at}`);
const newestRun = (host = 0) => {
  const runs = join(lab.hosts[host]!.root, 'var/lib/cutover/runs');
  return join(
    runs,
    readdirSync(runs)
      .filter((name) => !name.includes('~'))
      .sort()
      .at(-1)!,
  );
};
function write(name: string, text: string): string {
  const path = join(lab.dir, `${name}${count}.yml`);
  writeFileSync(path, text);
  return path;
}

describe('undo.sh by hand', () => {
  it('says with --check what it would do, and does what the rollback does', async () => {
    const play = write(
      'plain',
      readFileSync(small, 'utf8').replace(/ {4}- name: command\n[\s\S]*?(?= {4}- name: remove)/, ''),
    );
    expect((await cut('run', play, '-i', lab.inventory, '-l', 'node1', '-e', `at=${at}`)).code).toBe(0);
    const after = await picture(at);
    const undo = join(newestRun(), 'undo.sh');
    // As a person at a console: nothing but a shell and a PATH.
    const byHand = (...flags: string[]) =>
      spawnSync('sh', [undo, ...flags], { encoding: 'utf8', cwd: '/', env: { PATH: process.env.PATH } });
    const check = byHand('--check');
    expect(`${check.status} ${check.stderr}`).toBe('0 ');
    expect(
      check.stdout
        .trim()
        .split('\n')
        .every((line) => /^\d+ (would-undo|covered) /.test(line)),
    ).toBe(true);
    expect(differences(after, await picture(at))).toEqual([]);
    const done = byHand();
    expect(`${done.status} ${done.stderr}`).toBe('0 ');
    expect(differences(before, await picture(at))).toEqual([]);
    // The controller finds nothing more to do, and that counts as rolled back.
    const rollback = await cut('rollback', 'last');
    expect(rollback.code).toBe(0);
    expect((await lab.runs(home)).find((run) => run.command === 'run')).toMatchObject({
      status: 'rolled-back',
    });
    expect(differences(before, await picture(at))).toEqual([]);
  });
});

describe('a rollback', () => {
  it('that is killed anywhere goes on when it is repeated', async () => {
    const points = ['event:3', 'event:5', 'write:14', 'write:18', 'write:22'];
    const wrong: string[] = [];
    for (const [i, kill] of points.entries()) {
      const place = folder(lab.hosts[0]!.root, `killed${i}`);
      layOut(place);
      const own = join(lab.dir, `home-killed${i}`);
      const run = await lab.cutover(['run', small, '-i', lab.inventory, '-l', 'node1', '-e', `at=${place}`], {
        home: own,
      });
      if (run.code !== 0) wrong.push(`${kill}: run ${run.code}`);
      const first = await lab.cutover(['rollback', 'last', '--output', 'ndjson'], { home: own, kill });
      if (first.signal !== 'SIGKILL') wrong.push(`${kill}: the rollback was not killed`);
      const [info] = (await lab.runs(own)).filter((one) => one.command === 'run');
      if (info?.status === 'rolled-back') wrong.push(`${kill}: marked as rolled back`);
      const second = await lab.cutover(['rollback', 'last'], { home: own });
      if (second.code !== 0) wrong.push(`${kill}: ${second.code} ${second.stdout}${second.stderr}`);
      wrong.push(...differences(before, await picture(place)).map((line) => `${kill}: ${line}`));
      const third = await lab.cutover(['rollback', info!.id], { home: own });
      if (!/already rolled back/.test(third.stderr)) wrong.push(`${kill}: third ${third.stderr}`);
      wrong.push(...(await leftovers(lab.hosts[0]!.root)).map((line) => `${kill}: ${line}`));
    }
    expect(wrong).toEqual([]);
  });

  it('with --check changes nothing, with --to takes back what came later, and then all', async () => {
    expect((await runSmall()).code).toBe(0);
    const after = await picture(at);
    const check = await cut('rollback', 'last', '--check');
    expect(check.code).toBe(0);
    expect(check.stdout).toContain('would-undo');
    expect(check.stdout).toMatch(
      /node1 would be restored\n[\s\S]*\ndry run: [1-9]\d* changes? would be taken back, 0 would stay\n/,
    );
    expect(differences(after, await picture(at))).toEqual([]);
    const part = await cut('rollback', 'last', '--to', 'line');
    expect(part.code).toBe(0);
    expect(existsSync(join(at, 'old/below/file'))).toBe(true);
    expect([existsSync(join(at, 'by-command')), existsSync(join(at, 'handled'))]).toEqual([false, false]);
    expect(readFileSync(join(at, 'lines'), 'utf8')).toContain('b=2');
    expect((await lab.runs(home)).find((run) => run.command === 'run')).not.toMatchObject({
      status: 'rolled-back',
    });
    const wrong = await cut('rollback', 'last', '--to', 'no such task');
    expect(`${wrong.code} ${wrong.stderr}`).toMatch(/^1 .*no changing task "no such task"/);
    expect((await cut('rollback', 'last')).code).toBe(0);
    expect(differences(before, await picture(at))).toEqual([]);
    expect((await lab.runs(home)).find((run) => run.command === 'run')).toMatchObject({
      status: 'rolled-back',
    });
  });

  it('of several plays, batches and delegated tasks, host by host with --limit', async () => {
    const local = folder(lab.dir, `local${count}`);
    writeFileSync(
      join(folder(lab.dir, 'host_vars'), 'localhost.yml'),
      `cutover_state_dir: ${lab.dir}/journals\n`,
    );
    const places = lab.hosts.map((host) => folder(host.root, `many${count}`));
    for (const place of places) writeFileSync(join(place, 'config'), 'old\n');
    const play = write(
      'many',
      `- hosts: all
  gather_facts: false
  serial: 1
  become: true
  become_user: root
  vars: {place: "{{ home }}/many${count}"}
  tasks:
    - command: sh -c 'echo $HOME'
      changed_when: false
      register: shell
    - set_fact: {home: "{{ shell.stdout }}"}
    - copy: {content: "{{ inventory_hostname }}\\n", dest: "{{ place }}/config"}
    - name: a list on another host
      lineinfile: {path: "${places[0]}/members", line: "{{ inventory_hostname }}", create: true}
      delegate_to: node1
    - name: a list here
      copy: {content: "{{ inventory_hostname }}\\n", dest: "${local}/{{ inventory_hostname }}"}
      delegate_to: localhost
      become: false
- hosts: node2,node3
  gather_facts: false
  tasks:
    - copy: {content: "again\\n", dest: "{{ home }}/many${count}/config"}
    - file: {path: "{{ home }}/many${count}/marker", state: touch}
`,
    );
    const run = await cut('run', play, '-i', lab.inventory);
    expect(`${run.code} ${run.stdout}${run.stderr}`).toMatch(/^0 /);
    expect(readFileSync(join(places[0]!, 'members'), 'utf8')).toBe('node1\nnode2\nnode3\n');
    expect(readdirSync(local).sort()).toEqual(['node1', 'node2', 'node3']);
    const one = await cut('rollback', 'last', '--limit', 'node3');
    expect(`${one.code} ${one.stdout}${one.stderr}`).toMatch(/^0 /);
    expect(readFileSync(join(places[2]!, 'config'), 'utf8')).toBe('old\n');
    expect(readdirSync(local).sort()).toEqual(['node1', 'node2']);
    expect(readFileSync(join(places[0]!, 'members'), 'utf8')).toBe('node1\nnode2\n');
    expect(readFileSync(join(places[1]!, 'config'), 'utf8')).toBe('again\n');
    expect((await lab.runs(home)).find((each) => each.command === 'run')).not.toMatchObject({
      status: 'rolled-back',
    });
    const rest = await cut('rollback', 'last');
    expect(`${rest.code} ${rest.stdout}${rest.stderr}`).toMatch(/^0 /);
    for (const place of places) {
      expect(readdirSync(place)).toEqual(['config']);
      expect(readFileSync(join(place, 'config'), 'utf8')).toBe('old\n');
    }
    expect(readdirSync(local)).toEqual([]);
    expect((await lab.runs(home)).find((each) => each.command === 'run')).toMatchObject({
      status: 'rolled-back',
    });
    for (const host of lab.hosts) expect(await leftovers(host.root)).toEqual([]);
  });

  it('of an earlier run stops where a later one changed the same file, until that one is taken back', async () => {
    const play = (text: string) =>
      write(
        text,
        `- hosts: node1\n  gather_facts: false\n  tasks:\n    - copy: {content: "${text}\\n", dest: "${at}/conf"}\n`,
      );
    expect((await cut('run', play('first'), '-i', lab.inventory)).code).toBe(0);
    const first = (await lab.runs(home))[0]!.id;
    expect((await cut('run', play('second'), '-i', lab.inventory)).code).toBe(0);
    const second = (await lab.runs(home))[0]!.id;
    const blocked = await cut('rollback', first);
    expect(`${blocked.code} ${blocked.stdout}${blocked.stderr}`).toMatch(/^2 /);
    expect(blocked.stdout).toMatch(/drift/);
    expect(readFileSync(join(at, 'conf'), 'utf8')).toBe('second\n');
    expect((await lab.runs(home)).find((run) => run.id === first)).not.toMatchObject({
      status: 'rolled-back',
    });
    expect((await cut('rollback', second)).code).toBe(0);
    expect((await cut('rollback', first)).code).toBe(0);
    expect(differences(before, await picture(at))).toEqual([]);
  });

  it('is not complete while a host is away', async () => {
    expect((await runSmall()).code).toBe(0);
    const away = await cut('rollback', 'last', '-e', 'ansible_port=1');
    expect(`${away.code} ${away.stdout}${away.stderr}`).toMatch(/^4 /);
    expect((await lab.runs(home)).find((run) => run.command === 'run')).not.toMatchObject({
      status: 'rolled-back',
    });
    expect((await cut('rollback', 'last')).code).toBe(0);
    expect(differences(before, await picture(at))).toEqual([]);
  });

  it('tells of a failed step of an undo list where it is written and what it said, without secrets', async () => {
    const play = write(
      'failing',
      `- hosts: node1
  gather_facts: false
  tasks:
    - command: "true"
      undo:
        - name: call for help
          shell: echo "no way with $WORD" >&2; exit 4
          environment: {WORD: "{{ ansible_password }}"}
`,
    );
    const run = ['run', play, '-i', lab.inventory, '-e', 'ansible_password=s3cret-Word'];
    expect((await cut(...run)).code).toBe(0);
    const back = await cut('rollback', 'last');
    expect(back.code).toBe(2);
    expect(back.stdout).toMatch(
      /failed +node1 .*\n +\S*failing\d+\.yml:6:11: call for help: non-zero return code: no way with \*+\n/,
    );
    expect(back.stdout).not.toContain('s3cret');
  });

  it('runs the steps of an undo list on a host that add_host made', async () => {
    const [first, second] = lab.hosts;
    const at2 = folder(second!.root, `added${count}`);
    const play = write(
      'added',
      `- hosts: node1
  gather_facts: false
  tasks:
    - add_host:
        name: balancer
        ansible_host: 127.0.0.1
        ansible_port: ${second!.port}
        ansible_user: "{{ hostvars.node2.ansible_user }}"
        ansible_ssh_private_key_file: "{{ hostvars.node2.ansible_ssh_private_key_file }}"
        cutover_known_hosts: "{{ hostvars.node2.cutover_known_hosts }}"
        cutover_state_dir: "{{ hostvars.node2.cutover_state_dir }}"
        place: ${at2}
    - copy: {content: new, dest: ${at}/added}
      undo:
        - command: touch {{ hostvars.balancer.place }}/called
          delegate_to: balancer
`,
    );
    expect((await cut('run', play, '-i', lab.inventory)).code).toBe(0);
    const back = await cut('rollback', 'last');
    expect(`${back.code} ${back.stdout}${back.stderr}`).toMatch(/^0 /);
    expect(existsSync(join(at2, 'called'))).toBe(true);
    expect(existsSync(join(at, 'added'))).toBe(false);
    expect(first!.root).not.toBe(second!.root);
  });

  it('says what it cannot take back', async () => {
    const play = write(
      'irreversible',
      `- hosts: node1\n  gather_facts: false\n  tasks:\n    - copy: {content: "x\\n", dest: "${at}/conf"}\n    - command: touch ${at}/by-command\n`,
    );
    const run = await cut('run', play, '-i', lab.inventory);
    expect(run.stdout).toContain('rollback covers 1 of 2');
    const rollback = await cut('rollback', 'last');
    expect(rollback.code).toBe(0);
    expect(rollback.stdout).toMatch(/irreversible .*run touch/);
    expect(rollback.stdout).toContain('node1 is partly restored');
    expect(existsSync(join(at, 'conf'))).toBe(false);
    rmSync(join(at, 'by-command'));
    expect(differences(before, await picture(at))).toEqual([]);
  });
});

describe('the journal on a host', () => {
  it('with a torn last line is read up to there', async () => {
    expect((await runSmall()).code).toBe(0);
    const journal = join(newestRun(), 'journal');
    const whole = readFileSync(journal);
    // As after a power cut: half of the last line.
    const last = whole.subarray(0, -1).lastIndexOf(10) + 1;
    writeFileSync(journal, whole.subarray(0, last + Math.floor((whole.length - last) / 2)));
    const rollback = await cut('rollback', 'last');
    expect(`${rollback.code} ${rollback.stdout}`).toMatch(/^0 /);
    expect(differences(before, await picture(at))).toEqual([]);
  });

  it('that is gone is not taken for "nothing to do"', async () => {
    expect((await runSmall()).code).toBe(0);
    rmSync(newestRun(), { recursive: true });
    const rollback = await cut('rollback', 'last');
    expect(rollback.code).not.toBe(0);
    expect(`${rollback.stdout}${rollback.stderr}`).toMatch(/journal/);
  });
});
