import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  applyChanges,
  contentOfBytes,
  contentOnTarget,
  type FileState,
  fileState,
  removeTree,
  setTree,
  type TreeEntry,
  type TreeState,
  treeState,
} from '../../src/resources/index.ts';
import { isRoot } from '../machine.ts';
import { SHELLS, testHost, undo } from './host.ts';

const file = (path: string, text: string, more: Partial<TreeEntry> = {}): TreeEntry => ({
  path,
  type: 'file',
  content: contentOfBytes(text),
  ...more,
});

/** An account that has nothing: as root, no permission stops a test. */
const NOBODY = 65534;
function asNobody(shell: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-nobody-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // The tools of busybox are in a folder of the practice host.
  if (shell.includes('cutover-res-')) chmodSync(dirname(shell), 0o755);
  const script = join(folder, 'shell');
  const account = `--reuid ${NOBODY} --regid ${NOBODY} --clear-groups`;
  writeFileSync(script, `#!/bin/sh\nexec setpriv ${account} ${shell} "$@"\n`, { mode: 0o755 });
  return script;
}

function fill(root: string): void {
  mkdirSync(join(root, 'app/conf.d'), { recursive: true });
  mkdirSync(join(root, 'app/empty dir'));
  writeFileSync(join(root, 'app/conf.d/one'), '1');
  writeFileSync(join(root, 'app/conf.d/.hidden'), 'h', { mode: 0o600 });
  writeFileSync(join(root, 'app/new\nline'), 'odd');
  writeFileSync(join(root, 'app/back\\slash'), 'odd too');
  symlinkSync('conf.d/one', join(root, 'app/current'));
  chmodSync(join(root, 'app/conf.d'), 0o2755);
}

