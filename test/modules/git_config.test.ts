import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import gitConfig from '../../src/modules/git_config/index.ts';
import { hasProgram } from '../machine.ts';
import { openThisHost, type ThisHost } from './this-host.ts';

describe.runIf(hasProgram('git'))('git_config with the git of this machine', () => {
  let host: ThisHost;
  let file: string;
  beforeAll(async () => {
    host = await openThisHost();
    file = join(host.folder, 'config');
    writeFileSync(file, '; mine\n[multi]\n\ta = 1\n\ta = 2\n[user]\n\tname = A B\n', { mode: 0o640 });
    execFileSync('git', ['init', '-q', join(host.folder, 'work')]);
  });
  afterAll(() => host.close());
  const run = (args: Record<string, unknown>, around = {}) =>
    host.run(gitConfig as never, { scope: 'file', file, ...args }, around);

  test.each<[Record<string, unknown>, Record<string, unknown>]>([
    [{ name: 'user.name' }, { config_value: 'A B', msg: '' }],
    [{ name: 'user.none' }, { config_value: '' }],
    [{ name: 'user.name', value: 'A B' }, { msg: '' }],
    [{ name: 'user.none', state: 'absent' }, { msg: 'no setting to unset' }],
    [{ list_all: true }, { config_values: { 'multi.a': '2', 'user.name': 'A B' } }],
  ])('%j changes nothing', async (args, result) => {
    const before = readFileSync(file, 'utf8');
    expect(await run(args)).toMatchObject({ changed: false, failed: false, result });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('sets and unsets, and keeps the rest of the file and its mode', async () => {
    const wish = { name: 'user.name', value: 'it\'s "C" \\ d' };
    const dry = await run(wish, { checkMode: true });
    expect(dry.changed).toBe(true);
    expect((await run({ name: 'user.name' })).result.config_value).toBe('A B');
    expect(await run(wish)).toMatchObject({ changed: true, result: { msg: 'setting changed' } });
    expect((await run({ name: 'user.name' })).result.config_value).toBe(wish.value);
    expect((await run(wish)).changed).toBe(false);
    expect((await run({ name: 'user.name', state: 'absent' })).changed).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('; mine\n[multi]\n\ta = 1\n\ta = 2\n');
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it('writes what is not there yet, and settings of a repository', async () => {
    const fresh = join(host.folder, 'fresh');
    expect((await run({ file: fresh, name: 'a.b', value: '1' }, { checkMode: true })).changed).toBe(true);
    expect(existsSync(fresh)).toBe(false);
    await run({ file: fresh, name: 'a.b', value: '1' });
    expect(readFileSync(fresh, 'utf8')).toBe('[a]\n\tb = 1\n');
    const repo = join(host.folder, 'work');
    await host.run(gitConfig as never, { scope: 'local', repo, name: 'a.b', value: '2' });
    expect(readFileSync(join(repo, '.git/config'), 'utf8')).toContain('[a]\n\tb = 2\n');
  });

  it('fails with the words of git', async () => {
    expect((await run({ name: 'multi.a', value: '3' })).result).toMatchObject({
      rc: 5,
      msg: expect.stringContaining('cannot overwrite multiple values'),
    });
    expect((await run({ name: 'bad', value: '3' })).result.msg).toMatch(/does not contain a section/);
  });

  test.each([
    [{ list_all: true, name: 'a.b' }, /mutually exclusive: list_all\|name/],
    [{ scope: 'local', name: 'a.b', value: 'x', file: undefined }, /missing: repo/],
    [{}, /needs name or list_all/],
  ])('refused: %j', async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
