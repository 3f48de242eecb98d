/** What hosts, files and programs say is data: no keyword, parameter or variable that it reaches evaluates it. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localHosts, runSite, workshop } from './workshop.ts';

/** Uses of `text` (braces), `words` (an expression) and `tree` (a mapping with braces in its key and value). */
const USES = [
  'debug: {msg: "{{ text }} {{ tree }}"}',
  'debug: {var: "{{ words }}"}',
  'debug: {msg: x}\n      when: "{{ words }}"',
  'debug: {msg: x}\n      changed_when: "{{ words }}"',
  'debug: {msg: x}\n      failed_when: ["{{ words }}"]',
  'assert: {that: "{{ [words] }}", fail_msg: "{{ text }}"}',
  'assert: {that: "{{ words }}"}',
  'fail: {msg: "{{ text }}"}',
  'command: "{{ text }}"',
  'debug: {msg: "{{ item }}"}\n      loop: "{{ said.stdout_lines }}"\n      loop_control: {label: "{{ item }}"}',
  'debug: {msg: "{{ item }}"}\n      with_items: "{{ text }}"',
  'debug: {msg: "{{ inner }} {{ outer }}"}\n      vars: {inner: "{{ text }}", outer: "{{ inner }}"}',
  'include_tasks: inner.yml\n      vars: {given: "{{ text }}", deep: {list: ["{{ tree }}"]}}',
  'include_role: {name: shows}\n      vars: {given: "{{ text }}", deep: "{{ tree }}"}',
  'set_fact: {again: "{{ text }}", cacheable: true}',
  'debug: {msg: "{{ again }} {{ ansible_facts.again }} {{ vars.text }} {{ hostvars[inventory_hostname].text }}"}',
  "debug: {msg: \"{{ lookup('vars', 'text') }} {{ lookup('pipe', 'cat said') }} {{ lookup('file', 'said') }}\"}",
  'group_by: {key: "{{ text }}"}',
  'add_host: {name: other, groups: made, kept: "{{ text }}", kept_tree: "{{ tree }}", kept_words: "{{ words }}"}',
  'debug: {msg: "{{ hostvars.other.kept }} {{ hostvars.other.kept_tree }}"}',
  'debug: {msg: "{{ kept }} {{ kept_tree }}"}\n      delegate_to: other',
  'command: "true"\n      environment: {A: "{{ text }}"}',
  'command: "true"\n      until: "{{ words }}"\n      retries: 1\n      delay: 0',
];

it('is never evaluated', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'inner.yml': '- debug: {msg: "{{ given }} {{ deep }}"}\n',
    'roles/shows/tasks/main.yml': '- debug: {msg: "{{ given }} {{ deep }}"}\n',
    'site.yml': `
- hosts: h1
  gather_facts: false
  ignore_errors: true
  tasks:
    - {command: "cat {{ playbook_dir }}/said", register: said}
    - {set_fact: {text: "{{ said.stdout_lines[0] }}", words: "{{ said.stdout_lines[1] }}", tree: "{{ said.stdout_lines[2] | from_json }}"}}
${USES.map((use) => `    - ${use}\n`).join('')}
- hosts: made
  gather_facts: false
  ignore_errors: true
  vars: {through: "{{ kept }}"}
  tasks:
    - debug: {msg: "{{ kept }} {{ kept_tree }} {{ through }}"}
    - debug: {msg: x}
      when: "{{ kept_words }}"
    - debug: {msg: x}
      when: kept_words
`,
  });
  const mark = join(folder, 'evaluated');
  const words = `lookup('pipe', 'touch ${mark}')`;
  const braces = `{{ ${words} }}`;
  writeFileSync(join(folder, 'said'), [braces, words, JSON.stringify({ [braces]: braces })].join('\n'));
  const ran = await runSite(folder);
  expect(existsSync(mark)).toBe(false);
  const shown = ran.events.flatMap((event) =>
    event.type === 'host-result' && event.host === 'other' ? [String(event.result.msg)] : [],
  );
  expect(shown[0]).toBe(`${braces} {"${braces}": "${braces}"} ${braces}`);
});

it('does not say how the host is reached', async () => {
  const facts = {
    ansible_connection: 'ssh',
    ansible_host: '192.0.2.1',
    ansible_become_password: 'x',
    ansible_ssh_common_args: '-o ProxyCommand=false',
    ansible_python_interpreter: '/bin/false',
    cutover_known_hosts: '/nowhere',
    ansible_ssh_host_key_rsa_public: 'AAAA',
    ansible_user_id: 'me',
    plain: 'kept',
  };
  const folder = workshop({
    hosts: localHosts('h1'),
    'library/claim.sh': `#!/bin/sh\n# WANT_JSON\nprintf '%s' '${JSON.stringify({ ansible_facts: facts })}'\n`,
    'site.yml': `
- hosts: h1
  gather_facts: false
  tasks:
    - claim: {}
    - command: "true"
    - debug: {msg: "${Object.keys(facts)
      .map((name) => `{{ ${name} | default('-') }}`)
      .join(' ')} {{ ansible_facts.connection }}"}
`,
  });
  const ran = await runSite(folder);
  const last = ran.events.findLast((event) => event.type === 'host-result');
  expect(last?.type === 'host-result' && last.result.msg).toBe('local h1 - - - - AAAA me kept ssh');
  expect(
    ran.events.flatMap((event) => (event.type === 'warning' ? [event.message.split(':')[1]!.trim()] : [])),
  ).toContainEqual(expect.stringContaining('its facts say ansible_connection, ansible_host, ansible_become'));
});
