import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import tree from '../../src/modules/tree/index.ts';
import { run, type Situation, type Thing } from './paper-host.ts';

const sum = (text: string) => createHash('sha256').update(text).digest('hex');

async function zip(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const file = new ZipFile();
  for (const [name, text] of Object.entries(files)) file.addBuffer(Buffer.from(text), name);
  file.end();
  const parts: Buffer[] = [];
  for await (const part of file.outputStream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const OLD = {
  'p-1.0/bin/run.sh': 'run 1',
  'p-1.0/conf/a.toml': 'a 1',
  'p-1.0/conf/log': 'log 1',
  'p-1.0/lib/x.jar': 'x 1',
};

/** The operator changed a.toml and log, added my.jar and a CAR, and took x.jar away. */
const home: Record<string, Thing> = {
  '/old/bin/run.sh': 'run 1',
  '/old/conf/a.toml': { text: 'a mine', mode: 0o640, owner: 'wso2' },
  '/old/conf/log': 'log mine',
  '/old/lib/my.jar': { text: 'my', owner: 'wso2' },
  '/old/deploy/apps/one.car': 'one',
  '/old/deploy/empty': { dir: true },
  '/old/l': { link: 'conf/log' },
  '/old/p': { other: true },
};

/** The new product changed log itself. */
const next: Record<string, Thing> = {
  '/new/bin/run.sh': 'run 2',
  '/new/conf/a.toml': 'a 1',
  '/new/conf/log': 'log 2',
  '/new/lib/x.jar': 'x 1',
};

async function upgrade(args: Record<string, unknown> = {}, more: Partial<Situation> = {}) {
  return run(
    tree,
    { src: '/old', dest: '/new', pristine: 'p-1.0.zip', ...args },
    { local: { 'p-1.0.zip': await zip(OLD), ...more.local }, files: more.files ?? { ...home, ...next } },
  );
}

const paths = (list: unknown) => (list as { path: string }[]).map(({ path }) => path).sort();

describe("the operator's part", () => {
  test('travels: what is new and what was changed', async () => {
    const ran = await upgrade();
    expect(ran.plan.failed).toBeUndefined();
    expect(paths(ran.result.copied)).toEqual([
      'conf/a.toml',
      'conf/log',
      'deploy/apps/one.car',
      'l',
      'lib/my.jar',
    ]);
    expect(ran.state('/new/conf/a.toml')).toMatchObject({
      sha256: sum('a mine'),
      mode: 0o640,
      owner: 'wso2',
    });
    expect(ran.state('/new/deploy/empty')).toMatchObject({ type: 'directory' });
    expect(ran.state('/new/l')).toMatchObject({ type: 'link', target: 'conf/log' });
    expect(ran.text('/new/bin/run.sh')).toBe('run 2');
    expect(ran.result).toMatchObject({
      pristine_count: expect.any(Number),
      removed_by_operator: ['lib/x.jar'],
      skipped: [{ path: 'p', reason: 'is a fifo' }],
    });
    expect(ran.changes).toHaveLength(1);
  });

  test('a second run finds nothing to do', async () => {
    const again = await (await upgrade()).again();
    expect(again.changes).toEqual([]);
    expect(again.result.copied).toEqual([]);
    expect(paths(again.result.skipped)).toContain('conf/log');
  });

  test('what both changed is a conflict', async () => {
    const ran = await upgrade();
    expect(ran.result.conflicts).toEqual(['conf/log']);
    expect(ran.plan.warnings).toEqual([
      expect.stringMatching(/^conf\/log was changed by the operator and by the new product/),
    ]);
    const skip = await upgrade({ conflicts: 'skip' });
    expect(skip.text('/new/conf/log')).toBe('log 2');
    expect(skip.result.skipped).toContainEqual({
      path: 'conf/log',
      reason: 'changed by the new product too',
    });
    expect((await upgrade({ conflicts: 'fail' })).plan.failed).toMatch(/conf\/log$/);
  });

  test('a manifest of the new product decides what a conflict is', async () => {
    const local = {
      'new.json': JSON.stringify({ files: { 'conf/log': sum('log 1'), 'conf/a.toml': sum('a 2') } }),
    };
    const ran = await upgrade({ pristine_new: 'new.json' }, { local });
    expect(ran.result.conflicts).toEqual(['conf/a.toml']);
  });

  test('a JSON manifest is as good as the pack', async () => {
    const local = {
      'm.json': JSON.stringify(
        Object.fromEntries(Object.entries(OLD).map(([name, text]) => [name.slice(6), sum(text)])),
      ),
    };
    const ran = await upgrade({ pristine: 'm.json' }, { local });
    expect(paths(ran.result.copied)).toEqual([
      'conf/a.toml',
      'conf/log',
      'deploy/apps/one.car',
      'l',
      'lib/my.jar',
    ]);
  });

  test('delete takes away only what the operator took away', async () => {
    const ran = await upgrade({ delete: true });
    expect(ran.result.deleted).toEqual(['lib/x.jar']);
    expect(ran.state('/new/lib/x.jar')!.type).toBe('absent');
    expect(ran.text('/new/bin/run.sh')).toBe('run 2');
  });
});

describe('include and exclude', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['a folder', { include: 'lib' }, ['lib/my.jar']],
    ['a kind', { include: ['**/*.jar', '*.car'] }, ['deploy/apps/one.car', 'lib/my.jar']],
    ['not a folder', { exclude: ['deploy', 'l'] }, ['conf/a.toml', 'conf/log', 'lib/my.jar']],
    ['both', { include: 'conf/**', exclude: 'conf/log' }, ['conf/a.toml']],
  ])('%s', async (_, args, copied) => {
    expect(paths((await upgrade(args)).result.copied)).toEqual(copied);
  });
});

