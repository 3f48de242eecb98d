import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import includeVars from '../../src/modules/include_vars/index.ts';
import { planTask } from './task-plan.ts';

const TEXTS = {
  'one.yml': 'a: 1\nlazy: "{{ b }}"\nmap: {x: 1}\n',
  'two.json': '{"b": [2]}',
  'empty.yml': '# nothing\n',
  'list.yml': '- 1\n',
  'vars/10-first.yml': 'a: first\nmap: {x: 1}\n',
  'vars/20-second.yaml': 'a: second\nmap: {y: 2}\n',
  'vars/deep/30-third.json': '{"a": "third"}',
  'vars/.hidden.yml': 'a: hidden\n',
  'mixed/a.yml': 'a: 1\n',
  'mixed/readme.txt': 'words\n',
};

let folder: string;
let files: Record<string, string>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutover-test-'));
  for (const [name, text] of Object.entries(TEXTS)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const names = [...Object.keys(TEXTS), 'vars', 'mixed'];
  files = Object.fromEntries(names.map((name) => [name, join(folder, name)]));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('include_vars', () => {
  test.each([
    [{ file: 'one.yml' }, { a: 1, lazy: '{{ b }}', map: { x: 1 } }],
    [{ file: 'two.json', name: 'under' }, { under: { b: [2] } }],
    [{ file: 'empty.yml' }, {}],
    [
      { file: 'one.yml', hash_behaviour: 'merge' },
      { a: 1, lazy: '{{ b }}', map: { w: 0, x: 1 } },
    ],
    [{ dir: 'vars' }, { a: 'third', map: { y: 2 } }],
    [
      { dir: 'vars', depth: 1 },
      { a: 'second', map: { y: 2 } },
    ],
    [
      { dir: 'vars', files_matching: 'first' },
      { a: 'first', map: { x: 1 } },
    ],
    [
      { dir: 'vars', ignore_files: ['30.*', 'second.yaml'] },
      { a: 'first', map: { x: 1 } },
    ],
    [
      { dir: 'vars', extensions: ['yml'], ignore_unknown_extensions: true },
      { a: 'first', map: { x: 1 } },
    ],
    [{ dir: 'mixed', ignore_unknown_extensions: true }, { a: 1 }],
  ])('%j', async (args, vars) => {
    const plan = await planTask(includeVars, args, { files, variables: { map: { w: 0 } } });
    expect(plan.effects).toEqual([{ kind: 'include-vars', vars }]);
    expect(plan.resultWith().ansible_facts).toEqual(vars);
  });

  test('names the files that it read', async () => {
    const plan = await planTask(includeVars, { dir: 'vars' }, { files });
    const names = ['vars/10-first.yml', 'vars/20-second.yaml', 'vars/deep/30-third.json'];
    expect(plan.resultWith().ansible_included_var_files).toEqual(names.map((name) => join(folder, name)));
  });

  test.each([
    [{ file: 'list.yml' }, /must hold a mapping of variables/, {}],
    [{ file: 'gone.yml' }, /Could not find file 'gone\.yml'/, {}],
    [{ dir: 'mixed' }, /readme\.txt does not have a valid extension/, {}],
    [{ file: '' }, /Could not find file/, {}],
    [{ dir: 'one.yml' }, /one\.yml is not a directory/, {}],
    [{ file: 'gone.yml', name: 'under' }, /gone\.yml/, { under: {} }],
  ])('says why %j failed as "message"', async (args, message, facts) => {
    const plan = await planTask(includeVars, args, { files: { ...files, '': folder } });
    expect(plan.failed).toMatch(message);
    expect(plan.resultWith()).toMatchObject({
      message: plan.failed,
      ansible_facts: facts,
      ansible_included_var_files: [],
    });
  });

  test('a folder is looked for beside the playbook outside of roles, else in the role', async () => {
    const beside = await planTask(includeVars, { dir: 'vars' }, { variables: { playbook_dir: folder } });
    expect(beside.failed).toBeUndefined();
    const variables = { playbook_dir: '/none', role_path: folder };
    const inRole = await planTask(includeVars, { dir: 'vars' }, { files, variables });
    expect(inRole.failed).toBeUndefined();
  });

  test('passes over links to folders', async () => {
    symlinkSync(join(folder, 'vars'), join(folder, 'mixed', 'linked'));
    const plan = await planTask(includeVars, { dir: 'mixed', ignore_unknown_extensions: true }, { files });
    expect(plan.effects).toEqual([{ kind: 'include-vars', vars: { a: 1 } }]);
  });

  test.each([
    [{}, /needs either file or dir/],
    [{ dir: 'vars', files_matching: '(' }, /regular expression|pattern/],
  ])('refuses %j', async (args, message) => {
    await expect(planTask(includeVars, args, { files })).rejects.toThrow(message);
  });
});
