import { describe, expect, test } from 'vitest';
import { describeError, ErrorList } from '../../src/errors/index.ts';
import { type Inventory, inventoryHostJson, loadInventory } from '../../src/inventory/index.ts';
import { folderWith } from '../inventory/folder.ts';

async function load(files: Record<string, string>, ...sources: string[]): Promise<Inventory> {
  return loadInventory(sources.length > 0 ? sources : [Object.keys(files)[0]!.replace('*', '')], {
    cwd: folderWith(files),
  });
}

async function errorsOf(files: Record<string, string>, ...sources: string[]): Promise<string[]> {
  try {
    await load(files, ...sources);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(ErrorList);
    const { errors } = thrown as ErrorList;
    expect(errors.map((error) => error.kind)).toEqual(errors.map(() => 'inventory'));
    return errors.map((error) => describeError(error));
  }
  throw new Error('it was read without an error');
}

/** The same cluster in every form. */
const SAME: Readonly<Record<string, string>> = {
  hosts: `
bastion
[web]
web[1:2] tier=front
[db]
db1:2222
[db:vars]
port=5432
[site:children]
web
db
`,
  'hosts.yml': `
all:
  hosts: {bastion: }
  children:
    site:
      children:
        web: {hosts: {"web[1:2]": {tier: front}}}
        db: {hosts: {"db1:2222": }, vars: {port: 5432}}
`,
  'hosts.json': `{"all": {"hosts": {"bastion": null}, "children": {"site": {"children": {
    "web": {"hosts": {"web[1:2]": {"tier": "front"}}}, "db": {"hosts": {"db1:2222": {}}, "vars": {"port": 5432}}}}}}}`,
  'hosts.toml': `
[all.hosts.bastion]
[site]
children = ["web", "db"]
[web.hosts]
"web[1:2]" = { tier = "front" }
[db]
vars = { port = 5432 }
[db.hosts."db1:2222"]
`,
  'hosts.sh*': `#!/bin/sh
[ "$1" = --list ] || exit 1
cat <<'JSON'
{"ungrouped": ["bastion"], "site": {"children": ["web", "db"]}, "web": ["web1", "web2"],
 "db": {"hosts": ["db1"], "vars": {"port": 5432}},
 "_meta": {"hostvars": {"web1": {"tier": "front"}, "web2": {"tier": "front"}, "db1": {"ansible_port": 2222}}}}
JSON
`,
};

describe('one cluster, five forms', () => {
  test.each(Object.entries(SAME))('%s', async (name, text) => {
    const inventory = await load({ [name]: text });
    expect([...inventory.members('all')].sort()).toEqual(['bastion', 'db1', 'web1', 'web2']);
    expect(inventory.members('site')).toEqual(['web1', 'web2', 'db1']);
    expect(inventory.members('ungrouped')).toEqual(['bastion']);
    expect(inventory.hosts.get('db1')?.groups).toEqual(['all', 'site', 'db']);
    expect(inventoryHostJson(inventory, 'web2')).toEqual({ tier: 'front' });
    expect(inventoryHostJson(inventory, 'db1')).toEqual({ ansible_port: 2222, port: 5432 });
    expect(inventory.warnings).toEqual([]);
  });
});

