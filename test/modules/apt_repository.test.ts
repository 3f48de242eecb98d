import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import aptRepository from '../../src/modules/apt_repository/index.ts';
import { readSources } from '../../src/modules/apt_repository/reread.ts';
import { addEntry, entryOf, fileNameOf } from '../../src/modules/apt_repository/sources.ts';
import { type CommandSpec, type FileContent, fileContent, treeState } from '../../src/resources/index.ts';
import { run } from './paper-host.ts';
import { ended, planTask } from './task-plan.ts';

const PARTS = '/etc/apt/sources.list.d';
const REPO = 'deb http://tools.example.org/debian stable main';
const quiet = { repo: REPO, update_cache: false };
const here = { '/etc/apt/sources.list': '# nothing\n', [PARTS]: { dir: true as const } };
const beside = (text: string) => ({ files: { ...here, [`${PARTS}/mine.list`]: text } });

describe('apt_repository: files', () => {
  test.each([
    ['a file of its own', quiet, { files: here }, 'tools_example_org_debian', `${REPO}\n`],
    ['by name', { ...quiet, filename: 'mine' }, { files: here }, 'mine', `${REPO}\n`],
    [
      'at the end of a file that is there',
      { ...quiet, filename: 'mine' },
      beside('deb http://a.org x y'),
      'mine',
      `deb http://a.org x y\n${REPO}\n`,
    ],
    [
      'switched on where it stands',
      quiet,
      beside(`#deb http://tools.example.org/debian   stable main # why  not\n# hm\n`),
      'mine',
      `${REPO} # why  not\n# hm\n`,
    ],
    [
      'taken out twice',
      { ...quiet, state: 'absent' },
      beside(`${REPO}\n\ndeb   http://a.org x y#so\n${REPO}\n`),
      'mine',
      '\ndeb http://a.org x y # so\n',
    ],
  ])('%s', async (_, args, situation, name, text) => {
    const ran = await run(aptRepository, args, situation);
    expect(ran.text(`${PARTS}/${name}.list`)).toBe(text);
    expect(ran.changes).toHaveLength(1);
  });

  test.each([
    [
      'there, with other blanks',
      { ...quiet, repo: `${REPO.replaceAll(' ', '  ')} # mine` },
      beside(`${REPO}\n`),
    ],
    ['there, in another file', { ...quiet, filename: 'other', mode: '0600' }, beside(`${REPO}\n`)],
    ['not there', { ...quiet, state: 'absent' }, beside('')],
    ['only a comment', { ...quiet, state: 'absent' }, beside(`# ${REPO}\n`)],
    [
      'in a file that apt does not read',
      { ...quiet, state: 'absent' },
      { files: { ...here, [`${PARTS}/x.txt`]: REPO } },
    ],
  ])('nothing to do: %s', async (_, args, situation) => {
    const ran = await run(aptRepository, args, situation);
    expect(ran.changes).toEqual([]);
    expect(ran.result).toMatchObject({ repo: args.repo, sources_added: [], sources_removed: [] });
  });

  test('a file with nothing in it goes', async () => {
    const ran = await run(aptRepository, { ...quiet, state: 'absent' }, beside(`${REPO}\n`));
    expect(ran.state(`${PARTS}/mine.list`)!.type).toBe('absent');
    expect(ran.result).toEqual({
      repo: REPO,
      state: 'absent',
      sources_added: [],
      sources_removed: [`${PARTS}/mine.list`],
      diff: [expect.objectContaining({ before: `${REPO}\n`, after: '', after_header: '/dev/null' })],
    });
  });

  test('differences have the file, or /dev/null where there is none', async () => {
    const parts = treeState(PARTS, { checksum: false, maxDepth: 1 });
    const absent = { type: 'absent', parent: 'directory', umask: 0o22 };
    const files = ['/etc/apt/sources.list', `${PARTS}/x.list`].map(
      (path) => [fileContent(path, { follow: true }), { ...absent, path }] as const,
    );
    const states = [[parts, { entries: new Map() }], ...files] as const;
    const args = { ...quiet, filename: 'x' };
    const plan = await planTask(aptRepository, args, { states, diffMode: true });
    expect(plan.resultWith().diff).toEqual([
      { before: '', after: `${REPO}\n`, before_header: '/dev/null', after_header: `${PARTS}/x.list` },
    ]);
  });

  test('the mode of a new file', async () => {
    const made = await run(aptRepository, quiet, { files: here });
    expect(made.state(`${PARTS}/tools_example_org_debian.list`)!.mode).toBe(0o644);
    const other = await run(aptRepository, { ...quiet, filename: '/srv/x', mode: '0600' }, { files: here });
    expect(other.state('/srv/x.list')!.mode).toBe(0o600);
    expect(other.result.sources_added).toEqual(['/srv/x.list']);
  });
});

