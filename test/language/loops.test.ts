import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localHosts, runSite, workshop } from '../engine/workshop.ts';

/** How a loop is written, and the items that its task sees. */
const TABLE: readonly [written: string, items: readonly unknown[]][] = [
  ['loop: [1, [2, 3]]', [1, [2, 3]]],
  ['loop: "{{ [3, 1] | sort }}"', [1, 3]],
  [
    'loop: "{{ users | dict2items }}"',
    [
      { key: 'ann', value: 1 },
      { key: 'bob', value: 2 },
    ],
  ],
  ['loop: "{{ range(1, 7, 2) | list }}"', [1, 3, 5]],
  ['loop: "{{ query(\'flattened\', [1, [2, [3]]]) }}"', [1, 2, 3]],
  ['loop: []', []],
  ['with_items: [1, [2, [3]]]', [1, 2, [3]]],
  ['with_items: one', ['one']],
  ['with_items: "{{ users }}"', ['ann', 'bob']],
  ['with_list: one', ['one']],
  ['with_list: [1, [2, 3]]', [1, [2, 3]]],
  ['with_flattened: [1, [2, [3]]]', [1, 2, 3]],
  [
    'with_dict: "{{ users }}"',
    [
      { key: 'ann', value: 1 },
      { key: 'bob', value: 2 },
    ],
  ],
  [
    'with_nested: [[a, b], [1, 2]]',
    [
      ['a', 1],
      ['a', 2],
      ['b', 1],
      ['b', 2],
    ],
  ],
  [
    'with_together: [[a, b], [1]]',
    [
      ['a', 1],
      ['b', null],
    ],
  ],
  [
    'with_indexed_items: [a, b]',
    [
      [0, 'a'],
      [1, 'b'],
    ],
  ],
  ['with_sequence: start=2 end=6 stride=2 format=n%02d', ['n02', 'n04', 'n06']],
  ['with_sequence: count=2', ['1', '2']],
  [
    'with_subelements: [[{n: a, l: [1, 2]}, {n: b, l: []}], l]',
    [
      [{ n: 'a' }, 1],
      [{ n: 'a' }, 2],
    ],
  ],
  ['with_file: [x.txt]', ['content of x']],
  ['with_lines: ["echo 1; echo 2"]', ['1', '2']],
  ['with_inventory_hostnames: ["all:!h2"]', ['h1']],
  ['with_random_choice: [only]', ['only']],
];

test('each way of looping sees its items', async () => {
  const tasks = TABLE.map(
    ([written], index) => `    - name: t${index}\n      debug: {msg: x}\n      ${written}\n`,
  );
  const folder = workshop({
    hosts: localHosts('h1', 'h2'),
    'files/x.txt': 'content of x\n',
    'site.yml': `- hosts: h1\n  gather_facts: false\n  vars: {users: {ann: 1, bob: 2}}\n  tasks:\n${tasks.join('')}`,
  });
  const ran = await runSite(folder);
  const names = new Map(
    ran.events.flatMap((event) =>
      event.type === 'task-started' ? [[event.task.id, event.task.name] as const] : [],
    ),
  );
  const seen = TABLE.map(([written], index) => [
    written,
    ran.events.flatMap((event) =>
      event.type === 'item-result' && names.get(event.task) === `t${index}` ? [event.item] : [],
    ),
  ]);
  expect(seen).toEqual(TABLE);
  expect(ran.exitCode).toBe(0);
});

/** loop_control, and what the task then prints for the items a and b. */
const CONTROL: readonly [control: string, message: string, printed: readonly string[]][] = [
  ['{loop_var: thing}', '{{ thing }}', ['a', 'b']],
  ['{index_var: i}', '{{ i }}{{ item }}', ['0a', '1b']],
  [
    '{extended: true}',
    '{{ ansible_loop.index }}/{{ ansible_loop.length }} {{ ansible_loop.last }}',
    ['1/2 False', '2/2 True'],
  ],
  ['{extended: true}', "{{ ansible_loop.nextitem | default('none') }}", ['b', 'none']],
  ['{label: "{{ item | upper }}"}', '{{ ansible_loop_var }}', ['item', 'item']],
  ["{break_when: item == 'a'}", '{{ item }}', ['a']],
  ["{break_when: [item == 'b', told.msg == 'a'], loop_var: item}", '{{ item }}', ['a', 'b']],
  ["{break_when: told.msg == 'a!'}", '{{ item }}!', ['a!']],
];

test.each(CONTROL)('loop_control %s: %s', async (control, message, printed) => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `- hosts: h1\n  gather_facts: false\n  tasks:\n    - debug: {msg: "${message}"}\n      register: told\n      loop: [a, b]\n      loop_control: ${control}\n`,
  });
  const ran = await runSite(folder);
  expect(ran.events.flatMap((event) => (event.type === 'item-result' ? [event.result.msg] : []))).toEqual(
    printed,
  );
});

