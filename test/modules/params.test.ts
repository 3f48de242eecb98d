import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkWritten } from '../../src/modules/arguments.ts';
import {
  defineModule,
  describeModule,
  loadModule,
  loadModulesFrom,
  moduleCatalog,
  moduleJsonSchema,
  parseParams,
} from '../../src/modules/index.ts';
import * as p from '../../src/modules/params.ts';
import { parseYaml } from '../../src/source/index.ts';
import { OMIT } from '../../src/values/index.ts';

const demo = defineModule({
  name: 'demo',
  summary: 'A module to try parameters with.',
  params: p.withAliases(
    { dest: 'path' },
    {
      path: p.path.describe('Where.'),
      state: p.choice('file', 'directory').default('file').describe('What.'),
      force: p.boolean.default(false),
      items: p.strings.optional(),
      count: p.integer.optional(),
      text: p.text.optional(),
      mode: p.mode.optional(),
    },
  ),
  plan: () => ({ changes: [] }),
});

const at = { file: 'site.yml', line: 1, column: 1 };

test.each<[Record<string, unknown>, Record<string, unknown>]>([
  [{ force: 'yes' }, { force: true }],
  [{ force: 'Off' }, { force: false }],
  [{ force: 1 }, { force: true }],
  [{ items: 'a, b' }, { items: ['a', 'b'] }],
  [{ items: [1, 'b'] }, { items: ['1', 'b'] }],
  [{ items: '' }, { items: [] }],
  [{ count: ' 8080 ' }, { count: 8080 }],
  [{ text: 5 }, { text: '5' }],
  [{ text: true }, { text: 'True' }],
  [{ mode: '644' }, { mode: '0644' }],
  [{ mode: '0o2755' }, { mode: '2755' }],
  [{ mode: 'u=rwX,g=rX,o=' }, { mode: 'u=rwX,g=rX,o=' }],
  [{ mode: 420 }, { mode: '0644' }],
  [{ mode: 493 }, { mode: '0755' }],
  [{ mode: 511 }, { mode: '0777' }],
  [{ mode: 644 }, { mode: '0644' }],
  [{ mode: 0o2755 }, { mode: '2755' }],
  [{ text: null, mode: OMIT }, {}],
])('%j is taken as %j', (given, taken) => {
  expect(parseParams(demo, { dest: '/x', ...given }, at)).toEqual({
    path: '/x',
    state: 'file',
    force: false,
    ...taken,
  });
});

