import { posix } from 'node:path';
import type { z } from 'zod';
import {
  type FileContent,
  type FileState,
  fetchFile,
  fileContent,
  fileState,
  type HttpReply,
  type HttpSpec,
  type Observed,
  type Probe,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { digestProbe, digestsFrom } from '../digests.ts';
import { nameFromServer } from '../http-name.ts';
import type { PlanContext } from '../types.ts';
import { digestInList, type WantedChecksum, wantedChecksum } from './checksum.ts';
import type { getUrlParams } from './params.ts';

export type Params = z.infer<typeof getUrlParams>;

/** Long enough for a large file over a slow line. */
const TRANSFER_MS = 30 * 60_000;

/** How far a download is known: what is still to be asked, or all that a plan needs. */
export interface Stage {
  /** Asked so far, answered or not. */
  readonly probes: readonly Probe[];
  /** Set when something cannot be known in this dry run. */
  readonly unknown?: Unknown;
  /** Set when the task cannot go on. */
  readonly failed?: string;
  readonly before?: FileState;
  /** The digest that the file shall have. */
  readonly digest?: string;
  readonly checksum?: WantedChecksum;
  /** The link at `dest`: it gives way to a file of its own. */
  readonly link?: FileState;
  /** The file that is there is the right one, or may stay. */
  readonly stays?: boolean;
  readonly reply?: HttpReply;
}

/** Follows the download as far as what is seen allows. Never asks for the file itself when it is not needed. */
export function stageOf(given: Params, seen: Observed, context: PlanContext): Stage {
  const probes: Probe[] = [];
  const ask = <State>(probe: Probe<State>): State | Unknown | undefined => {
    probes.push(probe);
    return seen.get(probe);
  };
  const place = placeOf(given, ask);
  if (place === undefined) return { probes };
  if (isUnknown(place)) return { probes, unknown: place };
  const { before, inFolder } = place;
  const wish = given.sha256sum === undefined ? given.checksum : `sha256:${given.sha256sum}`;
  const checksum = wish ? wantedChecksum(wish, context.position) : undefined;
  let digest = checksum?.digest;
  if (checksum?.list !== undefined) {
    const list = fetched({ ...requestOf(given), url: checksum.list }, ask);
    if (list === undefined) return { probes };
    if (isReply(list)) digest = listed(list, nameOf(given.url));
    else return { probes, unknown: list };
    if (digest === undefined) {
      return {
        probes,
        failed: `Unable to find a checksum for file '${nameOf(given.url)}' in '${checksum.list}'`,
      };
    }
  }
  const known = { probes, before, digest, checksum };
  if (before.type === 'file' && !given.force && checksum !== undefined) {
    const same = matches(before, checksum, digest!, ask);
    if (same === undefined) return { probes };
    if (typeof same !== 'boolean') return { probes, unknown: same };
    if (same) return { ...known, stays: true };
  }
  const certificates = certificatesOf(given, ask);
  if (certificates === undefined) return { probes };
  if (isUnknown(certificates)) return { probes, unknown: certificates };
  if ('failed' in certificates) return { probes, failed: certificates.failed };
  // Only a newer file is fetched in place of one that is there, unless its name was given by the address or its checksum is wrong.
  const onlyNewer = before.type === 'file' && !given.force && !inFolder && checksum === undefined;
  const newerThan = onlyNewer ? before.mtime : undefined;
  const reply = fetched(downloadOf(given, newerThan, certificates, context), ask);
  if (reply === undefined) return known;
  if (!isReply(reply)) return { probes, unknown: reply };
  if (!inFolder && before.type === 'absent' && given.dest.endsWith('/'))
    return { ...known, reply, failed: `Destination ${given.dest.replace(/\/+$/, '')} does not exist` };
  return { ...known, reply, ...arrival(given, place, reply, ask) };
}

/** Where the file goes once the server has answered: its name in a folder is the one that the server gives, or that of the last address. */
function arrival(given: Params, place: Place, reply: HttpReply, ask: Ask): Partial<Stage> {
  const path = place.inFolder
    ? posix.join(given.dest, nameFromServer(reply) ?? nameOf(reply.url))
    : place.before.path;
  const before = path === place.before.path ? place.before : ask(stateOf(given, path));
  if (before === undefined) return {};
  if (isUnknown(before)) return { unknown: before };
  if (before.realPath === undefined || before.realPath === path) return { before };
  const link = ask(fileState(path));
  return link === undefined || isUnknown(link) ? { before } : { before, link };
}

/** Asks for what is behind an address: a server, or with `file://` the target itself. */
function fetched(spec: HttpSpec, ask: Ask): HttpReply | Unknown | undefined {
  if (!/^file:/i.test(spec.url)) return ask(fetchFile(spec));
  const file = ask(fileContent(decodeURIComponent(new URL(spec.url).pathname), { follow: true }));
  return file === undefined || isUnknown(file) ? file : replyOf(spec.url, file);
}

function replyOf(url: string, file: FileContent): HttpReply {
  const body = file.bytes ?? Buffer.alloc(0);
  const reply = { url, redirected: false, cookies: {}, elapsedMs: 0, reason: '', body };
  if (file.bytes && !file.truncated)
    return { ...reply, status: 200, headers: { 'content-length': String(body.length) } };
  const why = file.type === 'absent' ? 'No such file or directory' : 'it cannot be read';
  return { ...reply, status: -1, headers: {}, error: `${why}: '${file.path}'` };
}

/** Whether an answer is one: `Unknown` has a `reason` too. */
function isReply(value: HttpReply | Unknown): value is HttpReply {
  return 'status' in value;
}

type Ask = <State>(probe: Probe<State>) => State | Unknown | undefined;

/** A file and whether `dest` is the folder that it is in. */
interface Place {
  readonly before: FileState;
  readonly inFolder: boolean;
}

function placeOf(given: Params, ask: Ask): Place | Unknown | undefined {
  const state = ask(stateOf(given, given.dest));
  if (state === undefined || isUnknown(state)) return state;
  if (state.type !== 'directory') return { before: state, inFolder: false };
  const path = posix.join(given.dest, nameOf(given.url));
  const inside = ask(stateOf(given, path));
  return inside === undefined || isUnknown(inside) ? inside : { before: inside, inFolder: true };
}

/** The bytes are only needed for a backup. */
function stateOf(given: Params, path: string): Probe<FileState> {
  return given.backup ? fileContent(path, { follow: true }) : fileState(path, { follow: true });
}

function matches(
  before: FileState,
  checksum: WantedChecksum,
  digest: string,
  ask: Ask,
): boolean | Unknown | undefined {
  if (checksum.algorithm === 'sha256' && before.sha256 !== undefined) return before.sha256 === digest;
  const said = ask(digestProbe([before.path], checksum.algorithm));
  if (said === undefined || isUnknown(said)) return said;
  return digestsFrom(said)[0] === digest;
}

type Certificates = Pick<HttpSpec, 'clientCert' | 'clientKey'>;

function certificatesOf(given: Params, ask: Ask): Certificates | { failed: string } | Unknown | undefined {
  const texts: string[] = [];
  for (const path of [given.client_cert, given.client_key ?? given.client_cert]) {
    if (path === undefined) return {};
    const state = ask(fileContent(path, { follow: true }));
    if (state === undefined || isUnknown(state)) return state;
    if (!state.bytes) return { failed: `${path} is no readable file on the target` };
    texts.push(state.bytes.toString('utf8'));
  }
  return { clientCert: texts[0], clientKey: texts[1] };
}

function listed(reply: HttpReply, name: string): string | undefined {
  return reply.status === 200 ? digestInList(reply.body.toString('utf8'), name) : undefined;
}

/** The request for the file. A dry run asks for its headers only. */
function downloadOf(
  given: Params,
  newerThan: number | undefined,
  certificates: Certificates,
  context: PlanContext,
): HttpSpec {
  const request = { ...requestOf(given), ...certificates };
  const since: Record<string, string> = {};
  if (newerThan !== undefined) since['If-Modified-Since'] = new Date(newerThan * 1000).toUTCString();
  return {
    ...request,
    method: context.checkMode ? 'HEAD' : 'GET',
    headers: { ...request.headers, ...since },
    timeoutMs: context.checkMode ? given.timeout * 1000 : Math.max(given.timeout * 1000, TRANSFER_MS),
  };
}

function requestOf(given: Params): HttpSpec {
  const headers = Object.fromEntries(
    Object.entries(given.headers).map(([name, value]) => [name, String(value)]),
  );
  return {
    url: given.url,
    headers: { 'User-Agent': given.http_agent, ...headers },
    user: given.url_username,
    password: given.url_password,
    forceBasicAuth: given.force_basic_auth,
    followRedirects: 'safe',
    unredirectedHeaders: given.unredirected_headers,
    timeoutMs: given.timeout * 1000,
    validateCerts: given.validate_certs,
    decompress: given.decompress,
  };
}

function nameOf(url: string): string {
  return posix.basename(decodeURIComponent(new URL(url).pathname)) || 'index.html';
}
