import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createIncludeLoader,
  type Include,
  type IncludeLoader,
  loadPlaybook,
} from '../../src/playbook/index.ts';
import { flat, folderOf, names, OPTIONS } from './fixture.ts';

/** Loads `site.yml`, and gives the includes of its first play with a loader for them. */
async function includesOf(files: Readonly<Record<string, string>>): Promise<{
  readonly loader: IncludeLoader;
  readonly includes: readonly Include[];
  readonly folder: string;
}> {
  const folder = folderOf(files);
  const playbook = await loadPlaybook(join(folder, 'site.yml'), OPTIONS);
  const nodes = flat([...playbook.plays[0]!.roleTasks, ...playbook.plays[0]!.tasks]);
  const includes = nodes.filter((node): node is Include => node.kind === 'include');
  return { loader: createIncludeLoader(playbook, OPTIONS), includes, folder };
}

describe('include_tasks', () => {
  it('keeps name, arguments and what only the run can decide', async () => {
    const { includes } = await includesOf({
      'site.yml': `- hosts: all
  tasks:
    - name: per system
      include_tasks: "{{ os }}.yml"
      loop: [1, 2]
      loop_control: {loop_var: one}
      register: out
      when: a
`,
    });
    expect(includes).toMatchObject([
      {
        name: { value: 'per system' },
        what: 'tasks',
        args: { file: '{{ os }}.yml' },
        loop: { value: [1, 2], control: { loopVar: 'one' } },
        register: 'out',
        when: [{ value: 'a' }],
      },
    ]);
  });

  it.each([
    'include_tasks: b.yml',
    'include_tasks: file=b.yml',
    'include_tasks: {file: b.yml}',
    'ansible.builtin.include_tasks: b.yml',
    'action: include_tasks b.yml',
  ])('%s', async (text) => {
    const { includes } = await includesOf({ 'site.yml': `- hosts: all\n  tasks:\n    - ${text}\n` });
    expect(includes[0]!.args).toEqual({ file: 'b.yml' });
  });

  it('gives nodes that inherit from around the include, its vars and apply, not its own keywords', async () => {
    const { includes, loader } = await includesOf({
      'site.yml': `- hosts: all
  tags: play
  tasks:
    - block:
        - include_tasks:
            file: b.yml
            apply: {tags: applied, become: yes, when: inside}
          tags: own
          when: outside
          ignore_errors: yes
          vars: {v: 1}
      tags: around
      when: block
      environment: {A: 1}
`,
      'b.yml': '- name: b\n  ping:\n  tags: inner\n',
    });
    expect(includes[0]!.tags).toEqual(['play', 'around', 'own']);
    const { nodes } = await loader.tasks(includes[0]!, 'b.yml', { item: 3 });
    expect(nodes[0]).toMatchObject({
      tags: ['play', 'around', 'applied', 'inner'],
      when: [{ value: 'block' }, { value: 'inside' }],
      become: { become: { value: true } },
      environment: [{ value: { A: 1 } }],
      ignoreErrors: undefined,
      vars: [
        { level: 'include params', values: { v: 1 } },
        { level: 'include params', values: { item: 3 } },
      ],
    });
  });

  it('gives the same nodes for the same include, file and parameters, and others otherwise', async () => {
    const { includes, loader } = await includesOf({
      'site.yml': '- hosts: all\n  tasks: [{include_tasks: b.yml}, {include_tasks: b.yml}]\n',
      'b.yml': '- ping:\n',
    });
    const [one, two] = includes;
    const first = await loader.tasks(one!, 'b.yml', {});
    expect(await loader.tasks(one!, 'b.yml', {})).toBe(first);
    const others = [await loader.tasks(one!, 'b.yml', { x: 1 }), await loader.tasks(two!, 'b.yml', {})];
    const ids = [first, ...others].map((included) => included.nodes[0]!.id);
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toMatch(/^0\.tasks\.0\./);
  });

  it('survives a copy of its node, and nests', async () => {
    const { includes, loader } = await includesOf({
      'site.yml': '- hosts: all\n  tasks: [{include_tasks: sub/b.yml, vars: {v: 1}}]\n',
      'sub/b.yml': '- include_tasks: c.yml\n  vars: {w: 2}\n',
      'sub/c.yml': '- name: c\n  ping:\n',
    });
    const { nodes } = await loader.tasks({ ...includes[0]! }, 'sub/b.yml', {});
    const inner = await loader.tasks(nodes[0] as Include, 'c.yml', {});
    expect(inner.nodes[0]).toMatchObject({ vars: [{ values: { v: 1 } }, { values: { w: 2 } }] });
  });

  it('may include itself: the run decides when it ends', async () => {
    const { includes, loader } = await includesOf({
      'site.yml': '- hosts: all\n  tasks: [{include_tasks: b.yml}]\n',
      'b.yml': '- include_tasks: b.yml\n  when: more\n',
    });
    const { nodes } = await loader.tasks(includes[0]!, 'b.yml', {});
    const again = await loader.tasks(nodes[0] as Include, 'b.yml', {});
    expect(again.nodes).toHaveLength(1);
  });

  it('throws everything that is wrong in the file, and where it was looked for', async () => {
    const { includes, loader, folder } = await includesOf({
      'site.yml': '- hosts: all\n  tasks: [{include_tasks: b.yml}]\n',
      'b.yml': '- dbug:\n- pong:\n',
    });
    await expect(loader.tasks(includes[0]!, 'b.yml', {})).rejects.toThrow(
      /b\.yml:1:3: "dbug".*\n.*b\.yml:2:3: "pong"/,
    );
    await expect(loader.tasks(includes[0]!, 'gone.yml', {})).rejects.toThrow(
      `the task file "gone.yml" was not found (looked for ${folder}/gone.yml, ${folder}/tasks/gone.yml)`,
    );
  });

  it('reads the tasks of its role first', async () => {
    const { includes, loader } = await includesOf({
      'site.yml': '- hosts: all\n  roles: [r]\n',
      'roles/r/tasks/main.yml': '- include_tasks: b.yml\n- include_tasks: c.yml\n',
      'roles/r/tasks/b.yml': '- name: of the role\n  ping:\n',
      'b.yml': '- name: of the playbook\n  ping:\n',
      'c.yml': '- name: of the playbook\n  ping:\n',
    });
    const own = await loader.tasks(includes[0]!, 'b.yml', {});
    const far = await loader.tasks(includes[1]!, 'c.yml', {});
    expect([names(own.nodes), names(far.nodes)]).toEqual([['of the role'], ['of the playbook']]);
    expect(own.role?.name).toBe('r');
  });
});

