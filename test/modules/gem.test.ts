import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import gem from '../../src/modules/gem/index.ts';
import { parseParams } from '../../src/modules/index.ts';
import { hasProgram } from '../machine.ts';
import { run } from './paper-host.ts';
import { ended } from './task-plan.ts';
import { openThisHost, type ThisHost } from './this-host.ts';

/** A host with these versions, and a repository with those. */
function host(local: string, remote = '') {
  const command = (asked: unknown) => ended(0, JSON.stringify(asked).includes('--remote') ? remote : local);
  return { answers: { command } };
}

describe('gem on paper', () => {
  const NONE = '\n*** LOCAL GEMS ***\n\n\n';
  const TWO = '\n*** LOCAL GEMS ***\n\nrake-x (9.0)\nrake (default: 13.0.6, 12.0.0 x86_64-linux)\n';

  test.each<[string, Record<string, unknown>, string, string[]]>([
    ['installs', {}, NONE, ['gem install --user-install --no-document rake']],
    ['has one', {}, TWO, []],
    ['has the version', { version: '12.0.0' }, TWO, []],
    [
      'installs a version for all',
      { version: '11.0', user_install: false, source: 'http://gems/', force: true },
      TWO,
      ['gem install --version 11.0 --source http://gems/ --no-user-install --no-document --force rake'],
    ],
    [
      'installs a file into a folder',
      {
        gem_source: '/g/rake-1.0.gem',
        user_install: false,
        install_dir: '/d',
        bindir: '/b',
        include_dependencies: false,
        include_doc: true,
        env_shebang: true,
        pre_release: true,
        build_flags: '--with-x="a b"',
      },
      NONE,
      [
        'gem install --install-dir /d --bindir /b --ignore-dependencies --no-user-install --pre --env-shebang /g/rake-1.0.gem -- --with-x=a b',
      ],
    ],
    ['is the newest', { state: 'latest' }, TWO, []],
    ['removes all', { state: 'absent' }, TWO, ['gem uninstall --all --executable rake']],
    [
      'removes a version',
      { state: 'absent', version: '12.0.0', force: true },
      TWO,
      ['gem uninstall --version 12.0.0 --executable --force rake'],
    ],
    ['lacks the version', { state: 'absent', version: '1' }, TWO, []],
    ['lacks all', { state: 'absent' }, NONE, []],
  ])('%s', async (_name, args, local, summaries) => {
    const ran = await run(gem, { name: 'rake', ...args }, host(local, 'rake (13.0.6)\n'));
    expect(ran.plan.failed).toBeUndefined();
    expect(ran.summaries).toEqual(summaries);
    expect(ran.rounds).toBe(1);
  });

  it('installs what is newer', async () => {
    const ran = await run(gem, { name: 'rake', state: 'latest' }, host(TWO, 'rake (13.1.0 ruby java)\n'));
    expect(ran.summaries).toHaveLength(1);
    expect((await ran.again()).changes).toEqual([]);
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ gem_source: '/a.gem', version: '1' }, /not both/],
    [{ install_dir: '/d' }, /requires user_install=false/],
    [{ state: 'latest', gem_source: '/a.gem' }, /state=latest when installing from local/],
    [{ state: 'latest', version: '1' }, /no version with state=latest/],
  ])('refuses %j', (args, words) => {
    expect(() => parseParams(gem, { name: 'a', ...args })).toThrow(words);
  });
});

describe.runIf(hasProgram('gem'))('gem with the RubyGems of this machine', () => {
  let here: ThisHost;
  beforeAll(async () => {
    here = await openThisHost();
    mkdirSync(join(here.folder, 'bin'));
    writeFileSync(join(here.folder, 'bin/greet'), '#!/usr/bin/ruby\n');
    for (const version of ['1.0.0', '1.2.0']) {
      writeFileSync(
        join(here.folder, 'greet.gemspec'),
        `Gem::Specification.new do |s|
  s.name = 'cutover-greet'
  s.version = '${version}'
  s.summary = s.description = 'greets'
  s.author = 'a test'
  s.executables = ['greet']
  s.files = ['bin/greet']
end
`,
      );
      execFileSync('gem', ['build', '--quiet', 'greet.gemspec'], { cwd: here.folder, stdio: 'pipe' });
    }
  });
  afterAll(() => here.close());

  it('installs a file into a folder, once, and removes it', async () => {
    const place = { name: 'cutover-greet', user_install: false, install_dir: join(here.folder, 'gems') };
    const bindir = join(here.folder, 'programs');
    const file = (version: string) => join(here.folder, `cutover-greet-${version}.gem`);
    const task = (args: Record<string, unknown>) => here.run(gem as never, { ...place, bindir, ...args });
    const changed = { changed: true, failed: false };
    const same = { changed: false, failed: false };
    expect(await task({ gem_source: file('1.0.0') })).toMatchObject(changed);
    expect(existsSync(join(bindir, 'greet'))).toBe(true);
    expect(await task({ gem_source: file('1.2.0') })).toMatchObject(same);
    expect(await task({ version: '1.0.0' })).toMatchObject(same);
    expect(await task({ state: 'absent', version: '1.2.0' })).toMatchObject(same);
    expect(await task({ state: 'absent' })).toMatchObject(changed);
    expect(existsSync(join(bindir, 'greet'))).toBe(false);
    expect(await task({ state: 'absent' })).toMatchObject(same);
    writeFileSync(join(here.folder, 'torn.gem'), 'no archive');
    const torn = await task({ gem_source: join(here.folder, 'torn.gem') });
    expect(torn).toMatchObject({ changed: false, failed: true, result: { rc: 1 } });
  });
});
