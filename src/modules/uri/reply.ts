import type { HttpReply } from '../../resources/index.ts';
import { parseJson } from '../../values/index.ts';

/** Gives the result keys of an answer, as Ansible's `uri` names them: every header is a key too. */
export function replyKeys(
  reply: HttpReply,
  wish: { readonly statusCodes: readonly number[]; readonly returnContent: boolean },
): Record<string, unknown> {
  const headers = Object.fromEntries(
    Object.entries(reply.headers).map(([name, value]) => [name.toLowerCase().replaceAll('-', '_'), value]),
  );
  const type = /^\s*[^;/]+\/([^;]*)/.exec(reply.headers['content-type'] ?? '')?.[1] ?? '';
  const text = textOf(reply);
  const wrong = wrongStatus(reply, wish.statusCodes);
  return {
    ...headers,
    ...(reply.headers.location === undefined
      ? {}
      : { location: absolute(reply.headers.location, reply.url) }),
    url: reply.url,
    status: reply.status,
    redirected: reply.redirected,
    elapsed: Math.floor(reply.elapsedMs / 1000),
    ...(isError(reply) ? { body: text } : cookieKeys(reply)),
    ...(/json|javascript/.test(type) ? parsed(text) : {}),
    ...(wish.returnContent ? { content: text } : {}),
    msg: wrong ?? said(reply),
    ...(wrong === undefined ? {} : { failed: true }),
  };
}

/** The body as text, in the letters that its answer names. */
function textOf(reply: HttpReply): string {
  const [, charset = 'utf-8'] = /;\s*charset="?([\w.:-]+)/i.exec(reply.headers['content-type'] ?? '') ?? [];
  try {
    return new TextDecoder(charset, { ignoreBOM: true }).decode(reply.body);
  } catch {
    return reply.body.toString('utf8');
  }
}

/** Says what is wrong with the status of an answer, or undefined. */
export function wrongStatus(reply: HttpReply, statusCodes: readonly number[]): string | undefined {
  if (statusCodes.includes(reply.status)) return undefined;
  const reason = reply.status === -1 ? `Request failed: ${reply.error ?? 'no answer'}` : said(reply);
  return `Status code was ${reply.status} and not [${statusCodes.join(', ')}]: ${reason}`;
}

/** Answers that Ansible's HTTP library raises as errors, redirects that are not followed among them: their results have a `body` and no cookies. */
function isError(reply: HttpReply): boolean {
  return reply.status >= 300;
}

function absolute(location: string, from: string): string {
  return URL.canParse(location, from) ? new URL(location, from).href : location;
}

function said(reply: HttpReply): string {
  return isError(reply)
    ? `HTTP Error ${reply.status}: ${reply.reason}`
    : `OK (${reply.headers['content-length'] ?? 'unknown'} bytes)`;
}

function cookieKeys(reply: HttpReply): Record<string, unknown> {
  const words = Object.entries(reply.cookies).map(([name, value]) => `${name}=${value}`);
  return { cookies: reply.cookies, cookies_string: words.join('; ') };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return { json: parseJson(text) };
  } catch {
    return {};
  }
}
