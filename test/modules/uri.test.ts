import { describe, expect, test } from 'vitest';
import uri from '../../src/modules/uri/index.ts';
import {
  fileContent,
  fileState,
  type HttpReply,
  type HttpSpec,
  httpRequest,
  type Probe,
} from '../../src/resources/index.ts';
import { isUnknown } from '../../src/values/index.ts';
import { planTask, unknown } from './task-plan.ts';

const URL = 'http://localhost:9201/healthz';
const page = httpRequest({ url: URL });
const reply = (more: Partial<HttpReply> = {}): HttpReply => ({
  status: 200,
  reason: 'OK',
  url: URL,
  redirected: false,
  headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': '16', 'x-one-two': 'y' },
  cookies: { a: '1', b: '2' },
  body: Buffer.from('{"status":"ok"}\n'),
  elapsedMs: 1900,
  ...more,
});

/** What the module would ask with these arguments once files are known. */
async function requestOf(args: Record<string, unknown>, states: [Probe, unknown][] = []): Promise<HttpSpec> {
  const known = new Map(states.map(([probe, state]) => [probe.key, state]));
  const params = uri.params.parse({ url: URL, ...args });
  const context = { checkMode: false, findFile: (name: string) => name } as never;
  const probes = await uri.needs!(params, { get: (probe) => known.get(probe.key) as never }, context);
  return probes.find((probe) => probe.resource === 'http')!.query as HttpSpec;
}

