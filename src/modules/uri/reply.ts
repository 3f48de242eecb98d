import type { HttpReply } from '../../resources/index.ts';

/** Gives the result keys of an answer, as Ansible's `uri` names them: every header is a key too. */
export function replyKeys(
  reply: HttpReply,
  wish: { readonly statusCodes: readonly number[]; readonly returnContent: boolean },
): Record<string, unknown> {
  const headers = Object.fromEntries(
    Object.entries(reply.headers).map(([name, value]) => [name.toLowerCase().replaceAll('-', '_'), value]),
  );
  const type = /^\s*[^;/]+\/([^;]*)/.exec(reply.headers['content-type'] ?? '')?.[1] ?? '';
  const text = reply.body.toString('utf8');
  const wrong = wrongStatus(reply, wish.statusCodes);
  return {
    ...headers,
    url: reply.url,
    status: reply.status,
    redirected: reply.redirected,
    elapsed: Math.floor(reply.elapsedMs / 1000),
    cookies: reply.cookies,
    cookies_string: Object.entries(reply.cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; '),
    ...(/json|javascript/.test(type) ? parsed(text) : {}),
    ...(wish.returnContent ? { content: text } : {}),
    msg: wrong ?? `OK (${reply.headers['content-length'] ?? 'unknown'} bytes)`,
    ...(wrong === undefined ? {} : { failed: true }),
  };
}

/** Says what is wrong with the status of an answer, or undefined. */
export function wrongStatus(reply: HttpReply, statusCodes: readonly number[]): string | undefined {
  if (statusCodes.includes(reply.status)) return undefined;
  const reason =
    reply.status === -1
      ? `Request failed: ${reply.error ?? 'no answer'}`
      : `HTTP Error ${reply.status}: ${reply.reason}`;
  return `Status code was ${reply.status} and not [${statusCodes.join(', ')}]: ${reason}`;
}

function parsed(text: string): Record<string, unknown> {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return {};
  }
}
