import { describe, expect, it } from 'vitest';
import type { Block, TaskNode } from '../../src/playbook/index.ts';
import { errorsOf, flat, folderOf, load, names } from './fixture.ts';

const task = (name: string) => `- name: ${name}\n  ping:\n`;

describe('a role', () => {
  it('brings defaults, vars, handlers and tasks', async () => {
    const { plays } = await load({
      'site.yml':
        '- hosts: all\n  roles:\n    - {role: r, a: 1, vars: {b: 2, c: 2}, tags: t, when: w, become: yes}\n  handlers: [{name: own, ping: }]\n',
      'roles/r/tasks/main.yaml': '- name: one\n  ping:\n  tags: u\n- import_tasks: two.yml\n',
      'roles/r/tasks/two.yml': task('two'),
      'roles/r/defaults/main.yml': 'd: 4\n',
      'roles/r/vars/main': 'c: 3\n',
      'roles/r/handlers/main.yml': `${task('first')}- import_tasks: more.yml\n`,
      'roles/r/handlers/more.yml': task('second'),
    });
    const [play] = plays;
    expect(play!.roles).toMatchObject([
      {
        name: 'r',
        path: expect.stringMatching(/roles\/r$/),
        defaults: { level: 'role defaults', values: { d: 4 } },
        vars: { level: 'role vars', values: { b: 2, c: 3 } },
        params: { level: 'role params', values: { a: 1 } },
        public: true,
      },
    ]);
    const tasks = flat(play!.roleTasks);
    expect(tasks.map((one) => one.name?.value)).toEqual(['one', 'two']);
    expect(tasks[0]).toMatchObject({
      tags: ['t', 'u'],
      when: [{ value: 'w' }],
      become: { become: { value: true } },
      role: { name: 'r' },
    });
    expect(play!.handlers.map((one) => [one.name?.value, one.role?.name])).toEqual([
      ['first', 'r'],
      ['second', 'r'],
      ['own', undefined],
    ]);
  });

  it('can have folders of variables instead of files', async () => {
    const { plays } = await load({
      'site.yml': '- hosts: all\n  roles: [r, s]\n',
      'roles/r/defaults/main/1.yml': 'a: 1\nb: 1\n',
      'roles/r/defaults/main/2.yaml': 'b: 2\n',
      'roles/r/defaults/main/README.md': 'not: read\n',
      'roles/s/defaults/main.yml': 'a: file\n',
      'roles/s/defaults/main/1.yml': 'b: not read either\n',
    });
    expect(plays[0]!.roles.map((role) => role.defaults.values)).toEqual([{ a: 1, b: 2 }, { a: 'file' }]);
  });

  it('is found beside the playbook, then on the roles path, then beside the playbook file itself', async () => {
    const shared = folderOf({ 'a/tasks/main.yml': task('shared a'), 'b/tasks/main.yml': task('shared b') });
    const { plays } = await load(
      {
        'site.yml': `- hosts: all\n  roles: [a, b, c, sub/d, ${shared}/b]\n`,
        'roles/a/tasks/main.yml': task('near a'),
        'c/tasks/main.yml': task('beside c'),
        'roles/sub/d/tasks/main.yml': task('sub d'),
      },
      { rolesPath: [shared] },
    );
    expect(names(plays[0]!.roleTasks)).toEqual(['near a', 'shared b', 'beside c', 'sub d', 'shared b']);
    expect(plays[0]!.roles.map((role) => role.name)).toEqual(['a', 'b', 'c', 'sub/d', 'b']);
  });

  it('says where it was looked for', async () => {
    expect((await errorsOf({ 'site.yml': '- hosts: all\n  roles: [gone]\n' }))[0]).toBe(
      'site.yml:2:11: the role "gone" was not found (looked for roles/gone, gone)',
    );
  });

  it('warns of a parameter that looks like a misspelt keyword', async () => {
    const { warnings, plays } = await load({
      'site.yml': '- hosts: all\n  roles: [{role: r, becom: yes, size: 3}]\n',
      'roles/r/tasks/main.yml': '',
    });
    expect(warnings).toEqual([expect.stringMatching(/:2:21: "becom" is taken as a parameter.*"become"/)]);
    expect(plays[0]!.roles[0]!.params.values).toEqual({ becom: true, size: 3 });
  });

  it('is told to the caller before its tasks are read', async () => {
    const found: string[] = [];
    await load(
      { 'site.yml': '- hosts: all\n  roles: [r]\n', 'roles/r/tasks/main.yml': task('one') },
      { roleFound: (path) => found.push(path) },
    );
    expect(found).toEqual([expect.stringMatching(/roles\/r$/)]);
  });
});

