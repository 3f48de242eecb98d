import { describe, expect, it } from 'vitest';
import { loadConfig, settingValues } from '../../src/config/index.ts';
import { localHosts, runSite, workshop } from '../engine/workshop.ts';

/** A condition, and whether its task runs, is skipped, or fails because the condition says neither yes nor no. */
const TABLE: readonly [when: string, outcome: 'ok' | 'skipped' | 'failed'][] = [
  ['true', 'ok'],
  ['no', 'skipped'],
  ['yes_bool', 'ok'],
  ['not yes_bool', 'skipped'],
  ['"{{ yes_bool }}"', 'ok'],
  ['true_text', 'ok'],
  ['"{{ false_text }}"', 'skipped'],
  ['yes_text | bool', 'ok'],
  ["yes_text == 'yes'", 'ok'],
  ['number > 3 and number <= 5', 'ok'],
  ['number == 5 or missing', 'ok'],
  ['number == 6 and missing', 'skipped'],
  ["'web' in group_names", 'ok'],
  ["inventory_hostname in groups['db']", 'skipped'],
  ['missing is defined', 'skipped'],
  ['mapping.a.c is not defined', 'ok'],
  ['mapping.x.y is defined', 'skipped'],
  ['missing | default(true)', 'ok'],
  ["version is version('1.2.9', '>=')", 'ok'],
  ["text is match('a.c')", 'ok'],
  ["text is search('z')", 'skipped'],
  ['["yes_bool", "number == 5"]', 'ok'],
  ['["yes_bool", "number == 6"]', 'skipped'],
  ['["false", "missing"]', 'skipped'],
  ['full | length > 0', 'ok'],
  ['nothing is none', 'ok'],
  ['result is changed', 'ok'],
  ['result is failed', 'skipped'],
  // Refused, since they are no booleans: `allow_broken_conditionals` brings the old reading back.
  ['missing', 'failed'],
  ['missing.deeper == 1', 'failed'],
  ['full', 'failed'],
  ['number', 'failed'],
  ['text', 'failed'],
  // To Ansible it is true, being a text that is not empty.
  ['false_text', 'failed'],
  ['full | length', 'failed'],
];

