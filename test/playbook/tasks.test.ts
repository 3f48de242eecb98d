import { describe, expect, it } from 'vitest';
import { flat, load, taskOf, tasksOf } from './fixture.ts';

describe('the module of a task and its parameters', () => {
  const cases: readonly [string, string, Record<string, unknown>][] = [
    ['- copy: {src: a, dest: b}', 'copy', { src: 'a', dest: 'b' }],
    ['- copy: src=a dest="b c"', 'copy', { src: 'a', dest: 'b c' }],
    ['- ansible.builtin.copy: dest=b', 'copy', { dest: 'b' }],
    ['- ansible.legacy.command: uptime', 'command', { cmd: 'uptime' }],
    ['- command: {cmd: uptime}', 'command', { cmd: 'uptime' }],
    [
      '- command: ls creates=/x\n  args: {chdir: /tmp}',
      'command',
      { cmd: 'ls', creates: '/x', chdir: '/tmp' },
    ],
    ['- debug: {msg: 1}\n  args: {msg: 2, verbosity: 1}', 'debug', { msg: 1, verbosity: 1 }],
    ['- action: copy src=a dest=b', 'copy', { src: 'a', dest: 'b' }],
    ['- action: {module: copy, dest: b}', 'copy', { dest: 'b' }],
    ['- action: command echo "x y"', 'command', { cmd: 'echo "x y"' }],
    ['- ping:', 'ping', {}],
    ['- meta: flush_handlers', 'meta', { action: 'flush_handlers' }],
    ['- include_vars: "{{ os }}.yml"', 'include_vars', { file: '{{ os }}.yml' }],
    ['- include_vars: file=a.yml name=b', 'include_vars', { file: 'a.yml', name: 'b' }],
    ['- file: "{{ settings }}"', 'file', { _variable: '{{ settings }}' }],
    [
      '- file: {state: touch}\n  args: "{{ settings }}"',
      'file',
      { _variable: '{{ settings }}', state: 'touch' },
    ],
  ];
  it.each(cases)('%s', async (text, module, args) => {
    expect(await taskOf(text)).toMatchObject({ module, args });
    expect((await taskOf(text)).args).toEqual(args);
  });

  it('keeps the name as it was written', async () => {
    expect(await taskOf('- ansible.builtin.ping:')).toMatchObject({
      module: 'ping',
      writtenModule: 'ansible.builtin.ping',
    });
  });

  it.each([
    '- local_action: command uptime',
    '- local_action: {module: command, cmd: uptime}',
    '- local_action: {module: command uptime}',
    '- local_action:\n    module: command\n      uptime',
  ])('%s', async (text) => {
    expect(await taskOf(text)).toMatchObject({
      module: 'command',
      args: { cmd: 'uptime' },
      delegateTo: { value: 'localhost' },
    });
  });
});

it('takes parameters behind the name of a module and beside it', async () => {
  const task = await taskOf('- action: {module: shell pwd, chdir: /tmp}\n  args: {chdir: /, executable: sh}');
  expect(task).toMatchObject({ module: 'shell', args: { cmd: 'pwd', chdir: '/tmp', executable: 'sh' } });
});

describe('keywords of a task', () => {
  it('reads results, waiting and conditions', async () => {
    const task = await taskOf(`- name: wait
  command: probe
  register: out
  until: [out.rc == 0, "'up' in out.stdout"]
  retries: 5
  delay: "{{ pause }}"
  changed_when: false
  failed_when: [out.rc > 1, out.rc < 0]
  async: 60
  poll: 0
  backup: fetch`);
    expect(task.register).toBe('out');
    expect(task.until?.map((one) => one.value)).toEqual(['out.rc == 0', "'up' in out.stdout"]);
    expect(task.changedWhen?.map((one) => one.value)).toEqual([false]);
    expect(task.failedWhen?.map((one) => one.value)).toEqual(['out.rc > 1', 'out.rc < 0']);
    expect(task).toMatchObject({
      retries: { value: 5 },
      delay: { value: '{{ pause }}' },
      async: { value: 60 },
      poll: { value: 0 },
      backup: { value: 'fetch' },
    });
  });

  it('knows where everything is', async () => {
    const task = await taskOf('- name: x\n  ping:\n  when:\n    - a\n    - b');
    expect(task.position).toMatchObject({ line: 3, column: 7 });
    expect(task.when.map(({ at }) => [at?.line, at?.column])).toEqual([
      [6, 11],
      [7, 11],
    ]);
  });

  it.each([
    ['when: a', ['a']],
    ['when: [a, true]', ['a', true]],
    ['when: false', [false]],
    ['when:', []],
    ['when: ""', []],
  ])('%s', async (text, expected) => {
    expect((await taskOf(`- ping:\n  ${text}`)).when.map((one) => one.value)).toEqual(expected);
  });

  it.each([
    ['tags: [a, b]', ['a', 'b']],
    ['tags: a, b,c', ['a', 'b', 'c']],
    ['tags: ["a,b", c]', ['a', 'b', 'c']],
    ['tags: a', ['a']],
  ])('%s', async (text, expected) => {
    expect((await taskOf(`- ping:\n  ${text}`)).tags).toEqual(expected);
  });

  it('warns about template braces in a condition', async () => {
    const playbook = await load({
      'site.yml': '- hosts: all\n  tasks:\n    - ping:\n      when: "{{ a }}"\n',
    });
    expect(playbook.warnings.join()).toMatch(/site\.yml:4:13: "when" is an expression already/);
    expect(flat(playbook.plays[0]!.tasks)[0]!.when[0]!.value).toBe('{{ a }}');
  });
});