describe('apt_repository: lines', () => {
  test.each([
    ['deb http://dl.example.com/linux/chrome/deb/ stable main', 'dl_example_com_linux_chrome_deb'],
    ['deb-src [arch=amd64 signed-by=/x/y.gpg] https://me:pw@x.org:8080/~a stable', 'x_org_8080_a'],
    ['deb file:///srv/repo ./', 'srv_repo'],
    ['deb cdrom:[Debian 12]/ stable main', 'cdrom'],
  ])('%s -> %s.list', (entry, name) => {
    expect(fileNameOf(entryOf(entry)!)).toBe(name);
  });

  test.each(['http://x.org', 'rpm http://x.org a b', 'deb http://x.org', '# deb http://x.org a b'])(
    '"%s" is refused',
    async (repo) => {
      await expect(run(aptRepository, { repo }, { files: here })).rejects.toThrow(
        /no line of a sources.list/,
      );
    },
  );

  test('an empty one fails when its turn comes', async () => {
    const plan = await planTask(aptRepository, { repo: '' });
    expect(plan.failed).toBe("Please set argument 'repo' to a non-empty value");
  });

  test('what is no entry stays as it is', () => {
    expect(addEntry('foo   bar\n##   x\n', 'deb a b')).toBe('foo   bar\n#  # x\ndeb a b\n');
  });

  test('a PPA fails when its turn comes', async () => {
    const plan = await planTask(aptRepository, { repo: 'ppa:nginx/stable', codename: 'jammy' });
    expect(plan.failed).toContain('"deb https://ppa.launchpadcontent.net/nginx/stable/ubuntu jammy main"');
  });
});

describe('apt_repository: package lists', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-sources-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('are read after a change only', async () => {
    const args = { repo: REPO };
    expect((await run(aptRepository, args, { files: here })).summaries[1]).toBe('update package lists');
    expect((await run(aptRepository, args, beside(`${REPO}\n`))).summaries).toEqual([]);
  });

  test('that cannot be read: the task fails, and says that nothing is left of it', async () => {
    const ran = await run(aptRepository, { repo: REPO }, { files: here });
    const outcomes = ran.changes.map((change, seq) => ({
      change,
      status: 'done' as const,
      seq,
      result: change.resource === 'command' ? ended(100, '', 'E: Failed to fetch x\n') : {},
    }));
    expect(ran.plan.result!(outcomes)).toMatchObject({
      failed: true,
      changed: false,
      msg: 'Failed to update apt cache: Failed to fetch x; the sources are as before',
      sources_added: [],
    });
  });

  test('the script puts the files back when apt-get fails, and leaves them when it does not', () => {
    const old = join(folder, "it's old.list");
    const fresh = join(folder, 'new.list');
    const before = statSync(folder);
    const files = [
      {
        path: old,
        type: 'file',
        mode: 0o640,
        uid: before.uid,
        gid: before.gid,
        bytes: Buffer.from("a 'b'\n"),
      },
      { path: fresh, type: 'absent' },
    ] as FileContent[];
    const change = readSources(
      { update_cache_retries: 1, update_cache_retry_max_delay: 1 },
      files.map((file) => ({ file })),
    );
    const { script } = (change.detail as { spec: CommandSpec }).spec;
    const update = (exitCode: number) => {
      writeFileSync(join(folder, 'apt-get'), `#!/bin/sh\nexit ${exitCode}\n`);
      chmodSync(join(folder, 'apt-get'), 0o755);
      writeFileSync(old, 'after\n');
      writeFileSync(fresh, 'after\n');
      try {
        const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
        execFileSync('/bin/sh', ['-c', script!], { env, stdio: 'ignore' });
        return 0;
      } catch (error) {
        return (error as { status: number }).status;
      }
    };
    expect(update(0)).toBe(0);
    expect(readFileSync(old, 'utf8')).toBe('after\n');
    expect(update(100)).toBe(100);
    expect(readFileSync(old, 'utf8')).toBe("a 'b'\n");
    expect(statSync(old).mode & 0o7777).toBe(0o640);
    expect(() => readFileSync(fresh)).toThrow(/ENOENT/);
  });
});