describe('precedence: every level wins over the one above it', () => {
  const LEVELS: readonly (readonly [file: string, text: (value: string) => string])[] = [
    ['inv/01-hosts', (value) => `[g]\nh\n[p:children]\ng\n[all:vars]\nv=${value}\n`],
    ['inv/02-parent', (value) => `[p:vars]\nv=${value}\n`],
    ['inv/03-group', (value) => `[g:vars]\nv=${value}\n`],
    ['inv/group_vars/all.yml', (value) => `v: ${value}\n`],
    ['book/group_vars/all/any.yml', (value) => `v: ${value}\n`],
    ['inv/group_vars/p.yml', (value) => `v: ${value}\n`],
    ['inv/group_vars/g.json', (value) => `{"v": "${value}"}`],
    ['book/group_vars/p', (value) => `v: ${value}\n`],
    ['book/group_vars/g.yaml', (value) => `v: ${value}\n`],
    ['inv/04-host', (value) => `h v=${value}\n`],
    ['inv/host_vars/h.yml', (value) => `v: ${value}\n`],
    ['book/host_vars/h.yml', (value) => `v: ${value}\n`],
  ];
  test.each(LEVELS.map(([file], index) => [file, index] as const))('%s', async (file, index) => {
    const files = Object.fromEntries(LEVELS.slice(0, index + 1).map(([name, text]) => [name, text(name)]));
    const folder = folderWith(files);
    const inventory = await loadInventory(['inv'], { cwd: folder });
    const layers = inventory.layers('h', `${folder}/book`);
    expect(layers.filter((layer) => 'v' in layer.values).map((layer) => layer.origin)).toEqual(
      LEVELS.slice(0, index + 1).map(([name]) => name),
    );
    expect(inventoryHostJson(inventory, 'h', { playbookFolder: `${folder}/book` })).toEqual({ v: file });
  });

  test('without the playbook its folders do not count', async () => {
    const inventory = await load({
      hosts: 'h\n',
      'group_vars/all.yml': 'v: 1\n',
      'book/group_vars/all.yml': 'v: 2\n',
    });
    expect(inventoryHostJson(inventory, 'h')).toEqual({ v: 1 });
  });
});

describe('values stay as written until they are used', () => {
  test('templates, unsafe and vault values, deep inside', async () => {
    const inventory = await load({
      hosts: 'h\n',
      'host_vars/h.yml':
        'files:\n  - {dest: "{{ carbon_home }}/conf"}\nsecret: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  00\n',
    });
    expect(inventoryHostJson(inventory, 'h')).toEqual({
      files: [{ dest: '{{ carbon_home }}/conf' }],
      secret: { __ansible_vault: '$ANSIBLE_VAULT;1.1;AES256\n00\n' },
    });
  });
});