describe('dependencies', () => {
  const files = {
    'roles/base/tasks/main.yml': '- name: base\n  ping:\n  tags: b\n',
    'roles/base/handlers/main.yml': task('base handler'),
    'roles/base/vars/main.yml': 'v: base\n',
    'roles/app/tasks/main.yml': task('app'),
    'roles/app/meta/main.yml': 'dependencies:\n  - {role: base, size: 3, when: d}\n',
    'roles/web/tasks/main.yml': task('web'),
    'roles/web/meta/main.yml': 'dependencies: [{role: base, size: 3, when: d}]\n',
  };

  it('run before, with the keywords of the role that needs them and their own', async () => {
    const { plays } = await load({
      ...files,
      'site.yml': '- hosts: all\n  roles: [{role: app, tags: t, when: w}]\n',
    });
    const [base, app] = flat(plays[0]!.roleTasks);
    expect(names(plays[0]!.roleTasks)).toEqual(['base', 'app']);
    expect(base).toMatchObject({ tags: ['t', 'b'], when: [{ value: 'w' }, { value: 'd' }] });
    expect(base!.role!.params.values).toEqual({ size: 3 });
    expect(base!.role!.parents.map((role) => role.name)).toEqual(['app']);
    expect(app!.role!.parents.map((role) => [role.name, role.vars.values, role.params.values])).toEqual([
      ['base', { v: 'base' }, {}],
    ]);
    expect(plays[0]!.roles.map((role) => role.name)).toEqual(['base', 'app']);
  });

  it('have one key for the same use, so that a host runs them once; handlers are there once', async () => {
    const { plays } = await load({ ...files, 'site.yml': '- hosts: all\n  roles: [app, web]\n' });
    const keys = onceKeys(plays[0]!.roleTasks);
    expect(keys).toHaveLength(4);
    expect(keys[0]).toBe(keys[2]);
    expect(new Set(keys).size).toBe(3);
    expect(plays[0]!.handlers.map((handler) => handler.name?.value)).toEqual(['base handler']);
  });
});

describe('a role of a collection', () => {
  it('is found beside the playbook, by its full name', async () => {
    const { plays } = await load({
      'site.yml': '- hosts: all\n  roles: [acme.tools.base]\n',
      'collections/ansible_collections/acme/tools/roles/base/tasks/main.yml': task('base'),
    });
    expect(names(plays[0]!.roleTasks)).toEqual(['base']);
    expect(plays[0]!.roles[0]!.name).toBe('acme.tools.base');
  });

  it('may lie in a sub-folder, which its name tells with a dot', async () => {
    const { plays } = await load({
      'site.yml': '- hosts: all\n  roles: [acme.tools.web.proxy]\n',
      'collections/ansible_collections/acme/tools/roles/web/proxy/tasks/main.yml': task('proxy'),
    });
    expect(names(plays[0]!.roleTasks)).toEqual(['proxy']);
  });
});

