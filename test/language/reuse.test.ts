import { describe, expect, it } from 'vitest';
import type { Task } from '../../src/playbook/index.ts';
import { localHosts, runSite, workshop } from '../engine/workshop.ts';
import { flat, load } from '../playbook/fixture.ts';

const FILES = {
  'more.yml': '- name: in file\n  ping:\n',
  'roles/r/tasks/main.yml': '- name: in role\n  ping:\n',
  'roles/r/tasks/other.yml': '- name: in other\n  ping:\n',
  'roles/deep/tasks/main.yml': '- import_tasks: sub/a.yml\n',
  'roles/deep/tasks/sub/a.yml': '- import_tasks: b.yml\n- include: steps/c.yml\n',
  'roles/deep/tasks/sub/b.yml': '- name: beside the importing file\n  ping:\n',
  'roles/deep/tasks/b.yml': '- name: in the role\n  ping:\n',
  'steps/c.yml': '- name: beside the playbook\n  ping:\n',
};

/** A form of reuse with its keywords, whether it is read before the run, and what its tasks take over. */
const FORMS: readonly [form: string, read: 'before' | 'during', inner?: Record<string, unknown>][] = [
  [
    '{import_tasks: more.yml, when: w, tags: t, become: yes}',
    'before',
    { when: ['w'], tags: ['t'], become: true },
  ],
  ['{import_tasks: {file: more.yml}, when: w}', 'before', { when: ['w'], tags: [], become: undefined }],
  ['{import_tasks: "{{ known }}.yml"}', 'before', { when: [], tags: [], become: undefined }],
  [
    '{import_role: {name: r}, when: w, tags: t, become: yes}',
    'before',
    { when: ['w'], tags: ['t'], become: true },
  ],
  ['{import_role: {name: r, tasks_from: other.yml}}', 'before', { when: [], tags: [], become: undefined }],
  [
    '{include: more.yml, when: w, tags: t, become: yes}',
    'before',
    { when: ['w'], tags: ['t'], become: true },
  ],
  ['{include: "{{ known }}.yml", when: w}', 'during'],
  ['{include: more.yml, loop: [1]}', 'during'],
  ['{include_tasks: more.yml, when: w, tags: t}', 'during'],
  ['{include_tasks: "{{ unknown }}.yml"}', 'during'],
  ['{include_role: {name: r}, when: w, tags: t}', 'during'],
  ['{include_role: {name: "{{ unknown }}"}, loop: [1]}', 'during'],
];

describe('forms of reuse', () => {
  it.each(FORMS)('%s is read %s the run', async (form, read, inner) => {
    const { plays } = await load({
      'site.yml': `- hosts: all\n  vars: {known: more}\n  tasks: [${form}]\n`,
      ...FILES,
    });
    const [node] = flat(plays[0]!.tasks);
    expect(node!.kind).toBe(read === 'before' ? 'task' : 'include');
    if (!inner) return;
    const task = node as Task;
    expect({
      when: task.when.map((one) => one.value),
      tags: task.tags,
      become: task.become.become?.value,
    }).toEqual(inner);
  });
});

/** Where variables are given to reused tasks, and the layer of precedence that they land in (measured with ansible-core 2.14 against set_fact). */
const VARIABLES: readonly [form: string, layer: string][] = [
  ['tasks: [{import_tasks: more.yml, vars: {v: 1}}]', 'task vars'],
  // The rest of the play sees it as one of the role's own variables.
  ['tasks: [{import_role: {name: r}, vars: {v: 1}}]', 'task vars, role vars'],
  ['tasks: [{include: more.yml, vars: {v: 1}}]', 'include params'],
  ['tasks: [{include: more.yml v=1}]', 'include params'],
  ['tasks: [{include_tasks: more.yml, vars: {v: 1}}]', 'include params'],
  ['tasks: [{vars: {v: 1}, block: [{import_tasks: more.yml}]}]', 'block vars'],
  ['roles: [{role: r, v: 1}]', 'role params'],
  ['roles: [{role: r, vars: {v: 1}}]', 'role vars'],
];

