import { expect, test } from 'vitest';
import { localHosts, runSite, workshop } from '../engine/workshop.ts';

/** Runs a play's text on h1 and h2, and gives each task's outcome. */
async function play(text: string) {
  const folder = workshop({ hosts: localHosts('h1', 'h2'), 'site.yml': text });
  const ran = await runSite(folder);
  const results = ran.events.flatMap((event) => (event.type === 'host-result' ? [event] : []));
  return { exitCode: ran.exitCode, results };
}

test('a keyword that gives omit is as if it had not been written: what is around it counts', async () => {
  const { exitCode, results } = await play(`- hosts: h1
  gather_facts: false
  ignore_errors: true
  serial: "{{ nothing | default(omit) }}"
  tasks:
    - fail: {msg: of the play}
      ignore_errors: "{{ omit }}"
    - block:
        - fail: {msg: of the block}
          ignore_errors: "{{ unset | default(omit) }}"
      ignore_errors: "{{ omit }}"
    - debug: {msg: "{{ item }}"}
      no_log: "{{ omit }}"
      timeout: "{{ omit }}"
      port: "{{ omit }}"
      check_mode: "{{ omit }}"
      loop: [x]
      loop_control: {loop_var: "{{ omit }}", index_var: "{{ omit }}", pause: "{{ omit }}"}
`);
  expect(results.map(({ status }) => status)).toEqual(['failed', 'failed', 'ok']);
  expect(exitCode).toBe(0);
});

test('retries, delay, async and poll that give omit are not there', async () => {
  const { results } = await play(`- hosts: h1
  gather_facts: false
  tasks:
    - command: echo one
      async: "{{ omit }}"
      poll: "{{ omit }}"
      retries: "{{ omit }}"
      delay: "{{ omit }}"
      until: true
`);
  expect(results.map(({ result }) => result.stdout)).toEqual(['one']);
});

test('ansible_play_hosts_all names hosts that failed in a play before', async () => {
  const { results } = await play(`- hosts: all
  gather_facts: false
  tasks:
    - fail: {msg: no}
      when: inventory_hostname == 'h2'
- hosts: all
  gather_facts: false
  tasks:
    - debug: {msg: "{{ ansible_play_hosts_all }} {{ ansible_play_hosts }} {{ ansible_play_batch }}"}
`);
  expect(results.at(-1)?.result.msg).toBe("['h1', 'h2'] ['h1'] ['h1']");
});

test('an !unsafe text is a text for a module', async () => {
  const { exitCode, results } = await play(`- hosts: h1
  gather_facts: false
  tasks:
    - command: {argv: [printf, "%s", !unsafe "{{ raw }}"]}
    - shell: !unsafe printf "{{ raw }}"
    - copy: {content: !unsafe "{{ raw }}", dest: "{{ playbook_dir }}/said"}
    - command: cat {{ playbook_dir }}/said
`);
  expect(results.map(({ result }) => result.stdout)).toEqual([
    '{{ raw }}',
    '{{ raw }}',
    undefined,
    '{{ raw }}',
  ]);
  expect(exitCode).toBe(0);
});
