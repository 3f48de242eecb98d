/** Looking ahead asks hosts what coming tasks will need; nothing is done for it on the controller. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localHosts, runSite, workshop } from './workshop.ts';

it('a program that a coming task asks for runs when that task does, and once', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `- hosts: h1
  gather_facts: false
  tasks:
    - copy: {dest: "{{ playbook_dir }}/first", content: x}
    - copy: {dest: "{{ playbook_dir }}/second", content: "{{ lookup('pipe', 'echo x >> ' ~ playbook_dir ~ '/args; echo y') }}"}
    - copy: {dest: "{{ playbook_dir }}/third", content: x}
      when: lookup('pipe', 'echo x >> ' ~ playbook_dir ~ '/when; echo y') == 'y'
    - copy: {dest: "{{ playbook_dir }}/fourth", content: "{{ item }}"}
      loop: "{{ [lookup('pipe', 'echo x >> ' ~ playbook_dir ~ '/loop; echo y')] }}"
`,
  });
  const { stats } = await runSite(folder);
  expect(stats.h1).toMatchObject({ ok: 4, changed: 4, failed: 0 });
  for (const name of ['args', 'when', 'loop'])
    expect(readFileSync(join(folder, name), 'utf8'), name).toBe('x\n');
});