describe('variables given to reused tasks', () => {
  it.each(VARIABLES)('%s: %s', async (form, layer) => {
    const { plays } = await load({ 'site.yml': `- hosts: all\n  ${form}\n`, ...FILES });
    const [node] = flat([...plays[0]!.roleTasks, ...plays[0]!.tasks]);
    const { role, vars } = node!;
    const layers = [...vars, ...(role ? [role.defaults, role.vars, role.params] : [])];
    expect(
      layers
        .filter((one) => 'v' in one.values)
        .map((one) => one.level)
        .join(', '),
    ).toBe(layer);
  });
});

describe('where names of files start', () => {
  it('beside the importing file, and with the old include beside the playbook too, even from inside a role', async () => {
    const { plays } = await load({ 'site.yml': '- hosts: all\n  roles: [deep]\n', ...FILES });
    expect(flat(plays[0]!.roleTasks).map((node) => node.name?.value)).toEqual([
      'beside the importing file',
      'beside the playbook',
    ]);
  });
});

describe('static names', () => {
  it.each([
    ['play vars', 'vars: {n: more}'],
    ['vars_files', 'vars_files: [names.yml]'],
  ])('can come from %s', async (_from, text) => {
    const { plays } = await load({
      'site.yml': `- hosts: all\n  ${text}\n  tasks: [{import_tasks: "{{ n }}.yml"}]\n`,
      'names.yml': 'n: more\n',
      ...FILES,
    });
    expect(flat(plays[0]!.tasks)).toHaveLength(1);
  });

  it('can come from the defaults and parameters of the role that they are in', async () => {
    const { plays } = await load({
      'site.yml': '- hosts: all\n  roles: [{role: by_name, b: other}]\n',
      'roles/by_name/defaults/main.yml': 'a: one\n',
      'roles/by_name/tasks/main.yml':
        '- import_tasks: "{{ a }}.yml"\n- import_role: {name: r, tasks_from: "{{ b }}"}\n',
      'roles/by_name/tasks/one.yml': '- name: one\n  ping:\n',
      ...FILES,
    });
    expect(flat(plays[0]!.roleTasks).map((node) => node.name?.value)).toEqual(['one', 'in other']);
  });
});

describe('an include whose name cannot be told', () => {
  it('is a failure that ignore_errors passes over and register keeps; a file that is not there is none', async () => {
    const run = async (name: string) => {
      const folder = workshop({
        hosts: localHosts('h1'),
        'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - include_tasks: "${name}.yml"
      ignore_errors: true
      register: kept
    - assert: {that: [kept is failed, "'elsewhere' in kept.msg"]}
`,
      });
      return (await runSite(folder)).exitCode;
    };
    expect([await run("{{ hostvars['h1'].elsewhere }}"), await run('gone')]).toEqual([0, 2]);
  });
});

describe('import_role within an included role', () => {
  it('shows the variables of the imported role to the rest of the play', async () => {
    const folder = workshop({
      hosts: localHosts('h1'),
      'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - include_role: {name: outer}
    - assert: {that: [inner_default == 1, outer_default is undefined]}
`,
      'roles/outer/defaults/main.yml': 'outer_default: 1',
      'roles/outer/tasks/main.yml': '- import_role: {name: inner}\n- assert: {that: inner_default == 1}',
      'roles/inner/defaults/main.yml': 'inner_default: 1',
      'roles/inner/tasks/main.yml': '- ping:',
    });
    expect((await runSite(folder)).exitCode).toBe(0);
  });
});

it('counts an included file that brings tasks, and no empty one', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'empty.yml': '---\n# nothing yet\n',
    'more.yml': '- ping:\n',
    'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - include_tasks: "{{ item }}.yml"
      loop: [empty, more]
`,
  });
  expect((await runSite(folder)).stats.h1).toMatchObject({ ok: 2 });
});
