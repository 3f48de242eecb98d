import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localHosts, type RunMore, results, runSite, workshop } from './workshop.ts';

const FILES = {
  hosts: localHosts('h1', 'h2'),
  'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - {name: one, set_fact: {kept: 1}}
    - {name: two, fail: , when: inventory_hostname == broken | default('')}
`,
  'other/next.yml':
    '- {hosts: all, gather_facts: false, tasks: [{name: three, command: "echo {{ kept }} {{ playbook_dir | basename }}"}]}\n',
};

const run = (more: RunMore) => {
  const folder = workshop(FILES);
  return runSite(folder, { following: [join(folder, 'other/next.yml')], ...more });
};

it('playbooks of one command follow each other, with what hosts know', async () => {
  const ran = await run({});
  expect(
    results(ran)
      .filter((line) => line.includes('three'))
      .sort(),
  ).toEqual(['h1:three=changed', 'h2:three=changed']);
  const last = ran.events.findLast((event) => event.type === 'host-result');
  expect(last).toMatchObject({ result: { stdout: '1 other' } });
});

it('as with ansible-playbook, the next one is not begun when hosts failed', async () => {
  const ran = await run({ extraVars: [{ broken: 'h1' }] });
  expect(results(ran).some((line) => line.includes('three'))).toBe(false);
  expect(ran.exitCode).toBe(2);
});
