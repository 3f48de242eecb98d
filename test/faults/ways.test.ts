/** A rollback comes to the hosts as the run did, also where the inventory does not say how. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRoot } from '../machine.ts';
import { type Bench, bench, folder } from './bench.ts';

const PASSWORD = 'sudo-Pa55%word';
let lab: Bench;

describe.runIf(isRoot)('the password of sudo', () => {
  beforeAll(async () => {
    lab = await bench({ backend: 'openssh', login: 'deploy', password: PASSWORD, sudoPassword: PASSWORD });
    writeFileSync(
      join(lab.dir, 'silent.yml'),
      readFileSync(lab.inventory, 'utf8').replace(/^ *ansible_become_password: .*$/m, ''),
    );
    writeFileSync(join(lab.dir, 'password.yml'), `ansible_become_password: '${PASSWORD}'\n`);
  });
  afterAll(() => lab?.down());

  it.each([
    ['a vars_files of the play', 'vars_files: [password.yml]'],
    ['the variables of the play', `vars: {ansible_become_password: '${PASSWORD}'}`],
    ['group_vars beside the playbook', 'vars: {}'],
  ])('is known from %s, sealed', async (from, line) => {
    const dir = join(lab.dir, from.replaceAll(' ', '-'));
    mkdirSync(join(dir, 'group_vars'), { recursive: true });
    writeFileSync(join(dir, 'password.yml'), readFileSync(join(lab.dir, 'password.yml')));
    if (from.startsWith('group_vars'))
      writeFileSync(join(dir, 'group_vars/all.yml'), readFileSync(join(lab.dir, 'password.yml')));
    const site = join(dir, 'site.yml');
    const home = join(dir, 'home');
    const wrote = join(lab.hosts[0]!.root, 'srv/wrote');
    for (const failing of [false, true]) {
      writeFileSync(
        site,
        `- hosts: all
  gather_facts: false
  become: true
  on_failure: rollback
  ${line}
  tasks:
    - copy: {content: "x", dest: /srv/wrote}
    - command: touch /srv/by-command
      undo:
        - command: rm /srv/by-command
    - fail: {}
      when: ${failing}
`,
      );
      const run = await lab.cutover(['run', site, '-i', join(lab.dir, 'silent.yml')], { home });
      expect(`${run.code} ${run.stdout}${run.stderr}`).toMatch(failing ? /^2 .* restored/s : /^0 /);
      if (!failing) {
        expect(readFileSync(wrote, 'utf8')).toBe('x');
        const back = await lab.cutover(['rollback', 'last'], { home });
        expect(`${back.code} ${back.stdout}${back.stderr}`).toMatch(/^0 /);
      }
      expect(readdirSync(join(lab.hosts[0]!.root, 'srv'))).toEqual([]);
    }
    const kept = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    for (const { parentPath, name } of kept)
      expect(readFileSync(join(parentPath, name), 'latin1')).not.toContain(PASSWORD);
  });
});

describe('keywords, variables of tasks and add_host', () => {
  let small: Bench;
  beforeAll(async () => {
    small = await bench();
  });
  afterAll(() => small?.down());

  it('say the way, and the rollback goes it', async () => {
    const local = folder(small.dir, 'ways');
    const play = join(small.dir, 'ways.yml');
    writeFileSync(
      play,
      `- hosts: elsewhere
  gather_facts: false
  connection: local
  environment: {WHO: the play}
  vars:
    ports: {8080: web, 22: ssh, true: yes}
    whole: 1.0
    many: 12345678901234567890
    endless: .inf
    braces: !unsafe '{{ nobody }}'
  tasks:
    - shell: echo "$WHO" >${local}/command
      undo:
        - shell: 'test "$WHO" = "the play" && rm ${local}/command'
    - copy: {content: "{{ ports }} {{ ports[8080] }} {{ whole }} {{ many }} {{ endless }} {{ braces }}", dest: "${local}/values"}
      undo:
        - copy: {content: "{{ ports }} {{ ports[8080] }} {{ whole }} {{ many }} {{ endless }} {{ braces }}", dest: "${local}/again"}
        - command: cmp ${local}/values ${local}/again
        - file: {path: "${local}/again", state: absent}
    - copy: {content: "by keyword\\n", dest: "${local}/keyword"}
    - copy: {content: "by a variable of the task\\n", dest: "${local}/delegated"}
      delegate_to: unlisted
      vars: {ansible_connection: local}
    - add_host: {name: made, ansible_connection: local}
- hosts: made
  gather_facts: false
  tasks:
    - copy: {content: "by add_host\\n", dest: "${local}/made"}
- hosts: told
  gather_facts: false
  vars: {way: local}
  tasks:
    - copy: {content: "by a variable of the play\\n", dest: "${local}/told"}
`,
    );
    const hosts = join(small.dir, 'ways.ini');
    writeFileSync(
      hosts,
      'elsewhere\ntold ansible_connection="{{ way }}" ansible_host="{{ way }}host"\n[all:vars]\n' +
        `cutover_state_dir=${small.dir}/journals\n`,
    );
    const run = await small.cutover(['run', play, '-i', hosts]);
    expect(`${run.code} ${run.stdout}${run.stderr}`).toMatch(/^0 /);
    expect(readdirSync(local).sort()).toEqual(['command', 'delegated', 'keyword', 'made', 'told', 'values']);
    const back = await small.cutover(['rollback', 'last']);
    expect(`${back.code} ${back.stdout}${back.stderr}`).toMatch(/^0 /);
    expect(readdirSync(local)).toEqual([]);
  });
});