describe('when', () => {
  it('runs, skips or fails', async () => {
    const tasks = TABLE.map(
      ([when], index) =>
        `    - name: t${index}\n      debug: {msg: x}\n      ignore_errors: true\n      when: ${when.startsWith("'") ? JSON.stringify(when) : when}\n`,
    );
    const folder = workshop({
      hosts: `[web]\n${localHosts('h1')}[db]\n${localHosts('h2')}`,
      'site.yml': `
- hosts: h1
  gather_facts: false
  vars: {yes_bool: yes, yes_text: "yes", true_text: "true", false_text: "false", number: 5, mapping: {a: {b: 1}}, version: 1.2.10, text: abc, full: [1], nothing: }
  tasks:
    - {command: "true", register: result}
${tasks.join('')}`,
    });
    const ran = await runSite(folder);
    const statuses = new Map(
      ran.events.flatMap((event) =>
        event.type === 'host-result' ? [[event.task.name, event.status] as const] : [],
      ),
    );
    expect(TABLE.map(([when], index) => [when, statuses.get(`t${index}`)])).toEqual(TABLE);
  });

  it.each([
    // What a role of old may write, and what its task does: Python's truth.
    ["'2.10'", 'full', 'ok'],
    ["'2.10'", 'full | length', 'ok'],
    ["'2.10'", 'empty', 'skipped'],
    ["'2.10'", 'nothing', 'skipped'],
    ["'2.10'", 'text', 'ok'],
    ["'2.10'", 'result.stderr', 'skipped'],
    ["'2.10'", 'full and text', 'ok'],
    // Whoever wrote it meant the opposite of what Ansible takes it for.
    ["'2.10'", 'no_text', 'failed'],
    ["'2.10'", 'missing', 'failed'],
    // A number that YAML has shortened, a version of 1.x, one of the Ansible package.
    ['2.9', 'full', 'ok'],
    ['1.2', 'full', 'ok'],
    ["'11.0.0'", 'full', 'ok'],
    ["'2.19'", 'full', 'failed'],
    ["'12.0'", 'full', 'failed'],
    ["'3'", 'full', 'ok'],
    ['null', 'full', 'failed'],
    ['soon', 'full', 'failed'],
  ])('in a role for Ansible %s: when: %s is %s', async (version, when, outcome) => {
    const folder = workshop({
      hosts: localHosts('h1'),
      'roles/old/meta/main.yml': `galaxy_info:\n  min_ansible_version: ${version}\n`,
      'roles/old/defaults/main.yml': 'full: [1]\nempty: []\nnothing:\ntext: abc\nno_text: "no"\n',
      'roles/old/tasks/main.yml': `- {command: "true", register: result}\n- include_tasks: more.yml\n`,
      'roles/old/tasks/more.yml': `- {name: asked, debug: {msg: x}, ignore_errors: true, when: ${when}}\n`,
      'site.yml': '- {hosts: h1, gather_facts: false, roles: [old]}\n',
    });
    const ran = await runSite(folder);
    expect(
      ran.events.flatMap((event) =>
        event.type === 'host-result' && event.task.name.includes('asked') ? [event.status] : [],
      ),
    ).toEqual([outcome]);
  });

  it.each([
    // What the role says of itself counts before what its collection says.
    ['{}', '">=2.15.0"', 'ok'],
    ['{}', '">=2.9.10,<3"', 'ok'],
    ['{}', '">=2.19"', 'failed'],
    ['{}', 'null', 'failed'],
    ['{min_ansible_version: "2.19"}', '">=2.15.0"', 'failed'],
    ['{min_ansible_version: "2.9"}', '">=2.20"', 'ok'],
  ])('in a role that says %s, of a collection for %s: when: full is %s', async (own, required, outcome) => {
    const folder = workshop({
      hosts: localHosts('h1'),
      'collections/ansible_collections/acme/web/meta/runtime.yml': `requires_ansible: ${required}\n`,
      'collections/ansible_collections/acme/web/roles/old/meta/main.yml': `galaxy_info: ${own}\n`,
      'collections/ansible_collections/acme/web/roles/old/tasks/main.yml':
        '- {command: "echo x", register: full}\n- {name: asked, debug: {msg: x}, ignore_errors: true, when: full.stdout}\n',
      'site.yml': '- {hosts: h1, gather_facts: false, roles: [acme.web.old]}\n',
    });
    const ran = await runSite(folder);
    expect(
      ran.events.flatMap((event) =>
        event.type === 'host-result' && event.task.name.includes('asked') ? [event.status] : [],
      ),
    ).toEqual([outcome]);
  });

  it.each([
    ['of a collection that is checked out', 'galaxy.yml', 'ok'],
    ['beside a folder meta that belongs to no collection', 'other.yml', 'failed'],
  ])('in a role %s: when: full.stdout is %s', async (_what, marker, outcome) => {
    const folder = workshop({
      hosts: localHosts('h1'),
      [marker]: 'namespace: acme\nname: web\n',
      'meta/runtime.yml': 'requires_ansible: ">=2.14.0,<2.17.0"\n',
      'roles/apps/old/tasks/main.yml':
        '- {command: "echo x", register: full}\n- {name: asked, debug: {msg: x}, ignore_errors: true, when: full.stdout}\n',
      'site.yml': '- {hosts: h1, gather_facts: false, roles: [apps/old]}\n',
    });
    const ran = await runSite(folder);
    expect(
      ran.events.flatMap((event) =>
        event.type === 'host-result' && event.task.name.includes('asked') ? [event.status] : [],
      ),
    ).toEqual([outcome]);
  });

  it('counts what a role of old asks of a role that it depends on as the role itself', async () => {
    const folder = workshop({
      hosts: localHosts('h1'),
      'roles/old/meta/main.yml':
        'galaxy_info: {min_ansible_version: "2.4"}\ndependencies: [{role: base, when: full}]\n',
      'roles/old/tasks/main.yml': '- debug: {msg: x}\n',
      'roles/base/tasks/main.yml': '- {name: base runs, debug: {msg: x}}\n',
      'site.yml': '- {hosts: h1, gather_facts: false, vars: {full: [1]}, roles: [old]}\n',
    });
    const ran = await runSite(folder);
    expect(ran.events.filter((event) => event.type === 'host-result').map(({ status }) => status)).toEqual([
      'ok',
      'ok',
    ]);
  });

  it('asks for booleans beside the entry of a role of old', async () => {
    const folder = workshop({
      hosts: localHosts('h1'),
      'roles/old/meta/main.yml': 'galaxy_info: {min_ansible_version: "2.4"}\n',
      'roles/old/tasks/main.yml': '- debug: {msg: x}\n',
      'site.yml': '- {hosts: h1, gather_facts: false, vars: {full: [1]}, roles: [{role: old, when: full}]}\n',
    });
    await expect(runSite(folder)).rejects.toThrow('the condition "full" gives a list of 1, not a boolean');
  });

  it.each([
    ['changed_when: false', 'ok'],
    ['changed_when: result.rc == 0', 'changed'],
    ['changed_when: ["result.rc == 0", "\'x\' in result.stdout"]', 'ok'],
    ['failed_when: result.rc == 0', 'failed'],
    ['failed_when: [result.rc == 0, "\'x\' in result.stdout"]', 'changed'],
    ['failed_when: false', 'changed'],
  ])('%s gives %s', async (written, status) => {
    const folder = workshop({
      hosts: localHosts('h1'),
      'site.yml': `- hosts: h1\n  gather_facts: false\n  tasks:\n    - command: echo hi\n      register: result\n      ${written}\n`,
    });
    const ran = await runSite(folder);
    expect(ran.events.flatMap((event) => (event.type === 'host-result' ? [event.status] : []))).toEqual([
      status,
    ]);
  });
});