describe('errors: file, line, column, and what to do; all of a file at once', () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'INI: a word that is no assignment',
      { hosts: '[g]\nh1 a=1 b = 2\n' },
      [
        'hosts:2:8: after the host "h1" only key=value may follow, not "b" (a value with blanks needs quotes around it, and there are no blanks around "=")',
        'hosts:2:10: after the host "h1" only key=value may follow, not "=" (a value with blanks needs quotes around it, and there are no blanks around "=")',
        'hosts:2:12: after the host "h1" only key=value may follow, not "2" (a value with blanks needs quotes around it, and there are no blanks around "=")',
      ],
    ],
    [
      'INI: sections',
      { hosts: '[web:var]\n[web\n[a b]\n[g] ; c\n' },
      [
        'hosts:1:1: the section [web:var] has an unknown kind (did you mean "vars"?)',
        'hosts:2:1: "[web" is not a section (a section is [group], [group:vars] or [group:children] alone on its line)',
        'hosts:3:1: "[a b]" is not a section (a section is [group], [group:vars] or [group:children] alone on its line)',
        'hosts:4:1: "[g] ; c" is not a section (a section is [group], [group:vars] or [group:children] alone on its line)',
      ],
    ],
    [
      'INI: groups that do not exist',
      { hosts: '[web]\nh\n[wbe:vars]\na=1\n[site:children]\nwep\nother\n' },
      [
        'hosts:3:1: [wbe:vars] is for the group "wbe", which does not exist (did you mean "web"?)',
        'hosts:6:1: [site:children] names the group "wep", which does not exist (did you mean "web"?)',
        'hosts:7:1: [site:children] names the group "other", which does not exist (add a section [other])',
      ],
    ],
    [
      'INI: vars and children lines',
      { hosts: '[g]\nh\n[g:vars]\nfoo\nbar: 1\n[p:children]\ng x=1\n' },
      [
        'hosts:4:1: "foo" is not key=value',
        'hosts:5:1: "bar: 1" is not key=value (write key=value in an INI inventory)',
        'hosts:7:1: "g x=1" is not the name of a group',
      ],
    ],
    [
      'INI: ranges',
      { hosts: 'a[1]\nb[1:]\nc[01:3]\nd[c:a]\ne[a:3]\nf[1:9:0]\ng[5:1]\nh:99999\ni[1:9999999]\n' },
      [
        'hosts:1:1: the range "[1]" must be [from:to] or [from:to:step]',
        'hosts:2:1: the range "[1:]" has no end',
        'hosts:3:1: the range "[01:3]" starts with a 0, so both ends need the same number of digits',
        'hosts:4:1: the range "[c:a]" must go from a letter to a later one',
        'hosts:5:1: the range "[a:3]" must go from a letter to a later one',
        'hosts:6:1: the step of the range "[1:9:0]" must be a whole number above 0',
        'hosts:7:1: "g[5:1]" names no host: the range is empty',
        'hosts:8:1: "99999" is not a port (1 to 65535)',
        'hosts:9:1: the range "[1:9999999]" has too many hosts',
      ],
    ],
    [
      'INI: quotes, circles, priorities',
      { hosts: 'h a="x\n[a:children]\nb\n[b:children]\na\n[a:vars]\nansible_group_priority=high\n' },
      [
        'hosts:1:1: a " is opened here and never closed',
        'hosts:5:1: the group "a" cannot be a child of "b": it already contains it (groups may not form a circle)',
        'hosts:7:1: ansible_group_priority of the group "a" must be a whole number',
      ],
    ],
    [
      'YAML: keys and shapes',
      { 'h.yml': 'all:\n  hots: {a: }\n  vars: [1]\ng:\n  hosts:\n    - a\nk: text\nm:\n  hosts: {a: 1}\n' },
      [
        'h.yml:2:3: the group "all" has an unknown key "hots" (did you mean "hosts"?)',
        'h.yml:3:9: vars of the group "all" must be a mapping (write "vars:" with names below it)',
        'h.yml:6:5: hosts of the group "g" must be a mapping (write each host as a key with a colon behind it: "web1:")',
        'h.yml:7:4: the group "k" must be a mapping with hosts, vars or children',
        'h.yml:9:14: variables of the host "a" must be a mapping',
      ],
    ],
    [
      'YAML: names that are booleans',
      {
        'h.yml': 'all:\n  hosts: {no: , "no": , b: }\n  children:\n    on: {hosts: {b: }}\n',
      },
      [
        'h.yml:2:11: the name of a host is a text, not false (put quotes around it)',
        'h.yml:4:5: the name of a group is a text, not true (put quotes around it)',
      ],
    ],
    [
      'YAML: ranges and circles',
      { 'h.yml': 'a:\n  hosts:\n    "x[3]": \n  children:\n    b:\n      children:\n        a:\n' },
      [
        'h.yml:3:5: the range "[3]" must be [from:to] or [from:to:step]',
        'h.yml:7:9: the group "a" cannot be a child of "b": it already contains it (groups may not form a circle)',
      ],
    ],
    [
      'YAML: a list, a plugin, bad syntax',
      { 'a.yml': '- a\n', 'b.yml': 'plugin: aws_ec2\n', 'c.yml': 'all:\n  hosts: {a\n' },
      [
        'a.yml:1:1: an inventory must be a mapping of groups (start with "all:" and put "hosts:" or "children:" below it)',
        'b.yml:1:1: this file configures the inventory plugin "aws_ec2", which cannot be run here (use an inventory script that answers --list instead)',
        expect.stringMatching(/^c\.yml:\d+:\d+: YAML: /) as unknown as string,
      ],
    ],
    [
      'TOML',
      { 'a.toml': '[g]\nhosts = ["a"]\nhots = 1\n', 'b.toml': 'x = = 1\n' },
      [
        'a.toml:2:1: hosts of the group "g" must be a mapping (write each host as a key with a colon behind it: "web1:")',
        'a.toml:3:1: the group "g" has an unknown key "hots" (did you mean "hosts"?)',
        expect.stringMatching(/^b\.toml:1:\d+: TOML: /) as unknown as string,
      ],
    ],
    [
      'scripts',
      {
        'a*': '#!/bin/sh\necho no >&2; exit 3\n',
        'b*': '#!/bin/sh\necho nothing\n',
        'c*': '#!/bin/sh\necho "[1]"\n',
        'd*': '#!/bin/sh\necho \'{"g": 1}\'\n',
      },
      [
        'a:1:1: the inventory script ended with exit code 3 (--list): no',
        expect.stringMatching(
          /^b:1:1: the script answered --list with something that is not JSON/,
        ) as unknown as string,
        'c:1:1: the script must answer --list with a JSON object',
        'd:1:1: the script gave the group "g" as neither a list nor a mapping',
      ],
    ],
  ])('%s', async (_, files, messages) => {
    expect(await errorsOf(files, ...Object.keys(files).map((name) => name.replace('*', '')))).toEqual(
      messages,
    );
  });

  test('a source that is not there', async () => {
    expect(await errorsOf({ 'inv/hosts.yml': '' }, 'inv/hsots.yml')).toEqual([
      'the inventory "inv/hsots.yml" does not exist (did you mean "inv/hosts.yml"?)',
    ]);
    expect(await errorsOf({ hosts: '' }, 'web1.example.org')).toEqual([
      'the inventory "web1.example.org" does not exist (for a single host write "web1.example.org,")',
    ]);
  });

  test.each([
    ['a list', '- 1\n', 'group_vars/all.yml:1:1: a file of variables must be a mapping of names to values'],
    [
      'two documents',
      'a: 1\n---\nb: 2\n',
      'group_vars/all.yml:1:1: a file of variables may hold one YAML document only',
    ],
    [
      'a key twice',
      'a: 1\na: 2\n',
      'group_vars/all.yml:2:1: YAML: the same key is written twice in one mapping',
    ],
    [
      'encrypted',
      '$ANSIBLE_VAULT;1.1;AES256\n00\n',
      'group_vars/all.yml:1:1: the file is encrypted and no vault password was given (use --vault-password-file or --ask-vault-pass)',
    ],
  ])('a file of variables with %s', async (_, text, message) => {
    const inventory = await load({ hosts: 'h\n', 'group_vars/all.yml': text });
    let said = '';
    try {
      inventory.layers('h');
    } catch (thrown) {
      said = describeError(thrown);
    }
    expect(said).toBe(message);
  });

  test('hosts and groups that nobody knows', async () => {
    const inventory = await load({ hosts: '[web]\nweb1\n' });
    expect(() => inventory.layers('wbe1')).toThrow(expect.objectContaining({ hint: 'did you mean "web1"?' }));
    expect(() => inventory.members('wbe')).toThrow(expect.objectContaining({ hint: 'did you mean "web"?' }));
  });
});

describe('warnings: what works but deserves a look', () => {
  test('dashes, double names, files left out', async () => {
    const inventory = await load({ 'd/hosts': '[micro-integrator]\nmi_1\n[x]\nx\n', 'd/more.ini': '' }, 'd');
    expect(inventory.members('micro-integrator')).toEqual(['mi_1']);
    expect(inventory.warnings).toEqual([
      'd/more.ini is left out: files that end in .ini are ignored inside an inventory folder',
      `the group name "micro-integrator" is not a variable name: in templates write groups['micro-integrator']`,
      '"x" is a group and a host: a pattern with that name means the group',
    ]);
  });
});
