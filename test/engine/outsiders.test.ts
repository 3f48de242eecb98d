/** A task may act on a host that no inventory has: `all` says how to get there. */
import { expect, it } from 'vitest';
import { results, runSite, workshop } from './workshop.ts';

it('a host that only delegate_to names has the variables of all, and host_vars of its own', async () => {
  const site = workshop({
    hosts: 'h1\n\n[all:vars]\nansible_connection=local\n',
    'group_vars/all.yml': 'greeting: hello\n',
    'host_vars/far.yml': 'own: mine\n',
    'site.yml': `
- hosts: h1
  gather_facts: false
  tasks:
    - {command: echo, changed_when: false, delegate_to: far}
    - assert: {that: "hostvars['far'].greeting == 'hello' and hostvars['far'].own == 'mine'"}
    - assert: {that: "groups.all == ['h1'] and hostvars['nobody'] is undefined"}
`,
  });
  expect(results(await runSite(site))).toEqual(['h1:command=ok', 'h1:assert=ok', 'h1:assert=ok']);
});
