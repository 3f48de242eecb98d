import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSecrets } from '../../src/secrets/index.ts';
import { scopeOf, templarWith } from './scope.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutover-lookups-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const here = (more: object = {}) =>
  templarWith(
    {},
    {
      allowEffects: true,
      searchPath: () => [folder],
      readFile: (path, encoding) => readFileSync(path, (encoding ?? 'utf8') as BufferEncoding),
      environment: { PATH: process.env.PATH },
      ...more,
    },
  );
const run = (expression: string, variables = {}): unknown => here().evaluate(expression, scopeOf(variables));

describe('lookups', () => {
  it('render the texts that the template itself gives them, and no other', () => {
    writeFileSync(join(folder, 'f-one.txt'), 'one\n');
    const variables = { which: 'one', said: '{{ which }}' };
    expect(run("lookup('file', 'f-{{ which }}.txt')", variables)).toBe('one');
    expect(run("query('items', ['{{ which }}', 'b'], said)", variables)).toEqual(['one', 'b', '{{ which }}']);
    expect(() => run("lookup('file', '{{ nowhere }}.txt')")).toThrow(/'nowhere' is undefined/);
  });

  it('file, template, ini and csvfile read the search path', () => {
    writeFileSync(join(folder, 'f.txt'), 'text \n');
    writeFileSync(join(folder, 't.j2'), 'hello {{ name }}\n');
    writeFileSync(join(folder, 'x.ini'), '[one]\nuser = a\nPath: b\n[two]\nuser = c\n');
    writeFileSync(join(folder, 'x.csv'), 'k1,v1,"a ""b"", c"\nk2,v2,d\n"""the"" last one",v3,e\n');
    expect(run("lookup('file', 'f.txt')")).toBe('text');
    expect(run("lookup('file', 'f.txt', rstrip=false)")).toBe('text \n');
    expect(run("lookup('template', 't.j2')", { name: 'x' })).toBe('hello x\n');
    expect(run("lookup('template', 't.j2', template_vars={'name': 'y'})")).toBe('hello y\n');
    expect(run("lookup('ini', 'user section=two file=x.ini')")).toBe('c');
    expect(run("lookup('ini', 'user', section='one', file='x.ini')")).toBe('a');
    expect(run("lookup('ini', 'nope', section='one', file='x.ini', default='z')")).toBe('z');
    expect(run("lookup('csvfile', 'k1 file=x.csv delimiter=, col=2')")).toBe('a "b", c');
    expect(run("lookup('csvfile', '\"the\" last one  file=x.csv delimiter=, col=1')")).toBe('v3');
    expect(run("lookup('csvfile', 'k9 file=x.csv delimiter=, col=1, default=none')")).toBe('none');
    expect(run("lookup('first_found', {'files': ['nope', 'f.txt']})")).toBe(join(folder, 'f.txt'));
    expect(run("query('fileglob', '*.ini')")).toEqual([join(folder, 'x.ini')]);
    expect(run("query('inventory_hostnames', 'all')")).toEqual(['a', 'b']);
  });

  it('filetree: folders, files and links, those of the first folder', () => {
    for (const name of ['tree/in', 'over/in', 'over/only'])
      mkdirSync(join(folder, name), { recursive: true });
    for (const name of ['tree/top', 'tree/in/deep', 'over/top']) writeFileSync(join(folder, name), name);
    symlinkSync('in', join(folder, 'tree/way'));
    const told = (terms: string, key: string) => run(`query('filetree', ${terms}) | map(attribute='${key}')`);
    expect(told("'tree/'", 'path')).toEqual(['in', 'way', 'top', 'in/deep']);
    expect(told("'tree'", 'path')).toEqual(['in', 'way', 'top', 'in/deep']);
    expect(told("'tree/'", 'state')).toEqual(['directory', 'link', 'file', 'file']);
    expect(run("query('filetree', 'tree/') | selectattr('src', 'defined') | map(attribute='src')")).toEqual([
      'in',
      join(folder, 'tree/top'),
      join(folder, 'tree/in/deep'),
    ]);
    expect(told("'tree/', 'over/'", 'root')).toEqual([
      ...Array(4).fill(join(folder, 'tree/')),
      join(folder, 'over/'),
    ]);
    expect(told("'tree/in'", 'root')).toEqual([join(folder, 'tree/in')]);
    expect(run("(query('filetree', 'tree/in/') | first).mtime | type_debug")).toBe('float');
    expect(told("'nowhere/', 'tree/top'", 'path')).toEqual([]);
  });

  it('ini: defaults, interpolation, encodings, names that stand alone or twice', () => {
    writeFileSync(
      join(folder, 'y.ini'),
      Buffer.from(
        '[DEFAULT]\nroot = /srv\n[a]\nlog=%(root)s/log ; 5%%\n  more\nalone\nname=\xe9\n',
        'latin1',
      ),
    );
    const y = (more: string) =>
      run(`lookup('ini', ${more}, section='a', file='y.ini', encoding='latin1', allow_no_value=true)`);
    expect(y("'log'")).toBe('/srv/log ; 5%\nmore');
    expect(y("'Log', interpolation=false")).toBe('%(root)s/log ; 5%%\nmore');
    expect(y("'name'")).toBe('é');
    expect(y("'root'")).toBe('/srv');
    expect(run("query('ini', 'alone section=a file=y.ini allow_none=yes')")).toEqual([[]]);
    expect(() => run("lookup('ini', 'log section=a file=y.ini')")).toThrow('parsing errors: alone [line 6]');
    writeFileSync(join(folder, 'twice.ini'), '[a]\nx=1\nX=2\n');
    expect(() => run("lookup('ini', 'x section=a file=twice.ini')")).toThrow(
      "Duplicate option in 'twice.ini': option 'x'",
    );
    expect(run("lookup('ini', 'X section=a file=twice.ini case_sensitive=true')")).toBe('2');
  });

  it('template tells the template who and where it is, and a lone one gives what it spells as data', () => {
    writeFileSync(
      join(folder, 'self.j2'),
      '{{ template_path }} {{ template_fullpath }} {{ ansible_managed }}',
    );
    writeFileSync(join(folder, 'data.j2'), '{# why #}\n{"ports": [{{ first }}, true]}\n');
    const lone = (expression: string) => here().render(`{{ ${expression} }}`, scopeOf({ first: 80 }));
    writeFileSync(join(folder, 'word.j2'), '{{ first }}\n');
    expect(run("lookup('template', 'self.j2')")).toBe(`self.j2 ${join(folder, 'self.j2')} Ansible managed`);
    expect(lone("lookup('template', 'data.j2')")).toEqual({ ports: [80, true] });
    expect(lone("lookup('template', 'data.j2', convert_data=false)")).toBe('{"ports": [80, true]}\n');
    expect(run("lookup('template', 'data.j2') is mapping", { first: 80 })).toBe(false);
    expect(run("lookup('template', 'data.j2', jinja2_native=true).ports", { first: 80 })).toEqual([80, true]);
    expect(run("lookup('template', 'word.j2')", { first: '[1]' })).toBe('[1]\n');
  });

  it('config gives settings by their documented names', () => {
    const settings: Record<string, unknown> = { DEFAULT_FORKS: 7, DEFAULT_FACT_PATH: null };
    const setting = (name: string) => (name in settings ? { value: settings[name] } : undefined);
    const config = (expression: string) => here({ setting }).evaluate(expression, scopeOf({}));
    expect(config("lookup('config', 'DEFAULT_FORKS')")).toBe(7);
    expect(config("query('config', 'DEFAULT_FORKS', 'DEFAULT_FACT_PATH')")).toEqual([7, null]);
    expect(config("query('config', 'NOPE', on_missing='skip')")).toEqual([]);
    expect(() => config("lookup('config', 'NOPE')")).toThrow('Unable to find setting NOPE');
    expect(() => config("lookup('config', 'NOPE', on_missing='later')")).toThrow('on_missing');
  });

  it('password makes a password once, keeps it for its owner only, and masks it', () => {
    const secrets = createSecrets();
    const templar = here({ secrets });
    const path = join(folder, 'deep', 'pw');
    const text = `lookup('password', '${path} length=24 chars=ascii_letters,digits')`;
    const first = templar.evaluate(text, scopeOf({}));
    expect(first).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(templar.evaluate(text, scopeOf({}))).toBe(first);
    expect(readFileSync(path, 'utf8')).toBe(`${first}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(secrets.has(first)).toBe(true);
    expect(run("lookup('password', '/dev/null', seed='s', length=12)")).toBe(
      run("lookup('password', '/dev/null', seed='s', length=12)"),
    );
    const hashed = templar.evaluate(
      `lookup('password', '${join(folder, 'hashed')}', encrypt='sha256_crypt')`,
      scopeOf({}),
    );
    expect(hashed).toMatch(/^\$5\$rounds=535000\$[A-Za-z0-9./]{16}\$/);
    expect(
      templar.evaluate(
        `lookup('password', '${join(folder, 'hashed')}', encrypt='sha256_crypt')`,
        scopeOf({}),
      ),
    ).toBe(hashed);
  });

  it('pipe and lines run in a shell, and say how they failed', () => {
    expect(run("lookup('pipe', 'printf x; printf y')")).toBe('xy');
    expect(() => run("lookup('pipe', 'echo broken >&2; exit 3')")).toThrow('returned 3: broken');
    expect(run("lookup('pipe', 'exit 3', errors='ignore')")).toBeNull();
    expect(run("query('pipe', 'exit 3', errors='ignore')")).toEqual([]);
  });

  it('url reads over HTTP', async () => {
    // The lookup is synchronous, so the server must not share its thread.
    const source = `
      const { createServer } = require('node:http');
      const { parentPort } = require('node:worker_threads');
      const server = createServer((request, response) => {
        response.statusCode = request.url === '/nope' ? 404 : 200;
        response.end('one\\ntwo ' + (request.headers['x-test'] ?? ''));
      }).listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;
    const worker = new Worker(source, { eval: true });
    const port = await new Promise<number>((resolve) => worker.once('message', resolve));
    try {
      expect(run(`query('url', 'http://127.0.0.1:${port}/', headers={'x-test': 'h'})`)).toEqual([
        'one',
        'two h',
      ]);
      expect(run(`lookup('url', 'http://127.0.0.1:${port}/', split_lines=false)`)).toBe('one\ntwo ');
      expect(() => run(`lookup('url', 'http://127.0.0.1:${port}/nope')`)).toThrow('answers 404');
    } finally {
      await worker.terminate();
    }
  });

  it('answers with_* loops with a list', () => {
    const templar = here();
    expect(templar.lookup('items', [[1, 2], 3], scopeOf({}))).toEqual([1, 2, 3]);
    expect(templar.lookup('nested', [['a'], ['x', 'y']], scopeOf({}))).toEqual([
      ['a', 'x'],
      ['a', 'y'],
    ]);
    expect(templar.lookup('dict', [{ a: 1 }], scopeOf({}))).toEqual([{ key: 'a', value: 1 }]);
    expect(templar.lookup('sequence', ['count=2'], scopeOf({}))).toEqual(['1', '2']);
    expect(() => templar.lookup('sequence', ['end=x'], scopeOf({}))).toThrow(
      /^can't parse end=x as integer$/,
    );
    const elements = [
      { n: 1, k: null },
      { n: 2, k: { l: ['a'] } },
    ];
    expect(templar.lookup('subelements', [elements, 'k.l', { skip_missing: true }], scopeOf({}))).toEqual([
      [{ n: 2, k: {} }, 'a'],
    ]);
    expect(templar.lookup('subelements', [{ skipped: true }, 'k'], scopeOf({}))).toEqual([]);
    expect(() => templar.lookup('nope', [], scopeOf({}), { file: 'a.yml', line: 1, column: 2 })).toThrow(
      'lookup plugin (nope) not found',
    );
  });
});