describe('import_role in an included file', () => {
  it('brings its handlers', async () => {
    const { includes, loader } = await includesOf({
      'site.yml': '- hosts: all\n  tasks: [{include_tasks: b.yml}]\n',
      'b.yml': '- import_role: {name: r}\n',
      'roles/r/tasks/main.yml': '- name: main\n  ping:\n',
      'roles/r/handlers/main.yml': '- name: h\n  ping:\n',
    });
    const included = await loader.tasks(includes[0]!, 'b.yml', {});
    expect(names(included.nodes)).toEqual(['main']);
    expect(included.handlers.map((handler) => handler.name?.value)).toEqual(['h']);
  });
});

describe('include_role', () => {
  const files = {
    'site.yml': `- hosts: all
  tasks:
    - include_role: {name: r, tasks_from: "{{ x }}", apply: {tags: applied}}
      vars: {v: 1}
      tags: own
`,
    'roles/r/tasks/main.yml': '- name: main\n  ping:\n',
    'roles/r/tasks/other.yml': '- name: other\n  ping:\n',
    'roles/r/vars/alt.yml': 'a: alt\n',
    'roles/r/handlers/main.yml': '- name: h\n  ping:\n',
    'roles/r/meta/main.yml': 'dependencies: [base]\n',
    'roles/base/tasks/main.yml': '- name: base\n  ping:\n',
  };

  it('gives tasks, handlers and the role, with the vars as parameters of the role', async () => {
    const { includes, loader } = await includesOf(files);
    const included = await loader.role(includes[0]!, { name: 'r', tasksFrom: 'other', varsFrom: 'alt' }, {});
    expect(names(included.nodes)).toEqual(['base', 'other']);
    expect(flat(included.nodes)[1]!.tags).toEqual(['applied']);
    expect(included.handlers.map((handler) => handler.name?.value)).toEqual(['h']);
    expect(included.role).toMatchObject({
      name: 'r',
      public: false,
      vars: { values: { a: 'alt' } },
      params: { values: { v: 1 } },
    });
  });

  it('is checked when it is read', async () => {
    const { includes, loader } = await includesOf(files);
    await expect(loader.role(includes[0]!, { name: 'gone' }, {})).rejects.toThrow(
      'the role "gone" was not found',
    );
    await expect(loader.role(includes[0]!, { name: 'r', tasksFrom: 'gone' }, {})).rejects.toThrow(
      'the role "r" has no tasks file "gone"',
    );
  });

  it('sees the role that includes it', async () => {
    const { includes, loader } = await includesOf({
      ...files,
      'site.yml': '- hosts: all\n  roles: [outer]\n',
      'roles/outer/tasks/main.yml': '- include_role: {name: base}\n',
      'roles/outer/defaults/main.yml': 'd: 1\n',
    });
    const { role } = await loader.role(includes[0]!, { name: 'base', public: true }, {});
    expect(role!.parents.map((parent) => [parent.name, parent.defaults.values])).toEqual([
      ['outer', { d: 1 }],
    ]);
    expect(role!.public).toBe(true);
  });
});

describe('a mistake in the parameters of an included task', () => {
  it('is left to the task: hosts have been touched, and a condition may pass it over', async () => {
    const { loader, includes } = await includesOf({
      'site.yml': '- hosts: all\n  tasks:\n    - include_tasks: more.yml\n',
      'more.yml': '- name: first\n  ping:\n- name: nowhere to\n  copy: {src: a}\n  when: a is defined\n',
    });
    const { nodes } = await loader.tasks(includes[0]!, 'more.yml', {});
    expect(names(nodes)).toEqual(['first', 'nowhere to']);
  });
});

describe('handlers', () => {
  it('can be an include: one handler, whose work the loader gives', async () => {
    const folder = folderOf({
      'site.yml': `- hosts: all
  tasks: [{ping: , notify: restart}]
  handlers:
    - name: restart
      include_tasks: restart.yml
      listen: all of it
    - name: grouped
      block: [{name: inside, ping: , listen: [a, b]}]
      become: yes
`,
      'restart.yml': '- name: inner\n  ping:\n',
    });
    const playbook = await loadPlaybook(join(folder, 'site.yml'), OPTIONS);
    const [restart, inside] = playbook.plays[0]!.handlers;
    expect(restart).toMatchObject({
      kind: 'task',
      module: 'include_tasks',
      listen: ['all of it'],
      name: { value: 'restart' },
    });
    const loader = createIncludeLoader(playbook, OPTIONS);
    const { nodes } = await loader.tasks(restart!.include!, 'restart.yml', {});
    expect(names(nodes)).toEqual(['inner']);
    expect(inside).toMatchObject({
      name: { value: 'inside' },
      listen: ['a', 'b'],
      become: { become: { value: true } },
    });
  });
});
