import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Knowledge } from '../../src/engine/task/predictions.ts';
import type { Change, Probe } from '../../src/resources/index.ts';
import { localHosts, results, runSite, workshop } from './workshop.ts';

describe('inventory hosts that mean one machine', () => {
  it('take turns, in their order: the first changes, the others find it done', async () => {
    const names = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];
    const folder = workshop({
      hosts: localHosts(...names),
      'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - {name: folder, file: {path: "{{ playbook_dir }}/out", state: directory}}
    - {name: line, lineinfile: {path: "{{ playbook_dir }}/out/list", line: same, create: true}}
    - {name: each, lineinfile: {path: "{{ playbook_dir }}/out/list", line: "{{ inventory_hostname }}"}}
`,
    });
    const ran = await runSite(folder);
    const told = results(ran);
    for (const task of ['folder', 'line'])
      expect(names.filter((name) => told.includes(`${name}:${task}=changed`))).toEqual(['h1']);
    expect(told.filter((line) => line.includes(':each=changed'))).toHaveLength(names.length);
    expect(readFileSync(join(folder, 'out/list'), 'utf8').split('\n').sort()).toEqual(['', ...names, 'same']);
  });
});

describe('what is known of a host', () => {
  const probe = (key: string) => ({ resource: 'file', key, query: {} }) as unknown as Probe;
  const change = (key: string) => ({ key, summary: key }) as unknown as Change;

  it.each([
    ['file:/etc/systemd/system/mi.service', 'service:mi', 'a unit file makes a service'],
    ['file:/opt/a', 'file:/opt/a/b', 'what is below it'],
    ['file:/opt/a/b', 'content:/opt/a', 'what is above it'],
    ['command:x', 'file:/opt/a', 'a command may have done anything'],
  ])('a change of %s makes the answer about %s worthless', (changed, known) => {
    const knowledge = new Knowledge();
    knowledge.learn(known, { old: true });
    knowledge.forget([change(changed)]);
    expect(knowledge.has(probe(known))).toBe(false);
  });

  it('a path far from a changed file is still known', () => {
    const knowledge = new Knowledge();
    knowledge.learn('file:/srv/x', { old: true });
    knowledge.forget([change('file:/opt/a')]);
    expect(knowledge.has(probe('file:/srv/x'))).toBe(true);
  });
});
