import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  inventoryGraph,
  inventoryHostJson,
  inventoryJson,
  loadInventory,
} from '../../src/inventory/index.ts';
import { hasProgram } from '../machine.ts';
import { folderWith } from './folder.ts';

const REAL = '/usr/bin/ansible-inventory';

/** Each case is a tree of files, read here and by the real `ansible-inventory`; what both print must be the same. */
interface Case {
  readonly files: Readonly<Record<string, string>>;
  /** Default `hosts`. */
  readonly sources?: readonly string[];
  readonly playbookFolder?: string;
  /** The graph of the real one shows Python's tuples. */
  readonly listOnly?: boolean;
}

const LITERALS = `
[g]
h1 a=1 b=0755 c='x y' d="'q'" e=1.5 f=yes g=True h=[1,2] j=0x1f k=1_000 l=None m=http://x/#frag n= o="[1, 2]" p="a=b" q=a\\ b r=None s="{'a': [1, 'b']}" t=-5 u=1e3x w=1.2.3 x=+7 y=0o17 z=é
h2:2222 a="'it'" b='"5"' c=(1) f=u'x' g=0 h=00 i=1__0 j=5.25 k=true l=null m="'''t'''"
h[3:4] # a comment
"h 5" a=1#x
[g:vars]
n1=80 # c
n2=foo # bar
n3 = "quoted"
n4='sq'
n5=yes
n6={"a": "{{ b }}"}
n7={{ foo }}
n8=
n9=a=b
n12=u'x' 'y'
n16=1+2
n17=-5
n18=- 5
n19="abc
n20=null
n21=[1, [2, {'a': None}], 'x', ]
n23=r'a\\n'
n24='a\\n\\x41\\u00e9\\q'
n26={}
n27="#no comment"
n28=[1,
n29={'a' 1}
n30=True # yes
n31=  two   words
`;

