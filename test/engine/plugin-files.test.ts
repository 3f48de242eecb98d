import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localHosts, runSite, workshop } from './workshop.ts';

const FILES = {
  'filter_plugins/other.py': '# nothing\n',
  'filter_plugins/net.py': "class FilterModule:\n    def filters(self):\n        return {'to_cidr': str}\n",
  'roles/app/test_plugins/checks.py':
    'class TestModule:\n    def tests(self):\n        return {"healthy": bool}\n',
  'roles/app/tasks/main.yml': "- debug: {msg: 'x'}\n  when: answer is healthy\n",
  'lookup_plugins/hiera.py': 'class LookupModule: pass\n',
};

it.each([
  [
    'filter',
    "- debug: {msg: '{{ net | to_cidr }}'}",
    'filter "to_cidr"',
    'filter_plugins/net.py',
    /site\.yml","line":5,"column":\d+/,
  ],
  [
    'test',
    '- import_role: {name: app}',
    'test "healthy"',
    'roles/app/test_plugins/checks.py',
    /main\.yml","line":2,"column":\d+/,
  ],
  [
    'lookup',
    `- debug: {msg: "{{ lookup('hiera', 'x') }}"}`,
    'lookup plugin (hiera)',
    'lookup_plugins/hiera.py',
    /site\.yml","line":5,"column":\d+/,
  ],
])('names the Python file that has a %s, and the line that uses it', async (_, task, what, file, place) => {
  const folder = workshop({
    ...FILES,
    hosts: localHosts('h1'),
    'site.yml': `- hosts: h1
  gather_facts: false
  vars: {net: a, answer: b}
  tasks:
    ${task}
`,
  });
  const said = await runSite(folder).then(
    ({ events }) => JSON.stringify(events),
    (error: Error & { errors?: readonly Error[] }) => String(describe(error)),
  );
  expect(said).toContain(what);
  expect(said).toContain(`it is in ${join(folder, file)}, and plugins in Python are not run here`);
  expect(said).toMatch(place);
});

/** All that an error says, whichever kind it is. */
function describe(error: Error & { errors?: readonly Error[] }): string {
  const parts = error.errors ?? [error];
  return parts
    .map((one) => `${one.message} ${JSON.stringify(one)} ${JSON.stringify(Object.entries(one))}`)
    .join('\n');
}
