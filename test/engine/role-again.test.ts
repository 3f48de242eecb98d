import { expect, it } from 'vitest';
import { localHosts, results, runSite, workshop } from './workshop.ts';

const ROLES = {
  'roles/base/tasks/main.yml': '- {name: base, debug: {msg: x}}\n',
  'roles/app/tasks/main.yml': '- {name: app, debug: {msg: x}}\n',
  'roles/app/meta/main.yml': 'dependencies: [base]\n',
};

it.each<[string, string, readonly string[]]>([
  ['a role of the play counts for dependencies', 'roles: [base, app]', ['base', 'app']],
  [
    'a role that a task named does not',
    'tasks: [{include_role: {name: base}}, {include_role: {name: app}}]',
    ['base', 'base', 'app'],
  ],
  [
    'nor an imported one',
    'tasks: [{import_role: {name: base}}, {import_role: {name: app}}]',
    ['base', 'base', 'app'],
  ],
  [
    'a role of the play does not count for allow_duplicates: no of a task',
    'roles: [base]\n  tasks: [{include_role: {name: base, allow_duplicates: no}}]',
    ['base', 'base'],
  ],
  [
    'another task does',
    'tasks: [{import_role: {name: base}}, {include_role: {name: base, allow_duplicates: no}}]',
    ['base'],
  ],
  [
    'dependencies of roles that tasks name count among themselves',
    'tasks: [{include_role: {name: app}}, {include_role: {name: app}}]',
    ['base', 'app', 'app'],
  ],
])('%s', async (_, play, wanted) => {
  const site = `- hosts: all\n  gather_facts: false\n  ${play}\n`;
  const ran = await runSite(workshop({ hosts: localHosts('h1'), 'site.yml': site, ...ROLES }));
  const names = results(ran).map((line) => line.split(/[:=]/).at(-2)?.trim().split(' ').at(-1));
  expect(names).toEqual(wanted);
});

it('a role that the host was not there for has not run', async () => {
  const site = '- hosts: all\n  gather_facts: false\n  ignore_unreachable: true\n  roles: [base, base]\n';
  const hosts = 'away ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1\n';
  const files = { ...ROLES, 'roles/base/tasks/main.yml': '- {name: base, ping: }\n' };
  const ran = await runSite(workshop({ hosts, 'site.yml': site, ...files }));
  expect(results(ran)).toEqual(['away:base : base=unreachable', 'away:base : base=unreachable']);
});