const CASES: Readonly<Record<string, Case>> = {
  'INI: values are Python literals': { files: { hosts: LITERALS } },
  'INI: tuples and sets are lists': {
    files: { hosts: 'h a=1,2 b=(1,) c="()" d="(1, (2, 3))" e=1,\n' },
    listOnly: true,
  },
  'INI: ranges, addresses, ports': {
    files: {
      hosts:
        'lone\n[we-b]\nweb[01:03].ex.org s=1\nw[a:c]\nx[1:9:4]y[a:b]\n[2001:db8::1]:99\n2001:db8::2\nh[1:2]:33\n10.0.0.1:8022 ansible_port=5\nk[A:C]\nl[:2]\n',
    },
  },
  'INI: groups are linked in the order in which they turn up': {
    files: {
      hosts:
        'z9\n[top:children]\nmid2\nmid1\n[b]\nhb\nh1\n[mid1]\nm1\nhb\n[mid2:children]\nleaf\nb\n[leaf]\nl1\nh1\n[a]\na1\nz9\n[empty]\n[top]\nt1\n',
      more: '[g]\nu\n[b]\nlate\n[all]\nz0\nq0\n[ungrouped]\nz9\nnew\n',
    },
    sources: ['hosts', 'more'],
  },
  'INI: vars before their group, sections in pieces': {
    files: {
      hosts:
        '[g:vars]\nx=1\n[p:children]\ng\n[g]\nh a=1\n[g:vars]\nx=2\n[g]\nj\nh a=2 b=3\n[p:vars]\nx=0\ny=0\n[all:vars]\ny=9\nz=9\n',
    },
  },
  'group priority, depth and name': {
    files: {
      hosts:
        '[a]\nh\n[b]\nh\n[c]\nh\n[d:children]\na\n[a:vars]\nv=a\nw=a\n[b:vars]\nv=b\nw=b\nu=b\n[c:vars]\nv=c\nw=c\nu=c\n[d:vars]\nv=d\nw=d\nu=d\n[b:vars]\nansible_group_priority=10\n',
    },
  },
  'YAML: hosts, vars, children, ranges, ports': {
    files: {
      'hosts.yml':
        'all:\n  vars: {m: 1, list: [1, {a: b}], q: null, y: yes}\n  hosts:\n    a[1:2]: {x: 1}\n    b:\n    "c:22":\n  children:\n    g:\n      hosts: solo\n      vars: {ansible_group_priority: 3, v: g}\n      children: {h: , i: {hosts: {a1: {x: 2}}}}\nzz:\n  hosts: {b: , "[::1]:23": }\n',
    },
    sources: ['hosts.yml'],
  },
  'YAML without an ending, JSON': {
    files: {
      hosts: '---\n# c\nall:\n  children:\n    g: {hosts: {a: {x: 1}}}\n',
      'j.json': '{"g": {"hosts": {"b": null}, "vars": {"y": [1]}}}',
    },
    sources: ['hosts', 'j.json'],
  },
  // No [all.vars]: the real one tries INI first and keeps a group of that name from the attempt.
  TOML: {
    files: {
      'hosts.toml':
        '[all]\nvars = { has_java = false }\n[web]\nchildren = ["apache", "nginx"]\nvars = { http_port = 8080, myvar = 23 }\n[web.hosts]\nhost1 = {}\nhost2 = { ansible_port = 222 }\n"t[1:2]" = { list = [1, 2] }\n[apache.hosts.tomcat1]\n[apache.hosts.tomcat2]\nmyvar = 34\n[nginx.vars]\nhas_java = true\n[nginx.hosts.jenkins1]\n',
    },
    sources: ['hosts.toml'],
  },
  'special values stay marked': {
    files: { 'hosts.yml': 'all:\n  hosts:\n    a:\n      u: !unsafe "{{ x }}"\n      d: {k: !unsafe y}\n' },
    sources: ['hosts.yml'],
  },
  'script with _meta': {
    files: {
      'inv*':
        '#!/bin/sh\necho \'{"g": {"hosts": ["a", "b"], "vars": {"v": 1}, "children": ["k"]}, "k": ["c"], "all": {"vars": {"m": 1}}, "_meta": {"hostvars": {"a": {"q": [1]}, "nobody": {"q": 2}}}}\'\n',
    },
    sources: ['inv'],
  },
  'script that is asked for every host': {
    files: {
      'inv*':
        '#!/bin/sh\ncase $1 in --list) echo \'{"g": {"hosts": ["a", "b"]}, "l": ["c"]}\';; --host) echo "{\\"name\\": \\"$2\\"}";; esac\n',
    },
    sources: ['inv'],
  },
  'a folder that mixes all, and what it leaves out': {
    files: {
      'd/01-a': '[g]\nh1\n',
      'd/02.yml': 'g: {hosts: {h2: }, vars: {x: yml}}\n',
      'd/03.sh*': '#!/bin/sh\necho \'{"g": ["h3"]}\'\n',
      'd/sub/04': '[g]\nh4\n',
      'd/05.cfg': '[g]\nno5\n',
      'd/06~': '[g]\nno6\n',
      'd/07.ini': '[g]\nno7\n',
      'd/08.orig': '[g]\nno8\n',
      'd/09.txt': '[g]\nno9\n',
      'd/.hidden': '[g]\nno\n',
      'd/group_vars/g.yml': 'y: 1\n',
      'd/host_vars/h4.json': '{"z": 4}',
    },
    sources: ['d'],
  },
  'group_vars and host_vars: files, folders, which form wins': {
    files: {
      hosts: '[x]\nh1 v=inline\nh2\n[y:children]\nx\n',
      'group_vars/x.yml': 'a: file\n',
      'group_vars/x/20': 'a: folder\nb: 1\n',
      'group_vars/x/10.yml': 'b: 0\nc: 0\n',
      'group_vars/x/deep/er.yaml': 'deep: 1\n',
      'group_vars/x/.git/c.yml': 'hidden: 1\n',
      'group_vars/x/v.yml~': 'tilde: 1\n',
      'group_vars/x/notes.txt': 'not: vars\n',
      'group_vars/y.yaml': 'form: yaml\n',
      'group_vars/y.json': '{"form": "json"}',
      'group_vars/all': '# only a comment\n',
      'host_vars/h1': 'v: hv\nform: none\n',
      'host_vars/h1.yml': 'form: yml\n',
    },
  },
  'precedence between two inventories and a playbook': {
    files: {
      'i1/hosts': '[child]\nh\n[par:children]\nchild\n[child:vars]\np=i1\n',
      'i2/hosts': '[child]\nh\n[child:vars]\np=i2\n',
      'i1/group_vars/all.yml': 'a: i1 all\nb: i1 all\nc: i1 all\n',
      'i1/group_vars/child.yml': 'c: i1 child\nd: i1 child\ne: i1 child\n',
      'i2/group_vars/par.yml': 'd: i2 par\n',
      'i2/group_vars/all.yml': 'b: i2 all\n',
      'pb/group_vars/all.yml': 'a: pb all\nc: pb all\n',
      'pb/group_vars/par.yml': 'e: pb par\nf: pb par\n',
      'i2/host_vars/h.yml': 'f: i2 host\ng: i2 host\n',
      'pb/host_vars/h.yml': 'g: pb host\n',
    },
    sources: ['i1/hosts', 'i2/hosts'],
    playbookFolder: 'pb',
  },
  'a list of hosts': { files: {}, sources: ['a,c:22,'] },
};