describe('uri: GET', () => {
  test('tells everything about the answer', async () => {
    const plan = await planTask(uri, { url: URL, return_content: 'yes' }, { states: [[page, reply()]] });
    expect(plan).toMatchObject({ changed: false, changes: [] });
    expect(plan.resultWith()).toEqual({
      url: URL,
      status: 200,
      redirected: false,
      elapsed: 1,
      json: { status: 'ok' },
      content: '{"status":"ok"}\n',
      content_type: 'application/json; charset=utf-8',
      content_length: '16',
      x_one_two: 'y',
      cookies: { a: '1', b: '2' },
      cookies_string: 'a=1; b=2',
      msg: 'OK (16 bytes)',
    });
  });

  test.each([
    ['text/plain; charset=iso-8859-1', 'caf\u00e9'],
    ['text/plain; charset="UTF-8"', 'caf\ufffd'],
    ['text/plain; charset=nonsense', 'caf\ufffd'],
  ])('reads the letters of %s', async (type, content) => {
    const latin = reply({ headers: { 'content-type': type }, body: Buffer.from('caf\u00e9', 'latin1') });
    const plan = await planTask(uri, { url: URL, return_content: true }, { states: [[page, latin]] });
    expect(plan.resultWith()).toMatchObject({ content });
  });

  test.each([
    ['text/plain', undefined],
    ['application/problem+json', { status: 'ok' }],
    ['text/javascript', { status: 'ok' }],
  ])('a body of type %s', async (type, json) => {
    const states = [[page, reply({ headers: { 'content-type': type } })]] as const;
    const result = (await planTask(uri, { url: URL }, { states })).resultWith();
    expect(result.json).toEqual(json);
    expect(result).not.toHaveProperty('content');
    expect(result.msg).toBe('OK (unknown bytes)');
  });

  test.each([
    [
      {},
      { status: 404, reason: 'Not Found' },
      'Status code was 404 and not [200]: HTTP Error 404: Not Found',
    ],
    [{ status_code: '200, 404' }, { status: 404 }, undefined],
    [{ status_code: [200, '404'] }, { status: 404 }, undefined],
    [{ status_code: 204 }, {}, 'Status code was 200 and not [204]: OK (16 bytes)'],
    [
      {},
      { status: -1, error: 'connection refused' },
      'Status code was -1 and not [200]: Request failed: connection refused',
    ],
  ])('%j with %j', async (args, more, failed) => {
    const plan = await planTask(uri, { url: URL, ...args }, { states: [[page, reply(more)]] });
    expect(plan.failed).toBe(failed);
    expect(plan.resultWith()).toMatchObject({ status: 'status' in more ? more.status : 200 });
  });

  test('saves the body, into a folder under the name of the page', async () => {
    const dest = fileContent('/srv', { follow: true });
    const file = fileContent('/srv/healthz', { follow: true });
    const states = [
      [page, reply()],
      [dest, { path: '/srv', type: 'directory' }],
      [file, { path: '/srv/healthz', type: 'absent', parent: 'directory', umask: 0o22 }],
    ] as const;
    const plan = await planTask(uri, { url: URL, dest: '/srv', mode: '0600' }, { states });
    expect(plan.changes).toHaveLength(1);
    expect(plan.changes[0]!.key).toBe('file:/srv/healthz');
    expect(plan.resultWith().path).toBe('/srv/healthz');
    expect(plan.changed).toBe(true);
  });

  test.each([
    ['attachment; filename="a b.txt"', '/srv/a b.txt'],
    ['attachment; filename=../up.txt', '/srv/up.txt'],
    ['inline', '/srv/healthz'],
  ])('into a folder, with %s', async (disposition, path) => {
    const place = (name: string) =>
      [
        fileContent(name, { follow: true }),
        { path: name, type: 'absent', parent: 'directory', umask: 0o22 },
      ] as const;
    const states = [
      [page, reply({ headers: { 'content-disposition': disposition } })],
      [fileContent('/srv', { follow: true }), { path: '/srv', type: 'directory' }],
      place('/srv/healthz'),
      place(path),
    ] as const;
    expect((await planTask(uri, { url: URL, dest: '/srv' }, { states })).resultWith().path).toBe(path);
  });

  test('a redirect that is not followed has an absolute location and counts as an error', async () => {
    const moved = reply({ status: 302, reason: 'Found', headers: { location: '/x' }, body: Buffer.from('') });
    const asked = httpRequest({ url: URL, followRedirects: 'none' });
    const args = { url: URL, follow_redirects: 'none', status_code: 302 };
    const result = (await planTask(uri, args, { states: [[asked, moved]] })).resultWith();
    expect(result).toMatchObject({
      location: 'http://localhost:9201/x',
      msg: 'HTTP Error 302: Found',
      body: '',
    });
  });

  test('asks only for what is newer than the file that is there, and an answer that it is not is no success', async () => {
    const dest = fileContent('/f', { follow: true });
    const file = { path: '/f', type: 'file', mtime: 0, mode: 0o640, size: 3, sha256: 'x' };
    const newer = { 'If-Modified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' };
    expect((await requestOf({ dest: '/f' }, [[dest, file]])).headers).toMatchObject(newer);
    expect((await requestOf({ dest: '/f', force: true }, [[dest, file]])).headers).not.toMatchObject(newer);
    const asked = httpRequest(await requestOf({ dest: '/f' }, [[dest, file]]));
    const unchanged = reply({ status: 304, reason: 'Not Modified', headers: {}, body: Buffer.from('') });
    const states = [
      [dest, file],
      [asked, unchanged],
    ] as const;
    const plan = await planTask(uri, { url: URL, dest: '/f' }, { states });
    expect(plan.failed).toMatch(/Status code was 304 and not \[200\]: HTTP Error 304: Not Modified/);
    expect(plan.resultWith()).toMatchObject({ path: '/f', mode: '0640', size: 3 });
    const allowed = await planTask(uri, { url: URL, dest: '/f', status_code: [200, 304] }, { states });
    expect(allowed).toMatchObject({ changes: [], changed: false });
    expect(allowed.failed).toBeUndefined();
  });

  test('an error that is allowed has a body and no cookies', async () => {
    const gone = reply({ status: 404, reason: 'Not Found', headers: {}, body: Buffer.from('none') });
    const states = [[page, gone]] as const;
    const result = (await planTask(uri, { url: URL, status_code: 404 }, { states })).resultWith();
    expect(result).toMatchObject({ body: 'none', msg: 'HTTP Error 404: Not Found', status: 404 });
    expect(result).not.toHaveProperty('cookies');
  });

  test('does nothing when creates is there', async () => {
    const states = [[fileState('/x', { checksum: false }), { path: '/x', type: 'file' }]] as const;
    const plan = await planTask(uri, { url: URL, creates: '/x' }, { states });
    expect(plan).toMatchObject({ changes: [], changed: false });
    expect(plan.resultWith().stdout).toBe("skipped, since '/x' exists");
  });
});

