import { gunzipSync } from 'node:zlib';
import { asCutoverError, CutoverError, describeError } from '../../errors/index.ts';
import type { HttpSpec } from '../specs.ts';
import type { HttpReply } from '../states.ts';
import type { Session } from '../types.ts';
import { withoutPassword } from './change.ts';
import { curlExchange } from './curl.ts';
import { digestAnswer } from './digest.ts';
import type { Answer, Sent } from './exchange.ts';

const MOST_REDIRECTS = 10;
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Makes a request from the target's place in the network: spoken by the controller through the connection, or by the
 * target's curl where forwarding is forbidden. A server that does not answer is a reply with status -1, no error.
 * Throws CutoverError('lost') when the connection to the host itself died, 'playbook' for a URL that is none.
 */
export async function request(session: Session, spec: HttpSpec): Promise<HttpReply> {
  const started = Date.now();
  const elapsed = () => Date.now() - started;
  let url = parseUrl(spec.url);
  let sent = firstRequest(spec, url);
  const cookies: Record<string, string> = {};
  try {
    for (let redirects = 0; ; ) {
      const answer = await ask(session, url, spec, sent, started + (spec.timeoutMs ?? DEFAULT_TIMEOUT_MS));
      const headers = collectHeaders(answer, cookies);
      const authorization = answer.status === 401 ? credentials(spec, url, sent, headers) : undefined;
      if (authorization !== undefined) {
        sent = { ...sent, headers: { ...sent.headers, authorization } };
        continue;
      }
      const next = redirectTarget(
        answer.status,
        headers.location,
        url,
        sent.method,
        spec.followRedirects ?? 'safe',
      );
      if (next && redirects < MOST_REDIRECTS) {
        sent = redirected(sent, answer.status, url, next, unredirected(spec));
        url = next;
        redirects++;
        continue;
      }
      const error = next ? { error: `more than ${MOST_REDIRECTS} redirects` } : {};
      return {
        ...answer,
        body: spec.decompress === false ? answer.body : unpacked(answer.body, headers['content-encoding']),
        ...error,
        headers,
        cookies,
        url: shown(url),
        redirected: redirects > 0,
        elapsedMs: elapsed(),
      };
    }
  } catch (thrown) {
    const error = asCutoverError(thrown, 'connect');
    if (error.kind === 'lost' || error.kind === 'playbook' || error.kind === 'internal') throw error;
    return {
      status: -1,
      reason: '',
      url: shown(url),
      redirected: false,
      headers: {},
      cookies,
      body: Buffer.alloc(0),
      error: describeError(error),
      elapsedMs: elapsed(),
    };
  }
}

/** A body that is cut off or no gzip at all stays as it came. */
function unpacked(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding?.toLowerCase() !== 'gzip' || body.length === 0) return body;
  try {
    return gunzipSync(body);
  } catch {
    return body;
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new CutoverError('playbook', `'${withoutPassword(text)}' is no http or https URL`);
}

function firstRequest(spec: HttpSpec, url: URL): Sent {
  const headers: Record<string, string> = {
    host: url.host,
    'user-agent': 'cutover',
    accept: '*/*',
    connection: 'close',
  };
  for (const [name, value] of Object.entries(spec.headers ?? {})) headers[name.toLowerCase()] = value;
  const inUrl = url.username !== '' && spec.user === undefined;
  if (inUrl) {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.authorization ??= `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  if (spec.forceBasicAuth && spec.user !== undefined) headers.authorization = basic(spec);
  const body = spec.body === undefined ? undefined : Buffer.from(spec.body);
  const method = (spec.method ?? 'GET').toUpperCase();
  if (body) headers['content-length'] = String(body.length);
  else if (method === 'POST' || method === 'PUT' || method === 'PATCH') headers['content-length'] = '0';
  return { method, headers, body };
}

/** Gives what answers a refusal; undefined when there is nothing to answer with, or that was it. A password goes in the clear only where nothing better is asked for. */
function credentials(
  spec: HttpSpec,
  url: URL,
  { method, headers }: Sent,
  { 'www-authenticate': asked = 'Basic' }: Record<string, string>,
): string | undefined {
  if (spec.user === undefined || headers.authorization !== undefined) return undefined;
  // It was sent unasked, and stayed behind at a redirect.
  if (spec.forceBasicAuth && unredirected(spec).includes('authorization')) return undefined;
  const { user, password = '' } = spec;
  const digest = digestAnswer(asked, { method, path: `${url.pathname}${url.search}`, user, password });
  return digest ?? (/\bbasic\b/i.test(asked) ? basic(spec) : undefined);
}

function basic(spec: HttpSpec): string {
  return `Basic ${Buffer.from(`${spec.user}:${spec.password ?? ''}`).toString('base64')}`;
}

async function ask(
  session: Session,
  url: URL,
  spec: HttpSpec,
  sent: Sent,
  deadline: number,
): Promise<Answer> {
  const dial = (host: string, port: number) => session.connection.forward(host, port);
  // With Node's HTTP comes all of its fetch, which is slow to load.
  const { exchange } = await import('./exchange.ts');
  try {
    return await exchange(dial, url, spec, sent, deadline);
  } catch (error) {
    if (!(error instanceof CutoverError)) throw error;
    if (error.message.startsWith('forwarding refused'))
      return curlExchange(session, url, spec, sent, deadline);
    const { lacksSigner, trustedByTarget } = await import('./trust.ts');
    if (spec.ca !== undefined || !lacksSigner(error)) throw error;
    // Nothing of the request was sent yet: the handshake comes first.
    const ca = await trustedByTarget(session);
    if (ca === undefined) throw error;
    return exchange(dial, url, { ...spec, ca }, sent, deadline);
  }
}

function collectHeaders({ rawHeaders }: Answer, cookies: Record<string, string>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    const value = rawHeaders[at + 1]!;
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
    const [, key, content] = name === 'set-cookie' ? (/^\s*([^=;]+)=([^;]*)/.exec(value) ?? []) : [];
    if (key !== undefined) cookies[key.trim()] = content!;
  }
  return headers;
}

function redirectTarget(
  status: number,
  location: string | undefined,
  from: URL,
  method: string,
  policy: NonNullable<HttpSpec['followRedirects']>,
): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined || policy === 'none')
    return undefined;
  if (policy === 'safe' && method !== 'GET' && method !== 'HEAD') return undefined;
  return URL.canParse(location, from.href) ? new URL(location, from) : undefined;
}

/** 303 turns everything into GET, 301 and 302 turn POST into GET (RFC 9110, 15.4); credentials stay with their server. */
function redirected(sent: Sent, status: number, from: URL, to: URL, left: readonly string[]): Sent {
  const becomesGet =
    (status === 303 && sent.method !== 'HEAD') ||
    ((status === 301 || status === 302) && sent.method === 'POST');
  const headers: Record<string, string> = { ...sent.headers, host: to.host };
  for (const name of left) delete headers[name];
  // Such an answer is for one address.
  if (headers.authorization?.startsWith('Digest ')) delete headers.authorization;
  if (from.host !== to.host || from.protocol !== to.protocol) {
    delete headers.authorization;
    delete headers.cookie;
  }
  if (!becomesGet) return { ...sent, headers };
  delete headers['content-length'];
  delete headers['content-type'];
  return { method: 'GET', headers, body: undefined };
}

function unredirected({ unredirectedHeaders = [] }: HttpSpec): readonly string[] {
  return unredirectedHeaders.map((name) => name.toLowerCase());
}

function shown(url: URL): string {
  return withoutPassword(url.href);
}
