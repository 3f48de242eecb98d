import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { contentsOf, readArchive } from '../../src/modules/archive/read.ts';
import unarchive from '../../src/modules/unarchive/index.ts';
import { run as planOnPaper, type Situation, type Thing } from './paper-host.ts';

/** Who unpacks: an ordinary user, unless the situation has another answer. */
const run = (module: typeof unarchive, args: Record<string, unknown>, situation: Situation = {}) =>
  planOnPaper(module, args, { answers: { 'command:': told('1000') }, ...situation });
const told = (...lines: string[]) => ({
  rc: 0,
  stdout: lines.map((line) => `${line}\n`).join(''),
  stderr: '',
});

interface Member {
  readonly name: string;
  readonly text?: string;
  readonly mode?: number;
  readonly link?: string;
  readonly hard?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly uname?: string;
  readonly gname?: string;
}

const PRODUCT: readonly Member[] = [
  { name: 'app-1.0/' },
  { name: 'app-1.0/bin/run.sh', text: '#!/bin/sh\n', mode: 0o755 },
  { name: 'app-1.0/conf/a b [1] ü.toml', text: 'x = 1\n', mode: 0o644 },
  { name: 'app-1.0/big', text: 'b'.repeat(100_000), mode: 0o644 },
];

async function zip(members: readonly Member[]): Promise<Buffer> {
  const file = new ZipFile();
  const mtime = new Date(2020, 0, 1);
  for (const { name, text, mode, link } of members) {
    if (name.endsWith('/')) file.addEmptyDirectory(name, { mtime, mode: mode ?? 0o755 });
    else
      file.addBuffer(Buffer.from(link ?? text ?? ''), name, {
        mtime,
        mode: link ? 0o120777 : (mode ?? 0o644),
      });
  }
  file.end();
  const parts: Buffer[] = [];
  for await (const part of file.outputStream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function tar(members: readonly Member[]): Promise<Buffer> {
  const out = pack();
  const mtime = new Date(2020, 0, 1);
  for (const { name, text, mode, link, hard, ...packedBy } of members) {
    if (name.endsWith('/')) out.entry({ name, type: 'directory', mode: mode ?? 0o755, mtime, ...packedBy });
    else if (link) out.entry({ name, type: 'symlink', linkname: link, mtime });
    else if (hard) out.entry({ name, type: 'link', linkname: hard, mtime });
    else out.entry({ name, mode: mode ?? 0o644, mtime, ...packedBy }, text ?? '');
  }
  out.finalize();
  const parts: Buffer[] = [];
  for await (const part of out) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const opt: Record<string, Thing> = { '/opt': { dir: true } };

describe('every format gives the same tree', () => {
  test.each<[string, (members: readonly Member[]) => Promise<Buffer>, string]>([
    ['zip', zip, 'ZipArchive'],
    ['tar', tar, 'TarArchive'],
    ['tar.gz', async (members) => gzipSync(await tar(members)), 'TgzArchive'],
    ['tar.zst', async (members) => zstdCompressSync(await tar(members)), 'TarArchive'],
  ])('%s', async (name, make, handler) => {
    const local = { [`app.${name}`]: await make(PRODUCT) };
    const ran = await run(unarchive, { src: `app.${name}`, dest: '/opt' }, { local, files: opt });
    expect(ran.plan.failed).toBeUndefined();
    expect(ran.changes).toHaveLength(1);
    expect(ran.state('/opt/app-1.0/bin/run.sh')).toMatchObject({ type: 'file', mode: 0o755, size: 10 });
    expect(ran.text('/opt/app-1.0/conf/a b [1] ü.toml')).toBe('x = 1\n');
    expect(ran.state('/opt/app-1.0/conf')).toMatchObject({ type: 'directory' });
    expect(ran.result).toMatchObject({ handler, dest: '/opt', state: 'directory' });
    expect((await ran.again()).changes).toEqual([]);
  });
});

test('a large member waits in a folder under its hash, a small one in memory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-archive-'));
  try {
    const bytes = await zip(PRODUCT);
    const archive = await readArchive({
      bytes,
      name: 'a.zip',
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    const wanted = new Set(archive.entries.flatMap((entry) => entry.sha256 ?? []));
    for (const _round of ['written', 'found again']) {
      const contents = await contentsOf(archive, wanted, folder);
      const [big, ...small] = [...contents.values()].sort((a, b) => b.size - a.size);
      expect(readFileSync((big!.from as { file: string }).file, 'utf8')).toBe('b'.repeat(100_000));
      expect(small.map(({ from }) => 'bytes' in from)).toEqual([true, true]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('only what differs travels', () => {
  test('one changed member', async () => {
    const local = { 'a.zip': await zip(PRODUCT) };
    const files: Record<string, Thing> = {
      '/opt/app-1.0/bin/run.sh': { text: '#!/bin/sh\n', mode: 0o755 },
      '/opt/app-1.0/conf/a b [1] ü.toml': 'x = 2\n',
      '/opt/app-1.0/big': 'b'.repeat(100_000),
      '/opt/app-1.0/mine': 'stays',
    };
    const ran = await run(unarchive, { src: 'a.zip', dest: '/opt' }, { local, files });
    expect(ran.changes[0]!.diff!.prepared).toBe('~ app-1.0/conf/a b [1] ü.toml');
  });

  test('keep_newer leaves what is newer', async () => {
    const local = { 'a.zip': await zip([{ name: 'f', text: 'old' }]) };
    const ran = await run(
      unarchive,
      { src: 'a.zip', dest: '/opt', keep_newer: true },
      { local, files: { '/opt/f': { text: 'mine', mtime: 4e9 } } },
    );
    expect(ran.changes).toEqual([]);
  });

  test('creates', async () => {
    const ran = await run(
      unarchive,
      { src: 'nowhere.zip', dest: '/opt', creates: '/opt/f' },
      { files: { '/opt/f': '' } },
    );
    expect(ran.plan.skipped).toBe('skipped, since /opt/f exists');
  });
});

describe('which members, and how they are called', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['all', {}, ['app-1.0/', 'app-1.0/a.txt', 'app-1.0/d/b.log']],
    ['strip', { extra_opts: ['--strip-components=1'] }, ['', 'a.txt', 'd/b.log']],
    ['strip in two words', { extra_opts: ['--strip-components', '1'] }, ['', 'a.txt', 'd/b.log']],
    ['flat', { extra_opts: '-j' }, ['a.txt', 'b.log']],
    ['exclude', { exclude: '*.log' }, ['app-1.0/', 'app-1.0/a.txt']],
    ['exclude a folder', { exclude: ['app-1.0/d'] }, ['app-1.0/', 'app-1.0/a.txt']],
    ['exclude as tar option', { extra_opts: ['--exclude=*.txt'] }, ['app-1.0/', 'app-1.0/d/b.log']],
    ['include', { include: ['app-1.0/d/b.log'] }, ['app-1.0/d/b.log']],
  ])('%s', async (_, args, names) => {
    const members = [
      { name: 'app-1.0/' },
      { name: 'app-1.0/a.txt', text: 'a' },
      { name: 'app-1.0/d/b.log', text: 'b' },
    ];
    const local = { 'a.tgz': gzipSync(await tar(members)) };
    const ran = await run(
      unarchive,
      { src: 'a.tgz', dest: '/opt', list_files: true, ...args },
      { local, files: opt },
    );
    expect([...(ran.result.files as string[])].sort()).toEqual(names);
  });

  test('names of a packed folder begin with ./, that of the folder itself comes first', async () => {
    const members = [{ name: './' }, { name: './d/' }, { name: './d/f', text: 'x' }];
    const ran = await run(
      unarchive,
      { src: 'a.tar', dest: '/opt', list_files: true },
      { local: { 'a.tar': await tar(members) }, files: opt },
    );
    expect(ran.result.files).toEqual(['./', './d/', './d/f']);
    expect(ran.text('/opt/d/f')).toBe('x');
  });

  test('names in a zip of Unix that are not marked as UTF-8 are UTF-8', async () => {
    const bytes = await zip([{ name: 'ü', text: 'x' }]);
    for (const [header, flags] of [
      ['PK\x03\x04', 6],
      ['PK\x01\x02', 8],
    ] as const)
      bytes.writeUInt16LE(0, bytes.indexOf(header, 0, 'latin1') + flags);
    const ran = await run(
      unarchive,
      { src: 'a.zip', dest: '/opt' },
      { local: { 'a.zip': bytes }, files: opt },
    );
    expect(ran.text('/opt/ü')).toBe('x');
  });

  test('links and hard links', async () => {
    const local = {
      'a.tar': await tar([
        { name: 'd/f', text: 'x' },
        { name: 'd/l', link: 'f' },
        { name: 'd/h', hard: 'd/f' },
      ]),
    };
    const ran = await run(unarchive, { src: 'a.tar', dest: '/opt' }, { local, files: opt });
    expect(ran.state('/opt/d/l')).toMatchObject({ type: 'link', target: 'f' });
    expect(ran.text('/opt/d/h')).toBe('x');
  });

  test('mode and owner are for everything, folders too', async () => {
    const local = { 'a.zip': await zip(PRODUCT) };
    const ran = await run(
      unarchive,
      { src: 'a.zip', dest: '/opt', mode: 'u=rwX,g=rX,o=', owner: 'wso2' },
      { local, files: opt },
    );
    expect(ran.state('/opt/app-1.0/conf')).toMatchObject({ mode: 0o750, owner: 'wso2' });
    expect(ran.state('/opt/app-1.0/bin/run.sh')).toMatchObject({ mode: 0o750, owner: 'wso2' });
  });

  test('root gives the files of a tar back to whom they belonged: by name, else by number', async () => {
    const local = {
      'a.tar': await tar([
        { name: 'd/', uid: 500, gid: 600, uname: 'maker', gname: 'makers' },
        { name: 'd/f', text: 'x', uid: 500, gid: 600, uname: 'nobody-here', gname: 'makers' },
      ]),
    };
    const answers = { 'command:': told('0', '802', '-', '803') };
    const args = { src: 'a.tar', dest: '/opt' };
    const ran = await run(unarchive, args, { local, files: opt, answers });
    expect(ran.state('/opt/d')).toMatchObject({ owner: '802', group: '803' });
    expect(ran.state('/opt/d/f')).toMatchObject({ owner: '500', group: '803' });
    for (const option of ['-o', '--no-same-owner']) {
      const kept = await run(unarchive, { ...args, extra_opts: [option] }, { local, files: opt, answers });
      expect(kept.state('/opt/d/f')?.owner).toBeUndefined();
    }
    const given = await run(unarchive, { ...args, owner: 'wso2' }, { local, files: opt, answers });
    expect(given.state('/opt/d/f')).toMatchObject({ owner: 'wso2', group: '803' });
  });
});

describe('a tar file of a folder from within (`./`)', () => {
  const members = [
    { name: './', mode: 0o751, uid: 500, gid: 600, uname: 'maker', gname: 'makers' },
    { name: './sub/', mode: 0o711 },
    { name: './sub/f', text: 'x' },
  ];
  const there = {
    '/opt': { dir: true as const, mode: 0o700 },
    '/opt/sub': { dir: true as const, mode: 0o700 },
  };
  const ranWith = async (args: Record<string, unknown>, answers: Record<string, unknown>) =>
    run(
      unarchive,
      { src: 'a.tar', dest: '/opt', ...args },
      { local: { 'a.tar': await tar(members) }, files: there, answers },
    );
  const asRoot = { 'command:': told('0', '802', '803') };
  const asUser = { 'command:': told('1000') };

  test('says what dest and the folders there look like, and whose they are', async () => {
    const ran = await ranWith({}, asRoot);
    expect(ran.state('/opt')).toMatchObject({ mode: 0o751, owner: '802', group: '803' });
    expect(ran.state('/opt/sub')).toMatchObject({ mode: 0o711 });
    expect(ran.result.extract_results).toMatchObject({ rc: 0 });
    expect((await ran.again()).changes).toEqual([]);
  });

  test.each([
    [{}, 0o755, 0o600],
    [{ extra_opts: ['-p'] }, 0o775, 0o620],
  ])('an ordinary user unpacks with the umask, %j', async (args, folderMode, fileMode) => {
    const local = {
      'a.tar': await tar([
        { name: 'd/', mode: 0o775 },
        { name: 'd/f', mode: 0o620, text: 'x' },
      ]),
    };
    const ran = await run(unarchive, { src: 'a.tar', dest: '/opt', ...args }, { local, files: there });
    expect(ran.state('/opt/d')?.mode).toBe(folderMode);
    expect(ran.state('/opt/d/f')?.mode).toBe(fileMode);
  });

  test('what the task says comes first', async () => {
    const ran = await ranWith({ mode: '0770', owner: 'ann' }, asRoot);
    expect(ran.state('/opt')).toMatchObject({ mode: 0o770, owner: 'ann', group: '803' });
  });

  test.each([
    ['members that were chosen', { include: ['./sub/f'] }, '/opt/sub/f'],
    ['`./` counts as a name that is stripped', { extra_opts: ['--strip-components=1'] }, '/opt/sub/f'],
    ['and a second name', { extra_opts: ['--strip-components=2'] }, '/opt/f'],
  ])('%s leave dest alone', async (_, args, path) => {
    const ran = await ranWith(args, asUser);
    expect(ran.state('/opt')?.mode).toBe(0o700);
    expect(ran.text(path)).toBe('x');
  });
});

describe('mode and owner of the task', () => {
  const cut = { extra_opts: ['--strip-components=1'] };
  test.each<[string, string[], Record<string, unknown>, boolean, string[]]>([
    ['are for dest too, whose folder is cut off', ['app/', 'app/f'], cut, true, ['', 'f']],
    ['and for a file that is cut off', ['app/d/f', 'g'], cut, true, ['d/f', '']],
    ['and for names with ./ in front', ['./f'], {}, true, ['./f']],
    ['not where names only get shorter', ['app/f'], cut, false, ['f']],
    ['nor where the folder is not wanted', ['app/', 'app/f'], { ...cut, include: ['app/f'] }, false, ['f']],
    ['nor where names stay', ['app/', 'app/f'], {}, false, ['app/', 'app/f']],
  ])('%s', async (_name, names, more, taken, files) => {
    const members = names.map((name) => ({ name, ...(name.endsWith('/') ? {} : { text: 'x' }) }));
    const task = { src: 'a.tar', dest: '/opt', mode: 'o-rx', owner: 'ann', list_files: true, ...more };
    const ran = await run(unarchive, task, {
      local: { 'a.tar': await tar(members) },
      files: { '/opt': { dir: true, mode: 0o755 } },
    });
    expect(ran.state('/opt')?.mode).toBe(taken ? 0o750 : 0o755);
    expect(ran.state('/opt')?.owner === 'ann').toBe(taken);
    expect(ran.result.files).toEqual(files);
    expect((await ran.again()).changes).toEqual([]);
  });
});

describe('an archive on the target', () => {
  test('is read here, and only what differs is written', async () => {
    const bytes = gzipSync(await tar(PRODUCT));
    const ran = await run(
      unarchive,
      { src: '/tmp/a.tgz', dest: '/opt', remote_src: true },
      { files: { ...opt, '/tmp/a.tgz': { text: bytes } } },
    );
    expect(ran.state('/opt/app-1.0/bin/run.sh')).toMatchObject({ mode: 0o755 });
  });

  test('copy: no means the same', async () => {
    expect(
      (await run(unarchive, { src: '/tmp/a.tgz', dest: '/opt', copy: 'no' }, { files: opt })).plan.failed,
    ).toMatch(/^Source '.*' does not exist$/);
  });

  test('a URL as the target sees it', async () => {
    const body = await zip([{ name: 'f', text: 'x' }]);
    const args = { src: 'http://repo/a.zip', dest: '/opt', remote_src: true };
    const ran = await run(unarchive, args, {
      files: opt,
      answers: { 'http:GET http://repo/a.zip': { status: 200, body } },
    });
    expect(ran.text('/opt/f')).toBe('x');
    const gone = await run(unarchive, args, {
      files: opt,
      answers: { 'http:': { status: 404, body: Buffer.alloc(0) } },
    });
    expect(gone.plan.failed).toBe('http://repo/a.zip gave HTTP 404');
  });
});

describe('what cannot be', () => {
  test('dest must be there', async () => {
    const local = { 'a.zip': await zip(PRODUCT) };
    expect((await run(unarchive, { src: 'a.zip', dest: '/no' }, { local })).plan.failed).toBe(
      "dest '/no' must be an existing dir",
    );
  });

  test('a wrong checksum', async () => {
    const local = { 'a.zip': await zip(PRODUCT) };
    const ran = await run(
      unarchive,
      { src: 'a.zip', dest: '/opt', checksum: `sha256:${'0'.repeat(64)}` },
      { local, files: opt },
    );
    expect(ran.plan.failed).toMatch(/a\.zip has the SHA-256 [0-9a-f]{64}, not 0{64}/);
  });

  test('a member that leaves the folder', async () => {
    const local = { 'a.tar': await tar([{ name: '../evil', text: 'x' }]) };
    await expect(run(unarchive, { src: 'a.tar', dest: '/opt' }, { local, files: opt })).rejects.toThrow(
      /"\.\.\/evil", which would leave/,
    );
  });

  test.each([
    ['no archive', Buffer.from('hello'), /Failed to find handler for ".*": it is no zip or tar archive/],
    ['a cut zip', Buffer.from('PK\x03\x04rest'), /cannot be read/],
    ['a cut tar.gz', gzipSync(Buffer.alloc(5000)).subarray(0, 20), /cannot be read/],
  ])('%s', async (_, bytes, message) => {
    await expect(
      run(unarchive, { src: 'a', dest: '/opt' }, { local: { a: bytes }, files: opt }),
    ).rejects.toThrow(message);
  });

  test.each([
    [{ extra_opts: ['--transform=s/a/b/'] }, /extra option --transform=s\/a\/b\/, which is not known/],
    [{ include: 'a', exclude: 'b' }, /mutually exclusive: include\|exclude/],
    [{ checksum: 'md5:1' }, /sha256:/],
  ])('%j is refused', async (args, message) => {
    await expect(run(unarchive, { src: 'a', dest: '/opt', ...args })).rejects.toThrow(message);
  });
});

test('links to folders give way to folders that are members of a tar file; other folders go where they lead', async () => {
  const files: Record<string, Thing> = {
    ...opt,
    '/real': { dir: true },
    '/real/f': 'old',
    '/opt/d': { link: '/real' },
  };
  const member = { name: 'd/f', text: 'new' };
  const keys = async (name: string, bytes: Buffer) => {
    const ran = await run(unarchive, { src: name, dest: '/opt' }, { local: { [name]: bytes }, files });
    return ran.changes.map(({ key }) => key);
  };
  const folder = { name: 'd/' };
  expect(await keys('a.tar', await tar([folder, member]))).toEqual(['file:/opt/d', 'tree:/opt']);
  expect(await keys('a.tar', await tar([member]))).toEqual(['tree:/real']);
  expect(await keys('a.zip', await zip([folder, member]))).toEqual(['tree:/real']);
});