describe('names of collections', () => {
  const inside = 'collections/ansible_collections/acme/tools';

  it('are looked for where the play says, and roles of a collection find each other', async () => {
    const { plays } = await load({
      'site.yml': '- hosts: all\n  collections: [acme.other, acme.tools]\n  roles: [base]\n',
      [`${inside}/roles/base/tasks/main.yml`]: task('base'),
      [`${inside}/roles/base/meta/main.yml`]: 'dependencies: [below, beside]\ncollections: [acme.more]\n',
      [`${inside}/roles/below/tasks/main.yml`]: task('below'),
      'collections/ansible_collections/acme/more/roles/beside/tasks/main.yml': task('beside'),
    });
    expect(names(plays[0]!.roleTasks)).toEqual(['below', 'beside', 'base']);
  });

  it('are not handed down from the play to its roles', async () => {
    const loading = load({
      'site.yml': '- hosts: all\n  collections: [acme.tools]\n  roles: [plain]\n',
      'roles/plain/meta/main.yml': 'dependencies: [base]\n',
      [`${inside}/roles/base/tasks/main.yml`]: task('base'),
    });
    await expect(loading).rejects.toThrow(/the role "base" was not found/);
  });

  it('find a playbook, whose roles are those of its collection', async () => {
    const { plays } = await load({
      'site.yml': '- import_playbook: acme.tools.all\n',
      [`${inside}/playbooks/all.yml`]: '- hosts: all\n  roles: [base]\n',
      [`${inside}/roles/base/tasks/main.yml`]: task('base'),
    });
    expect(names(plays[0]!.roleTasks)).toEqual(['base']);
  });
});

describe('the same role twice', () => {
  it.each([
    ['[r, r]', 1],
    ['[r, {role: r}]', 1],
    ['[r, {role: r, when: x}]', 2],
    ['[r, {role: r, tags: x}]', 2],
    ['[r, {role: r, x: 1}]', 2],
    ['[r, {role: r, vars: {x: 1}}]', 2],
    ['[r, {role: r, become: yes}]', 1],
    ['[{role: r, x: 1}, {role: r, x: 1}]', 1],
  ])('%s', async (roles, different) => {
    const { plays } = await load({
      'site.yml': `- hosts: all\n  roles: ${roles}\n`,
      'roles/r/tasks/main.yml': task('r'),
    });
    const keys = onceKeys(plays[0]!.roleTasks);
    expect(new Set(keys).size).toBe(different);
  });

  it('runs twice when it allows duplicates, and when it is imported', async () => {
    const { plays } = await load({
      'site.yml':
        '- hosts: all\n  roles: [r, r]\n  tasks: [{import_role: {name: s}}, {import_role: {name: s, allow_duplicates: no}}]\n',
      'roles/r/tasks/main.yml': task('r'),
      'roles/r/meta/main.yml': 'allow_duplicates: yes\n',
      'roles/s/tasks/main.yml': task('s'),
    });
    expect(onceKeys(plays[0]!.roleTasks)).toEqual([undefined, undefined]);
    expect(onceKeys(plays[0]!.tasks)).toEqual([undefined, expect.any(String)]);
  });
});

describe('argument specifications', () => {
  const files = {
    'roles/r/tasks/main.yml': task('main'),
    'roles/r/tasks/other.yml': task('other'),
    'roles/r/meta/argument_specs.yml': `argument_specs:
  main: {short_description: The main thing, options: {size: {type: int, required: true}}}
`,
  };

  it('are checked by a first task that runs under every tag', async () => {
    const { plays } = await load({
      ...files,
      'site.yml': '- hosts: all\n  roles: [{role: r, size: 3, tags: t}]\n',
    });
    const [first] = flat(plays[0]!.roleTasks);
    expect(first).toMatchObject({
      kind: 'task',
      module: 'validate_argument_spec',
      name: { value: "Validating arguments against arg spec 'main' - The main thing" },
      tags: ['t', 'always'],
      args: { argument_spec: { size: { type: 'int', required: true } } },
    });
  });

  it('belong to one entry point', async () => {
    const { plays } = await load({
      ...files,
      'site.yml': '- hosts: all\n  tasks: [{import_role: {name: r, tasks_from: other}}]\n',
    });
    expect(names(plays[0]!.tasks)).toEqual(['other']);
  });
});

function onceKeys(nodes: readonly TaskNode[]): (string | undefined)[] {
  return nodes
    .filter((node): node is Block => node.kind === 'block')
    .map((block) => (block.again ? undefined : block.onceKey));
}
