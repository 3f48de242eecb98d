import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { localHosts, type Ran, type RunMore, results, runSite, workshop } from '../engine/workshop.ts';
import { flat, load } from '../playbook/fixture.ts';

/**
 * What playbooks that install integration servers trip over, one test for each: they come from hands that never read the
 * manual, and work under ansible-playbook all the same.
 */
type Files = Readonly<Record<string, string>>;

interface Done {
  readonly folder: string;
  readonly ran: Ran;
  /** `host:task=status`, in order. */
  readonly told: readonly string[];
  text(name: string): string;
  mode(name: string): string;
}

async function run(tasks: string, files: Files = {}, more: RunMore = {}): Promise<Done> {
  return start(
    workshop({
      hosts: localHosts('h1'),
      'site.yml': `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`,
      ...files,
    }),
    more,
  );
}

async function start(folder: string, more: RunMore = {}): Promise<Done> {
  const ran = await runSite(folder, { extraVars: [{ out: join(folder, 'out') }], ...more });
  return {
    folder,
    ran,
    told: results(ran),
    text: (name) => readFileSync(join(folder, name), 'utf8'),
    mode: (name) => (statSync(join(folder, name)).mode & 0o7777).toString(8),
  };
}

describe('traps of real playbooks', () => {
  it('1: a loop over a variable that is not there, behind a false condition, is one skipped task', async () => {
    const { told, ran } = await run(`
    - name: copy
      copy: {src: "{{ item.src }}", dest: "{{ item.dest }}"}
      loop: "{{ security_file_list }}"
      when: security_file_list is defined
`);
    expect([told, ran.exitCode]).toEqual([['h1:copy=skipped'], 0]);
  });

  it('2: host variables may use what set_fact sets later, also inside lists of mappings; set_fact itself looks at once', async () => {
    const { text } = await run(
      `
    - set_fact: {carbon_home: "{{ target }}/home"}
    - set_fact: {frozen: "{{ target }}"}
    - set_fact: {target: moved}
    - copy: {content: "{{ item.src }} {{ item.dest }} {{ frozen }}", dest: "{{ out }}"}
      loop: "{{ config_files }}"
`,
      {
        'host_vars/h1.yml': "target: /mnt\nconfig_files: [{src: a.j2, dest: '{{ carbon_home }}/conf'}]\n",
      },
    );
    expect(text('out')).toBe('a.j2 /mnt/home/conf /mnt');
  });

  it('3: a registered result covers the variable of the same name; a fact that was set from it before stays', async () => {
    const { text } = await run(
      `
    - set_fact: {deployment_dir: "{{ backup_dir }}/deployment"}
    - {stat: {path: /nowhere}, register: backup_dir}
    - copy: {content: "{{ deployment_dir }} {{ backup_dir.stat.exists }}", dest: "{{ out }}"}
`,
      { 'group_vars/all.yml': 'backup_dir: /tmp\n' },
    );
    expect(text('out')).toBe('/tmp/deployment False');
  });

  it('4: pause runs once for all hosts, and counts for the first', async () => {
    const folder = workshop({
      hosts: localHosts('h1', 'h2'),
      'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - {name: wait, pause: {minutes: "{{ wait_till_apim }}"}}
    - {name: after, ping: }
`,
    });
    const { told } = await start(folder, { extraVars: [{ wait_till_apim: '0' }] });
    expect([...told].sort()).toEqual(['h1:after=ok', 'h1:wait=ok', 'h2:after=ok']);
  });

  it('5: include in a role finds a file beside the playbook; behind a false condition its task is the one that is skipped', async () => {
    const folder = workshop({
      hosts: localHosts('h1'),
      'site.yml': '- hosts: all\n  gather_facts: false\n  roles: [mi]\n',
      'steps/vault.yml': '- name: encrypt\n  ping:\n',
      'roles/mi/tasks/main.yml':
        '- include: steps/vault.yml\n  when: vault|bool\n- include: steps/vault.yml\n  when: not vault|bool\n',
    });
    const { told } = await start(folder, { extraVars: [{ vault: 'no' }] });
    expect(told).toEqual(['h1:mi : encrypt=skipped', 'h1:mi : encrypt=ok']);
  });

  it.each([
    ['0755', '755'],
    ['0640', '640'],
    ['02750', '2750'],
    ["'0600'", '600'],
    ["'600'", '600'],
  ])('6: mode: %s is an octal number', async (written, mode) => {
    const done = await run(`    - copy: {content: x, dest: "{{ out }}", mode: ${written}}\n`);
    expect(done.mode('out')).toBe(mode);
  });

  it('7: a symbolic mode of unarchive is for folders too; a later recursive mode is for files too', async () => {
    const tasks = `
    - file: {path: "{{ out }}", state: directory}
    - unarchive: {src: pack.zip, dest: "{{ out }}", mode: "u=rwx,g=r,o=r"}
`;
    const later = '    - file: {path: "{{ out }}", state: directory, recurse: true, mode: 0755}\n';
    const modes = async (all: string) => {
      const done = await start(await withPack(all, { 'mi/conf/deployment.toml': 'x' }));
      return [done.mode('out/mi/conf'), done.mode('out/mi/conf/deployment.toml')];
    };
    expect(await modes(tasks)).toEqual(['744', '744']);
    expect(await modes(tasks + later)).toEqual(['755', '755']);
  });

  it('8: blanks, brackets, quotes and letters beyond ASCII in the names of a zip file', async () => {
    const names = ['mi/my lib [1].jar', 'mi/größe äöü.jar', 'mi/日本.txt', "mi/a&b'c$d.xml", 'mi/{{ x }}.j2'];
    const folder = await withPack(
      '    - file: {path: "{{ out }}", state: directory}\n    - unarchive: {src: pack.zip, dest: "{{ out }}"}\n',
      Object.fromEntries(names.map((name) => [name, `in ${name}`])),
    );
    const { text } = await start(folder);
    expect(names.map((name) => text(`out/${name}`))).toEqual(names.map((name) => `in ${name}`));
  });

  it('9: words key=value with a quoted template in between', async () => {
    const { plays } = await load({
      'site.yml':
        '- hosts: all\n  tasks:\n    - user: name="{{ wso2_user }}" shell=/bin/bash group=wso2 state=present uid=802 non_unique=yes\n',
    });
    const [task] = flat(plays[0]!.tasks);
    expect(task).toMatchObject({
      args: {
        name: '{{ wso2_user }}',
        shell: '/bin/bash',
        group: 'wso2',
        state: 'present',
        uid: '802',
        non_unique: 'yes',
      },
    });
  });

  it('10: a dry run on a fresh host unpacks into the folder that an earlier task would have made (Ansible fails there)', async () => {
    const folder = await withPack(
      '    - {name: folder, file: {path: "{{ out }}/java", state: directory}}\n    - {name: unpack, unarchive: {src: pack.zip, dest: "{{ out }}/java"}}\n',
      { release: 'JAVA' },
    );
    const { told, ran } = await start(folder, { check: true });
    expect([told, ran.exitCode]).toEqual([['h1:folder=changed', 'h1:unpack=changed'], 0]);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it.each(['[Unit]\nUser={{ user }}', '[Unit]\nUser={{ user }}\n', '{{ user }}'])(
    '11: a template ends as its file does: %j',
    async (template) => {
      const { text } = await run('    - template: {src: unit.j2, dest: "{{ out }}"}\n', {
        'group_vars/all.yml': 'user: wso2\n',
        'templates/unit.j2': template,
      });
      expect(text('out')).toBe(template.replace('{{ user }}', 'wso2'));
    },
  );

  describe('12: to become whom one is already takes no sudo', () => {
    const path = process.env.PATH;
    afterEach(() => {
      process.env.PATH = path;
    });

    it.each(['sudo', 'su', 'doas'])('%s', async (method) => {
      const folder = workshop({
        hosts: localHosts('h1'),
        'site.yml': `
- hosts: all
  gather_facts: false
  become: true
  become_method: ${method}
  become_user: ${userInfo().username}
  tasks: [{name: who, copy: {content: x, dest: "{{ out }}"}}]
`,
        [`bin/${method}`]: '#!/bin/sh\necho "$0 $*" >>"${0%/*}/called"\nexit 1\n',
      });
      process.env.PATH = `${join(folder, 'bin')}:${path}`;
      const { told } = await start(folder);
      expect(told).toEqual(['h1:who=changed']);
      expect(existsSync(join(folder, 'bin/called'))).toBe(false);
    });
  });

  it('13: become_method in the wrong section of ansible.cfg says nothing', async () => {
    const { ran } = await run('    - ping:\n', {
      'ansible.cfg': '[defaults]\nbecome_method = machinectl\nbecome = yes\nhost_key_checking = False\n',
    });
    expect(ran.exitCode).toBe(0);
  });

  it.each(['# only a comment\n', '', '---\n# and a start\n'])(
    '14: a file of tasks that holds none: %j',
    async (nothing) => {
      const { told, ran } = await run(
        '    - import_tasks: custom.yml\n    - include_tasks: custom.yml\n    - {name: after, ping: }\n',
        { 'custom.yml': nothing },
      );
      expect([told.filter((line) => line.includes('after')), ran.exitCode]).toEqual([['h1:after=ok'], 0]);
    },
  );

  it('15: a pattern that means no host is a warning; the other plays run', async () => {
    const folder = workshop({
      hosts: `${localHosts('micro-integrator_1')}[empty-group]\n`,
      'site.yml': `
- {hosts: micro-integrator_9, gather_facts: false, tasks: [{ping: }]}
- {hosts: empty-group, gather_facts: false, tasks: [{ping: }]}
- {hosts: all, gather_facts: false, tasks: [{name: here, ping: }]}
`,
    });
    const { told, ran } = await start(folder);
    expect([told, ran.exitCode]).toEqual([['micro-integrator_1:here=ok'], 0]);
    expect(ran.events.filter((event) => event.type === 'no-hosts')).toHaveLength(2);
    const warnings = ran.events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
    expect(warnings.join('\n')).toContain('micro-integrator_9');
  });
});

/** A folder with these tasks and `pack.zip` beside them. */
async function withPack(tasks: string, members: Files): Promise<string> {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`,
  });
  const zip = new ZipFile();
  const names = Object.keys(members);
  for (const top of new Set(names.flatMap((name) => foldersOf(name))))
    zip.addEmptyDirectory(top, { mode: 0o755 });
  for (const [name, text] of Object.entries(members)) zip.addBuffer(Buffer.from(text), name, { mode: 0o644 });
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(part as Buffer);
  mkdirSync(join(folder, 'files'));
  writeFileSync(join(folder, 'files/pack.zip'), Buffer.concat(parts));
  return folder;
}

function foldersOf(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

describe('names of roles', () => {
  it('are told as often as the play uses them; what they depend on is told apart; a nameless play is called by its hosts', async () => {
    const role = '- debug:\n';
    const folder = workshop({
      hosts: localHosts('h1'),
      'site.yml': `
- hosts: all
  gather_facts: false
  roles: [a, b]
  tasks:
    - import_role: {name: a}
    - copy:
        dest: "{{ out }}"
        content: "{{ role_names }} {{ ansible_play_role_names }} {{ ansible_role_names }} {{ ansible_dependent_role_names }} {{ ansible_play_name }}"
`,
      'roles/a/tasks/main.yml': role,
      'roles/b/tasks/main.yml': role,
      'roles/b/meta/main.yml': 'dependencies: [a]\n',
    });
    const { text } = await start(folder);
    expect(text('out')).toBe("['a', 'b', 'a'] ['a', 'b', 'a'] ['a', 'b'] ['a'] all");
  });
});
