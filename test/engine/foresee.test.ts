/** A run that is certain to fail over a missing variable does not begin; one that may succeed does. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localHosts, type RunMore, runSite, workshop } from './workshop.ts';

const FIRST = "    - copy: {content: x, dest: '{{ playbook_dir }}/touched-{{ inventory_hostname }}'}\n";

/** Runs these tasks after one that changes something; gives the refusal, and how the run ended otherwise. */
async function run(
  tasks: string,
  given: RunMore & { files?: Record<string, string>; play?: string; more?: string } = {},
) {
  const { files = {}, play = '', more = '', ...options } = given;
  const folder = workshop({
    hosts: localHosts('h1', 'h2'),
    'site.yml': `- hosts: all\n  gather_facts: false\n${play}  tasks:\n${FIRST}${tasks.replace(/^(?=.)/gm, '    ')}\n${more}`,
    ...files,
  });
  const refused = await runSite(folder, options).then(
    ({ status }) => status,
    (error: Error) => error.message.replaceAll(`${folder}/`, ''),
  );
  return { refused, touched: existsSync(join(folder, 'touched-h1')) };
}

describe('is refused before anything is touched', () => {
  it.each([
    [
      'a module that is not built in',
      '- community.general.redis: {command: flush}',
      {},
      /site\.yml:\d+:\d+: the module "community.general.redis" is not built into Cutover/,
    ],
    [
      'a parameter that its module has lost',
      '- shell: {cmd: echo, warn: false}',
      {},
      /site\.yml:\d+:\d+: shell has no parameter "warn" any more/,
    ],
    [
      'a value that its parameter has lost',
      '- apt: {name: tree, state: installed}',
      {},
      /site\.yml:\d+:\d+: apt has no "state: installed" any more; write state: present/,
    ],
    [
      'a regular expression that is none',
      "- replace: {path: f, regexp: '(*.x)'}",
      {},
      /site\.yml:\d+:\d+: replace: regexp "\(\*\.x\)" is no usable regular expression: nothing to repeat/,
    ],
    [
      'one that works in Python only, wherever it stands',
      "- replace: {path: f, regexp: 'x++'}\n  when: false",
      {},
      /possessive repetition is not supported/,
    ],
    [
      'a name in an argument',
      '- command: "echo {{ colr }}"',
      { play: '  vars: {color: red}\n' },
      /site\.yml:\d+:\d+: 'colr' is undefined \(did you mean "color"\?\)/,
    ],
    [
      'a key of a mapping',
      '- command: "echo {{ my.sise }}"',
      { play: '  vars: {my: {size: 1}}\n' },
      /'dict object' has no attribute 'sise' in "my"/,
    ],
    [
      'behind another variable',
      '- command: "echo {{ a }}"',
      { play: "  vars: {a: '{{ b }}', b: '{{ c }}'}\n" },
      /'c' is undefined/,
    ],
    ['a condition', '- command: echo\n  when: nowhere == 1', {}, /'nowhere' is undefined/],
    [
      'a filter that there is not',
      '- debug: msg="{{ 1 | uper }}"',
      {},
      /site\.yml:\d+:\d+: there is no filter "uper" \(did you mean "upper"\?\)/,
    ],
    [
      'a test that there is not, which assert would ask',
      '- assert: {that: [1 == 1, inventory_hostname is local.colors.blue]}',
      {},
      /site\.yml:\d+:\d+: there is no test "local\.colors\.blue"/,
    ],
    [
      'a filter in changed_when',
      '- {command: echo, register: r, changed_when: r.stdout | nosuch}',
      {},
      /site\.yml:\d+:\d+: there is no filter "nosuch"/,
    ],
    [
      'the syntax of failed_when',
      '- {command: echo, register: r, failed_when: r.rc ==}',
      {},
      /site\.yml:\d+:\d+: /,
    ],
    ['a test in until', '- {command: echo, register: r, until: r is nosuch}', {}, /no test "nosuch"/],
    [
      'a filter of a collection that is not here',
      '- command: "echo {{ 1 | local.colors.paint }}"',
      {},
      /site\.yml:\d+:\d+: there is no filter "local\.colors\.paint"/,
    ],
    ['a mistake in the syntax', '- command: "echo {{ 1 + }}"', {}, /site\.yml:\d+:\d+: /],
    [
      'a condition that gives no boolean',
      '- command: echo\n  when: x1',
      { play: '  vars: {x1: some words}\n' },
      /site\.yml:\d+:\d+: the condition "x1" gives the text "some words", not a boolean/,
    ],
    [
      'a condition that gives no boolean, of a task that only speaks',
      '- debug: {msg: x}\n  when: x1 | length',
      { play: '  vars: {x1: some words}\n' },
      /site\.yml:\d+:\d+: the condition "x1 \| length" gives the number 10, not a boolean/,
    ],
    [
      'behind a condition that holds',
      '- command: "echo {{ x1 }}"\n  when: inventory_hostname == "h1"',
      {},
      /'x1'/,
    ],
    ['a loop', '- command: "echo {{ item }}"\n  loop: "{{ many }}"', {}, /'many' is undefined/],
    ['inside a loop', '- command: "echo {{ item }} {{ y1 }}"\n  loop: [1, 2]', {}, /'y1' is undefined/],
    [
      'a template file',
      '- template: {src: t.j2, dest: /nowhere}',
      { files: { 't.j2': 'a\n{{ z1 }}\n' } },
      /t\.j2:2:\d+: 'z1'/,
    ],
    [
      'a later play',
      '- command: echo\n',
      { more: '- {hosts: h2, gather_facts: false, tasks: [{command: "echo {{ w1 }}"}]}\n' },
      /'w1'/,
    ],
  ] as const)('%s', async (_, tasks, given, message) => {
    const ended = await run(tasks, given);
    expect(ended.refused).toMatch(message);
    expect(ended.touched).toBe(false);
  });

  it('with every such mistake at once', async () => {
    const { refused } = await run('- command: "echo {{ m1 }}"\n- command: "echo {{ m2 }}"');
    expect(refused.split('\n')).toHaveLength(2);
  });
});