test.each<[Record<string, unknown>, RegExp]>([
  [{}, /^demo: missing required arguments: path$/],
  [{ path: '/x', stat: 'file' }, /^demo has no parameter "stat"$/],
  [{ path: '/x', state: 'fil' }, /^demo: value of state must be one of: file, directory, got: fil$/],
  [{ path: '/x', count: 'five' }, /^demo: count must be a number, not "five"$/],
  [{ path: '/x', count: 1.5 }, /^demo: count must be a whole number, not 1\.5$/],
  [
    { path: '/x', force: 'maybe', items: {} },
    /^demo: force must be yes or no, not "maybe"; demo: items must be a list, not a mapping$/,
  ],
  [{ path: '/x', dest: '/y' }, /path is given twice: "path" has the alias "dest"/],
  [{ path: '/x', mode: 'rw' }, /"rw" is no mode: write '0644' or u=rw,g=r,o=r/],
  [{ path: '/x', mode: 999 }, /write it as '/],
  [{ path: '' }, /path must not be empty/],
])('%j is refused', (given, message) => {
  expect(() => parseParams(demo, given, at)).toThrow(message);
});

describe('as written in a playbook, before anything runs', () => {
  const check = (yaml: string) => {
    const args = parseYaml({ text: yaml, file: 'site.yml' }) as Record<string, unknown>;
    return checkWritten(demo, args, at).map(
      (error) =>
        `${error.position!.line}:${error.position!.column} ${error.message}${error.hint ? ` (${error.hint})` : ''}`,
    );
  };

  test.each<[string, string[]]>([
    ['path: /x\nmode: 0644\n', []],
    ['path: "{{ x }}"\nmode: "{{ y }}"\nforce: "{{ z }}"\ncount: "{{ n }}"\n', []],
    ['_variable: "{{ all }}"\n', []],
    ['path: /x\nmode: 644\n', ["2:7 demo: mode: write it as '0644', not as a bare number"]],
    [
      'path: /x\nmode: 644\nforce: perhaps\n',
      [
        "2:7 demo: mode: write it as '0644', not as a bare number",
        '3:8 demo: force must be yes or no, not "perhaps"',
      ],
    ],
    [
      'path: "{{ x }}"\nmode: 0o755\nstate: fil\n',
      ['3:8 demo: value of state must be one of: file, directory, got: fil (did you mean "file"?)'],
    ],
    [
      'path: /x\nstat: file\nforce: perhaps\n',
      [
        '3:8 demo: force must be yes or no, not "perhaps"',
        '2:1 demo has no parameter "stat" (did you mean "state"?)',
      ],
    ],
    [
      'dst: "{{ x }}"\n',
      [
        '1:1 demo has no parameter "dst" (did you mean "dest"?)',
        '1:1 demo: missing required arguments: path',
      ],
    ],
    ['path: /x\nitems: ["{{ a }}", b]\n', []],
  ])('%j', (yaml, errors) => {
    expect(check(yaml)).toEqual(errors);
  });
});

test('a module is described from its schema', () => {
  const { parameters } = describeModule(demo);
  expect(parameters[0]).toEqual({
    name: 'path',
    type: 'path',
    required: true,
    aliases: ['dest'],
    description: 'Where.',
  });
  expect(parameters[1]).toEqual({
    name: 'state',
    type: 'choice',
    required: false,
    default: 'file',
    choices: ['file', 'directory'],
    aliases: [],
    description: 'What.',
  });
  expect(parameters.map(({ type }) => type)).toEqual([
    'path',
    'choice',
    'boolean',
    'list',
    'integer',
    'string',
    'mode',
  ]);
});

describe('the registry', () => {
  const catalog = moduleCatalog();

  test.each([
    ['copy', 'copy'],
    ['ansible.builtin.copy', 'copy'],
    ['ansible.legacy.file', 'file'],
    ['community.general.ini_file', 'ini_file'],
    ['cutover.builtin.toml', 'toml'],
    ['some.collection.copy', 'some.collection.copy'],
    ['cpoy', undefined],
  ])('%s is %s', (name, short) => {
    expect(catalog.resolve(name)).toBe(short);
  });

  test('every module loads under its folder name, described, with free text where the table says', async () => {
    const wrong: string[] = [];
    for (const name of catalog.names()) {
      const module = await loadModule(name);
      if (module.freeForm !== catalog.freeForm(name))
        wrong.push(`${name}: free text goes to ${module.freeForm}`);
      const undescribed = describeModule(module).parameters.filter(({ description }) => description === '');
      if (undescribed.length > 0)
        wrong.push(`${name}: ${undescribed.map((one) => one.name).join(', ')} not described`);
      if (!/^[A-Z].*\.$/s.test(module.summary)) wrong.push(`${name}: summary`);
    }
    expect(wrong).toEqual([]);
  });

  test('a name that is not there gets the nearest one', async () => {
    await expect(loadModule('lineinfle')).rejects.toMatchObject({
      message: 'there is no module "lineinfle"',
      hint: 'did you mean "lineinfile"?',
    });
  });

  test('arguments are checked by module name', async () => {
    const errors = await catalog.checkArguments(
      'ansible.builtin.copy',
      { src: 'a', dest: '/b', mdoe: '0644' },
      at,
    );
    expect(errors.map(({ hint }) => hint)).toEqual(['did you mean "mode"?']);
  });

  test('there is a JSON schema for every module', async () => {
    const schemas = await moduleJsonSchema();
    expect(Object.keys(schemas)).toEqual([...catalog.names()]);
    expect(schemas.copy).toMatchObject({ type: 'object', additionalProperties: false, required: ['dest'] });
  });
});

test("a user's own modules are found, and cannot hide built-in ones", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-modules-'));
  try {
    writeFileSync(
      join(folder, 'greet.mjs'),
      `export default { name: 'x', summary: 'Greets.', params: { safeParse: (data) => ({ success: true, data }), def: { type: 'custom' } }, plan: () => ({ changes: [] }) };`,
    );
    expect(await loadModulesFrom(folder)).toEqual(['greet']);
    expect(moduleCatalog().resolve('greet')).toBe('greet');
    expect(await loadModule('greet')).toMatchObject({ name: 'greet', summary: 'Greets.' });
    expect(await loadModulesFrom(join(folder, 'none'))).toEqual([]);
    writeFileSync(join(folder, 'copy.mjs'), 'export default {};');
    await expect(loadModulesFrom(folder)).rejects.toThrow(/a module "copy" is built in/);
    rmSync(join(folder, 'copy.mjs'));
    writeFileSync(join(folder, 'odd.mjs'), 'export const a = 1;');
    await expect(loadModulesFrom(folder)).rejects.toThrow(/odd\.mjs has no module as its default export/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a schema without aliases works the same', () => {
  const plain = defineModule({
    name: 'plain',
    summary: 'S.',
    params: z.strictObject({ a: p.text.describe('A.') }),
    plan: () => ({ changes: [] }),
  });
  expect(() => parseParams(plain, { b: 1 })).toThrow(
    /plain: missing required arguments: a; plain has no parameter "b"/,
  );
});

test.each([
  ['A=b', { A: 'b' }],
  ['A=b,C=d e=f', { A: 'b', C: 'd', e: 'f' }],
  [`A='x y',B="p,q" C=1`, { A: 'x y', B: 'p,q', C: '1' }],
  ['A=b=c', { A: 'b=c' }],
  ['{"a": 1, "b": [2]}', { a: 1, b: [2] }],
  ["{'a': True}", { a: true }],
  [{ a: 1 }, { a: 1 }],
])('a mapping may be the text %j', (value, meant) => {
  expect(p.mapping.parse(value)).toEqual(meant);
});

test.each(['A', 'A=b,C', '{a', ''])('the text %j is no mapping', (value) => {
  expect(p.mapping.safeParse(value).success).toBe(false);
});
