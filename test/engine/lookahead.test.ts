/** Looking ahead asks hosts what coming tasks will need; nothing is done for it on the controller. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdirSync, readFileSync } from 'node:fs';
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

it('one question serves all tasks that have nothing to do, also with links that are relative', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `- hosts: h1
  gather_facts: false
  vars: {at: "{{ playbook_dir }}/at"}
  tasks:
    - file: {path: "{{ at }}/conf.d", state: directory}
    - copy: {dest: "{{ at }}/conf.d/x", content: "port = 1\\n"}
    - file: {src: conf.d/x, dest: "{{ at }}/x", state: link}
    - lineinfile: {path: "{{ at }}/conf.d/x", regexp: ^port, line: port = 1}
    - file: {path: "{{ at }}/old", state: absent}
    - stat: {path: "{{ at }}/x"}
    - slurp: {src: "{{ at }}/x"}
`,
  });
  mkdirSync(join(folder, 'at'));
  expect((await runSite(folder)).stats.h1).toMatchObject({ ok: 7, changed: 3 });
  let frames = 0;
  const count = () => frames++;
  subscribe('cutover.frame', count);
  try {
    expect((await runSite(folder)).stats.h1).toMatchObject({ ok: 7, changed: 0 });
  } finally {
    unsubscribe('cutover.frame', count);
  }
  // The first brings the shell functions.
  expect(frames).toBe(2);
});