describe('without a manifest everything is copied', () => {
  const files = { ...home, '/d/extra': 'x' };

  test('to a folder that is there', async () => {
    const ran = await run(tree, { src: '/old', dest: '/d', owner: 'app', mode: '0600' }, { files });
    expect(ran.state('/d/conf/log')).toMatchObject({ mode: 0o600, owner: 'app' });
    expect(ran.text('/d/extra')).toBe('x');
    expect((await ran.again()).changes).toEqual([]);
  });

  test('delete mirrors', async () => {
    const ran = await run(tree, { src: '/old', dest: '/d', delete: true }, { files });
    expect(ran.state('/d/extra')!.type).toBe('absent');
  });

  test('to a folder to be made', async () => {
    const ran = await run(tree, { src: '/old', dest: '/made' }, { files });
    expect(ran.state('/made/lib/my.jar')).toMatchObject({ sha256: sum('my') });
  });

  test('from behind a link', async () => {
    const ran = await run(
      tree,
      { src: '/current', dest: '/made' },
      { files: { ...files, '/current': { link: '/old' } } },
    );
    expect(ran.state('/made/lib/my.jar')).toMatchObject({ sha256: sum('my') });
    expect(
      (ran.changes[0]!.detail as { items: { content?: { from: { target: string } } }[] }).items.find(
        (item) => item.content,
      )!.content!.from.target,
    ).toMatch(/^\/old\//);
  });
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ['no source', { src: '/no', dest: '/d' }, /\/no is no folder/],
  ['one in the other', { src: '/old', dest: '/old/x' }, /inside each other/],
])('%s', async (_, args, message) => {
  expect((await run(tree, args, { files: home })).plan.failed).toMatch(message);
});

test('a manifest that is none', async () => {
  await expect(upgrade({ pristine: 'm.json' }, { local: { 'm.json': '[1]' } })).rejects.toThrow(
    /m\.json is no manifest/,
  );
  await expect(upgrade({ pristine: 'm.json' }, { local: { 'm.json': '{' } })).rejects.toThrow(
    /m\.json is no JSON/,
  );
});
