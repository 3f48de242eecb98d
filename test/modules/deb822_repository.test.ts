import { describe, expect, it, test } from 'vitest';
import deb822Repository from '../../src/modules/deb822_repository/index.ts';
import { slugOf } from '../../src/modules/deb822_repository/params.ts';
import { run } from './paper-host.ts';

const apt = { '/etc/apt/sources.list.d': { dir: true as const } };
const PLACE = '/etc/apt/sources.list.d/my-tools.sources';
const wish = {
  name: 'My Tools',
  uris: 'https://deb.example/debian',
  suites: ['stable'],
  components: 'main,extra',
};
const PLAIN =
  'Components: main extra\nX-Repolib-Name: My Tools\nSuites: stable\nTypes: deb\nURIs: https://deb.example/debian\n';
const ARMOR = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabc=\n-----END PGP PUBLIC KEY BLOCK-----\n';
const reply = (body: string, status = 200) => ({
  answers: { 'http:': { status, reason: 'R', body: Buffer.from(body), headers: {}, cookies: {} } },
});

test.each([
  ['My Tools', 'my-tools'],
  ['node_20.x', 'node-20-x'],
  [' a ', 'a'],
])('%j is filed as %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

describe('deb822_repository', () => {
  it('is written once', async () => {
    const ran = await run(deb822Repository, wish, { files: apt });
    expect(ran.text(PLACE)).toBe(PLAIN);
    expect(ran.state(PLACE)?.mode).toBe(0o644);
    expect(ran.result).toEqual({ repo: PLAIN, dest: PLACE, key_filename: null });
    expect(ran.changes.every(({ undo }) => undo === 'restorable')).toBe(true);
    expect((await ran.again()).changes).toEqual([]);
  });

  it('writes switches, lists and numbers', async () => {
    const args = { ...wish, enabled: false, trusted: true, types: ['deb', 'deb-src'], date_max_future: 10 };
    const text = (await run(deb822Repository, args, { files: apt })).text(PLACE);
    expect(text).toContain('Date-Max-Future: 10\nEnabled: no\n');
    expect(text).toContain('Trusted: yes\nTypes: deb deb-src\n');
  });

  test.each([
    ['/usr/share/keyrings/x.gpg', 'Signed-By: /usr/share/keyrings/x.gpg\n'],
    ['ABCD EF01', 'Signed-By: ABCD EF01\n'],
    [
      ARMOR,
      'Signed-By: \n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc=\n -----END PGP PUBLIC KEY BLOCK-----\n',
    ],
  ])('the key %s is named in it', async (key, line) => {
    const ran = await run(deb822Repository, { ...wish, signed_by: key }, { files: apt });
    expect(ran.text(PLACE)).toContain(line);
  });

  test.each([
    [ARMOR, 'asc'],
    ['\x99\x01', 'gpg'],
  ])('a key is got and kept: .%#', async (body, ending) => {
    const key = `/etc/apt/keyrings/my-tools.${ending}`;
    const args = { ...wish, signed_by: 'https://deb.example/key' };
    const ran = await run(deb822Repository, args, { files: apt, ...reply(body) });
    expect([ran.text(key), ran.state(key)?.mode]).toEqual([body, 0o644]);
    expect(ran.state('/etc/apt/keyrings')).toMatchObject({ type: 'directory', mode: 0o755 });
    expect(ran.text(PLACE)).toContain(`Signed-By: ${key}\n`);
    expect(ran.result.key_filename).toBe(key);
    expect((await ran.again()).changes).toEqual([]);
  });

  it('fails without the key', async () => {
    const args = { ...wish, signed_by: 'https://deb.example/key' };
    const ran = await run(deb822Repository, args, { files: apt, ...reply('', 404) });
    expect([ran.plan.failed, ran.changes]).toEqual([
      'no key could be had from https://deb.example/key: HTTP status 404 R',
      [],
    ]);
  });

  it('goes with its key', async () => {
    const files = { [PLACE]: PLAIN, '/etc/apt/keyrings/my-tools.asc': ARMOR };
    const ran = await run(deb822Repository, { name: 'My Tools', state: 'absent' }, { files });
    expect([PLACE, '/etc/apt/keyrings/my-tools.asc'].map((path) => ran.state(path)?.type)).toEqual([
      'absent',
      'absent',
    ]);
    expect(ran.result).toMatchObject({ repo: null, key_filename: '/etc/apt/keyrings/my-tools.asc' });
    expect((await ran.again()).changes).toEqual([]);
  });

  test.each([
    [{ name: '--' }, /no letter or digit/],
    [{ ...wish, types: 'rpm' }, /deb or deb-src/],
  ])('refused: %j', async (args, message) => {
    await expect(run(deb822Repository, args)).rejects.toThrow(message);
  });
});
