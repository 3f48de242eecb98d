import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CutoverError } from '../../src/errors/index.ts';
import {
  applyChanges,
  type HttpReply,
  httpRequest,
  probeAll,
  readJournal,
  type Session,
  sendRequest,
} from '../../src/resources/index.ts';
import { testHost } from './host.ts';

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    if ('closeAllConnections' in server) (server as http.Server).closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Answers with what it got. */
const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const path = request.url ?? '';
    if (path === '/moved') return void response.writeHead(302, { location: '/final' }).end();
    if (path === '/to-auth') return void response.writeHead(301, { location: '/auth' }).end();
    if (path === '/loop') return void response.writeHead(302, { location: '/loop' }).end();
    if (path === '/see') return void response.writeHead(303, { location: '/final' }).end();
    if (path === '/auth' && request.headers.authorization !== `Basic ${btoa('ann:pw"\\d')}`)
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end('no');
    const login = request.headers.authorization ?? '';
    if (path === '/digest' && !login.startsWith('Digest username="ann", realm="x", nonce="n", uri="/digest"'))
      return void response
        .writeHead(401, { 'www-authenticate': 'Digest realm="x", nonce="n", qop="auth"' })
        .end();
    if (path === '/other')
      return void response.writeHead(401, { 'www-authenticate': 'Negotiate' }).end(login);
    if (path === '/packed')
      return void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('unpacked'));
    if (path === '/no-gzip') return void response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain');
    if (path === '/slow') return;
    response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': ['a=1; Path=/', 'b=2'] });
    const { method, headers } = request;
    response.end(JSON.stringify({ method, path, headers, body: Buffer.concat(chunks).toString('base64') }));
  });
};

/** The same session on a host whose sshd forbids forwarding. */
function forbidden(session: Session): Session {
  const forward = () => Promise.reject(new CutoverError('connect', 'forwarding refused by the server'));
  return { ...session, connection: Object.assign(Object.create(session.connection), { forward }) };
}