describe.each(SHELLS)('trees under %s', (shell) => {
  it('changes a folder beside which nothing can be made, such as a home, and changes it back', async () => {
    const host = await testHost(shell, isRoot ? { wrap: asNobody } : {});
    const home = join(host.root, 'home');
    for (const path of [home, host.state]) {
      mkdirSync(path, { recursive: true });
      if (isRoot) chownSync(path, NOBODY, NOBODY);
    }
    writeFileSync(join(home, 'old'), '1', { mode: 0o666 });
    if (isRoot) chownSync(join(home, 'old'), NOBODY, NOBODY);
    chmodSync(join(host.root, '..'), 0o755);
    chmodSync(host.root, 0o555);
    try {
      const before = host.manifest();
      await host.make(
        ...setTree(await host.ask(treeState(home)), {
          root: home,
          entries: [file('old', '2'), file('new/f', '3')],
        }),
      );
      expect(readdirSync(home).sort()).toEqual(['new', 'old']);
      expect(readFileSync(join(home, 'old'), 'utf8')).toBe('2');
      await undo(host);
      expect(readdirSync(home)).toEqual(['old']);
      expect(host.manifest()).toBe(before);
    } finally {
      chmodSync(host.root, 0o755);
    }
  });

  it('shows what can be seen where a folder may not be entered', async () => {
    const host = await testHost(shell, isRoot ? { wrap: asNobody } : {});
    chmodSync(join(host.root, '..'), 0o755);
    chmodSync(host.root, 0o755);
    const names = ['a', 'closed', 'z', 'z/f'];
    for (const folder of ['a', 'closed', 'z']) mkdirSync(join(host.root, folder), { mode: 0o755 });
    writeFileSync(join(host.root, 'z/f'), 'f');
    chmodSync(join(host.root, 'closed'), 0);
    try {
      const tree = await host.ask(treeState(host.root, { checksum: false }));
      expect([...tree.entries.keys()].sort()).toEqual(expect.arrayContaining(names));
      expect([...tree.entries.keys()].filter((name) => !names.includes(name))).toEqual([]);
    } finally {
      chmodSync(join(host.root, 'closed'), 0o755);
    }
  });

  it('shows every entry below a path', async () => {
    const host = await testHost(shell);
    fill(host.root);
    const tree = await host.ask(treeState(join(host.root, 'app')));
    expect([...tree.entries.keys()].sort()).toEqual(
      ['back\\slash', 'conf.d', 'conf.d/.hidden', 'conf.d/one', 'current', 'empty dir', 'new\nline'].sort(),
    );
    expect(tree.entries.get('conf.d')).toMatchObject({ type: 'directory', mode: 0o2755 });
    expect(tree.entries.get('current')).toMatchObject({ type: 'link', target: 'conf.d/one' });
    expect(tree.entries.get('new\nline')?.sha256).toBe(contentOfBytes('odd').sha256);
    expect(tree.entries.get('back\\slash')?.sha256).toBe(contentOfBytes('odd too').sha256);
    const top = await host.ask(treeState(join(host.root, 'app'), { maxDepth: 1 }));
    expect(top.entries.has('conf.d/one')).toBe(false);
    expect(await host.ask(treeState(join(host.root, 'none')))).toMatchObject({ root: { type: 'absent' } });
  });

  it('removes a tree at once and brings it back whole', async () => {
    const host = await testHost(shell);
    fill(host.root);
    execFileSync('chown', ['-R', '7:8', join(host.root, 'app')]);
    const before = host.manifest();
    const tree = await host.ask(treeState(join(host.root, 'app')));
    await host.make(...removeTree(tree));
    expect(existsSync(join(host.root, 'app'))).toBe(false);
    expect(await undo(host)).toEqual(['undone']);
    expect(host.manifest()).toBe(before);
  });

  it('does not remove a tree in which something changed meanwhile', async () => {
    const host = await testHost(shell);
    fill(host.root);
    const tree = await host.ask(treeState(join(host.root, 'app')));
    writeFileSync(join(host.root, 'app/conf.d/one'), '2');
    const [outcome] = await applyChanges(host.session, removeTree(tree));
    expect(outcome?.status).toBe('stale');
    expect(readFileSync(join(host.root, 'app/conf.d/one'), 'utf8')).toBe('2');
  });

  it('creates a tree below missing folders, changes nothing the second time, and goes away with all of it', async () => {
    const host = await testHost(shell);
    const before = host.manifest();
    const root = join(host.root, 'opt/pack/v 1');
    const wanted = {
      root,
      owner: '3',
      group: '4',
      entries: [
        { path: 'bin', type: 'directory', mode: '0750' },
        file('bin/run.sh', '#!/bin/sh\n', { mode: 0o755 }),
        file('conf/a b (1).toml', 'x = 1\n', { mode: 'u=rw,g=r,o=', mtime: 1_000_000_000 }),
        { path: 'link to', type: 'link', target: '../x y' },
        { path: 'locked', type: 'directory', mode: '0500' },
        file('locked/inside', 'i'),
      ] as TreeEntry[],
    };
    await host.make(...setTree(await host.ask(treeState(root)), wanted));
    expect(statSync(join(root, 'bin/run.sh'))).toMatchObject({ uid: 3, gid: 4 });
    expect(statSync(join(root, 'bin')).mode & 0o7777).toBe(0o750);
    expect(statSync(join(root, 'locked')).mode & 0o7777).toBe(0o500);
    expect(statSync(join(root, 'conf/a b (1).toml'))).toMatchObject({ mtimeMs: 1e12 });
    expect(statSync(join(root, 'conf/a b (1).toml')).mode & 0o7777).toBe(0o640);
    expect(readlinkSync(join(root, 'link to'))).toBe('../x y');
    const state = await host.ask(treeState(root));
    expect(setTree(state, wanted)).toEqual([]);
    expect(await undo(host)).toEqual(['undone']);
    expect(host.manifest()).toBe(before);
  });

  it.each(['beside what was there', 'as a whole'])(
    'keeps the folders of a tree that somebody else put something into, and all of it, made %s',
    async (how) => {
      const host = await testHost(shell);
      const root = join(host.root, 'opt');
      if (how !== 'as a whole') mkdirSync(root);
      const entries = [file('pack/bin/run.sh', '1'), file('pack/a [b] *', '2')];
      await host.make(...setTree(await host.ask(treeState(root)), { root, entries }));
      mkdirSync(join(root, 'pack/-n .git/objects'), { recursive: true });
      expect(await undo(host)).toEqual(['drift: it is not empty: pack/-n .git ']);
      expect(readFileSync(join(root, 'pack/bin/run.sh'), 'utf8')).toBe('1');
      expect(await undo(host, { force: true })).toEqual(['failed: it is not empty: pack/-n .git ']);
      expect(readdirSync(join(root, 'pack'))).toEqual(['-n .git']);
      rmSync(join(root, 'pack/-n .git'), { recursive: true });
      expect(await undo(host)).toEqual(['undone']);
      expect(readdirSync(host.root)).toEqual(how === 'as a whole' ? [] : ['opt']);
    },
  );

  it('merges into a tree that is there: only what differs, the rest untouched, all of it taken back', async () => {
    const host = await testHost(shell);
    fill(host.root);
    const root = join(host.root, 'app');
    writeFileSync(join(host.root, 'source'), 'on the host already');
    if (process.getuid?.() === 0) chownSync(join(host.root, 'source'), 65_534, 65_534);
    const before = host.manifest();
    const state = await host.ask(treeState(root));
    const source = await host.ask(fileState(join(host.root, 'source')));
    const wanted = {
      root,
      entries: [
        file('conf.d/one', 'uno'),
        file('conf.d/two', 'dos', { mode: '0600' }),
        file('conf.d/.hidden', 'h', { mode: '0640' }),
        { path: 'empty dir', type: 'directory', mode: '0700' },
        { path: 'current', type: 'link', target: 'conf.d/two' },
        file('deep/er/file', 'd'),
        { path: 'conf.d/copied', type: 'file', content: contentOnTarget(source) },
      ] as TreeEntry[],
      delete: ['back\\slash', 'not there'],
    };
    const [change] = setTree(state, wanted);
    expect(change?.summary).toBe(`update tree ${root} (5 files, 4 folders and attributes, 1 removed)`);
    await host.make(change!);
    expect(readFileSync(join(root, 'conf.d/one'), 'utf8')).toBe('uno');
    expect(readFileSync(join(root, 'conf.d/copied'), 'utf8')).toBe('on the host already');
    expect(statSync(join(root, 'conf.d/copied')).uid).toBe(process.getuid?.());
    expect(readlinkSync(join(root, 'current'))).toBe('conf.d/two');
    expect(statSync(join(root, 'conf.d/.hidden')).mode & 0o7777).toBe(0o640);
    expect(existsSync(join(root, 'back\\slash'))).toBe(false);
    expect(readFileSync(join(root, 'new\nline'), 'utf8')).toBe('odd');
    expect(setTree(await host.ask(treeState(root)), wanted)).toEqual([]);
    expect(await undo(host)).toEqual(['undone']);
    expect(host.manifest()).toBe(before);
  });
});

