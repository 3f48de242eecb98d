/** Tasks whose module a template chooses. */
import { expect, it } from 'vitest';
import { localHosts, results, runSite, workshop } from './workshop.ts';

it('are called by the module that they turn out to be, unless they have a name', async () => {
  const folder = workshop({
    hosts: localHosts('h1'),
    'site.yml': `- hosts: all
  gather_facts: false
  vars: {what: "{{ 'pi' ~ 'ng' }}"}
  tasks:
    - action: "{{ what }} data=x"
    - {name: mine, action: "{{ what }} data=x"}
`,
  });
  const ran = await runSite(folder);
  const tasks = ran.events.flatMap((event) => (event.type === 'host-result' ? [event.task] : []));
  expect(tasks).toMatchObject([
    { name: 'ping', module: 'ping' },
    { name: 'mine', module: 'ping' },
  ]);
  expect(results(ran)).toHaveLength(2);
});
