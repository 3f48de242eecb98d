import { describe, expect, test } from 'vitest';
import { inventoryYaml, loadInventory, variablePosition } from '../../src/inventory/index.ts';
import { createSecrets } from '../../src/secrets/index.ts';
import { createVault } from '../../src/vault/index.ts';
import { folderWith } from './folder.ts';

describe('positions', () => {
  test('of hosts, groups and variables, in every form', async () => {
    const cwd = folderWith({
      hosts: '[g]\nh a=1 b=2\n[g:vars]\n  c = 3\n',
      'more.yml': 'g:\n  hosts:\n    y: {d: 4}\n',
      'group_vars/g.yml': '# hello\ne: 5\n',
      't.toml': '[g.vars]\nf = 6\n[g.hosts.t]\ng = 7\n',
    });
    const inventory = await loadInventory(['hosts', 'more.yml', 't.toml'], { cwd });
    const where = (host: string, name: string): string | undefined => {
      const layer = inventory.layers(host).findLast((each) => name in each.values);
      const at = layer && variablePosition(layer, name);
      return at && `${at.file}:${at.line}:${at.column}`;
    };
    expect(where('h', 'b')).toBe('hosts:2:7');
    expect(where('h', 'c')).toBe('hosts:4:3');
    expect(where('y', 'd')).toBe('more.yml:3:9');
    expect(where('y', 'e')).toBe('group_vars/g.yml:2:1');
    expect(where('y', 'f')).toBe('t.toml:2:1');
    expect(where('t', 'g')).toBe('t.toml:4:1');
    expect(inventory.hosts.get('y')?.position).toEqual({ file: 'more.yml', line: 3, column: 5 });
    expect(inventory.groups.get('g')?.position).toEqual({ file: 'hosts', line: 1, column: 1 });
  });
});

describe('vault files', () => {
  test('are opened, and every value in them is secret', async () => {
    const secrets = createSecrets();
    const vault = await createVault({ ids: [{ password: 'p' }], secrets });
    const cwd = folderWith({
      hosts: '[g]\nh\n',
      'group_vars/g/vault.yml': vault.encryptText('db: {password: correct horse}\n'),
      'group_vars/g/vars.yml': 'user: wso2carbon\n',
    });
    const inventory = await loadInventory(['hosts'], { cwd, vault, secrets });
    const values = Object.assign({}, ...inventory.layers('h').map((layer) => layer.values));
    expect(values).toEqual({ db: { password: 'correct horse' }, user: 'wso2carbon' });
    expect(secrets.mask('wso2carbon correct horse')).toBe('wso2carbon ********');
  });

  test('an inventory itself can be one', async () => {
    const vault = await createVault({ ids: [{ password: 'p' }] });
    const cwd = folderWith({ hosts: vault.encryptText('[g]\nh a=1\n') });
    const inventory = await loadInventory(['hosts'], { cwd, vault });
    expect(inventory.members('g')).toEqual(['h']);
  });
});

