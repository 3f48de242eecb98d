import { describe, expect, it } from 'vitest';
import { errorsOf, indent, load } from './fixture.ts';

/** What is written under `tasks:`, and the one error that it must give (its line and column within the list). */
const TASKS: readonly [string, RegExp][] = [
  ['- debgu: msg=1', /^1:3 "debgu" is neither a module.* nor a keyword.*did you mean "debug"/],
  ['- ansible.builtin.coppy: {}', /^1:3 .*"ansible\.builtin\.coppy".*did you mean "copy"/],
  ['- debug: msg=1\n  whne: x', /^2:3 "whne" is not a keyword of a task \(did you mean "when"\?\)/],
  ['- debug: msg=1\n  with_itmes: [1]', /^2:3 "with_itmes" is not a known loop \(did you mean "with_items"/],
  ['- debug:\n  copy: dest=b', /^2:3 two modules in one task: debug and copy/],
  ['- name: nothing', /^1:3 this task has no module/],
  ['- just text', /^1:3 a task must be a mapping, not a text/],
  ['-', /^1:2 a task must be a mapping, not nothing/],
  ['- action: nosuch x=1', /^1:11 the module "nosuch" is not known/],
  ['- action: {src: a}', /^1:11 "action" names no module/],
  ['- service: foo', /^1:12 "service" takes parameters, not the text "foo"/],
  ['- debug: [a]', /^1:10 the parameters of "debug" must be a mapping or a text, not a list/],
  ['- debug:\n  args: 3', /^2:9 "args" must be a mapping, not a number/],
  ['- copy: src=a', /^1:9 copy needs "dest"/],
  ['- debug:\n  become: maybe', /^2:11 "become" must be yes or no, not "maybe"/],
  ['- debug:\n  retries: many', /^2:12 "retries" must be a number, not "many"/],
  ['- debug:\n  when: {a: 1}', /^2:9 "when" must be an expression.*not a mapping/],
  ['- debug:\n  tags: {a: 1}', /^2:9 "tags" must be a name or a list of names/],
  ['- debug:\n  vars: [1]', /^2:10 "vars" must be a mapping of variables, not a number/],
  ['- debug:\n  vars: {a-b: 1}', /^2:10 "a-b" cannot be the name of a variable/],
  ['- debug:\n  vars: {on: 1}', /^2:10 yes or no cannot be the name of a variable/],
  ['- debug:\n  no: 1', /^2:3 "false" is not a keyword of a task/],
  ['- debug:\n  register: a.b', /^2:13 "a\.b" cannot be the name of a variable/],
  ['- debug:\n  register: "{{ x }}"', /^2:13 "register" needs a name, not a template/],
  ['- debug:\n  environment: PATH', /^2:16 "environment" must be a mapping/],
  ['- debug:\n  environment: [{A: b}, 1]', /^2:16 "environment" must be a mapping/],
  ['- debug:\n  module_defaults: {group/awx: {}}', /^2:21 there is no group of modules "awx" .*"aws"/],
  [
    '- debug:\n  module_defaults: {cpoy: {mode: "0600"}}',
    /^2:21 the module "cpoy" in module_defaults .*"copy"/,
  ],
  ['- debug:\n  confirm: 5m', /^2:3 "confirm" is not built yet/],
  ['- debug:\n  backup: perhaps', /^2:11 "backup" must be yes, no or fetch/],
  ['- debug:\n  loop: 3', /^2:9 "loop" must be a list, not a number/],
  ['- debug:\n  loop: [1]\n  with_items: [2]', /^3:3 two loops in one task: loop and with_items/],
  [
    '- debug:\n  loop: [1]\n  loop_control: {lable: x}',
    /^3:18 "lable" is not a keyword of loop_control.*label/,
  ],
  ['- debug:\n  loop: [1]\n  loop_control: {loop_var: 1x}', /^3:28 "1x" cannot be the name/],
  ['- debug:\n  first_available_file: [a]', /^2:3 .*\(write "with_first_found"\)/],
  ['- debug:\n  undo: none', /^2:9 "undo: none" needs a reason/],
  ['- debug:\n  undo: later', /^2:9 "undo" must be a list of tasks/],
  ['- debug:\n  undo:\n    - dbug:', /^3:7 "dbug" is neither/],
  ['- block: [{debug: }]\n  retries: 3', /^2:3 "retries" is not a keyword of a block/],
  ['- block: [{debug: }]\n  debug:', /^2:3 a block and the module "debug" in one item/],
  ['- block: {debug: }', /^1:10 "block" must be a list of tasks, not a mapping/],
  ['- rescue: [{debug: }]', /^1:3 "rescue" and "always" need a "block"/],
  ['- import_playbook: x.yml', /^1:20 import_playbook stands beside plays/],
  ['- import_tasks: nope.yml', /^1:17 the task file "nope\.yml" was not found \(looked for .*nope\.yml/],
  [
    '- import_tasks: "{{ host }}.yml"',
    /^1:17 import_tasks is read before the run.*not known.*use include_tasks/,
  ],
  ['- import_tasks: empty.yml\n  loop: [1]', /^2:3 import_tasks cannot have a loop \(use include_tasks\)/],
  [
    '- import_tasks: {fil: empty.yml, file: empty.yml}',
    /^1:18 "fil" is not a parameter of import_tasks.*file/,
  ],
  [
    '- include_tasks: a.yml\n  become: yes',
    /^2:3 "become" is not a keyword of include_tasks \(write it under "apply"/,
  ],
  ['- include_tasks:\n    file: a.yml\n    apply: {whn: x}', /^3:13 "whn" is not a keyword of "apply".*when/],
  ['- include_tasks:', /^1:17 include_tasks needs the name of a file/],
  ['- include_role: {name: r, vars_from: [a]}', /^1:38 "vars_from" must be the name of a file, not a list/],
  ['- import_role: {name: r, tasks_from: }', /"tasks_from" must be the name of a file, not nothing/],
  ['- include_role: {name: r, public: maybe}', /^1:35 "public" must be yes or no, not "maybe"/],
  ['- include_role: {tasks_from: x}', /^1:17 include_role needs "name"/],
  ['- import_role: {name: nosuch}', /^1:23 the role "nosuch" was not found \(looked for .*roles\/nosuch/],
  [
    '- import_role: {name: r, tasks_from: ../../../site}',
    /has no tasks file "..\/..\/..\/site".*must be in tasks of the role/,
  ],
  ['- import_role: {name: r, tasks_from: gone}', /^1:23 the role "r" has no tasks file "gone"/],
];

/** What is written in a play, and its one error. */
const PLAYS: readonly [string, RegExp][] = [
  ['- tasks: []', /^1:3 this play has no "hosts"/],
  ['- hosts: []', /^1:10 "hosts" is empty/],
  ['- hosts: {a: 1}', /^1:10 "hosts" must be a pattern/],
  ['- hosts: all\n  taks: []', /^2:3 "taks" is not a keyword of a play \(did you mean "tasks"\?\)/],
  ['- hosts: all\n  sudo: yes', /^2:3 "sudo" is not a keyword of a play \(write "become"\)/],
  ['- hosts: all\n  debug: msg=1', /^2:3 "debug" belongs to a task, not to a play/],
  ['- hosts: all\n  when: x', /^2:3 "when" belongs to a task/],
  ['- hosts: all\n  rollout: {canary: 1}', /^2:3 "rollout" is not built yet/],
  ['- hosts: all\n  window: night', /^2:3 "window" is not built yet/],
  ['- hosts: all\n  tasks: {debug: }', /^2:10 "tasks" must be a list of tasks, not a mapping/],
  ['- hosts: all\n  roles: {role: r}', /^2:10 "roles" must be a list, not a mapping/],
  ['- hosts: all\n  roles: [{tags: x}]', /^2:11 this entry names no role/],
  ['- hosts: all\n  roles: [nosuch]', /^2:11 the role "nosuch" was not found/],
  ['- hosts: all\n  strategy: liner', /^2:13 "strategy" cannot be "liner" \(did you mean "linear"/],
  ['- hosts: all\n  order: random', /^2:10 "order" cannot be "random"/],
  ['- hosts: all\n  on_failure: rolback', /^2:15 "on_failure" cannot be "rolback" \(did you mean "rollback"/],
  [
    '- hosts: all\n  rollback_scope: "{{ scope }}"',
    /^2:19 "rollback_scope" cannot be a template.*\n?.*host, batch, run/,
  ],
  ['- hosts: all\n  vars_files: [{a: 1}]', /^2:16 an entry of "vars_files" must be a file name/],
  ['- hosts: all\n  vars_prompt: [{promt: x}]', /^2:17 an entry of "vars_prompt" needs a "name"/],
  [
    '- hosts: all\n  vars_prompt: [{name: a, privat: no}]',
    /^2:27 "privat" is not a keyword of vars_prompt.*private/,
  ],
  ['- hosts: all\n  handlers: [{nmae: x, debug: }]', /^2:15 "nmae" is not a keyword of a task.*name/],
  ['- just text', /^1:3 a play must be a mapping/],
  ['hosts: all', /^1:1 a playbook must be a list of plays, not a mapping/],
  ['- import_playbook: gone.yml', /^1:20 the playbook "gone\.yml" was not found/],
  ['- import_playbook: empty.yml\n  serial: 1', /^2:3 "serial" is not a keyword of import_playbook/],
  ['- import_playbook: site.yml', /^1:20 this import never ends/],
  ['- hosts: all\n  hosts: x', /^2:3 YAML: the same key is written twice/],
];

const AROUND = { 'empty.yml': '# nothing\n', 'roles/r/tasks/main.yml': '- ping:\n' };

describe('one mistake among tasks is one error at its place', () => {
  it.each(TASKS)('%s', async (tasks, expected) => {
    const errors = await errorsOf({ 'site.yml': `- hosts: all\n  tasks:\n${indent(tasks, 4)}\n`, ...AROUND });
    expect(errors.map((error) => within(error, 2, 4))).toEqual([expect.stringMatching(expected)]);
  });
});

describe('one mistake in a play is one error at its place', () => {
  it.each(PLAYS)('%s', async (text, expected) => {
    const errors = await errorsOf({ 'site.yml': `${text}\n`, ...AROUND });
    expect(errors.map((error) => within(error, 0, 0))).toEqual([expect.stringMatching(expected)]);
  });
});

/** A text that cannot be rendered, at its place: much of what is written is never reached, so it is told, and an error where it is. */
const BROKEN: readonly [string, string][] = [
  ['- debug: msg="{{ BROKEN }}"', '1:10'],
  ['- debug:\n    msg:\n      - ok\n      - "{{ BROKEN }}"', '4:9'],
  ['- name: "{{ BROKEN }}"\n  debug:', '1:9'],
  ['- debug:\n  when: [a, BROKEN]', '2:13'],
  ['- debug:\n  until: BROKEN', '2:10'],
  ['- debug:\n  vars: {a: {b: "{{ BROKEN }}"}}', '2:17'],
  ['- debug:\n  with_items: ["{{ BROKEN }}"]', '2:16'],
];

describe('a broken template is told at its place', () => {
  it.each(BROKEN)('%s', async (tasks, place) => {
    const { warnings } = await load({ 'site.yml': `- hosts: all\n  tasks:\n${indent(tasks, 4)}\n` });
    const told = warnings.map((warning) => within(warning.replace(/^.*\/site\.yml/, 'site.yml'), 2, 4));
    expect(told).toEqual([`${place} a run that comes to this place fails there: broken`]);
  });
});

/** `line:column message`, counted from where the text of the case begins. */
function within(error: string, lines: number, columns: number): string {
  return error.replace(
    /^site\.yml:(\d+):(\d+): /,
    (_, line, column) => `${line - lines}:${column - columns} `,
  );
}

describe('all mistakes of all static files', () => {
  it('come together, by file and line', async () => {
    const errors = await errorsOf({
      'site.yml':
        '- hosts: all\n  roles: [r]\n  tasks:\n    - import_tasks: b.yml\n    - dbug:\n  taks: []\n',
      'b.yml': '- ping:\n- pong:\n',
      'roles/r/tasks/main.yml': '- pingg:\n',
      'roles/r/handlers/main.yml': '- name: h\n  coppy: dest=a\n',
    });
    expect(errors.map((error) => error.split(' ')[0])).toEqual([
      'b.yml:2:3:',
      'roles/r/handlers/main.yml:2:3:',
      'roles/r/tasks/main.yml:1:3:',
      'site.yml:5:7:',
      'site.yml:6:3:',
    ]);
  });

  it('count once when a file is imported twice', async () => {
    const errors = await errorsOf({
      'site.yml': '- hosts: all\n  tasks:\n    - import_tasks: b.yml\n    - import_tasks: b.yml\n',
      'b.yml': '- pong:\n',
    });
    expect(errors).toHaveLength(1);
  });

  it('name the chain of an import that never ends', async () => {
    const errors = await errorsOf({
      'site.yml': '- hosts: all\n  tasks:\n    - import_tasks: a.yml\n',
      'a.yml': '- import_tasks: b.yml\n',
      'b.yml': '- import_tasks: a.yml\n',
    });
    expect(errors.join()).toMatch(/^b\.yml:1:17: this import never ends: a\.yml -> b\.yml -> a\.yml/);
  });

  it('name roles that depend on each other', async () => {
    const errors = await errorsOf({
      'site.yml': '- hosts: all\n  roles: [a]\n',
      'roles/a/meta/main.yml': 'dependencies: [b]\n',
      'roles/b/meta/main.yml': 'dependencies: [{role: a}]\n',
    });
    expect(errors.join()).toMatch(
      /roles\/b\/meta\/main\.yml:1:16: these roles depend on each other: a -> b -> a/,
    );
  });

  it('say that a playbook is not there', async () => {
    expect((await errorsOf({ 'other.yml': '' })).join()).toMatch(/the playbook ".*site\.yml" was not found/);
  });
});
