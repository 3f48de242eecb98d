/** The file modules on the machine of the tests: plan, apply, plan again, and put everything back. */
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { loadModule, type Plan, parseParams } from '../../src/modules/index.ts';
import {
  applyChanges,
  type Observed,
  prelude,
  probeAll,
  type Session,
  undoEntries,
} from '../../src/resources/index.ts';
import { type Connection, connect } from '../../src/transport/index.ts';
import { contextOf } from './paper-host.ts';

let scratch = '';
let connection: Connection;
let session: Session;

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'cutover-local-'));
  for (const folder of ['files', 'host']) mkdirSync(join(scratch, folder));
  connection = await connect({
    name: 'here',
    connection: 'local',
    address: 'localhost',
    hostKeyChecking: 'strict',
    connectTimeoutMs: 10_000,
    prelude,
  });
  let seq = 0;
  session = {
    connection,
    lane: await connection.lane({ method: 'none' }),
    run: 'run-1',
    nextSeq: () => ++seq,
    stateDir: join(scratch, 'state'),
    arm: async () => {},
    environment: {},
  };
});

afterEach(async () => {
  await connection.close();
  rmSync(scratch, { recursive: true, force: true });
});

const host = (path = '') => join(scratch, 'host', path);

/** Writes a file of the controller. */
function put(name: string, content: string | Buffer): void {
  writeFileSync(join(scratch, 'files', name), content);
}

/** Everything below the host's folder: type, mode and content by path. */
function picture(folder = host(), below = ''): Record<string, string> {
  const all: Record<string, string> = {};
  for (const name of readdirSync(join(folder, below)).sort()) {
    const path = join(below, name);
    const stat = lstatSync(join(folder, path));
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isSymbolicLink()) all[path] = `-> ${readlinkSync(join(folder, path))}`;
    else if (stat.isDirectory()) Object.assign(all, { [path]: `dir ${mode}` }, picture(folder, path));
    else all[path] = `${mode} ${readFileSync(join(folder, path), 'utf8')}`;
  }
  return all;
}

async function plan(name: string, args: Record<string, unknown>, checkMode: boolean): Promise<Plan> {
  const module = await loadModule(name);
  const context = contextOf({ checkMode }, join(scratch, 'files'));
  const params = parseParams(module, args);
  const known = new Map<string, unknown>();
  const seen: Observed = { get: (probe) => known.get(probe.key) as never };
  for (;;) {
    const fresh = ((await module.needs?.(params, seen, context)) ?? []).filter(({ key }) => !known.has(key));
    if (fresh.length === 0) break;
    for (const [key, state] of await probeAll(session, fresh)) known.set(key, state);
  }
  return module.plan(params, seen, context);
}

/** Does a task, and sees to it that a dry run foretold it and that a second run finds nothing to do. Gives the result. */
async function task(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
  const foretold = await plan(name, args, true);
  const before = picture();
  const made = await plan(name, args, false);
  expect(made.failed).toBeUndefined();
  expect(picture()).toEqual(before);
  expect(foretold.changes.map(({ summary }) => summary)).toEqual(made.changes.map(({ summary }) => summary));
  const outcomes = made.changes.length > 0 ? await applyChanges(session, made.changes) : [];
  expect(outcomes.filter(({ status }) => status !== 'done')).toEqual([]);
  const again = await plan(name, args, false);
  expect(again.changes.map(({ summary }) => summary)).toEqual([]);
  return made.result?.(outcomes) ?? {};
}

/** Puts everything back. */
async function undo(): Promise<void> {
  const outcomes = await undoEntries(session, 'run-1', { check: false, force: false });
  expect(outcomes.length).toBeGreaterThan(0);
  expect(outcomes.filter(({ status }) => status !== 'undone' && status !== 'covered')).toEqual([]);
}

async function tgz(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const out = pack();
  for (const [name, text] of Object.entries(files))
    out.entry({ name, mode: name.endsWith('.sh') ? 0o755 : 0o644 }, text);
  out.finalize();
  const parts: Buffer[] = [];
  for await (const part of out) parts.push(part as Buffer);
  return gzipSync(Buffer.concat(parts));
}