describe.each(['through a forward', 'by the curl of the host'])('requests %s', (way) => {
  async function client(): Promise<(spec: Parameters<typeof httpRequest>[0]) => Promise<HttpReply>> {
    const host = await testHost('dash');
    const session = way.includes('curl') ? forbidden(host.session) : host.session;
    return async (spec) => {
      const probe = httpRequest(spec);
      return (await probeAll(session, [probe])).get(probe.key) as HttpReply;
    };
  }
  const parsed = (reply: HttpReply) => JSON.parse(reply.body.toString());

  it('send method, headers and body, and give status, headers, cookies and body', async () => {
    const port = await listen(http.createServer(echo));
    const ask = await client();
    const body = Buffer.from([0, 34, 92, 10, 255]);
    const reply = await ask({
      url: `http://127.0.0.1:${port}/a?b=c%20d`,
      method: 'PUT',
      headers: { 'X-Y': 'q"\\z' },
      body,
    });
    expect(reply).toMatchObject({ status: 200, redirected: false, cookies: { a: '1', b: '2' } });
    expect(reply.headers['content-type']).toBe('application/json');
    expect(parsed(reply)).toMatchObject({
      method: 'PUT',
      path: '/a?b=c%20d',
      headers: { 'x-y': 'q"\\z' },
      body: body.toString('base64'),
    });
    expect((await ask({ url: `http://127.0.0.1:${port}/`, maxBodyBytes: 5 })).body.length).toBe(5);
    expect((await ask({ url: `http://127.0.0.1:${port}/`, method: 'HEAD' })).body.length).toBe(0);
  });

  it('leave headers behind at a redirect that are to go no further', async () => {
    const port = await listen(http.createServer(echo));
    const ask = await client();
    const at = `http://127.0.0.1:${port}`;
    const moved = await ask({
      url: `${at}/moved`,
      headers: { 'X-A': '1', 'X-B': '2' },
      unredirectedHeaders: ['x-a'],
    });
    expect(parsed(moved)).toMatchObject({ headers: { 'x-b': '2' } });
    expect(parsed(moved)).not.toHaveProperty('headers.x-a');
    const account = { user: 'ann', password: 'pw"\\d', forceBasicAuth: true };
    expect(await ask({ url: `${at}/to-auth`, ...account })).toMatchObject({ status: 200 });
    const left = { ...account, unredirectedHeaders: ['Authorization'] };
    expect(await ask({ url: `${at}/to-auth`, ...left })).toMatchObject({ status: 401 });
  });

  it('follow redirects as they were told to', async () => {
    const port = await listen(http.createServer(echo));
    const ask = await client();
    const url = `http://127.0.0.1:${port}`;
    expect(await ask({ url: `${url}/moved` })).toMatchObject({
      status: 200,
      redirected: true,
      url: `${url}/final`,
    });
    expect(await ask({ url: `${url}/moved`, followRedirects: 'none' })).toMatchObject({ status: 302 });
    expect(await ask({ url: `${url}/moved`, method: 'POST' })).toMatchObject({ status: 302 });
    const all = await ask({ url: `${url}/see`, method: 'POST', body: 'x', followRedirects: 'all' });
    expect(parsed(all)).toMatchObject({ method: 'GET', body: '' });
    expect(await ask({ url: `${url}/loop` })).toMatchObject({ status: 302, error: 'more than 10 redirects' });
  });

  it('log in when asked, or at once', async () => {
    const port = await listen(http.createServer(echo));
    const ask = await client();
    const url = `http://127.0.0.1:${port}/auth`;
    const account = { user: 'ann', password: 'pw"\\d' };
    expect(await ask({ url })).toMatchObject({ status: 401 });
    expect(await ask({ url, ...account })).toMatchObject({ status: 200, redirected: false });
    expect(await ask({ url, ...account, forceBasicAuth: true })).toMatchObject({ status: 200 });
    const digest = await ask({ url: url.replace('auth', 'digest'), ...account });
    expect([digest.status, parsed(digest).headers]).toMatchObject([
      200,
      { authorization: expect.stringContaining('qop=auth') },
    ]);
    // A password does not go where nobody asks for it in the clear.
    const other = await ask({ url: url.replace('auth', 'other'), ...account });
    expect([other.status, other.body.toString()]).toEqual([401, '']);
    const inUrl = await ask({ url: url.replace('//', '//ann:pw%22%5Cd@') });
    expect(inUrl).toMatchObject({ status: 200, url });
  });

  it('unpack what was packed, unless told not to', async () => {
    const port = await listen(http.createServer(echo));
    const ask = await client();
    const text = async (path: string, more = {}) =>
      (await ask({ url: `http://127.0.0.1:${port}${path}`, ...more })).body.toString('latin1');
    expect(await text('/packed')).toBe('unpacked');
    expect(await text('/no-gzip')).toBe('plain');
    expect(await text('/packed', { decompress: false })).toBe(gzipSync('unpacked').toString('latin1'));
  });

  it('say why there is no answer', async () => {
    const ask = await client();
    const port = await listen(http.createServer(echo));
    const slow = await ask({ url: `http://127.0.0.1:${port}/slow`, timeoutMs: 1000 });
    expect(slow).toMatchObject({ status: -1, error: 'no answer within 1 s' });
    const server = createServer();
    const free = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const nobody = await ask({ url: `http://127.0.0.1:${free}/` });
    expect(nobody.status).toBe(-1);
    expect(nobody.error).toMatch(/refused|Failed to connect|Couldn't connect/i);
    const rude = await listen(createServer((socket) => socket.destroy()));
    expect((await ask({ url: `http://127.0.0.1:${rude}/` })).status).toBe(-1);
    await expect(ask({ url: 'ftp://x/' })).rejects.toMatchObject({ kind: 'playbook' });
  });

  it('check certificates unless told not to, and show their own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cutover-tls-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const make = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
    make(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
    );
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(folder, name), 'utf8'));
    const secure = https.createServer(
      { key, cert, ca: cert, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        response.end(String((request.socket as import('node:tls').TLSSocket).authorized));
      },
    );
    const port = await listen(secure);
    const ask = await client();
    const url = `https://localhost:${port}/`;
    const refused = await ask({ url });
    expect(refused.status).toBe(-1);
    expect(refused.error).toMatch(/self-signed|self signed/i);
    expect(await ask({ url, validateCerts: false })).toMatchObject({ status: 200 });
    const trusted = await ask({ url, ca: cert, clientCert: cert, clientKey: key });
    expect(trusted.status).toBe(200);
    expect(trusted.body.toString()).toBe('true');
    // As a target says it that knows its company's authority.
    const { session } = await testHost('dash');
    const knowing = { ...session, environment: { SSL_CERT_FILE: join(folder, 'cert.pem') } };
    const probe = httpRequest({ url });
    expect((await probeAll(knowing, [probe])).get(probe.key)).toMatchObject({ status: 200 });
    const wrongName = await ask({ url: `https://127.0.0.1:${port}/`, ca: cert });
    expect(wrongName.status).toBe(-1);
  });
});

describe('requests that are changes', () => {
  it('are journaled without query and counted as irreversible', async () => {
    const port = await listen(http.createServer(echo));
    const host = await testHost('dash');
    const change = sendRequest({
      url: `http://u:p@127.0.0.1:${port}/x?token=s3cret`,
      method: 'POST',
      body: '{}',
    });
    expect(change.summary).not.toContain('u:p');
    const [outcome] = await applyChanges(host.session, [change]);
    expect(outcome).toMatchObject({ status: 'done', result: { status: 200 } });
    expect(await readJournal(host.session, 'run-1')).toMatchObject([
      { key: `http:POST http://127.0.0.1:${port}/x`, undo: 'irreversible', state: 'done', after: 'http,200' },
    ]);
  });
});