/** A tree with a link to a folder beside it, which holds something, and what goes there. */
function linked(root: string) {
  mkdirSync(join(root, 'app/plain'), { recursive: true });
  mkdirSync(join(root, 'real/old'), { recursive: true });
  writeFileSync(join(root, 'real/old/one'), '1');
  writeFileSync(join(root, 'real/there'), 'there');
  symlinkSync('../real', join(root, 'app/sub'));
  symlinkSync('plain', join(root, 'app/other'));
  const entries = [
    { path: 'sub', type: 'directory', mode: '0750' },
    { path: 'sub/new', type: 'directory' },
    { path: 'sub/new/deep', type: 'directory' },
    file('sub/new/deep/two', '2'),
    { path: 'sub/old', type: 'directory' },
    file('sub/old/one', 'uno'),
    { path: 'plain', type: 'directory' },
    file('plain/x', 'first'),
    { path: 'other', type: 'directory' },
    file('other/x', 'last'),
    file('own', 'own'),
  ] as TreeEntry[];
  return { root: join(root, 'app'), entries, delete: ['sub/there'] };
}

/** What stands at the places of entries and deletions, each looked at as `follow` says. */
async function standing(
  host: Awaited<ReturnType<typeof testHost>>,
  wanted: { root: string; entries: readonly TreeEntry[]; delete: readonly string[] },
  follow: boolean,
): Promise<TreeState> {
  const paths = ['sub', ...wanted.delete, ...wanted.entries.map(({ path }) => path)];
  const entries = new Map<string, FileState>();
  for (const path of paths) {
    const state = await host.ask(fileState(join(wanted.root, path), { follow }));
    if (state.type !== 'absent') entries.set(path, state);
  }
  return { root: await host.ask(fileState(wanted.root)), entries };
}

