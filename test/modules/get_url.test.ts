import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { digestInList, wantedChecksum } from '../../src/modules/get_url/checksum.ts';
import getUrl from '../../src/modules/get_url/index.ts';
import {
  fileContent,
  fileState,
  type HttpReply,
  httpRequest,
  type Probe,
} from '../../src/resources/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { planTask, unknown } from './task-plan.ts';

const URL = 'https://example.org/dl/pack%201.zip?x=1';
const BYTES = Buffer.from('pack');
const hash = (algorithm: string, bytes = BYTES) => createHash(algorithm).update(bytes).digest('hex');
const SHA256 = hash('sha256');

const page = httpRequest({ url: URL });
const head = httpRequest({ url: URL, method: 'HEAD' });
const reply = (more: Partial<HttpReply> = {}): HttpReply => ({
  status: 200,
  reason: 'OK',
  url: URL,
  redirected: false,
  headers: { 'content-length': '4' },
  cookies: {},
  body: BYTES,
  elapsedMs: 10,
  ...more,
});
const at = (path: string) => fileState(path, { follow: true });
const absent = { path: '/srv/x', type: 'absent', parent: 'directory', umask: 0o22 };
const file = {
  path: '/srv/x',
  type: 'file',
  mode: 0o644,
  owner: 'root',
  group: 'root',
  uid: 0,
  gid: 0,
  size: 4,
  mtime: 0,
};
const same = { ...file, sha256: SHA256 };
const other = { ...file, sha256: hash('sha256', Buffer.from('old!')) };
const plan = (
  args: Record<string, unknown>,
  state: unknown,
  more: (readonly [Probe, unknown])[] = [],
  checkMode = false,
) =>
  planTask(
    getUrl,
    { url: URL, dest: '/srv/x', ...args },
    { states: [[at('/srv/x'), state], ...more], checkMode },
  );

describe('get_url: when it fetches', () => {
  test.each([
    ['nothing there', {}, absent, true, 1],
    ['a file there that is older', {}, other, true, 1],
    ['force, another file', { force: true }, other, true, 1],
    ['force, the same file', { force: 'yes' }, same, true, 0],
    ['the right checksum', { checksum: `sha256:${SHA256}` }, same, false, 0],
    ['another checksum', { checksum: `sha256:${SHA256}` }, other, true, 1],
    ['the older spelling', { sha256sum: SHA256 }, same, false, 0],
  ])('%s', async (_name, args, state, fetches, changes) => {
    const planned = await plan(args, state, fetches ? [[page, reply()]] : []);
    expect(planned.asked).toHaveLength(fetches ? 2 : 1);
    expect(planned.changes).toHaveLength(changes);
  });

  test('into a folder that ends with a slash, where there is no such file yet', async () => {
    const folder = [at('/srv/x/'), { ...file, path: '/srv/x', type: 'directory' }] as const;
    const inside = [at('/srv/x/pack 1.zip'), { ...absent, path: '/srv/x/pack 1.zip' }] as const;
    const planned = await plan({ dest: '/srv/x/' }, file, [folder, inside, [page, reply()]]);
    expect(planned.failed).toBeUndefined();
    expect(planned.changes).toMatchObject([{ key: 'file:/srv/x/pack 1.zip' }]);
  });

  test('into a folder, under its own name, when it is newer', async () => {
    const folder = { ...file, type: 'directory' };
    const inside = [at('/srv/x/pack 1.zip'), { ...same, path: '/srv/x/pack 1.zip' }] as const;
    const planned = await plan({}, folder, [inside, [page, reply({ status: 304, body: Buffer.alloc(0) })]]);
    expect(planned.changes).toEqual([]);
    expect(planned.resultWith()).toMatchObject({ dest: '/srv/x/pack 1.zip', status_code: 304 });
  });

  test('a file there that is not older stays; its attributes are set', async () => {
    const planned = await plan({ mode: '0600' }, other, [[page, reply({ status: 304 })]]);
    expect(planned.summaries).toEqual([expect.stringMatching(/^set attributes of/)]);
    expect(planned.resultWith()).toMatchObject({ status_code: 304, msg: expect.stringMatching(/304/) });
  });
});

