import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listPlay, loadPlaybook, type TagSelection } from '../../src/playbook/index.ts';
import { hasProgram } from '../machine.ts';
import { folderOf, OPTIONS } from './fixture.ts';

const FILES = {
  'site.yml': `- hosts: [web, db]
  name: A play
  pre_tasks:
    - block:
        - debug: msg=b
      rescue:
        - debug: msg=r
          tags: not_listed
      always:
        - name: in always
          debug: msg=a
      tags: [z, B, a]
    - name: not by default
      debug:
      tags: [never, deep]
    - debug:
      tags: one, two
    - local_action: command echo
    - action: {module: ping}
    - include_role: {name: l}
    - name: imported
      import_role: {name: l}
  post_tasks:
    - name: post {{ x }}
      debug:
  roles: [l, {role: common, tags: [x, y], when: false}]
  handlers:
    - name: h
      debug:
- hosts: all
  tags: q
  tasks: [{debug: }]
- import_playbook: second.yml
- hosts: all
  tags: p
  tasks:
    - debug:
    - debug:
      tags: always
    - import_tasks: more.yml
      tags: imported
    - include_tasks: more.yml
      tags: included
`,
  'second.yml': '- hosts: all:!db\n  tasks: [{debug: }]\n',
  'more.yml':
    '- ansible.builtin.debug: msg=2\n  tags: inner\n- meta: noop\n- meta: noop\n  name: named meta\n',
  'roles/l/tasks/main.yml': `- name: in role
  debug: msg=1
- import_tasks: more.yml
  tags: more
- include_tasks: more.yml
- name: named include
  include_tasks: more.yml
`,
  'roles/l/tasks/more.yml': '- ansible.builtin.debug: msg=2\n- name: third\n  debug:\n',
  'roles/common/tasks/main.yml': '- name: common task\n  debug:\n  tags: ct\n',
  'roles/common/meta/argument_specs.yml':
    'argument_specs: {main: {short_description: All of it, options: {}}}\n',
};

const SELECTIONS: readonly TagSelection[] = [
  { only: [], skip: [] },
  { only: ['tagged'], skip: [] },
  { only: ['untagged'], skip: [] },
  { only: ['never'], skip: [] },
  { only: ['all', 'never'], skip: [] },
  { only: ['one', 'ct'], skip: [] },
  { only: ['imported', 'included'], skip: ['inner'] },
  { only: [], skip: ['tagged'] },
  { only: [], skip: ['always'] },
  { only: [], skip: ['all'] },
  { only: ['p'], skip: ['untagged', 'always'] },
  { only: ['always'], skip: [] },
  { only: ['nothing'], skip: [] },
];

async function list(folder: string, listed: Parameters<typeof listPlay>[1], selection?: TagSelection) {
  const { plays } = await loadPlaybook(join(folder, 'site.yml'), OPTIONS);
  return plays.map((play) => listPlay(play, listed, OPTIONS.renderStatic, selection)).join('');
}

describe('lists of plays', () => {
  const files = {
    'site.yml': `- hosts: all
  tags: p
  tasks:
    - name: one
      debug:
      tags: [b, a]
    - debug:
    - debug:
      tags: never
- hosts: [web, db]
  tasks: []
`,
  };

  it('print every play with its tasks', async () => {
    expect(await list(folderOf(files), { tasks: true })).toBe(
      '\n  play #1 (all): all\tTAGS: [p]\n    tasks:\n      one\tTAGS: [a, b, p]\n      debug\tTAGS: [p]\n' +
        '\n  play #2 (web,db): web,db\tTAGS: []\n    tasks:\n',
    );
  });

  it('render tags that are templates before they are selected and listed', async () => {
    const templated = folderOf({
      'site.yml': `- hosts: all
  tags: "{{ of_play }}"
  tasks:
    - {name: one, debug: , tags: "{{ of_task }}"}
    - {name: two, debug: , tags: "b-{{ x }}"}
`,
    });
    const { plays } = await loadPlaybook(join(templated, 'site.yml'), OPTIONS);
    const known: Record<string, unknown> = { '{{ of_play }}': 'p', '{{ of_task }}': ['z, y', 'a'] };
    const render = (text: string) => known[text] ?? text.replace('{{ x }}', '1');
    expect(listPlay(plays[0]!, { tasks: true }, render, { only: ['y', 'b-1'], skip: [] })).toBe(
      '\n  play #1 (all): all\tTAGS: [{{ of_play }}]\n    tasks:\n      one\tTAGS: [a, p, y, z]\n      two\tTAGS: [b-1, p]\n',
    );
    expect(listPlay(plays[0]!, { tasks: true }, render, { only: ['a'], skip: [] })).not.toContain('two');
  });

  it('print hosts and tags below the same heading', async () => {
    expect(await list(folderOf(files), { hosts: ['h1', 'h2'], tags: true })).toBe(
      "\n  play #1 (all): all\tTAGS: [p]\n    pattern: ['all']\n    hosts (2):\n      h1\n      h2\n      TASK TAGS: [a, b, p]\n" +
        "\n  play #2 (web,db): web,db\tTAGS: []\n    pattern: ['web', 'db']\n    hosts (2):\n      h1\n      h2\n      TASK TAGS: []\n",
    );
  });
});

describe.runIf(hasProgram('ansible-playbook'))('as ansible-playbook prints them', () => {
  it.each(SELECTIONS)('%j', { timeout: 60_000 }, async (selection) => {
    const folder = folderOf(FILES);
    const plays = await list(folder, { tasks: true, tags: true }, selection);
    expect(`\nplaybook: site.yml\n${plays}`).toBe(ansible(folder, selection));
  });
});

/** What the real one prints; with both flags a play's tags follow its tasks. */
function ansible(folder: string, { only, skip }: TagSelection): string {
  const flags = [
    ...(only.length > 0 ? ['--tags', only.join(',')] : []),
    ...(skip.length > 0 ? ['--skip-tags', skip.join(',')] : []),
  ];
  const env = { ...process.env, ANSIBLE_LOCALHOST_WARNING: 'False', ANSIBLE_NOCOLOR: '1', HOME: folder };
  return execFileSync(
    'ansible-playbook',
    ['-i', 'web,db,', 'site.yml', '--list-tasks', '--list-tags', ...flags],
    {
      cwd: folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
}
