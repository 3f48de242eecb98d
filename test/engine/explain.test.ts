import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Explanation, explainVariable } from '../../src/engine/index.ts';
import { createVault } from '../../src/vault/index.ts';
import { hostOptions, workshop } from './workshop.ts';

const FILES = {
  hosts: '[web]\nweb1 port=8001 ansible_password=hunter2hunter2\nweb2\n[web:vars]\nport=8000\n',
  'group_vars/all.yml': 'base: 7\nport: "{{ base }}000"\nnested: {a: "{{ missing_one }}"}\n',
  'site.yml': `
- hosts: web
  name: deploy
  vars:
    port: 9000
  vars_files: [extra.yml]
  roles:
    - {role: app, depth: 3}
  tasks:
    - set_fact: {port: 1}
    - name: ask
      command: "true"
      register: answer
      vars: {inner: 5}
- hosts: none_of_these
  tasks: []
`,
  'extra.yml': 'other: 1\nport: 9100\n',
  'roles/app/defaults/main.yml': 'colour: red\nport: 1\n',
  'roles/app/vars/main.yml': '\nport: 9200\n',
  'roles/app/tasks/main.yml': '- debug: msg={{ depth }}\n',
};

async function explain(folder: string, variable: string, more: object = {}): Promise<Explanation> {
  const options = { ...hostOptions(folder), limit: 'web1', variable, ...more };
  const [only, ...others] = await explainVariable(options);
  expect(others).toEqual([]);
  return only!;
}

/** A line for each layer, as people would read it. */
function lines(folder: string, { layers }: Explanation): string[] {
  return layers.map(({ level, position, origin, written, winner, task }) => {
    const file = (position?.file ?? origin ?? '').replace(`${folder}/`, '');
    const place = position ? `${file}:${position.line}:${position.column}` : file;
    return `${winner ? '*' : ' '} ${level} @ ${place} ${JSON.stringify(written)}${task ? ` in ${task}` : ''}`;
  });
}

describe('explain', () => {
  it('shows the layers of the inventory, strongest first, with their places', async () => {
    const folder = workshop(FILES);
    const found = await explain(folder, 'port');
    expect(lines(folder, found)).toEqual([
      '* inventory file host vars @ hosts:2:6 8001',
      '  inventory group_vars/all @ group_vars/all.yml:2:1 "{{ base }}000"',
      '  inventory file group vars @ hosts:5:1 8000',
    ]);
    expect(found.value).toBe(8001);
  });

  it('adds plays, vars_files, roles and what tasks set', async () => {
    const folder = workshop(FILES);
    const found = await explain(folder, 'port', { playbook: join(folder, 'site.yml') });
    expect(found.play).toContain('deploy');
    expect(lines(folder, found).slice(0, 4)).toEqual([
      '  set_fact @ site.yml:10:18 1 in set_fact',
      '* role vars @ roles/app/vars/main.yml:2:1 9200',
      '  play vars_files @ extra.yml:2:1 9100',
      '  play vars @ site.yml:5:5 9000',
    ]);
    expect(lines(folder, found).at(-1)).toBe('  role defaults @ roles/app/defaults/main.yml:2:1 1');
    expect(found.value).toBe(9200);
  });

  it.each([
    ['answer', '  register @ site.yml:11:7 undefined in ask'],
    ['inner', '  task vars @ site.yml:14:14 5 in ask'],
    ['depth', '  role params @ site.yml:8:19 3 in app : debug'],
  ])('knows that only tasks set %s', async (variable, line) => {
    const folder = workshop(FILES);
    const found = await explain(folder, variable, { playbook: join(folder, 'site.yml') });
    expect(lines(folder, found)).toEqual([line]);
    expect(found).not.toHaveProperty('value');
  });

  it('lets extra variables win', async () => {
    const folder = workshop(FILES);
    const found = await explain(folder, 'port', { extraVars: [{ port: 'x' }] });
    expect(lines(folder, found)[0]).toBe('* extra vars (-e) @  "x"');
    expect(found.value).toBe('x');
  });

  it('suggests the nearest name when nothing sets the variable', async () => {
    const found = await explain(workshop(FILES), 'prot');
    expect(found).toMatchObject({ layers: [], near: 'port' });
  });

  it('says that a magic variable is nobody else’s', async () => {
    const found = await explain(workshop(FILES), 'inventory_hostname');
    expect(found).toMatchObject({ value: 'web1', layers: [{ level: 'magic variable', winner: true }] });
  });

  it('says why a value cannot be rendered', async () => {
    const found = await explain(workshop(FILES), 'nested');
    expect(JSON.stringify(found)).toContain('missing_one');
  });

  it('hides connection passwords and what a vault holds', async () => {
    const ids = [{ label: 'default', prompt: async () => 'opensesame' }];
    const vault = await createVault({ ids });
    const sealed = vault.encryptText('correct horse battery').trimEnd().replace(/^/gm, '  ');
    const folder = workshop({
      ...FILES,
      'group_vars/web.yml': `token: !vault |\n${sealed}\nuses: "Bearer {{ token }}"\n`,
    });
    for (const variable of ['ansible_password', 'token', 'uses']) {
      const options = hostOptions(folder);
      const opened = await createVault({ ids, secrets: options.secrets! });
      const found = await explain(folder, variable, { ...options, vault: opened, limit: 'web1' });
      expect(JSON.stringify(found)).not.toMatch(/hunter2|horse/);
      expect(found.value, variable).toContain('********');
    }
  });

  it('leaves nothing behind and refuses hosts that nobody knows', async () => {
    const folder = workshop(FILES);
    await expect(explain(folder, 'port', { limit: 'web9' })).rejects.toThrow('no host matches web9');
    await explain(folder, 'port');
    expect(await hostOptions(folder).store.list()).toEqual([]);
  });
});
