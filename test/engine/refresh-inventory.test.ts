import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localHosts, results, runSite, workshop } from './workshop.ts';

const SITE = `
- hosts: all
  gather_facts: false
  tasks:
    - {name: remember, set_fact: {kept: "{{ inventory_hostname }}"}}
    - {name: add, add_host: {name: added, groups: [more], ansible_connection: local}}
    - {name: group, group_by: {key: made}}
    - {name: ask, pause: {prompt: now}}
    - {name: again, meta: refresh_inventory}
    - name: old
      assert:
        that:
          - groups.all | sort == ['added', 'h1', 'h3']
          - groups.made == ['h1']
          - groups.more == ['added']
          - kept == 'h1'
          - ansible_play_hosts | sort == ['added', 'h1', 'h3']
          - ansible_play_batch == ['h1']
    - {name: once, debug: {msg: hi}, run_once: true}
- hosts: all
  gather_facts: false
  tasks: [{name: new, debug: {msg: hi}}]
`;

it('meta: refresh_inventory: what runs once runs on the first host that is left', async () => {
  const tasks = `
- hosts: all
  gather_facts: false
  tasks:
    - {name: ask, pause: {prompt: now}}
    - {meta: refresh_inventory}
    - {name: once, debug: {msg: hi}, run_once: true}
`;
  const folder = workshop({ hosts: localHosts('h1', 'h2', 'h3'), 'site.yml': tasks });
  const ran = await runSite(folder, {
    prompt: async () => {
      writeFileSync(join(folder, 'hosts'), localHosts('h2', 'h3'));
      return '';
    },
  });
  expect(results(ran).filter((line) => line.includes(':once='))).toEqual(['h2:once=ok']);
});

it('meta: refresh_inventory reads the sources again and keeps what the run learned', async () => {
  const folder = workshop({ hosts: localHosts('h1', 'h2'), 'site.yml': SITE });
  const ran = await runSite(folder, {
    prompt: async () => {
      writeFileSync(join(folder, 'hosts'), localHosts('h1', 'h3'));
      return '';
    },
  });
  const seen = results(ran).filter((line) => /:(old|once|new)=/.test(line));
  expect(seen.sort()).toEqual(['added:new=ok', 'h1:new=ok', 'h1:old=ok', 'h1:once=ok', 'h3:new=ok']);
});
