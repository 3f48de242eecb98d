import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  applyChanges,
  contentOfBytes,
  contentOnTarget,
  type FileState,
  fileContent,
  fileState,
  readJournal,
  setFile,
  undoEntries,
  type WantedFile,
} from '../../src/resources/index.ts';
import { SHELLS, testHost } from './host.ts';

const NAMES = [
  'plain',
  'two words',
  "it's",
  'a"b$c`d\\e',
  'line\nbreak',
  '-rf',
  '*',
  'größe-ñ',
  ' leading and trailing ',
  'percent%41',
  'ends\n',
];

/** Every name where the quoting is decided; elsewhere those that shells disagree about. */
const namesFor = (shell: string) => (shell === 'dash' || shell === 'busybox' ? NAMES : NAMES.slice(2, 5));

describe.each(SHELLS)('files under %s', (shell) => {
  it('gives a new file the group of who writes it, also in a folder that hands its own down', async () => {
    const host = await testHost(shell);
    const folder = join(host.root, 'shared');
    mkdirSync(folder);
    chownSync(folder, 0, 1);
    chmodSync(folder, 0o2775);
    const path = join(folder, 'file');
    await host.make(
      ...setFile(await host.ask(fileState(path)), { type: 'file', content: contentOfBytes('x') }),
    );
    expect(statSync(path).gid).toBe(process.getgid!());
  });

  it('shows what stands at paths, in one frame', async () => {
    const host = await testHost(shell);
    const at = (name: string) => join(host.root, name);
    writeFileSync(at('file'), 'hello\n', { mode: 0o640 });
    mkdirSync(at('dir'), { mode: 0o1777 });
    symlinkSync('file', at('link'));
    symlinkSync('nowhere', at('dangling'));
    execFileSync('mkfifo', [at('fifo')]);
    const file = await host.ask(fileState(at('file')));
    expect(file).toMatchObject({
      type: 'file',
      mode: 0o640,
      size: 6,
      owner: 'root',
      uid: 0,
      links: 1,
      parent: 'directory',
    });
    expect(file.sha256).toBe(contentOfBytes('hello\n').sha256);
    expect(file.mtime).toBeCloseTo(statSync(at('file')).mtimeMs / 1000, 0);
    expect(await host.ask(fileState(at('dir')))).toMatchObject({ type: 'directory' });
    expect(await host.ask(fileState(at('link')))).toMatchObject({ type: 'link', target: 'file' });
    expect(await host.ask(fileState(at('link'), { follow: true }))).toMatchObject({
      type: 'file',
      path: at('link'),
      realPath: at('file'),
      sha256: file.sha256,
    });
    symlinkSync('../root/dir/../dangling', at('far'));
    expect(await host.ask(fileState(at('far'), { follow: true }))).toMatchObject({ realPath: at('nowhere') });
    expect(await host.ask(fileState(at('dangling'), { follow: true }))).toMatchObject({
      type: 'absent',
      realPath: at('nowhere'),
    });
    expect(await host.ask(fileState(at('fifo')))).toMatchObject({ type: 'other', special: 'fifo' });
    expect(await host.ask(fileState(at('no/such/path')))).toMatchObject({
      type: 'absent',
      parent: 'absent',
      firstMissing: at('no'),
    });
    const content = await host.ask(fileContent(at('file'), { maxBytes: 3 }));
    expect(content.bytes?.toString()).toBe('hel');
    expect(content.truncated).toBe(true);
    expect((await host.ask(fileContent(at('link'), { follow: true }))).bytes?.toString()).toBe('hello\n');
    expect((await host.ask(fileContent('/proc/self/mounts'))).bytes?.length).toBeGreaterThan(10);
  });

  it.each(namesFor(shell))('creates, changes, removes and puts back %j', async (name) => {
    const host = await testHost(shell);
    const path = join(host.root, name);
    const bytes = Buffer.from([0, 10, 255, 37, 92, 13, 10, 128]);
    writeFileSync(join(host.root, 'other'), 'other');
    const before = host.manifest();
    await host.make(
      ...setFile(await host.ask(fileState(path)), {
        type: 'file',
        content: contentOfBytes(bytes),
        mode: '0604',
      }),
    );
    expect(readFileSync(path)).toEqual(bytes);
    expect(statSync(path).mode & 0o7777).toBe(0o604);
    const state = await host.ask(fileContent(path));
    expect(state.bytes).toEqual(bytes);
    expect(setFile(state, { type: 'file', content: contentOfBytes(bytes), mode: 0o604 })).toEqual([]);
    await host.make(...setFile(state, { type: 'file', content: contentOfBytes('second\n') }));
    expect(statSync(path).mode & 0o7777).toBe(0o604);
    await host.make(...setFile(await host.ask(fileState(path)), { type: 'file', mode: 'u+x,g=u' }));
    expect(statSync(path).mode & 0o7777).toBe(0o764);
    await host.make(...setFile(await host.ask(fileState(path)), { type: 'absent' }));
    await host.make(...setFile(await host.ask(fileState(path)), { type: 'directory', mode: '0711' }));
    await host.make(...setFile(await host.ask(fileState(path)), { type: 'link', target: `${name}->x` }));
    expect(readlinkSync(path)).toBe(`${name}->x`);
    const keys = (await readJournal(host.session, 'run-1')).map(({ key }) => key);
    expect(new Set(keys)).toEqual(new Set([`file:${path}`]));
    const outcomes = await undoEntries(host.session, 'run-1', { check: false, force: false });
    expect(outcomes.map(({ status }) => status)).toEqual(Array(6).fill('undone'));
    expect(host.manifest()).toBe(before);
    const again = await undoEntries(host.session, 'run-1', { check: false, force: false });
    expect(again.map(({ status }) => status)).toEqual(Array(6).fill('already'));
  });

  it('puts an existing file back byte for byte, with mode, owner and time', async () => {
    const host = await testHost(shell);
    const path = join(host.root, 'x');
    writeFileSync(path, 'old\r\n\0tail');
    execFileSync('touch', ['-d', '2001-02-03 04:05:06', path]);
    execFileSync('chown', ['1:2', path]);
    execFileSync('chmod', ['4711', path]);
    const before = host.manifest();
    const wanted: WantedFile = {
      type: 'file',
      content: contentOfBytes('new'),
      mode: '0600',
      owner: 0,
      group: '3',
    };
    await host.make(...setFile(await host.ask(fileState(path)), wanted));
    expect(statSync(path)).toMatchObject({ uid: 0, gid: 3, size: 3 });
    expect(setFile(await host.ask(fileState(path)), wanted)).toEqual([]);
    await host.make(...setFile(await host.ask(fileState(path)), { type: 'absent' }));
    await undoEntries(host.session, 'run-1', { check: false, force: false });
    expect(host.manifest()).toBe(before);
  });

  it('makes folders with their parents, links, hard links and touched files, and takes them back', async () => {
    const host = await testHost(shell);
    const at = (name: string) => join(host.root, name);
    writeFileSync(at('a'), 'a');
    symlinkSync('a', at('to a'));
    mkdirSync(at('folder'));
    symlinkSync('folder', at('to folder'));
    const before = host.manifest();
    const set = async (path: string, wanted: WantedFile, follow = false) => {
      await host.make(...setFile(await host.ask(fileState(path, { follow })), wanted));
      const rest = setFile(await host.ask(fileState(path, { follow })), wanted);
      if (wanted.type !== 'touch') expect(rest).toEqual([]);
    };
    await set(at('p/q/r'), { type: 'directory', mode: '0750', owner: '5', group: '6' });
    expect(statSync(at('p'))).toMatchObject({ uid: 5, gid: 6 });
    expect(statSync(at('p/q')).mode & 0o7777).toBe(0o750);
    await set(at('to folder'), { type: 'link', target: 'p' });
    expect(readlinkSync(at('to folder'))).toBe('p');
    await set(at('to a'), { type: 'file', content: contentOfBytes('through the link') }, true);
    expect(readlinkSync(at('to a'))).toBe('a');
    expect(readFileSync(at('a'), 'utf8')).toBe('through the link');
    await set(at('hard'), { type: 'hard', target: at('a'), targetState: await host.ask(fileState(at('a'))) });
    expect(statSync(at('hard')).ino).toBe(statSync(at('a')).ino);
    await set(at('touched'), { type: 'touch', mtime: 1_000_000_000, atime: 'keep', mode: '0600' });
    expect(statSync(at('touched')).mtimeMs).toBe(1_000_000_000_000);
    const times: WantedFile = { type: 'touch', mtime: 1_050_000_000, atime: 1_000_000_000 };
    await host.make(...setFile(await host.ask(fileState(at('touched'))), times));
    // The time of access as well: whoever looks for a checksum again reads the file.
    expect(statSync(at('touched')).atimeMs).toBe(1_000_000_000_000);
    await set(at('a'), { type: 'touch', mtime: 1_100_000_000 });
    await set(at('copy'), { type: 'file', content: contentOnTarget(await host.ask(fileState(at('a')))) });
    expect(readFileSync(at('copy'), 'utf8')).toBe('through the link');
    const outcomes = await undoEntries(host.session, 'run-1', { check: false, force: false });
    expect(outcomes.every(({ status }) => status === 'undone')).toBe(true);
    expect(host.manifest()).toBe(before);
  });

  it('does several changes in one frame and stops at the first that fails', async () => {
    const host = await testHost(shell);
    const at = (name: string) => join(host.root, name);
    const states = await Promise.all(['a', 'none/b', 'c'].map((name) => host.ask(fileState(at(name)))));
    const changes = states.flatMap((state) =>
      setFile(state, { type: 'file', content: contentOfBytes(state.path) }),
    );
    const outcomes = await applyChanges(host.session, changes);
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'failed', 'not-run']);
    expect(outcomes[1]?.message).toBe(`the folder ${at('none')} does not exist`);
  });

  it('refuses to write over what somebody else changed meanwhile', async () => {
    const host = await testHost(shell);
    const path = join(host.root, 'x');
    writeFileSync(path, 'one');
    const state = await host.ask(fileState(path));
    writeFileSync(path, 'two');
    const [outcome] = await applyChanges(
      host.session,
      setFile(state, { type: 'file', content: contentOfBytes('three') }),
    );
    expect(outcome?.status).toBe('stale');
    expect(readFileSync(path, 'utf8')).toBe('two');
  });

  it('lets a command judge the new file first', async () => {
    const host = await testHost(shell);
    const path = join(host.root, 'x y');
    writeFileSync(path, 'good\n');
    const state = await host.ask(fileState(path));
    const validate = `sh -c 'grep -q good "$1" || { echo "not good" >&2; exit 1; }' x %s`;
    const bad = setFile(state, { type: 'file', content: contentOfBytes('bad\n') }, { validate });
    const [refused] = await applyChanges(host.session, bad);
    expect(refused).toMatchObject({
      status: 'failed',
      unchanged: true,
      message: 'failed to validate: rc:1 error:not good',
    });
    expect(readFileSync(path, 'utf8')).toBe('good\n');
    await host.make(
      ...setFile(state, { type: 'file', content: contentOfBytes('also good\n') }, { validate }),
    );
    expect((await readJournal(host.session, 'run-1')).map(({ state: s }) => s)).toEqual(['failed', 'done']);
    expect(host.manifest()).not.toContain('.part');
  });

  it('breaks no hard link by surprise: the other name keeps the old content', async () => {
    const host = await testHost(shell);
    const at = (name: string) => join(host.root, name);
    writeFileSync(at('one'), 'shared');
    linkSync(at('one'), at('two'));
    await host.make(
      ...setFile(await host.ask(fileState(at('one'))), { type: 'file', content: contentOfBytes('mine') }),
    );
    expect(readFileSync(at('two'), 'utf8')).toBe('shared');
  });

  it('uploads what is large, and moves it into place', async () => {
    const host = await testHost(shell);
    const path = join(host.root, 'big');
    const bytes = Buffer.alloc(3_000_000, 'abcdefghij\n');
    const source = join(host.root, 'source');
    writeFileSync(source, bytes);
    const { sha256, size } = contentOfBytes(bytes);
    const told: number[] = [];
    const session = { ...host.session, progress: (_: string, done: number) => void told.push(done) };
    const state = await host.ask(fileState(path));
    const content = { sha256, size, from: { file: source } };
    const outcomes = await applyChanges(session, setFile(state, { type: 'file', content, mode: '0600' }));
    expect(outcomes).toMatchObject([{ status: 'done' }]);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(told.at(-1)).toBe(size);
    const read = await host.ask(fileContent(path));
    expect(read.bytes?.equals(bytes)).toBe(true);
  });

  it('says that an immutable folder cannot be changed, and leaves the old file', async () => {
    const host = await testHost(shell, { folder: tmpdir() });
    onTestFinished(() => void execFileSync('chattr', ['-i', host.root]));
    const path = join(host.root, 'x');
    writeFileSync(path, 'old');
    execFileSync('chattr', ['+i', host.root]);
    const state: FileState = await host.ask(fileState(path));
    const [outcome] = await applyChanges(
      host.session,
      setFile(state, { type: 'file', content: contentOfBytes('new') }),
    );
    execFileSync('chattr', ['-i', host.root]);
    expect(outcome?.status).toBe('failed');
    expect(outcome?.message).toMatch(/Operation not permitted|can't create|cannot create/i);
    expect(readFileSync(path, 'utf8')).toBe('old');
    const outcomes = await undoEntries(host.session, 'run-1', { check: false, force: false });
    expect(outcomes.map(({ status }) => status)).toEqual(['already']);
  });

  it('writes a file in place, there and back, where unsafe writes are allowed and its folder is immutable', async () => {
    const host = await testHost(shell, { folder: tmpdir() });
    onTestFinished(() => void execFileSync('chattr', ['-i', host.root]));
    const path = join(host.root, 'x');
    writeFileSync(path, 'old', { mode: 0o640 });
    execFileSync('chattr', ['+i', host.root]);
    const state: FileState = await host.ask(fileState(path));
    await host.make(
      ...setFile(state, { type: 'file', content: contentOfBytes('new') }, { unsafeWrites: true }),
    );
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    const outcomes = await undoEntries(host.session, 'run-1', { check: false, force: false });
    expect(outcomes.map(({ status }) => status)).toEqual(['undone']);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(join(host.state, 'objects')).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
