import { expect, it } from 'vitest';
import { localHosts, results, runSite, workshop } from './workshop.ts';

const ROLES = {
  'roles/base/tasks/main.yml': '- {name: base, debug: {msg: x}}\n',
  'roles/app/tasks/main.yml': '- {name: app, debug: {msg: x}}\n',
  'roles/app/meta/main.yml': 'dependencies: [base]\n',
  'roles/often/tasks/main.yml': '- {name: often, debug: {msg: x}}\n',
  'roles/often/meta/main.yml': 'allow_duplicates: yes\n',
  'roles/strict/tasks/main.yml': '- {name: strict, debug: {msg: x}}\n',
  'roles/strict/meta/argument_specs.yml': 'argument_specs: {main: {options: {needed: {required: yes}}}}\n',
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
    'words and templates are booleans too',
    'vars: {never: no}\n  tasks: [{import_role: {name: base, allow_duplicates: "no"}}, {include_role: {name: base, allow_duplicates: "{{ never }}"}}]',
    ['base'],
  ],
  [
    'omit is nothing said',
    'tasks: [{include_role: {name: base, tasks_from: "{{ omit }}", public: "{{ omit }}", allow_duplicates: "{{ omit }}"}}]',
    ['base'],
  ],
  ['the meta of a role counts in roles', 'roles: [often, often]', ['often', 'often']],
  [
    'and not where a task says otherwise',
    'tasks: [{include_role: {name: often}}, {include_role: {name: often, allow_duplicates: no}}]',
    ['often'],
  ],
  [
    'rolespec_validate: no leaves the specification of arguments alone',
    'tasks: [{include_role: {name: strict, rolespec_validate: "no"}}, {import_role: {name: strict, rolespec_validate: no}}]',
    ['strict', 'strict'],
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