describe('changes during a run', () => {
  test('add_host and group_by', async () => {
    const cwd = folderWith({ hosts: '[g]\nh\n', 'group_vars/new.yml': 'v: 1\n' });
    const inventory = await loadInventory(['hosts'], { cwd });
    expect(inventory.addHost('n1', ['new', 'g'], { w: 2 })).toBe(true);
    expect(inventory.addHost('n1', ['new'], { w: 2 })).toBe(false);
    inventory.addHost('n2', [], {});
    expect(inventory.match('new:ungrouped').hosts).toEqual(['n1', 'n2']);
    expect(inventory.members('g')).toEqual(['h', 'n1']);
    expect(inventory.layers('n1').map((layer) => layer.values)).toEqual([{ v: 1 }, { w: 2 }]);
    inventory.addGroup('os_debian', ['g'], ['n2']);
    expect(inventory.hosts.get('n2')?.groups).toEqual(['all', 'g', 'os_debian']);
    expect(inventory.members('ungrouped')).toEqual([]);
    expect(inventory.addHost('n1', ['new'], { w: 3 })).toBe(true);
    expect(Object.assign({}, ...inventory.layers('n1').map((layer) => layer.values))).toEqual({ v: 1, w: 3 });
  });

  test('who is in a group below another is in it for group_by, and not for add_host', async () => {
    const cwd = folderWith({ hosts: '[below]\nh\n[above:children]\nbelow\n' });
    const inventory = await loadInventory(['hosts'], { cwd });
    expect(inventory.addGroup('above', ['all'], ['h'])).toBe(false);
    expect(inventory.addHost('h', ['above'], {})).toBe(true);
    expect(inventory.addHost('h', ['above'], {})).toBe(false);
  });

  test('thousands of hosts grouped one by one', async () => {
    const cwd = folderWith({ hosts: 'h[1:5000] x=1\n', 'group_vars/os_b.yml': 'os: b\n' });
    const inventory = await loadInventory(['hosts'], { cwd });
    for (const host of [...inventory.hosts.keys()]) {
      inventory.addGroup(`os_${host.endsWith('0') ? 'a' : 'b'}`, ['all'], [host]);
      inventory.layers(host);
    }
    expect(inventory.members('os_a')).toHaveLength(500);
    expect(inventory.members('ungrouped')).toEqual([]);
    expect(inventory.layers('h1').map((layer) => layer.values)).toEqual([{ os: 'b' }, { x: 1 }]);
  });

  test('no source at all leaves the implicit localhost', async () => {
    const inventory = await loadInventory([]);
    expect(inventory.match('all').hosts).toEqual([]);
    expect(inventory.match('localhost').hosts).toEqual(['localhost']);
    expect(inventory.layers('localhost').map((layer) => layer.values)).toEqual([
      { ansible_connection: 'local' },
    ]);
  });
});

describe('names that reach for a prototype are ordinary names', () => {
  test.each(['__proto__', 'constructor', 'toString'])('%s', async (name) => {
    const cwd = folderWith({
      hosts: `[${name}]\nh ${name}=1\n`,
      'h.yml': `g: {hosts: {y: {${name}: {polluted: 1}}}}\n`,
      's*': `#!/bin/sh\necho '{"k": {"hosts": ["z"]}, "_meta": {"hostvars": {"z": {"${name}": {"polluted": 1}}}}}'\n`,
    });
    const inventory = await loadInventory(['hosts', 'h.yml', 's'], { cwd });
    expect(inventory.members(name)).toEqual(['h']);
    expect(Object.hasOwn(inventory.layers('h').at(-1)!.values, name)).toBe(true);
    expect(Object.hasOwn(inventory.layers('z').at(-1)!.values, name)).toBe(true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('the tree of groups as YAML', () => {
  const files = {
    'hosts.yml':
      'all:\n  vars: {shared: [1]}\n  children:\n    b: {hosts: {h1: {own: yes}, h2: }}\n    a: {children: {b: }, vars: {of: a}}\n',
  };

  test('has the variables of a host where it comes first', async () => {
    const inventory = await loadInventory(['hosts.yml'], { cwd: folderWith(files) });
    expect(inventoryYaml(inventory)).toBe(
      [
        'all:',
        '  children:',
        '    a:',
        '      children:',
        '        b:',
        '          hosts:',
        '            h1: {}',
        '            h2: {}',
        '    b:',
        '      hosts:',
        '        h1:',
        '          of: a',
        '          own: true',
        '          shared: &id001',
        '          - 1',
        '        h2:',
        '          of: a',
        '          shared: *id001',
        '    ungrouped: {}',
        '',
      ].join('\n'),
    );
  });

  test('leaves variables where they were written, to export', async () => {
    const inventory = await loadInventory(['hosts.yml'], { cwd: folderWith(files) });
    expect(inventoryYaml(inventory, { export: true, hosts: new Set(['h1']) })).toBe(
      [
        'all:',
        '  children:',
        '    a:',
        '      children:',
        '        b:',
        '          hosts:',
        '            h1: {}',
        '      vars:',
        '        of: a',
        '    b:',
        '      hosts:',
        '        h1:',
        '          own: true',
        '    ungrouped: {}',
        '  vars:',
        '    shared:',
        '    - 1',
        '',
      ].join('\n'),
    );
  });
});
