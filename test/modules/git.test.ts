import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import gitModule from '../../src/modules/git/index.ts';
import { hasProgram } from '../machine.ts';
import { openThisHost, type ThisHost } from './this-host.ts';

describe.runIf(hasProgram('git'))('git with the git of this machine', () => {
  let host: ThisHost;
  let executable: string;
  beforeAll(async () => {
    host = await openThisHost();
    executable = join(host.folder, 'git');
    const settings = ['protocol.file.allow=always', 'user.name=t', 'user.email=t@example.org'];
    const options = [...settings, 'init.defaultBranch=main'].map((setting) => `-c ${setting}`);
    writeFileSync(executable, `#!/bin/sh\nexec git ${options.join(' ')} "$@"\n`, { mode: 0o755 });
  });
  afterAll(() => host.close());

  const at = (name: string) => join(host.folder, name);
  const git = (folder: string, ...words: string[]) =>
    execFileSync(executable, words, { cwd: at(folder), encoding: 'utf8' }).trim();
  function commit(folder: string, text: string): string {
    writeFileSync(at(`${folder}/file`), text);
    git(folder, 'add', '.');
    git(folder, 'commit', '-qm', text);
    return git(folder, 'rev-parse', 'HEAD');
  }
  function origin(name: string): string {
    mkdirSync(at(name));
    git(name, 'init', '-q');
    commit(name, 'one');
    return name;
  }
  const run = (repo: string, dest: string, more: Record<string, unknown> = {}) =>
    host.run(gitModule as never, { repo: at(repo), dest: at(dest), executable, ...more });

  test('a shallow copy goes over to another branch, and follows it', async () => {
    const from = origin('branches');
    git(from, 'branch', 'early');
    commit(from, 'two');
    await run(from, 'shallow', { depth: 1 });
    const early = { depth: 1, version: 'early' };
    expect(await run(from, 'shallow', early)).toMatchObject({ changed: true, failed: false });
    expect(await run(from, 'shallow', early)).toMatchObject({ changed: false });
    expect(git('shallow', 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('early');
    expect(git('shallow', 'config', 'branch.early.merge')).toBe('refs/heads/early');
  });

  test('a refspec says where a commit is, so that depth counts', async () => {
    const from = origin('requests');
    const before = git(from, 'rev-parse', 'HEAD');
    git(from, 'checkout', '-q', '--detach');
    const version = commit(from, 'asked');
    git(from, 'update-ref', 'refs/pull/7/merge', version);
    git(from, 'checkout', '-q', 'main');
    commit(from, 'two');
    await run(from, 'pulled', { version, refspec: 'refs/pull/7/merge', depth: 1 });
    expect(git('pulled', 'rev-parse', 'HEAD')).toBe(version);
    expect(() => git('pulled', 'cat-file', '-e', before)).toThrow();
  });

  test('an archive is made of what is there when nothing shall be fetched', async () => {
    const from = origin('packed');
    const archive = at('packed.tar');
    await run(from, 'unpacked');
    commit(from, 'two');
    expect(await run(from, 'unpacked', { update: false, archive })).toMatchObject({ changed: true });
    expect(execFileSync('tar', ['-xOf', archive, 'file'], { encoding: 'utf8' })).toBe('one');
    expect(await run(from, 'unpacked', { update: false, archive })).toMatchObject({ changed: false });
  });

  test('the repository moves to another folder', async () => {
    const from = origin('apart');
    for (const name of ['first', 'second']) {
      const wish = { separate_git_dir: at(name) };
      expect(await run(from, 'copy', wish)).toMatchObject({ changed: true, failed: false });
      expect(await run(from, 'copy', wish)).toMatchObject({ changed: false });
      expect(existsSync(at(`${name}/HEAD`))).toBe(true);
    }
    expect(existsSync(at('first'))).toBe(false);
  });

  test('submodules come, come back, and follow when they shall', async () => {
    const [inner, outer] = [origin('inner'), origin('outer')];
    git(outer, 'submodule', '--quiet', 'add', at(inner), 'sub');
    const recorded = commit(outer, 'with sub') && git('outer/sub', 'rev-parse', 'HEAD');
    await run(outer, 'work', { recursive: false });
    expect(existsSync(at('work/sub/file'))).toBe(false);
    const fetched = { changed: true, failed: false, result: { submodules_changed: true } };
    expect(await run(outer, 'work')).toMatchObject(fetched);
    expect(git('work/sub', 'rev-parse', 'HEAD')).toBe(recorded);
    expect(await run(outer, 'work')).toMatchObject({ changed: false });
    expect(await run(outer, 'work', { track_submodules: true })).toMatchObject({ changed: false });
    const newest = commit(inner, 'two');
    expect(await run(outer, 'work', { track_submodules: true })).toMatchObject({ changed: true });
    expect(git('work/sub', 'rev-parse', 'HEAD')).toBe(newest);
  });

  test('the reason of git is told, not its advice', async () => {
    const { result } = await run('nowhere', 'never');
    expect(result.msg).toMatch(/nowhere: fatal: .* does not appear to be a git repository$/);
  });
});