describe.for(SHELLS)('links to folders in a tree, with %s', (shell) => {
  it('are written through: each folder behind one is a tree of its own, and comes back', async () => {
    const host = await testHost(shell);
    const wanted = linked(host.root);
    const before = host.manifest();
    const changes = setTree(await standing(host, wanted, true), wanted);
    const names = ['app', 'real', 'app/plain'].map((name) => `tree:${join(host.root, name)}`);
    expect(changes.map(({ key }) => key)).toEqual(names);
    expect(changes[1]?.predicts?.get(`file:${join(wanted.root, 'sub/new/deep/two')}`)).toMatchObject({
      type: 'file',
      path: join(wanted.root, 'sub/new/deep/two'),
    });
    await host.make(...changes);
    expect(readlinkSync(join(host.root, 'app/sub'))).toBe('../real');
    expect(readFileSync(join(host.root, 'real/new/deep/two'), 'utf8')).toBe('2');
    expect(readFileSync(join(host.root, 'real/old/one'), 'utf8')).toBe('uno');
    expect(statSync(join(host.root, 'real')).mode & 0o7777).toBe(0o750);
    expect(readFileSync(join(host.root, 'app/plain/x'), 'utf8')).toBe('last');
    expect(existsSync(join(host.root, 'real/there'))).toBe(false);
    expect(setTree(await standing(host, wanted, true), wanted)).toEqual([]);
    expect(await undo(host)).toEqual(['undone', 'undone', 'undone']);
    expect(host.manifest()).toBe(before);
  });

  it('give way to folders, with what is behind them left alone, and come back', async () => {
    const host = await testHost(shell);
    const wanted = { ...linked(host.root), delete: [] };
    const before = host.manifest();
    await host.make(...setTree(await standing(host, wanted, false), wanted));
    expect(readFileSync(join(host.root, 'app/sub/new/deep/two'), 'utf8')).toBe('2');
    expect(readdirSync(join(host.root, 'app/sub/old'))).toEqual(['one']);
    expect(readFileSync(join(host.root, 'real/old/one'), 'utf8')).toBe('1');
    expect(readFileSync(join(host.root, 'app/plain/x'), 'utf8')).toBe('first');
    expect(readFileSync(join(host.root, 'app/other/x'), 'utf8')).toBe('last');
    expect(setTree(await standing(host, wanted, false), wanted)).toEqual([]);
    expect(await undo(host)).toEqual(['undone', 'undone', 'undone']);
    expect(host.manifest()).toBe(before);
  });
});

describe('trees', () => {
  it('are large when they must: contents of controller files, 400 of them, through an upload', async () => {
    const host = await testHost('dash');
    const big = Buffer.alloc(70_000, 'x');
    const entries = Array.from({ length: 400 }, (_, n) => ({
      path: `d${n % 7}/f${n}`,
      type: 'file' as const,
      content: contentOfBytes(Buffer.concat([big, Buffer.from(String(n))])),
    }));
    const root = join(host.root, 'pack');
    await host.make(...setTree(await host.ask(treeState(root)), { root, entries }, { owned: true }));
    expect(statSync(join(root, 'd1/f1')).size).toBe(70_001);
    const after = await host.ask(treeState(root));
    expect(setTree(after, { root, entries })).toEqual([]);
    writeFileSync(join(root, 'd1/log'), 'written later by somebody');
    expect(await undo(host)).toEqual(['undone']);
    expect(existsSync(root)).toBe(false);
  });

  it('replace a file by a folder and a folder by a file, and put both back', async () => {
    const host = await testHost('dash');
    const root = join(host.root, 't');
    mkdirSync(join(root, 'folder/sub'), { recursive: true });
    writeFileSync(join(root, 'folder/sub/x'), 'x');
    writeFileSync(join(root, 'file'), 'f');
    const before = host.manifest();
    const wanted = {
      root,
      entries: [
        file('file/now', 'n'),
        { path: 'file', type: 'directory' } as TreeEntry,
        file('folder', 'flat'),
      ],
    };
    await host.make(...setTree(await host.ask(treeState(root)), wanted));
    expect(readFileSync(join(root, 'folder'), 'utf8')).toBe('flat');
    expect(readFileSync(join(root, 'file/now'), 'utf8')).toBe('n');
    expect(await undo(host)).toEqual(['undone']);
    expect(host.manifest()).toBe(before);
  });

  it('refuse paths that leave the root', async () => {
    const state = { root: { path: '/x', type: 'absent' as const }, entries: new Map() };
    for (const path of ['../y', 'a//b', 'a/../../b', '/etc/passwd', 'a\nb'])
      expect(() => setTree(state, { root: '/x', entries: [file(path, '')] })).toThrow(
        'is no path inside the tree',
      );
  });
});