describe('loops', () => {
  it.each([
    ['loop: [1, 2]', 'loop', [1, 2]],
    ['loop: "{{ list }}"', 'loop', '{{ list }}'],
    ['with_items: [1, 2]', 'items', [1, 2]],
    ['with_dict: {a: 1}', 'dict', { a: 1 }],
    ['with_sequence: start=1 end=3', 'sequence', 'start=1 end=3'],
    ['with_community.general.flattened: [a]', 'flattened', ['a']],
    ['with_first_found: [a, b]', 'first_found', ['a', 'b']],
  ])('%s', async (text, kind, value) => {
    const task = await taskOf(`- ping:\n  ${text}`);
    expect(task.loop).toMatchObject({ kind, value, control: { loopVar: 'item', extended: false } });
  });

  it('reads loop_control', async () => {
    const task = await taskOf(`- ping:
  loop: [1]
  loop_control: {loop_var: one, index_var: i, label: "{{ one }}", pause: 2, extended: yes}`);
    expect(task.loop?.control).toMatchObject({
      loopVar: 'one',
      indexVar: 'i',
      label: { value: '{{ one }}' },
      pause: { value: 2 },
      extended: true,
    });
  });
});

describe('blocks', () => {
  it('hands its keywords inwards: lists grow, the innermost scalar wins', async () => {
    const [block] = await tasksOf(`- name: outer
  when: a
  tags: x
  become: yes
  become_user: app
  vars: {v: 1}
  environment: {A: 1}
  ignore_errors: yes
  delegate_to: other
  notify: h1
  block:
    - ping:
      when: b
      tags: [y, x]
      become_user: root
      vars: {w: 2}
      environment: {B: 2}
      ignore_errors: no
      notify: [h2, h3]
  rescue:
    - debug:
  always:
    - ping:`);
    if (block?.kind !== 'block') throw new Error('no block');
    const [task] = flat(block.block);
    expect(task).toMatchObject({
      name: undefined,
      tags: ['x', 'y'],
      become: { become: { value: true }, user: { value: 'root' } },
      vars: [
        { level: 'block vars', values: { v: 1 } },
        { level: 'task vars', values: { w: 2 } },
      ],
      environment: [{ value: { A: 1 } }, { value: { B: 2 } }],
      ignoreErrors: { value: false },
      delegateTo: { value: 'other' },
    });
    expect(task!.when.map((one) => one.value)).toEqual(['a', 'b']);
    expect(task!.notify.map((one) => one.value)).toEqual(['h1', 'h2', 'h3']);
    expect([block.block[0]!.id, block.rescue[0]!.id, block.always[0]!.id]).toEqual([
      '0.tasks.0.block.0',
      '0.tasks.0.rescue.0',
      '0.tasks.0.always.0',
    ]);
  });
});

describe('undo', () => {
  it('is a list of tasks that run as the task did, whatever its conditions', async () => {
    const task = await taskOf(`- command: switch on
  become: yes
  when: wanted
  tags: t
  vars: {v: 1}
  undo:
    - command: switch off
    - block: [{ping: }]`);
    if (task.undo?.kind !== 'tasks') throw new Error('no undo');
    expect(task.undo.tasks[0]).toMatchObject({
      id: '0.tasks.0.undo.0',
      args: { cmd: 'switch off' },
      when: [],
      become: { become: { value: true } },
      vars: [{ values: { v: 1 } }],
    });
    expect(task.undo.tasks[1]).toMatchObject({ kind: 'block' });
  });

  it('can be refused with a reason', async () => {
    expect((await taskOf('- ping:\n  undo: {none: nothing to take back}')).undo).toEqual({
      kind: 'none',
      reason: 'nothing to take back',
    });
  });
});

describe('a mistake in the parameters of a task', () => {
  const wrong = 'copy: {src: a}';
  it.each([
    `- ${wrong}\n  ignore_errors: yes`,
    `- ${wrong}\n  failed_when: no`,
    `- block: [{${wrong}}]\n  ignore_errors: true`,
    `- block: [{${wrong}}]\n  rescue: [{ping: }]`,
  ])('is told and left to the run where a failure is answered for: %s', async (text) => {
    const playbook = await load({ 'site.yml': `- hosts: all\n  tasks:\n${text.replace(/^/gm, '    ')}` });
    expect(playbook.warnings).toEqual([expect.stringMatching(/copy needs "dest"/)]);
  });

  it('is left to the run in a play that ignores errors, but for tasks that say otherwise', async () => {
    const site = (more: string) =>
      load({ 'site.yml': `- hosts: all\n  ignore_errors: yes\n  tasks:\n    - ${wrong}\n${more}` });
    expect((await site('')).warnings).toEqual([expect.stringMatching(/copy needs "dest"/)]);
    await expect(site('      ignore_errors: no')).rejects.toThrow(/copy needs "dest"/);
  });

  it.each([
    `- ${wrong}\n  ignore_errors: no`,
    `- block: [{ping: }]\n  rescue: [{${wrong}}]`,
    `- block: [{${wrong}}]\n  always: [{ping: }]`,
  ])('ends the reading elsewhere: %s', async (text) => {
    const site = `- hosts: all\n  tasks:\n${text.replace(/^/gm, '    ')}`;
    await expect(load({ 'site.yml': site })).rejects.toThrow(/copy needs "dest"/);
  });
});
