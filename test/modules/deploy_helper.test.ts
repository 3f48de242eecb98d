import { describe, expect, test } from 'vitest';
import deployHelper from '../../src/modules/deploy_helper/index.ts';
import { run, type Thing } from './paper-host.ts';

const RELEASES: Record<string, Thing> = {
  '/srv/app/shared': { dir: true },
  '/srv/app/current': { link: '/srv/app/releases/r3' },
  '/srv/app/releases/r1': { dir: true, mtime: 100 },
  '/srv/app/releases/r2': { dir: true, mtime: 200 },
  '/srv/app/releases/r3': { dir: true, mtime: 300 },
  '/srv/app/releases/r4/DEPLOY_UNFINISHED': '',
  '/srv/app/releases/r5/DEPLOY_UNFINISHED': '',
};

describe('deploy_helper', () => {
  test('makes the folders and tells where things are', async () => {
    const ran = await run(deployHelper, { path: '/srv/app', release: 'r1', mode: '0750' });
    expect(ran.state('/srv/app/releases')).toMatchObject({ type: 'directory', mode: 0o750 });
    expect(ran.state('/srv/app/shared')).toMatchObject({ type: 'directory' });
    expect(ran.state('/srv/app/releases/r1')).toMatchObject({ type: 'absent' });
    expect(ran.result.ansible_facts).toEqual({
      deploy_helper: {
        project_path: '/srv/app',
        current_path: '/srv/app/current',
        releases_path: '/srv/app/releases',
        shared_path: '/srv/app/shared',
        previous_release: null,
        previous_release_path: null,
        new_release: 'r1',
        new_release_path: '/srv/app/releases/r1',
        unfinished_filename: 'DEPLOY_UNFINISHED',
      },
    });
    expect((await ran.again()).changes).toEqual([]);
  });

  test('a release has the time of the run when nobody names it', async () => {
    const ran = await run(deployHelper, { path: '/srv/app', state: 'query', shared_path: '' });
    const facts = ran.result.ansible_facts as { deploy_helper: Record<string, unknown> };
    expect(facts.deploy_helper.new_release).toMatch(/^2026010[12]\d{6}$/);
    expect(facts.deploy_helper.shared_path).toBeNull();
  });

  test('finishes a release, and keeps as many as it shall', async () => {
    const given = { path: '/srv/app', release: 'r4', state: 'finalize', keep_releases: 2 };
    const ran = await run(deployHelper, given, { files: RELEASES });
    expect(ran.state('/srv/app/current')).toMatchObject({ target: '/srv/app/releases/r4' });
    expect(ran.state('/srv/app/releases/r4/DEPLOY_UNFINISHED')).toMatchObject({ type: 'absent' });
    expect(ran.summaries.slice(2)).toEqual([
      'remove folder /srv/app/releases/r5 (1 entries)',
      'remove folder /srv/app/releases/r1',
    ]);
  });

  test('never removes the present release', async () => {
    const given = { path: '/srv/app', state: 'clean', keep_releases: 0 };
    const ran = await run(deployHelper, given, { files: RELEASES });
    expect(ran.summaries.map((line) => line.split(' ')[2])).toEqual(
      ['r4', 'r5', 'r2', 'r1'].map((name) => `/srv/app/releases/${name}`),
    );
  });

  test.each<[string, Record<string, unknown>, Record<string, Thing>, string]>([
    [
      'no such release',
      { release: 'x', state: 'finalize' },
      RELEASES,
      "the symlink target /srv/app/releases/x doesn't exists",
    ],
    [
      'no link',
      { release: 'x' },
      { '/srv/app/current': { dir: true } },
      '/srv/app/current exists but is not a symbolic link',
    ],
  ])('%s', async (_, given, files, message) => {
    const ran = await run(deployHelper, { path: '/srv/app', ...given }, { files });
    expect(ran.plan.failed).toBe(message);
    expect(ran.changes).toEqual([]);
  });
});
