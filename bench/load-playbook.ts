/** How long a large playbook takes to load and check: 1,500 tasks in 100 roles, with the real modules and templates. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moduleCatalog } from '../src/modules/index.ts';
import { type LoadOptions, loadPlaybook } from '../src/playbook/index.ts';
import { createSecrets } from '../src/secrets/index.ts';
import { createTemplar } from '../src/template/index.ts';

const ROLES = 100;
const TASKS_PER_ROLE = 15;
/** Milliseconds that the first load may take. */
const LIMIT = 1_000;

const KINDS: readonly ((name: string, n: number) => string)[] = [
  (name, n) => `- name: Folder ${n} of ${name}
  ansible.builtin.file:
    path: "{{ ${name}_home }}/conf.d/${n}"
    state: directory
    owner: "{{ ${name}_user }}"
    mode: "0755"
  become: yes
  tags: [${name}, folders]
`,
  (name, n) => `- name: Template ${n} of ${name}
  template:
    src: file${n}.conf.j2
    dest: "{{ ${name}_home }}/conf.d/file${n}.conf"
    mode: "0644"
  when:
    - ${name}_enabled | default(true) | bool
    - ansible_facts.os_family in ['Debian', 'RedHat']
  notify: restart ${name}
`,
  (name, n) => `- name: Lines ${n} of ${name}
  lineinfile: path=/etc/${name}.conf regexp="^option${n}=" line="option${n}={{ item.value }}"
  loop: "{{ ${name}_options }}"
  loop_control: {label: "{{ item.name }}"}
`,
  (name, n) => `- block:
    - name: Probe ${n} of ${name}
      command: ${name}-ctl status --item ${n}
      register: probe_${n}
      changed_when: false
      failed_when: probe_${n}.rc not in [0, 3]
    - name: Fact ${n}
      set_fact:
        ${name}_state_${n}: "{{ probe_${n}.stdout_lines | select('match', '^ok') | list | length }}"
  rescue:
    - debug: msg="{{ ansible_failed_result.msg | default('none') }}"
`,
];

function generate(folder: string): number {
  let tasks = 0;
  const names = Array.from({ length: ROLES }, (_, index) => `role${index}`);
  for (const name of names) {
    let text = '';
    let count = 0;
    for (let n = 0; count < TASKS_PER_ROLE; n++) {
      const part = KINDS[n % KINDS.length]!(name, n);
      count += (part.match(/^ *- (?:name|debug)/gm) ?? []).length;
      text += part;
    }
    tasks += count;
    write(join(folder, 'roles', name, 'tasks/main.yml'), text);
    write(
      join(folder, 'roles', name, 'defaults/main.yml'),
      `${name}_home: /opt/${name}\n${name}_user: ${name}\n${name}_options: []\n`,
    );
    write(
      join(folder, 'roles', name, 'handlers/main.yml'),
      `- name: restart ${name}\n  service: name=${name} state=restarted\n`,
    );
  }
  write(
    join(folder, 'site.yml'),
    `- hosts: all\n  roles:\n${names.map((name) => `    - ${name}\n`).join('')}`,
  );
  return tasks;
}

function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

function options(): LoadOptions {
  const templar = createTemplar({ secrets: createSecrets() });
  return {
    catalog: moduleCatalog(),
    rolesPath: [],
    readText: (path) => readFileSync(path, 'utf8'),
    renderStatic: (text) => text,
    checkTemplate: (text, as, at) => templar.check(text, as === 'condition' ? 'expression' : as, at),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'cutover-bench-'));
try {
  const tasks = generate(folder);
  const times: number[] = [];
  for (let run = 0; run < 5; run++) {
    const start = performance.now();
    await loadPlaybook(join(folder, 'site.yml'), options());
    times.push(performance.now() - start);
  }
  const [first = Number.NaN, ...again] = times;
  console.log(`${tasks} tasks in ${ROLES} roles: ${first.toFixed(0)} ms the first time`);
  console.log(`again: ${again.map((time) => `${time.toFixed(0)} ms`).join(', ')}`);
  if (!(first < LIMIT)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
