import { describe, expect, it } from 'vitest';
import { localHosts, runSite, workshop } from '../engine/workshop.ts';

/**
 * The 22 levels of Ansible's documentation, weakest first. The first one (flags such as -u) sets no variables. Every level below sets
 * `ansible_v` to its own name; the levels are peeled off from the top, one by one, and the next one must win.
 */
const LEVELS = [
  'role defaults',
  'inventory file group vars',
  'inventory group_vars/all',
  'playbook group_vars/all',
  'inventory group_vars/*',
  'playbook group_vars/*',
  'inventory file host vars',
  'inventory host_vars/*',
  'playbook host_vars/*',
  'host facts',
  'play vars',
  'play vars_prompt',
  'play vars_files',
  'role vars',
  'block vars',
  'task vars',
  'include_vars',
  'set_facts',
  'role params',
  'include params',
  'extra vars',
] as const;

type Level = (typeof LEVELS)[number];

describe('variable precedence, peeled off level by level', () => {
  it.each(LEVELS.map((level, index) => [level, index] as const))(
    '%s wins over all below',
    async (level, top) => {
      const set = new Set<Level>(LEVELS.slice(0, top + 1));
      const folder = project(set);
      const ran = await runSite(folder, {
        inventory: [`${folder}/inventory/hosts`],
        extraVars: set.has('extra vars') ? [{ ansible_v: 'extra vars' }] : [],
      });
      const shown = ran.events.flatMap((event) =>
        event.type === 'host-result' && event.task.name.endsWith('show') ? [event.result.msg] : [],
      );
      expect(shown).toEqual([level]);
      expect(ran.exitCode).toBe(0);
    },
  );
});

/** A project that sets the variable on the wanted levels, and shows it from an included file of a role. */
function project(set: ReadonlySet<Level>): string {
  const value = (level: Level) => (set.has(level) ? `ansible_v: ${level}\n` : 'ansible_other: 1\n');
  const when = (level: Level, text: string) => (set.has(level) ? text : '');
  const [plain] = localHosts('h1').trimEnd().split('\n');
  return workshop({
    'inventory/hosts': `[g]\n${plain}${when('inventory file host vars', " ansible_v='inventory file host vars'")}\n${when('inventory file group vars', '[g:vars]\nansible_v=inventory file group vars\n')}`,
    'inventory/group_vars/all.yml': value('inventory group_vars/all'),
    'inventory/group_vars/g.yml': value('inventory group_vars/*'),
    'inventory/host_vars/h1.yml': value('inventory host_vars/*'),
    'group_vars/all.yml': value('playbook group_vars/all'),
    'group_vars/g.yml': value('playbook group_vars/*'),
    'host_vars/h1.yml': value('playbook host_vars/*'),
    'roles/r/defaults/main.yml': value('role defaults'),
    'roles/r/vars/main.yml': value('role vars'),
    'roles/r/files.yml': value('include_vars'),
    'roles/r/tasks/main.yml': roleTasks(when),
    'roles/r/tasks/show.yml': `
- vars: {${value('block vars').trim()}}
  block:
    - name: show
      debug: {msg: "{{ ansible_v }}"}
      vars: {${value('task vars').trim()}}
`,
    'vars.yml': value('play vars_files'),
    'library/facts_of_mine': '#!/bin/sh\necho \'{"ansible_facts": {"ansible_v": "host facts"}}\'\n',
    'site.yml': `
- hosts: g
  gather_facts: false
  vars: {${value('play vars').trim()}}
  vars_files: [vars.yml]
  vars_prompt:
    - {name: ${set.has('play vars_prompt') ? 'ansible_v' : 'ansible_other'}, default: play vars_prompt}
  roles:
    - role: r
      ${when('role params', 'ansible_v: role params')}
`,
  });
}

function roleTasks(when: (level: Level, text: string) => string): string {
  return `
${when('host facts', '- facts_of_mine:\n')}
${when('include_vars', '- include_vars: ../files.yml\n')}
${when('set_facts', '- set_fact: {ansible_v: set_facts}\n')}
- include_tasks: show.yml
  ${when('include params', 'vars: {ansible_v: include params}')}
`;
}