describe('is left to the run', () => {
  it.each([
    [
      'a module that is not built in, behind a condition',
      '- community.general.redis: {name: x}\n  when: inventory_hostname == "x"',
    ],
    [
      'a parameter that its module has lost, where nobody comes',
      '- command: echo\n  args: {warn: no}\n  when: false',
    ],
    ['a filter of old, where nobody comes', '- command: echo\n  when: [false, "r | success"]'],
    ['a mistake in the syntax where nobody comes', '- command: "echo {{ 1 + }}"\n  when: false'],
    ['a result', '- command: echo\n  register: r\n- command: "echo {{ r.rc }}"'],
    ['a fact', '- setup:\n- command: "echo {{ ansible_system }} {{ ansible_facts.system }}"'],
    [
      "a fact whose name is the module's own",
      '- deploy_helper: {path: "{{ playbook_dir }}/site", state: query}\n- command: "echo {{ deploy_helper.new_release_path }}"',
    ],
    ['set_fact', '- set_fact: {s: 1}\n- command: "echo {{ s }}"'],
    ['a condition that does not hold', '- command: "echo {{ no1 }}"\n  when: inventory_hostname == "x"'],
    [
      'a condition nobody knows',
      '- command: echo\n  register: r\n- command: "echo {{ no1 }}"\n  when: r.rc == 5',
    ],
    ['what may not be there', '- command: "echo {{ no1 }}"\n  when: ansible_no_such_fact is defined'],
    ['what may be there', '- setup:\n- command: "echo {{ no1 }}"\n  when: ansible_system is undefined'],
    [
      'a regular expression that is none, behind a condition that does not hold',
      "- command: echo\n  register: r\n- replace: {path: f, regexp: '(*.x)'}\n  when: r.rc == 5",
    ],
    ['a loop over nothing', '- command: "echo {{ no1 }}"\n  loop: []'],
    [
      'a loop that a condition keeps away',
      '- command: "echo {{ item }}"\n  loop: "{{ no1 }}"\n  when: no1 is defined',
    ],
    ['a rescue', '- block: [{command: "echo {{ no1 }}"}]\n  rescue: [{command: echo}]'],
    ['ignore_errors', '- command: "echo {{ no1 }}"\n  ignore_errors: true'],
    ['a default', '- command: "echo {{ no1 | default(1) }}"'],
    ['the other branch', '- command: "echo {{ 1 if true else no1 }}"'],
    ['after the end of the play', '- meta: end_play\n- command: "echo {{ no1 }}"'],
    ['another host', '- command: "echo {{ hostvars.h2.later }}"\n  when: false'],
    ['tags that are not chosen', '- command: "echo {{ no1 }}"\n  tags: [never, other]'],
  ])('%s', async (_, tasks) => {
    expect(await run(tasks)).toEqual({ refused: 'ok', touched: true });
  });

  it('what the playbook has words of its own for', async () => {
    const ended = await run('- assert: {that: no1 is defined, msg: give no1}\n- command: "echo {{ no1 }}"');
    expect(ended).toEqual({ refused: 'failed', touched: true });
  });

  it('what stands behind a fail that is certain', async () => {
    const tasks = '- fail: {msg: give no1}\n  when: no2 is not defined\n- command: "echo {{ d.no1 }}"';
    const more = '- {hosts: all, gather_facts: false, tasks: [{command: "echo {{ d.no3 }}"}]}\n';
    const play = '  vars: {d: {}}\n';
    expect(await run(tasks, { play, more })).toEqual({ refused: 'failed', touched: true });
    const elsewhere = tasks.replace('no2', 'inventory_hostname == "h2" and no2');
    expect((await run(elsewhere, { play })).refused).toMatch(/has no attribute 'no1'/);
  });
});