test('break_when that cannot be judged fails the item and the task; of an include it ends what is included', async () => {
  const ran = await runSite(
    workshop({
      hosts: localHosts('h1'),
      'more.yml': '- debug: {msg: "{{ item }}"}\n',
      'site.yml': `- hosts: h1
  gather_facts: false
  tasks:
    - debug: {msg: "{{ item }}"}
      loop: [1, 2]
      loop_control: {break_when: nothing_of_that_name > item}
      ignore_errors: true
      register: told
    - assert: {that: [told is failed, "'nothing_of_that_name' in told.results[0].msg"]}
    - include_tasks: more.yml
      loop: [3, 4, 5]
      loop_control: {break_when: item > 3}
`,
    }),
  );
  expect(ran.exitCode).toBe(0);
  expect(
    ran.events.flatMap((event) =>
      event.type === 'host-result' && typeof event.result.msg === 'number' ? [event.result.msg] : [],
    ),
  ).toEqual([3, 4]);
});

test('with_first_found passes over names in which something is undefined', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'files/x.txt': 'content of x\n',
    'site.yml': `- hosts: h1
  gather_facts: false
  tasks:
    - debug: {msg: "{{ item | basename }}"}
      with_first_found: ["{{ nope }}.txt", {files: "{{ nope }}", paths: [.]}, {files: ["{{ nope }}"], paths: [.]}, {files: ["{{ nope }}", x.txt]}]
`,
  });
  const ran = await runSite(folder);
  expect(ran.events.flatMap((event) => (event.type === 'item-result' ? [event.result.msg] : []))).toEqual([
    'x.txt',
  ]);
});

test('with_first_found looks where the module of the task keeps its files', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': '- {hosts: h1, gather_facts: false, roles: [r]}\n',
    'roles/r/files/main.yml': 'where: files\n',
    'roles/r/templates/main.yml': 'where: templates\n',
    'roles/r/vars/main.yml': 'where: vars\n',
    'roles/r/tasks/main.yml': `- ansible.builtin.include_vars: "{{ item }}"
  with_first_found: [main.yml]
- debug: {msg: "{{ where }}"}
- debug: {msg: "{{ item | dirname | basename }}"}
  with_first_found: [main.yml]
- debug: {msg: "{{ lookup('first_found', ['main.yml']) | dirname | basename }}"}
- template: {src: "{{ item }}", dest: "{{ playbook_dir }}/made"}
  with_first_found: [main.yml]
- debug: {msg: "{{ lookup('first_found', {'files': 'main.yml', 'paths': 'vars'}) | dirname | basename }}"}
`,
  });
  const ran = await runSite(folder);
  expect(ran.exitCode).toBe(0);
  expect(
    ran.events.flatMap((event) =>
      (event.type === 'host-result' || event.type === 'item-result') &&
      /^(files|templates|vars|tasks)$/.test(String(event.result.msg))
        ? [event.result.msg]
        : [],
    ),
  ).toEqual(['vars', 'files', 'files', 'vars']);
  expect(readFileSync(join(folder, 'made'), 'utf8')).toBe('where: templates\n');
});

test.each(['indexed_items', 'flattened', 'list', 'random_choice'])(
  'with_%s cannot do with a mapping',
  async (form) => {
    const folder = workshop({
      hosts: localHosts('h1'),
      'site.yml': `- hosts: h1
  gather_facts: false
  tasks:
    - debug: {msg: x}
      with_${form}: {a: 1}
      ignore_errors: true
      register: tried
    - debug: {msg: "{{ tried.msg }}"}
`,
    });
    const ran = await runSite(folder);
    expect(
      ran.events.flatMap((event) => (event.type === 'host-result' ? [event.result.msg] : [])).at(-1),
    ).toBe(`with_${form} expects a list`);
  },
);

test.each([
  ['an argument', 'shell: echo {{ known[item] }}'],
  ['a condition', 'command: echo 1\n      when: known[item] == 1'],
])('%s that an item has no value for ends the loop: no item after it is done', async (_what, task) => {
  const ran = await runSite(
    workshop({
      hosts: localHosts('h1'),
      'site.yml': `
- hosts: all
  gather_facts: false
  vars: {known: {a: 1, c: 1}}
  tasks:
    - ${task}
      loop: [a, b, c]
      register: answer
      ignore_errors: true
    - assert: {that: [answer is failed, "'known' in answer.msg", answer.results is undefined]}
`,
    }),
  );
  expect(ran.exitCode).toBe(0);
  expect(ran.events.flatMap((one) => (one.type === 'item-result' ? [one.status] : []))).toEqual([
    'changed',
    'failed',
  ]);
});