describe('get_url: checksums', () => {
  const list = httpRequest({ url: 'https://example.org/SUMS' });
  const checksum = 'sha256:https://example.org/SUMS';

  test('from a list', async () => {
    const sums = reply({ body: Buffer.from(`00000000  other.zip\n${SHA256} *./pack 1.zip\n`) });
    const planned = await plan({ checksum }, other, [
      [list, sums],
      [page, reply()],
    ]);
    expect(planned.changes).toHaveLength(1);
  });

  test('that are not in the list', async () => {
    const planned = await plan({ checksum }, other, [
      [list, reply({ body: Buffer.from('00000000  a\n11111111  b\n') })],
    ]);
    expect(planned.failed).toBe(
      "Unable to find a checksum for file 'pack 1.zip' in 'https://example.org/SUMS'",
    );
  });

  test('that are wrong keep the old file', async () => {
    const planned = await plan({ checksum: `md5:${'0'.repeat(32)}` }, absent, [[page, reply()]]);
    expect(planned.changes).toEqual([]);
    expect(planned.failed).toBe(
      `The checksum for /srv/x did not match ${'0'.repeat(32)}; it was ${hash('md5')}.`,
    );
  });

  test.each([
    [`${'a'.repeat(64)}`, 'x', 'a'.repeat(64)],
    ['ABCDEF01  x\n', 'x', 'abcdef01'],
    ['abcdef01 *dir/x\nabcdef02  y\n', 'x', 'abcdef01'],
    ['SHA256 (x) = abcdef01\nSHA256 (y) = 00\n', 'x', 'abcdef01'],
    ['abcdef01  xx\nabcdef02  y\n', 'x', undefined],
    ['abcdef01.  x\nabcdef02.  y\n', 'x', 'abcdef01'],
    ['SHA256 (x) = abcdef01.\nSHA256 (y) = 00\n', 'x', 'abcdef01'],
    ['abcdef01.', 'x', 'abcdef01'],
  ])('%j gives for %s: %s', (text, name, digest) => {
    expect(digestInList(text, name)).toBe(digest);
  });

  test.each(['abc', 'crc32:abc', 'sha256:'])('"%s" is none', (text) => {
    expect(() => wantedChecksum(text)).toThrow(/is no checksum/);
  });
});

describe('get_url: results', () => {
  test('tell digests and size', async () => {
    const planned = await plan({}, absent, [[page, reply()]]);
    expect(planned.resultWith({})).toMatchObject({
      url: URL,
      dest: '/srv/x',
      checksum_dest: null,
      md5sum: hash('md5'),
      size: 4,
      status_code: 200,
      msg: 'OK (4 bytes)',
    });
  });

  test('file:// is a file of the target', async () => {
    const args = { url: 'file:///etc/a%20b', dest: '/srv/x' };
    const source = fileContent('/etc/a b', { follow: true });
    const fetch = (seen: unknown) =>
      planTask(getUrl, args, {
        states: [
          [at('/srv/x'), absent],
          [source, seen],
        ],
      });
    const there = await fetch({ path: '/etc/a b', type: 'file', bytes: BYTES });
    expect(there.resultWith({})).toMatchObject({ size: 4, status_code: null, msg: 'OK (4 bytes)' });
    expect((await fetch({ path: '/etc/a b', type: 'absent' })).failed).toMatch(/No such file.*a b/);
  });

  test('a name with a slash at its end is no file', async () => {
    const states = [
      [at('/srv/no/'), { ...absent, path: '/srv/no/' }],
      [page, reply()],
    ] as const;
    const planned = await planTask(getUrl, { url: URL, dest: '/srv/no/' }, { states });
    expect([planned.failed, planned.changes]).toEqual(['Destination /srv/no does not exist', []]);
  });

  test('a link gives way to a file that looks like the one behind it', async () => {
    const behind = { ...other, realPath: '/srv/real', owner: 'ann', uid: 5, mode: 0o600 };
    const link = { path: '/srv/x', type: 'link', target: 'real', parent: 'directory', umask: 0o22 };
    const planned = await plan({ force: true }, behind, [
      [fileState('/srv/x'), link],
      [page, reply()],
    ]);
    expect(planned.changes).toMatchObject([{ key: 'file:/srv/x', detail: { mode: 0o600, owner: 'ann' } }]);
  });

  test.each([
    [{ headers: { 'content-disposition': 'attachment; filename="served"' } }, '/srv/x/served'],
    [{ url: 'https://example.org/final' }, '/srv/x/final'],
  ])('the name in a folder comes from the server: %j', async (more, path) => {
    const planned = await plan({}, { ...file, type: 'directory' }, [
      [at('/srv/x/pack 1.zip'), { ...absent, path: '/srv/x/pack 1.zip' }],
      [at(path), { ...absent, path }],
      [page, reply(more)],
    ]);
    expect(planned.resultWith({}).dest).toBe(path);
  });

  test.each([
    [{ status: 404, reason: 'Not Found' }, 'Request failed: HTTP Error 404: Not Found'],
    [{ status: -1, error: 'connection refused' }, 'Request failed: connection refused'],
  ])('%j fails', async (more, failed) => {
    const planned = await plan({}, absent, [[page, reply(more)]]);
    expect(planned.failed).toBe(failed);
    expect(planned.resultWith({}).response).toBe(failed.split('failed: ')[1]!.match(/^HTTP.*/)?.[0]);
  });

  test('a dry run asks for headers only', async () => {
    const fresh = await plan({}, absent, [[head, reply({ headers: { 'content-length': '7' } })]], true);
    expect([fresh.changed, fresh.resultWith({}).msg]).toEqual([true, 'OK (7 bytes)']);
    expect(isUnknown((await plan({ force: true }, other, [[head, reply()]], true)).changed)).toBe(true);
    expect((await plan({}, absent, [[head, reply({ status: 404 })]], true)).failed).toMatch(/404/);
    expect((await plan({}, unknown, [], true)).changed).toBe(unknown);
  });
});