const real = (folder: string, ...args: string[]): string =>
  execFileSync(REAL, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

describe.runIf(hasProgram('ansible-inventory'))('prints what the real ansible-inventory prints', () => {
  test.each(Object.entries(CASES))(
    '%s',
    async (_, { files, sources = ['hosts'], playbookFolder, listOnly }) => {
      const folder = folderWith(files);
      const inventory = await loadInventory(sources, { cwd: folder });
      const args = sources.flatMap((source) => ['-i', source]);
      if (playbookFolder) args.push('--playbook-dir', playbookFolder);
      const options = playbookFolder ? { playbookFolder: join(folder, playbookFolder) } : {};
      expect(inventoryJson(inventory, options)).toEqual(JSON.parse(real(folder, ...args, '--list')));
      expect(inventoryJson(inventory, { ...options, export: true })).toEqual(
        JSON.parse(real(folder, ...args, '--list', '--export')),
      );
      if (listOnly) return;
      const graph = real(folder, ...args, '--graph', '--vars');
      expect(inventoryGraph(inventory, { ...options, vars: true })).toBe(graph);
    },
  );

  test('one host, one group, and the implicit localhost', async () => {
    const folder = folderWith({
      hosts: '[g]\nh a=1\n[k]\nj\n',
      'group_vars/all.yml': 'x: 1\n',
      'host_vars/localhost.yml': 'l: 1\n',
    });
    const inventory = await loadInventory(['hosts'], { cwd: folder });
    expect(inventoryHostJson(inventory, 'h')).toEqual(JSON.parse(real(folder, '-i', 'hosts', '--host', 'h')));
    expect(inventoryGraph(inventory, { group: 'g' })).toBe(real(folder, '-i', 'hosts', '--graph', 'g'));
    // The real one adds the path of its own Python.
    const { ansible_python_interpreter, ...localhost } = JSON.parse(
      real(folder, '-i', 'hosts', '--host', 'localhost'),
    );
    expect(inventoryHostJson(inventory, 'localhost')).toEqual(localhost);
  });

  test('extra variables and a limit', async () => {
    const folder = folderWith({ hosts: '[g]\nh a=1\n[k]\nj\n' });
    const inventory = await loadInventory(['hosts'], { cwd: folder });
    const extraVars = { a: '2', z: '3' };
    const extra = ['-e', 'a=2 z=3'];
    expect(inventoryJson(inventory, { extraVars })).toEqual(
      JSON.parse(real(folder, '-i', 'hosts', ...extra, '--list')),
    );
    expect(inventoryGraph(inventory, { extraVars, vars: true })).toBe(
      real(folder, '-i', 'hosts', ...extra, '--graph', '--vars'),
    );
    const { hosts } = inventory.match('all', { limit: 'k' });
    expect(inventoryGraph(inventory, { hosts: new Set(hosts) })).toBe(
      '@all:\n  |--@ungrouped:\n  |--@g:\n  |--@k:\n  |  |--j\n',
    );
  });
});