describe('uri: what is sent', () => {
  test.each([
    [{ body: { a: 1 }, body_format: 'json' }, '{"a": 1}', 'application/json'],
    [{ body: '{"a": 1}', body_format: 'json' }, '{"a": 1}', 'application/json'],
    [{ body: 'a b' }, 'a b', 'application/x-www-form-urlencoded'],
    [
      { body: { a: 'x y', b: [1, 2] }, body_format: 'form-urlencoded' },
      'a=x+y&b=1&b=2',
      'application/x-www-form-urlencoded',
    ],
    [{ body: [['a', 'é']], body_format: 'form-urlencoded' }, 'a=%C3%A9', 'application/x-www-form-urlencoded'],
  ])('%j', async (args, body, type) => {
    const request = await requestOf(args);
    expect(request.body).toBe(body);
    expect(request.headers!['Content-Type']).toBe(type);
  });

  test.each([
    [
      'form-urlencoded',
      ['foo', { bar: 'baz' }],
      'as form_urlencoded: too many values to unpack (expected 2)',
    ],
    ['form-urlencoded', [{ a: 1 }], 'as form_urlencoded: not enough values to unpack (expected 2, got 1)'],
    ['form-multipart', [1], 'body must be mapping, cannot be type list'],
  ])('%s cannot hold %j: the words are those of Ansible', async (body_format, body, message) => {
    await expect(requestOf({ body, body_format })).rejects.toThrow(message);
  });

  test('a header of the task wins over the one of the format', async () => {
    const { headers } = await requestOf({
      body: '{}',
      body_format: 'json',
      headers: { 'content-type': 'x/y', N: 5 },
    });
    expect(headers).toEqual({ 'User-Agent': 'ansible-httpget', 'Content-Type': 'x/y', N: '5' });
  });

  test('multipart holds every part between its boundaries', async () => {
    const body = {
      plain: 'v',
      file: { filename: '/tmp/a "b".txt', content: 'text', mime_type: 'text/plain' },
    };
    const request = await requestOf({ body, body_format: 'form-multipart' });
    const boundary = /boundary=(.+)$/.exec(request.headers!['Content-Type']!)![1];
    expect(Buffer.from(request.body as Uint8Array).toString()).toBe(
      [
        `--${boundary}`,
        'Content-Disposition: form-data; name="plain"',
        '',
        'v',
        `--${boundary}`,
        'Content-Disposition: form-data; name="file"; filename="a %22b%22.txt"',
        'Content-Type: text/plain',
        '',
        'text',
        `--${boundary}--`,
        '',
      ].join('\r\n'),
    );
  });

  test.each([
    ['all', 'all'],
    ['Yes', 'all'],
    ['safe', 'safe'],
    ['none', 'none'],
    ['no', 'none'],
  ])('follow_redirects %s', async (word, followRedirects) => {
    expect(await requestOf({ follow_redirects: word })).toMatchObject({ followRedirects });
  });

  test('names, passwords, certificates of the target', async () => {
    const cert = fileContent('/c.pem', { follow: true });
    const request = await requestOf(
      { user: 'ann', password: 'pw', force_basic_auth: 'yes', validate_certs: 'no', client_cert: '/c.pem' },
      [[cert, { path: '/c.pem', type: 'file', bytes: Buffer.from('PEM') }]],
    );
    expect(request).toMatchObject({
      user: 'ann',
      password: 'pw',
      forceBasicAuth: true,
      validateCerts: false,
      clientCert: 'PEM',
      clientKey: 'PEM',
    });
  });

  test('a certificate that is not there is named', async () => {
    const cert = fileContent('/c.pem', { follow: true });
    await expect(
      requestOf({ client_cert: '/c.pem' }, [[cert, { path: '/c.pem', type: 'absent' }]]),
    ).rejects.toThrow('/c.pem is no readable file');
  });
});

describe('uri: POST', () => {
  test('is a change that cannot be undone, and does not count as changed', async () => {
    const plan = await planTask(uri, { url: URL, method: 'post', body: 'x', status_code: 201 });
    expect(plan.changes[0]).toMatchObject({ summary: `POST ${URL}`, undo: 'irreversible' });
    expect(plan.changed).toBe(false);
    expect(plan.resultWith({ ...reply({ status: 201 }) })).toMatchObject({
      status: 201,
      json: { status: 'ok' },
    });
    expect(plan.resultWith({ ...reply({ status: 500, reason: 'Oops' }) })).toMatchObject({
      failed: true,
      msg: 'Status code was 500 and not [201]: HTTP Error 500: Oops',
    });
  });

  test('keeps the body when the answer is a good one', async () => {
    const place = fileContent('/srv/x', { follow: true });
    const states = [[place, { path: '/srv/x', type: 'absent', parent: 'directory', umask: 0o22 }]] as const;
    const plan = await planTask(uri, { url: URL, method: 'POST', dest: '/srv/x' }, { states });
    const following = (more: Partial<HttpReply>) => plan.changes[0]!.following!({ ...reply(more) });
    expect(following({}).map(({ key }) => key)).toEqual(['file:/srv/x']);
    expect(plan.resultWith({ ...reply() })).toMatchObject({ path: '/srv/x', changed: true });
    expect(following({ status: 500 })).toEqual([]);
    expect(plan.resultWith({ ...reply({ status: 500 }) })).not.toHaveProperty('changed');
  });

  test('is open in a dry run', async () => {
    const plan = await planTask(uri, { url: URL, method: 'PUT' }, { checkMode: true });
    expect(isUnknown(plan.changed)).toBe(true);
    expect(isUnknown(plan.resultWith().status)).toBe(true);
  });
});

test.each([
  [{ url: 'ftp://x' }, /must start with http/],
  [{ url: URL, unix_socket: '/x' }, /is not supported/],
  [{ url: URL, body: 'x', src: '/x' }, /either body or src/],
  [{ url: URL, status_code: 'ok' }, /must be HTTP status numbers/],
  [{ url: URL, timout: 3 }, /no parameter "timout"/],
])('uri refuses %j', async (args, message) => {
  await expect(planTask(uri, args)).rejects.toThrow(message);
});

test('nothing known, nothing said', async () => {
  expect((await planTask(uri, { url: URL }, { states: [[page, unknown]] })).changed).toBe(unknown);
});
