/** The schemas for editors must agree with the readers: what one takes, the other takes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadInventory } from '../../src/inventory/index.ts';
import { moduleCatalog } from '../../src/modules/index.ts';
import { loadPlaybook } from '../../src/playbook/index.ts';
import { createSecrets } from '../../src/secrets/index.ts';
import { parseYaml } from '../../src/source/index.ts';
import { createTemplar } from '../../src/template/index.ts';
import { VaultText } from '../../src/values/index.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'cutover-schema-'));
afterAll(() => rmSync(folder, { recursive: true }));

function validator(name: string): (data: unknown) => boolean {
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(join(root, 'docs', name), 'utf8')));
  return (data) => schema.safeParse(plain(data)).success;
}

/** Editors see the text of a vaulted value where we see a VaultText. */
function plain(data: unknown): unknown {
  return JSON.parse(
    JSON.stringify(data ?? null, (_, value) => (value instanceof VaultText ? value.ciphertext : value)),
  );
}

const fitsPlaybook = validator('playbook.schema.json');
const fitsInventory = validator('inventory.schema.json');

async function playbookLoads(text: string): Promise<boolean> {
  const file = join(folder, 'site.yml');
  writeFileSync(file, text);
  const templar = createTemplar({ secrets: createSecrets() });
  return loadPlaybook(file, {
    catalog: moduleCatalog(),
    rolesPath: [],
    readText: (path) => readFileSync(path, 'utf8'),
    renderStatic: (name) => name,
    checkTemplate: (written, as, at) => templar.check(written, as === 'condition' ? 'expression' : as, at),
  }).then(
    () => true,
    () => false,
  );
}

const play = (more: string) => `- hosts: all\n${more.replace(/^/gm, '  ')}\n`;
const task = (text: string) => play(`tasks:\n  - ${text.replaceAll('\n', '\n    ')}`);

const PLAYBOOKS: readonly (readonly [string, boolean, string])[] = [
  ['a module with parameters', true, task('copy: {src: a, dest: /b, mode: "0644"}')],
  ['its qualified name', true, task('ansible.builtin.copy: {src: a, dest: /b}')],
  ['key=value text', true, task('copy: src=a dest=/b')],
  ['a lone template', true, task('copy: "{{ options }}"')],
  ['a module without parameters', true, task('ping:')],
  ['free text', true, task('command: uptime\nchanged_when: false')],
  ['a template in place of a boolean', true, task('ping:\nbecome: "{{ root }}"')],
  ['a loop', true, task('debug: {msg: "{{ item }}"}\nloop: [1, 2]\nloop_control: {label: x, extended: yes}')],
  ['an old loop', true, task('debug: {msg: "{{ item }}"}\nwith_items: [1, 2]')],
  ['an undo list', true, task('command: a\nundo:\n  - command: b')],
  ['an undo that cannot be', true, task('command: a\nundo: {none: a database was dropped}')],
  ['a block', true, task('block:\n  - ping:\nrescue:\n  - fail: {msg: no}\nalways:\n  - ping:')],
  ['handlers', true, play('handlers:\n  - name: again\n    listen: x\n    ping:')],
  ['ways to roll back', true, play('on_failure: rollback\nrollback_scope: batch\nrollback: required')],
  ['batches', true, play('serial: [1, "50%"]\nmax_fail_percentage: 20\norder: shuffle\nstrategy: free')],
  ['open parameters', true, task('set_fact: {anything: 1}')],
  ['an unknown keyword of a play', false, play('host: all')],
  ['an unknown keyword of a task', false, task('ping:\nwehn: true')],
  ['an unknown parameter', false, task('copy: {src: a, dest: /b, owenr: root}')],
  ['a missing parameter', false, task('copy: {src: a}')],
  ['a wrong choice', false, task('file: {path: /a, state: folder}')],
  ['an unknown strategy', false, play('strategy: quick')],
  ['an unknown scope', false, play('rollback_scope: world')],
  ['a boolean that is none', false, task('ping:\nbecome: maybe')],
  ['tasks that are no list', false, play('tasks: {ping: {}}')],
  ['an undo without a reason', false, task('command: a\nundo: none')],
  ['a listener that is no handler', false, task('ping:\nlisten: x')],
  ['what is not built yet', false, play('rollout: {canary: 1}')],
  ['a play without hosts', false, '- tasks: []\n'],
  ['no list of plays', false, 'hosts: all\n'],
];

describe('playbook.schema.json', () => {
  it.each(PLAYBOOKS)('agrees with the reader on %s', async (_, good, text) => {
    const data = parseYaml({ text, file: 'site.yml' });
    expect({ schema: fitsPlaybook(data), reader: await playbookLoads(text) }).toEqual({
      schema: good,
      reader: good,
    });
  });

  it.each(['upgrade.yml', 'finalize.yml'])('fits the upgrade that ships: %s', (name) => {
    const file = join(root, 'playbooks/wso2-mi-upgrade', name);
    expect(fitsPlaybook(parseYaml({ text: readFileSync(file, 'utf8'), file }))).toBe(true);
  });
});

const INVENTORIES: readonly (readonly [string, boolean, string])[] = [
  [
    'groups, hosts, variables',
    true,
    'all:\n  children:\n    web:\n      hosts:\n        a: {ansible_port: 22}\n        b:\n      vars: {x: 1}',
  ],
  ['an empty group', true, 'web:'],
  ['children by name', true, 'web:\n  children: [a, b]'],
  ['one host as text', true, 'web:\n  hosts: a'],
  ['an unknown key', false, 'web:\n  host: {a: }'],
  ['hosts as a list', false, 'web:\n  hosts: [a, b]'],
  ['a plugin', false, 'plugin: aws_ec2'],
  ['no mapping', false, '- web'],
];

describe('inventory.schema.json', () => {
  it.each(INVENTORIES)('agrees with the reader on %s', async (_, good, text) => {
    const file = join(folder, 'hosts.yml');
    writeFileSync(file, text);
    const reader = await loadInventory([file]).then(
      () => true,
      () => false,
    );
    const schema = fitsInventory(parseYaml({ text, file }));
    expect({ schema, reader }).toEqual({ schema: good, reader: good });
  });

  it('fits the example', () => {
    const file = join(root, 'inventory.example/hosts.yml');
    expect(fitsInventory(parseYaml({ text: readFileSync(file, 'utf8'), file }))).toBe(true);
  });
});
