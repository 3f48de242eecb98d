import { posix } from 'node:path';
import type { z } from 'zod';
import {
  type ChangeOutcome,
  contentOfBytes,
  type FileContent,
  fileContent,
  type HttpReply,
  httpRequest,
  type Observed,
  type Probe,
  sendRequest,
  setFile,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { guardProbes, guardReason } from '../command/guards.ts';
import { afterChanges, fileFacts, settled } from '../file-result.ts';
import { nameFromServer } from '../http-name.ts';
import { defineModule, type Plan } from '../types.ts';
import { uriParams } from './params.ts';
import { replyKeys, wrongStatus } from './reply.ts';
import { fileProbes, requestOf } from './request.ts';

type Params = z.infer<typeof uriParams>;

/** Speaks HTTP from the target's place in the network. */
export default defineModule({
  name: 'uri',
  sideBySide: true,
  onlyAsks: (given) => onlyLooks(given) && given.dest === undefined,
  summary: 'Makes an HTTP request as seen from the target.',
  params: uriParams,
  pathsAsWritten: (given) => (given.remote_src ? [] : ['src']),
  async needs(given, seen, context) {
    const first = [...guardProbes(given), ...fileProbes(given), ...destProbes(given, seen)];
    if (first.some((probe) => seen.get(probe) === undefined) || !onlyLooks(given)) return first;
    if (guardReason(given, seen) !== undefined) return first;
    const request = await requestOf(given, seen, context);
    if (isUnknown(request)) return first;
    const reply = seen.get(httpRequest(request));
    const named = reply === undefined || isUnknown(reply) ? [] : destProbes(given, seen, reply);
    return [...first, httpRequest(request), ...named];
  },
  async plan(given, seen, context) {
    const reason = guardReason(given, seen);
    if (isUnknown(reason)) return unknownPlan(reason);
    if (reason !== undefined) {
      const stdout = `skipped, since '${reason.replace(/ (exists|does not exist)$/, "' $1")}`;
      return { changes: [], changed: false, result: () => ({ stdout }) };
    }
    const request = await requestOf(given, seen, context);
    if (isUnknown(request)) return unknownPlan(request);
    const wish = { statusCodes: given.status_code, returnContent: given.return_content };
    if (!onlyLooks(given)) {
      const unknown = new Unknown(`the ${given.method} request was not sent in check mode`);
      const keep = keeper(given, seen);
      return {
        changes: [{ ...sendRequest(request), ...(keep && { following: keep.changes }) }],
        // As in Ansible, only a file that is written counts as changed.
        changed: context.checkMode ? unknown : false,
        result: (outcomes) => {
          const reply = replyOf(outcomes[0]?.result);
          if (reply) return { ...replyKeys(reply, wish), ...keep?.keys(reply, outcomes.slice(1)) };
          return context.checkMode ? { status: unknown, json: unknown, content: unknown } : {};
        },
      };
    }
    const reply = answer(seen, httpRequest(request));
    if (isUnknown(reply)) return unknownPlan(reply);
    const keys = replyKeys(reply, wish);
    const wrong = wrongStatus(reply, given.status_code);
    if (wrong !== undefined)
      return { changes: [], failed: wrong, result: () => ({ ...keys, ...destKeys(given, seen) }) };
    if (given.dest === undefined || reply.status === 304)
      return { changes: [], changed: false, result: () => keys };
    return saved(given, reply, keys, destination(given, seen, reply)!);
  },
});

/** Whether the request changes nothing on the other side (RFC 9110, 9.2.1). */
function onlyLooks(given: Params): boolean {
  return given.method === 'GET' || given.method === 'HEAD';
}

/** The place of the body on the target: below `dest` when that is a folder, under the name that the server gives or else its page has. */
function destProbes(given: Params, seen: Observed, reply?: HttpReply): ReturnType<typeof fileContent>[] {
  if (given.dest === undefined) return [];
  const probe = fileContent(given.dest, { follow: true });
  const state = seen.get(probe);
  if (state === undefined || isUnknown(state) || state.type !== 'directory') return [probe];
  const served = reply && nameFromServer(reply);
  const name = served ?? (posix.basename(new URL(given.url).pathname) || 'index.html');
  return [probe, fileContent(posix.join(given.dest, name), { follow: true })];
}

/** Keeps the reply of a request that changes something in `dest`: what it is, only the request tells. */
function keeper(given: Params, seen: Observed) {
  const at = destination(given, seen);
  if (at === undefined) return undefined;
  const present = destKeys(given, seen);
  const keeps = (reply: HttpReply) => wrongStatus(reply, given.status_code) === undefined;
  const planFor = (reply: HttpReply) => saved(given, reply, {}, at);
  return {
    changes: (result: Readonly<Record<string, unknown>>) => {
      const reply = replyOf(result);
      return reply && keeps(reply) ? planFor(reply).changes : [];
    },
    keys: (reply: HttpReply, outcomes: readonly ChangeOutcome[]) =>
      keeps(reply) ? { ...planFor(reply).result?.(outcomes), changed: true } : present,
  };
}

/** Where a body goes, and what is there. */
interface Destination {
  readonly place: Probe<FileContent>;
  readonly before: FileContent | Unknown;
}

function destination(given: Params, seen: Observed, reply?: HttpReply): Destination | undefined {
  const place = destProbes(given, seen, reply).at(-1);
  return place && { place, before: answer(seen, place) };
}

/** Plans to write the body. As in Ansible, that counts as changed, also when the file has these bytes already. */
function saved(
  given: Params,
  reply: HttpReply,
  keys: Record<string, unknown>,
  { place, before }: Destination,
): Plan {
  if (isUnknown(before)) return unknownPlan(before, keys);
  const { mode, owner, group } = given;
  const changes = setFile(before, { type: 'file', content: contentOfBytes(reply.body), mode, owner, group });
  const after = afterChanges(changes, place, before);
  return {
    changes,
    changed: true,
    result: (outcomes) => ({ ...keys, path: before.path, ...fileFacts(settled(after, outcomes)) }),
  };
}

/** What is said of the file at `dest` when nothing is written. */
function destKeys(given: Params, seen: Observed): Record<string, unknown> {
  const probe = destProbes(given, seen).at(-1);
  const state = probe && seen.get(probe);
  if (state === undefined || isUnknown(state) || state.type === 'absent') return {};
  return { path: state.path, ...fileFacts(state) };
}

function replyOf(result: Readonly<Record<string, unknown>> | undefined): HttpReply | undefined {
  return typeof result?.status === 'number' ? (result as unknown as HttpReply) : undefined;
}
