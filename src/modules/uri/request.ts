import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { CutoverError } from '../../errors/index.ts';
import {
  type FileContent,
  fileContent,
  type HttpSpec,
  type Observed,
  type Probe,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { answer } from '../answer.ts';
import type { PlanContext } from '../types.ts';
import { type Body, writtenBody } from './body.ts';
import type { uriParams } from './params.ts';

type Params = z.infer<typeof uriParams>;

/** Files of the target that a request needs: certificates, keys, the body. */
export function fileProbes(given: Params): Probe<FileContent>[] {
  const names = [
    given.ca_path,
    given.client_cert,
    given.client_key,
    given.remote_src ? given.src : undefined,
  ];
  return names.filter((name) => name !== undefined).map((name) => fileContent(name, { follow: true }));
}

/** Makes the request, once the files that it needs have been seen. Throws CutoverError('command') when one is missing. */
export async function requestOf(
  given: Params,
  seen: Observed,
  context: PlanContext,
): Promise<HttpSpec | Unknown> {
  const body = await bodyOf(given, seen, context);
  const [ca, cert, key] = [given.ca_path, given.client_cert, given.client_key].map((name) =>
    name === undefined ? undefined : bytesAt(name, seen, context),
  );
  for (const part of [body, ca, cert, key]) if (isUnknown(part)) return part;
  const headers: Record<string, string> = { 'User-Agent': given.http_agent };
  if (given.force) headers['Cache-Control'] = 'no-cache';
  else Object.assign(headers, onlyNewer(given, seen));
  const { bytes, contentType } = (body as Body | undefined) ?? {};
  // What Python's library says of a body whose kind nobody tells.
  if (bytes !== undefined) headers['Content-Type'] = contentType ?? 'application/x-www-form-urlencoded';
  for (const [name, value] of Object.entries(given.headers)) {
    const same = Object.keys(headers).find((known) => known.toLowerCase() === name.toLowerCase());
    headers[same ?? name] = String(value);
  }
  return {
    url: given.url,
    method: given.method,
    headers,
    body: bytes,
    user: given.url_username,
    password: given.url_password,
    forceBasicAuth: given.force_basic_auth,
    followRedirects: redirects(given.follow_redirects),
    unredirectedHeaders: given.unredirected_headers,
    timeoutMs: given.timeout * 1000,
    validateCerts: given.validate_certs,
    decompress: given.decompress,
    ca: (ca as Buffer | undefined)?.toString('utf8'),
    clientCert: (cert as Buffer | undefined)?.toString('utf8'),
    clientKey: ((key ?? cert) as Buffer | undefined)?.toString('utf8'),
  };
}

/** As in Ansible, a file that is there is only fetched anew when it is newer (and an answer 304 is no success by itself). */
function onlyNewer(given: Params, seen: Observed): Record<string, string> {
  if (given.dest === undefined) return {};
  const state = seen.get(fileContent(given.dest, { follow: true }));
  if (state === undefined || isUnknown(state) || state.type !== 'file' || state.mtime === undefined)
    return {};
  return { 'If-Modified-Since': new Date(state.mtime * 1000).toUTCString() };
}

async function bodyOf(
  given: Params,
  seen: Observed,
  context: PlanContext,
): Promise<Body | Unknown | undefined> {
  if (given.src !== undefined) {
    if (given.remote_src) {
      const bytes = bytesAt(given.src, seen, context);
      return isUnknown(bytes) ? bytes : { bytes };
    }
    const file = await context.readFile(context.findFile(given.src, 'files'));
    return { bytes: file.bytes ?? (await readFile(file.path)) };
  }
  return given.body === undefined ? undefined : writtenBody(given.body, given.body_format, context);
}

function bytesAt(name: string, seen: Observed, context: PlanContext): Buffer | Unknown {
  const state = answer(seen, fileContent(name, { follow: true }));
  if (isUnknown(state)) return state;
  if (state.bytes !== undefined) return state.bytes;
  throw new CutoverError('command', `uri: ${name} is no readable file on the target`, {
    host: context.host,
    position: context.position,
  });
}

function redirects(word: Params['follow_redirects']): 'all' | 'safe' | 'none' {
  if (word === 'all' || word === 'yes' || word === 'true') return 'all';
  return word === 'safe' || word === 'urllib2' ? 'safe' : 'none';
}
