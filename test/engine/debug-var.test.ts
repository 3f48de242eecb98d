import { expect, it } from 'vitest';
import { localHosts, runSite, workshop } from './workshop.ts';

it.each([
  ['var={{ name }}', { 'app.port': 80 }],
  ['{var: "app.{{ key }}"}', { 'app.port': 80 }],
  [
    '{var: "hostvars[\'{{ inventory_hostname }}\'].inventory_hostname"}',
    { "hostvars['h'].inventory_hostname": 'h' },
  ],
  ['var="{{ app }}"', { "<class 'dict'>": { port: 80 } }],
  ['{var: "{{ sly }}"}', { 'lookup("env", "HOME")': 'lookup("env", "HOME")' }],
  ['{var: "{{ gone | default(\'no.where\') }}"}', { 'no.where': 'VARIABLE IS NOT DEFINED!' }],
  ['{var: "lookup(\'items\', [1])"}', { "lookup('items', [1])": 1 }],
])('debug: %s', async (args, shown) => {
  const vars = '{name: app.port, key: port, app: {port: 80}, sly: \'lookup("env", "HOME")\'}';
  const site = `- hosts: h\n  gather_facts: false\n  vars: ${vars}\n  tasks:\n    - debug: ${args}\n`;
  const ran = await runSite(workshop({ hosts: localHosts('h'), 'site.yml': site }));
  const told = ran.events.find((one) => one.type === 'host-result');
  expect(told?.type === 'host-result' && told.result).toMatchObject(shown);
});