async function zip(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const file = new ZipFile();
  for (const [name, text] of Object.entries(files))
    file.addBuffer(Buffer.from(text), name, { mode: name.endsWith('.sh') ? 0o755 : 0o644 });
  file.end();
  const parts: Buffer[] = [];
  for await (const part of file.outputStream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

describe('a task, the same task again, and back', () => {
  test.each<[string, string, Record<string, unknown>, Record<string, string>]>([
    [
      'copy content',
      'copy',
      { content: "it's $HOME\n", dest: 'new file', mode: '0600' },
      { 'new file': "600 it's $HOME\n" },
    ],
    ['copy over', 'copy', { content: 'b\n', dest: 'f', mode: 'u=rw,go=' }, { f: '600 b\n' }],
    ['copy into a folder to be made', 'copy', { src: 'one', dest: 'x/y/' }, { 'x/y/one': '644 1\n' }],
    ['copy on the host', 'copy', { src: 'f', dest: 'd/g', remote_src: true }, { 'd/g': '644 a\nb\nc\n' }],
    [
      'copy a folder on the host',
      'copy',
      { src: 'd', dest: 'e', remote_src: true },
      { 'e/d/sub/h': '640 h' },
    ],
    ['copy with a check', 'copy', { content: 'ok', dest: 'f', validate: 'grep -q ok %s' }, { f: '644 ok' }],
    ['template', 'template', { src: 'one', dest: 't' }, { t: '644 1\n' }],
    ['a folder', 'file', { path: 'x/y', state: 'directory', mode: '0750' }, { 'x/y': 'dir 750' }],
    ['a link', 'file', { path: 'l', src: 'f', state: 'link' }, { l: '-> f' }],
    [
      'a mode for everything',
      'file',
      { path: 'd', state: 'directory', recurse: true, mode: 'u=rwX,go=' },
      { d: 'dir 700', 'd/sub/h': '600 h' },
    ],
    ['a folder gone', 'file', { path: 'd', state: 'absent' }, {}],
    [
      'lineinfile',
      'lineinfile',
      { path: 'f', regexp: '^b', line: 'B $x `y`' },
      { f: '644 a\nB $x `y`\nc\n' },
    ],
    [
      'blockinfile',
      'blockinfile',
      { path: 'f', block: 'x', marker: '# {mark}' },
      { f: '644 a\nb\nc\n# BEGIN\nx\n# END\n' },
    ],
    ['replace', 'replace', { path: 'f', regexp: '[ab]', replace: 'z' }, { f: '644 z\nz\nc\n' }],
    [
      'ini_file',
      'ini_file',
      { path: 'i', section: 's', option: 'o', value: 'v' },
      { i: '644 \n[s]\no = v\n' },
    ],
    ['toml', 'toml', { path: 'c.toml', set: { 'a.b': 2 } }, { 'c.toml': '644 # c\n[a]\nb = 2 # one\n' }],
    ['assemble', 'assemble', { src: 'd', dest: 'all' }, { all: '644 ' }],
    [
      'unarchive tar.gz',
      'unarchive',
      { src: 'app.tgz', dest: '.', extra_opts: ['--strip-components=1'] },
      { 'bin/r.sh': '755 run\n', 'ä b': '644 x' },
    ],
    [
      'unarchive zip',
      'unarchive',
      { src: 'app.zip', dest: '.' },
      { 'app/bin/r.sh': '755 run\n', 'app/ä b': '644 x' },
    ],
  ])('%s', async (_, module, args, expected) => {
    mkdirSync(host('d/sub'), { recursive: true, mode: 0o755 });
    writeFileSync(host('d/sub/h'), 'h', { mode: 0o640 });
    writeFileSync(host('f'), 'a\nb\nc\n', { mode: 0o644 });
    writeFileSync(host('c.toml'), '# c\n[a]\nb = 1 # one\n', { mode: 0o644 });
    put('one', '1\n');
    put('app.tgz', await tgz({ 'app/bin/r.sh': 'run\n', 'app/ä b': 'x' }));
    put('app.zip', await zip({ 'app/bin/r.sh': 'run\n', 'app/ä b': 'x' }));
    const before = picture();
    // Names of the host are written short above; sources of the controller and link texts stay as they are.
    const here = (name: string) => host(name) + (name.endsWith('/') && name !== './' ? '/' : '');
    const placed = Object.fromEntries(
      Object.entries(args).map(([key, value]) => {
        const onHost =
          key === 'path' ||
          key === 'dest' ||
          (key === 'src' && (args.remote_src === true || module === 'assemble'));
        return [key, onHost ? here(String(value)) : value];
      }),
    );
    await task(module, placed);
    expect(picture()).toMatchObject(expected);
    if (args.state === 'absent') expect(picture()).not.toHaveProperty('d');
    await undo();
    expect(picture()).toEqual(before);
  });
});

test("a product is unpacked beside the old one and gets the operator's part", async () => {
  put('p-1.zip', await zip({ 'p-1/conf/a.toml': '# a\nx = 1\n', 'p-1/bin/r.sh': 'run 1\n' }));
  put('p-2.zip', await zip({ 'p-2/conf/a.toml': '# a\nx = 1\ny = 2\n', 'p-2/bin/r.sh': 'run 2\n' }));
  await task('unarchive', { src: 'p-1.zip', dest: host() });
  writeFileSync(host('p-1/conf/a.toml'), '# a\nx = 5\n');
  mkdirSync(host('p-1/apps'));
  writeFileSync(host('p-1/apps/one.car'), 'car');
  const before = picture();
  await task('unarchive', { src: 'p-2.zip', dest: host() });
  const moved = await task('tree', {
    src: host('p-1'),
    dest: host('p-2'),
    pristine: 'p-1.zip',
    exclude: ['conf/a.toml'],
  });
  expect(moved.copied).toEqual([{ path: 'apps/one.car', reason: 'not in the pristine product' }]);
  await task('toml', { path: host('p-2/conf/a.toml'), merge_from: host('p-1/conf/a.toml') });
  expect(picture()).toMatchObject({
    'p-2/apps/one.car': '644 car',
    'p-2/conf/a.toml': '644 # a\nx = 5\ny = 2\n',
    'p-2/bin/r.sh': '755 run 2\n',
  });
  const outcomes = await undoEntries(session, 'run-1', { from: 2, check: false, force: false });
  expect(outcomes.filter(({ status }) => status !== 'undone' && status !== 'covered')).toEqual([]);
  expect(picture()).toEqual(before);
});

describe('what is only read', () => {
  test('stat, slurp, find', async () => {
    writeFileSync(host('f'), 'hello', { mode: 0o640 });
    expect((await task('stat', { path: host('f') })).stat).toMatchObject({
      exists: true,
      mode: '0640',
      size: 5,
      checksum: 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d',
    });
    expect((await task('stat', { path: host('no') })).stat).toEqual({ exists: false });
    expect(await task('slurp', { src: host('f') })).toMatchObject({ content: 'aGVsbG8=' });
    const found = await task('find', { paths: host(), patterns: 'f', contains: 'hel+o', get_checksum: true });
    expect(found).toMatchObject({
      matched: 1,
      files: [{ path: host('f'), checksum: 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d' }],
    });
  });

  test('fetch', async () => {
    writeFileSync(host('f'), 'hello');
    const made = await plan('fetch', { src: host('f'), dest: join(scratch, 'got') }, false);
    expect(made.effects).toMatchObject([
      { path: join(scratch, 'got/web1', host('f')), bytes: Buffer.from('hello') },
    ]);
  });
});

test('tempfile makes a file of its own', async () => {
  const made = await plan('tempfile', { path: host() }, false);
  expect((await applyChanges(session, made.changes)).map(({ status }) => status)).toEqual(['done']);
  expect(Object.values(picture())).toEqual(['600 ']);
});