describe('a condition whose braces give a text', () => {
  /** Where the text comes from, and what its task does. A host says `1 == 1`, and what hosts say is data. */
  const BRACES: readonly [task: string, status: string][] = [
    ['{debug: {msg: x}, when: "{{ said_yes }}"}', 'ok'],
    ['{debug: {msg: x}, when: "{{ said_no }}"}', 'skipped'],
    [`{debug: {msg: x}, when: "{{ said_yes if number else 'missing' }}"}`, 'ok'],
    [`{debug: {msg: x}, when: "{{ 'number == 6' }}"}`, 'skipped'],
    ['{debug: {msg: x}, when: "{{ through_another }}"}', 'ok'],
    ['{debug: {msg: x}, when: "{{ item }}", loop: [number == 5]}', 'ok'],
    ['{debug: {msg: x}, when: "{{ item.rule }}", loop: "{{ rules }}"}', 'skipped'],
    ['{debug: {msg: x}, when: "{{ host.stdout }}"}', 'failed'],
    ['{assert: {that: "{{ said_no }}"}}', 'failed'],
    [`{assert: {that: "{{ ['number == 5', said_yes] }}"}}`, 'ok'],
    [`{assert: {that: "{{ ['number == 5', said_no] }}"}}`, 'failed'],
    ['{assert: {that: "{{ item }}"}, loop: ["number == 5"]}', 'ok'],
    ['{assert: {that: "{{ host.stdout }}"}}', 'failed'],
    ['{assert: {that: "{{ host.stdout_lines }}"}}', 'failed'],
    ['{assert: {that: "{{ kept }}"}}', 'failed'],
    // Braces that put a text of a host, a program or a file into a condition; ansible-core 2.14.18 says the same of each.
    [`{debug: {msg: x}, when: "'{{ host.stdout }}' == '1 == 1'"}`, 'failed'],
    ['{debug: {msg: x}, when: "{{ host.rc }} == 0"}', 'failed'],
    ['{debug: {msg: x}, when: "{{ number == 5 }} and {{ host.rc == 0 }}"}', 'failed'],
    [`{debug: {msg: x}, when: "'{{ kept_text }}' == '1 == 1'"}`, 'failed'],
    [`{debug: {msg: x}, when: "'{{ by_way }}' == '1 == 1'"}`, 'failed'],
    [`{debug: {msg: x}, when: "'{{ lookup('env', 'HOME') }}' != ''"}`, 'failed'],
    [`{debug: {msg: x}, when: "'{{ item }}' == 'a'", with_items: [a]}`, 'failed'],
    [`{debug: {msg: x}, when: "'{{ item }}' != 'a'", loop: "{{ host.stdout_lines }}"}`, 'failed'],
    [`{command: echo a, register: own, changed_when: "'{{ own.stdout }}' == 'a'"}`, 'failed'],
    [`{assert: {that: "'{{ host.stdout }}' == '1 == 1'"}}`, 'failed'],
    ['{debug: {msg: x}, when: "{{ item }}", with_items: [number == 5]}', 'failed'],
    ['{assert: {that: "{{ item }}"}, with_items: [number == 5]}', 'failed'],
    ['{debug: {msg: x}, when: "{{ item }}", with_items: [true]}', 'ok'],
    ['{debug: {msg: x}, when: "{{ item.set }}", with_items: [{set: true, name: a}]}', 'ok'],
    ['{debug: {msg: x}, when: "{{ host.rc == 0 }}"}', 'ok'],
    ['{assert: {that: "{{ host.rc == 0 }}"}}', 'ok'],
    [`{debug: {msg: x}, when: "'{{ item }}' == 'a'", loop: [a]}`, 'ok'],
    [`{debug: {msg: x}, when: "'{{ set }}' == 'a5' and {{ number }} == 5"}`, 'ok'],
    [`{debug: {msg: x}, when: "'{{ inventory_hostname }}' in groups['all']"}`, 'ok'],
    ['{debug: {msg: x}, when: "{{ left_out.changed }} == False"}', 'ok'],
    [`{debug: {msg: x}, when: "'more.yml' in '{{ read.ansible_included_var_files | join }}'"}`, 'ok'],
    // Evaluated once more, and no further.
    ['{debug: {msg: x}, when: "{{ circle }}"}', 'failed'],
    ['{assert: {that: "{{ circle }}"}}', 'failed'],
  ];

  it.each([false, true])(
    'is one where the playbook wrote it (allow_broken_conditionals: %s)',
    async (broken) => {
      const folder = workshop({
        hosts: localHosts('h1'),
        'more.yml': 'more: 1\n',
        'site.yml': `
- hosts: h1
  gather_facts: false
  vars: {number: 5, said_yes: number == 5, said_no: number == 6, through_another: "{{ said_yes }}", by_way: "{{ host.stdout }}", rules: [{rule: number == 7}], circle: "{{ '{{ circle }}' }}"}
  tasks:
    - {command: echo 1 == 1, register: host}
    - {set_fact: {kept: "{{ host.stdout_lines }}", kept_text: "{{ host.stdout }}", set: "a{{ number }}"}}
    - {command: "true", register: left_out, when: false}
    - {include_vars: more.yml, register: read}
${BRACES.map(([task], index) => `    - ${task.replace('{', `{name: t${index}, ignore_errors: true, `)}\n`).join('')}`,
      });
      const ran = await runSite(folder, {
        config: settingValues(
          loadConfig({ cwd: folder, env: { ANSIBLE_ALLOW_BROKEN_CONDITIONALS: String(broken) } }),
        ),
      });
      const statuses = new Map(
        ran.events.flatMap((event) =>
          event.type === 'host-result' ? [[event.task.name, event.status] as const] : [],
        ),
      );
      expect(BRACES.map(([task], index) => [task, statuses.get(`t${index}`)])).toEqual(BRACES);
    },
  );

  it('is named when an assert finds it false, and what comes after it is not evaluated', async () => {
    const folder = workshop({
      hosts: localHosts('h1'),
      'site.yml': `
- hosts: h1
  gather_facts: false
  vars: {number: 5, several: [number == 5, number == 6, missing == 1]}
  tasks:
    - {assert: {that: "{{ several }}"}, ignore_errors: true}
    - {assert: {that: several}, ignore_errors: true}
    - {assert: {that: [number == 6, missing == 1]}, ignore_errors: true}
`,
    });
    const ran = await runSite(folder);
    expect(
      ran.events.flatMap((event) => (event.type === 'host-result' ? [event.result.assertion] : [])),
    ).toEqual(['number == 6', 'number == 6', 'number == 6']);
  });
});
