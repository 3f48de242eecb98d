import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { localHosts, runSite, workshop } from '../engine/workshop.ts';
import { errorsOf, indent, load } from '../playbook/fixture.ts';

/** Keywords of each level with a value that they take. Together: every keyword of the language. */
const EVERYWHERE: Readonly<Record<string, string>> = {
  name: 'n',
  tags: '[a]',
  vars: '{v: 1}',
  become: 'yes',
  become_user: 'root',
  become_method: 'sudo',
  become_flags: '"-H"',
  become_exe: '/usr/bin/sudo',
  environment: '{A: b}',
  ignore_errors: '"{{ x }}"',
  ignore_unreachable: 'yes',
  any_errors_fatal: 'no',
  check_mode: 'no',
  diff: 'yes',
  no_log: 'yes',
  run_once: 'yes',
  connection: 'local',
  remote_user: 'me',
  port: '22',
  throttle: '1',
  timeout: '10',
  module_defaults: '{copy: {mode: "0644"}}',
  collections: '[community.general]',
  debugger: 'never',
};
const INSIDE: Readonly<Record<string, string>> = {
  ...EVERYWHERE,
  when: 'x',
  delegate_to: 'other',
  delegate_facts: 'yes',
};
const LEVELS: Readonly<
  Record<string, { keywords: Readonly<Record<string, string>>; around(text: string): string }>
> = {
  play: {
    keywords: {
      ...EVERYWHERE,
      user: 'me',
      gather_facts: 'no',
      gather_subset: '[min]',
      gather_timeout: '5',
      fact_path: '/etc/x',
      vars_files: '[a.yml]',
      vars_prompt: '[{name: a}]',
      roles: '[]',
      pre_tasks: '[]',
      tasks: '[]',
      post_tasks: '[]',
      handlers: '[]',
      serial: '1',
      strategy: 'free',
      order: 'shuffle',
      max_fail_percentage: '20',
      force_handlers: 'yes',
      on_failure: 'continue',
      rollback_scope: 'run',
      rollback: 'required',
    },
    around: (text) => `- hosts: all\n${indent(text, 2)}`,
  },
  block: {
    keywords: { ...INSIDE, notify: 'h', rescue: '[]', always: '[]' },
    around: (text) => `- hosts: all\n  tasks:\n    - block: []\n${indent(text, 6)}`,
  },
  task: {
    keywords: {
      ...INSIDE,
      notify: '[h]',
      args: '{data: x}',
      register: 'r',
      loop: '[1]',
      changed_when: 'x',
      failed_when: '[x, y]',
      until: 'x',
      retries: '3',
      delay: '1.5',
      async: '10',
      poll: '0',
      undo: '{none: nothing to undo}',
      backup: 'no',
      loop_control: '{label: x}',
      with_items: '[1]',
    },
    around: (text) => `- hosts: all\n  tasks:\n    - ping:\n${indent(text, 6)}`,
  },
  handler: {
    keywords: { listen: 'topic', notify: 'other' },
    around: (text) => `- hosts: all\n  handlers:\n    - ping:\n${indent(text, 6)}`,
  },
  'role entry': {
    keywords: INSIDE,
    around: (text) => `- hosts: all\n  roles:\n    - role: r\n${indent(text, 6)}`,
  },
  import_playbook: {
    keywords: { name: 'n', tags: 't', vars: '{v: 1}', when: 'x' },
    around: (text) => `- import_playbook: other.yml\n${indent(text, 2)}`,
  },
};
const AROUND = { 'other.yml': '- hosts: all\n', 'roles/r/tasks/main.yml': '- ping:\n' };

for (const [level, { keywords, around }] of Object.entries(LEVELS)) {
  describe(`keywords of a ${level}`, () => {
    it.each(Object.entries(keywords))('%s: %s', async (keyword, value) => {
      const { plays, warnings } = await load({
        'site.yml': `${around(`${keyword}: ${value}`)}\n`,
        ...AROUND,
      });
      expect([plays.length, warnings]).toEqual([1, []]);
    });
  });

  // Any other key of a role entry is a parameter of the role.
  if (level === 'role entry') continue;
  describe(`misspelt keywords of a ${level}`, () => {
    it.each(Object.keys(keywords).filter((word) => word.length > 3))('%s', async (keyword) => {
      const misspelt = `${keyword}x`;
      const errors = await errorsOf({
        'site.yml': `${around(`${misspelt}: ${keywords[keyword]}`)}\n`,
        ...AROUND,
      });
      expect(errors).toHaveLength(1);
      expect(errors[0]).toContain(`"${misspelt}"`);
      expect(errors[0]).toContain(`did you mean "${keyword}"?`);
    });
  });
}

