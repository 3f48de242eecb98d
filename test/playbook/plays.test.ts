import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlaybook } from '../../src/playbook/index.ts';
import { folderOf, load, names, OPTIONS } from './fixture.ts';

describe('a play', () => {
  it('keeps its settings as written, with their places', async () => {
    const playbook = await load({
      'site.yml': `- name: First
  hosts: [web, "!db"]
  gather_facts: no
  become: yes
  become_user: app
  user: deploy
  port: 2222
  serial: [1, "30%"]
  strategy: ansible.builtin.free
  order: sorted
  max_fail_percentage: 10
  any_errors_fatal: true
  force_handlers: yes
  check_mode: yes
  no_log: no
  timeout: 60
  environment: {A: b}
  module_defaults: {copy: {mode: "0644"}}
  collections: [community.general]
  tags: one, two
  vars: {a: 1}
  on_failure: rollback
  rollback_scope: batch
  rollback: required
  tasks: [{ping: }]
`,
    });
    expect(playbook.plays[0]).toMatchObject({
      index: 0,
      name: { value: 'First' },
      hosts: { value: ['web', '!db'], at: { line: 2, column: 10 } },
      gatherFacts: { value: false },
      become: { become: { value: true }, user: { value: 'app' } },
      remoteUser: { value: 'deploy' },
      port: { value: 2222 },
      serial: { value: [1, '30%'] },
      strategy: { value: 'free' },
      order: { value: 'sorted' },
      maxFailPercentage: { value: 10 },
      anyErrorsFatal: { value: true },
      forceHandlers: { value: true },
      checkMode: { value: true },
      noLog: { value: false },
      timeout: { value: 60 },
      environment: { value: { A: 'b' } },
      moduleDefaults: { value: { copy: { mode: '0644' } } },
      tags: ['one', 'two'],
      vars: { level: 'play vars', values: { a: 1 } },
      onFailure: 'rollback',
      rollbackScope: 'batch',
      rollback: 'required',
    });
    expect(playbook.plays[0]!.tasks[0]).toMatchObject({ tags: ['one', 'two'], become: {}, environment: [] });
  });

  it('stops on failure, rolls back a host at a time and as well as it can, unless told otherwise', async () => {
    const { plays } = await load({ 'site.yml': '- hosts: all\n' });
    expect(plays[0]).toMatchObject({ onFailure: 'stop', rollbackScope: 'host', rollback: 'best_effort' });
  });

  it('reads vars_files and vars_prompt', async () => {
    const { plays } = await load({
      'site.yml': `- hosts: all
  vars_files: [a.yml, ["{{ os }}.yml", default.yml]]
  vars_prompt:
    - name: user
    - {name: secret, prompt: "Secret?", private: no, default: x, confirm: yes, encrypt: sha512_crypt, salt_size: 7}
`,
    });
    expect(plays[0]!.varsFiles.map((one) => one.value)).toEqual(['a.yml', ['{{ os }}.yml', 'default.yml']]);
    expect(plays[0]!.varsPrompt).toMatchObject([
      { name: 'user', prompt: 'user', private: true, confirm: false, default: undefined },
      {
        name: 'secret',
        prompt: 'Secret?',
        private: false,
        default: 'x',
        confirm: true,
        encrypt: 'sha512_crypt',
        saltSize: 7,
      },
    ]);
  });

  it('has its sections', async () => {
    const { plays } = await load({
      'site.yml': `- hosts: all
  pre_tasks: [{name: a, ping: }]
  tasks: [{name: b, ping: }]
  post_tasks: [{name: c, ping: }]
  handlers: [{name: d, ping: , listen: [e, f]}]
- hosts: all
  tasks:
  roles:
  handlers:
`,
    });
    const [play, empty] = plays;
    expect([play!.preTasks, play!.tasks, play!.postTasks].map(names)).toEqual([['a'], ['b'], ['c']]);
    expect(play!.handlers).toMatchObject([{ name: { value: 'd' }, listen: ['e', 'f'], id: '0.handlers.0' }]);
    expect(empty).toMatchObject({ index: 1, tasks: [], roleTasks: [], handlers: [] });
  });
});

describe('empty files are fine', () => {
  it.each(['', '# only a comment\n', '---\n', '[]\n'])('%j as a playbook', async (text) => {
    expect((await load({ 'site.yml': text })).plays).toEqual([]);
  });

  it('among imports, in roles and as imported playbooks', async () => {
    const { plays } = await load({
      'site.yml': `- import_playbook: custom.yml
- hosts: all
  roles: [r]
  tasks:
    - import_tasks: custom.yml
    - ping:
`,
      'custom.yml': '# put your own steps here\n',
      'roles/r/tasks/main.yml': '---\n',
      'roles/r/defaults/main.yml': '# nothing\n',
      'roles/r/handlers/main.yml': '',
      'roles/r/meta/main.yml': '---\n',
    });
    expect(plays).toHaveLength(1);
    expect(names(plays[0]!.tasks)).toEqual(['ping']);
  });
});

describe('import_playbook', () => {
  it('hands vars, tags and conditions to every play, and reads beside the imported file', async () => {
    const { plays, files } = await load({
      'site.yml': `- import_playbook: sub/inner.yml
  when: go
  tags: imported
  vars: {z: import, y: import}
`,
      'sub/inner.yml': `- hosts: all
  tags: own
  vars: {z: play, x: play}
  roles: [near]
  tasks:
    - import_tasks: more.yml
- import_playbook: last.yml
  vars: {z: inner}
`,
      'sub/more.yml': '- name: more\n  ping:\n  when: also\n',
      'sub/roles/near/tasks/main.yml': '- name: near\n  ping:\n',
      'sub/last.yml': '- hosts: all\n  tasks: [{ping: }]\n',
    });
    expect(plays[0]!.vars.values).toEqual({ z: 'import', y: 'import', x: 'play' });
    expect(plays[1]!.vars.values).toEqual({ z: 'import', y: 'import' });
    expect(plays[0]!.tags).toEqual(['imported', 'own']);
    expect(plays[0]!.tasks[0]!.when.map((one) => one.value)).toEqual(['go', 'also']);
    expect(plays[0]!.folder).toMatch(/sub$/);
    expect(names(plays[0]!.roleTasks)).toEqual(['near']);
    expect(plays.map((play) => play.index)).toEqual([0, 1]);
    expect(files).toHaveLength(5);
  });

  it('can have its name from variables that are known', async () => {
    const folder = folderOf({
      'site.yml': '- import_playbook: "{{ which }}.yml"\n  vars: {which: other}\n',
      'other.yml': '- hosts: all\n',
    });
    expect((await loadPlaybook(join(folder, 'site.yml'), OPTIONS)).plays).toHaveLength(1);
  });
});

describe('reading', () => {
  it('reads every file once', async () => {
    const folder = folderOf({
      'site.yml': '- hosts: all\n  tasks:\n    - import_tasks: b.yml\n    - import_tasks: b.yml\n',
      'b.yml': '- ping:\n',
    });
    const read: string[] = [];
    const readText = (path: string) => {
      read.push(path.slice(folder.length + 1));
      return OPTIONS.readText(path);
    };
    const playbook = await loadPlaybook(join(folder, 'site.yml'), { ...OPTIONS, readText });
    expect(read).toEqual(['site.yml', 'b.yml']);
    expect(playbook.plays[0]!.tasks.map((node) => node.id)).toEqual([
      '0.tasks.0.import.0',
      '0.tasks.1.import.0',
    ]);
  });
});