/** What a keyword of one kind takes and refuses. */
const KINDS: readonly [
  kind: string,
  keyword: string,
  takes: readonly string[],
  refuses: readonly string[],
][] = [
  [
    'yes or no',
    'become',
    ['yes', 'no', 'true', 'off', '"yes"', '1', '"{{ x }}"'],
    ['maybe', '[yes]', '{a: 1}', '7'],
  ],
  ['a number', 'retries', ['3', '"3"', '1.5', '"{{ x }}"'], ['many', '[3]', 'yes']],
  ['a text', 'remote_user', ['me', '17', '"{{ x }}"'], ['[me]', '{a: 1}']],
  ['names', 'notify', ['h', '[h, i]', '"{{ x }}"'], ['{a: 1}', '[{a: 1}]']],
  ['conditions', 'when', ['x == 1', '[a, b]', 'true', '""'], ['{a: 1}']],
  ['variables', 'vars', ['{a: 1}', '[{a: 1}, {b: 2}]', '{}'], ['text', '{a b: 1}', '{1a: 1}', '[1]']],
  ['an environment', 'environment', ['{A: 1}', '[{A: 1}]', '"{{ x }}"'], ['text', '3']],
  ['nothing yet', 'confirm', [], ['5m', '90', '"{{ x }}"']],
];

describe('what a keyword takes', () => {
  const rows = KINDS.flatMap(([kind, keyword, takes, refuses]) => [
    ...takes.map((value) => [kind, keyword, value, 'is taken'] as const),
    ...refuses.map((value) => [kind, keyword, value, 'is refused'] as const),
  ]);
  it.each(rows)('%s: %s: %s %s', async (_kind, keyword, value, outcome) => {
    const errors = await errorsOf({
      'site.yml': `- hosts: all\n  tasks:\n    - ping:\n      ${keyword}: ${value}\n`,
    });
    expect(errors.map((error) => error.split(':')[1])).toEqual(outcome === 'is taken' ? [] : ['4']);
  });
});

test.each([
  ['timeout', 'abc', 'a number'],
  ['timeout', '', 'a number'],
  ['retries', '1.6', 'a whole number'],
  ['delay', 'soon', 'a number'],
  ['async', '', 'a number'],
])('a template that gives %s no number fails the task: "%s"', async (keyword, value, wanted) => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `
- hosts: all
  gather_facts: false
  vars: {given: "${value}"}
  tasks:
    - command: touch {{ playbook_dir }}/ran
      ${keyword}: "{{ given }}"
      ignore_errors: true
      register: answer
    - assert: {that: [answer is failed, answer.msg == expected]}
      vars: {expected: '"${keyword}" must be ${wanted}, not "${value}"'}
`,
  });
  expect((await runSite(folder)).exitCode).toBe(0);
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});

test('module_defaults give parameters that a task must have, and the innermost replaces those around it', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `
- hosts: all
  gather_facts: false
  module_defaults: {copy: {dest: "{{ playbook_dir }}/a", mode: "0600"}}
  tasks:
    - copy: {content: a}
    - block:
        - copy: {content: b, dest: "{{ playbook_dir }}/b"}
      module_defaults: {copy: {force: true}}
`,
  });
  expect((await runSite(folder)).exitCode).toBe(0);
  const modes = ['a', 'b'].map((name) => statSync(join(folder, name)).mode & 0o777);
  expect(modes).toEqual([0o600, 0o644]);
});

test('what is no text in environment is written as Python writes it', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - shell: echo "$A $B $C $D"
      environment: {A: null, B: [1, x], C: {k: yes}, D: 5}
      register: said
    - assert: {that: ["said.stdout == 'None [1, ' ~ quoted ~ '] {' ~ key ~ ': True} 5'"]}
      vars: {quoted: "'x'", key: "'k'"}
`,
  });
  expect((await runSite(folder)).exitCode).toBe(0);
});
