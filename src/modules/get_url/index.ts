import {
  contentOfBytes,
  type FileContent,
  type FileState,
  type HttpReply,
  setFile,
} from '../../resources/index.ts';
import { Unknown } from '../../values/index.ts';
import { unknownPlan } from '../answer.ts';
import { digestOfBytes } from '../digests.ts';
import { backupOf, fileFacts, settled } from '../file-result.ts';
import { attributeWarnings } from '../params.ts';
import { attributes } from '../text-file.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';
import { type Params, type Stage, stageOf } from './download.ts';
import { getUrlParams } from './params.ts';

/** Fetches from the target's place in the network; a checksum is checked before anything is written. */
export default defineModule({
  name: 'get_url',
  sideBySide: true,
  summary: 'Downloads a file from the web to the target.',
  params: getUrlParams,
  needs: (given, seen, context) => stageOf(given, seen, context).probes,
  plan(given, seen, context) {
    const stage = stageOf(given, seen, context);
    const keys = { url: given.url, dest: stage.before?.path ?? given.dest };
    if (stage.unknown) return unknownPlan(stage.unknown, keys);
    if (stage.failed !== undefined) return { changes: [], failed: stage.failed, result: () => keys };
    const before = stage.before!;
    if (stage.stays || stage.reply?.status === 304) {
      const changes = setFile(before, { type: 'file', ...attributes(given) });
      const msg = stage.reply ? 'HTTP Error 304: Not Modified' : 'file already exists';
      const sums = stage.reply ? {} : { checksum_src: null, checksum_dest: null };
      return {
        changes,
        result: () => ({ ...keys, ...sums, ...fileFacts(before), msg, ...statusOf(stage) }),
      };
    }
    const reply = stage.reply!;
    if (reply.status !== 200) {
      const response = reply.status === -1 ? {} : { response: httpError(reply) };
      return {
        changes: [],
        failed: refusal(reply),
        result: () => ({ ...keys, ...response, ...statusOf(stage) }),
      };
    }
    if (context.checkMode) return foreseen(before, { ...keys, ...answered(stage, reply) });
    return written(given, stage, before, reply, context);
  },
});

function written(
  given: Params,
  stage: Stage,
  before: FileState,
  reply: HttpReply,
  context: PlanContext,
): Plan {
  const { checksum, digest } = stage;
  const keys = { url: given.url, dest: before.path };
  const actual = checksum ? digestOfBytes(reply.body, checksum.algorithm) : undefined;
  if (checksum && actual !== digest) {
    const failed = `The checksum for ${before.path} did not match ${digest}; it was ${actual}.`;
    const sums = { checksum_src: digestOfBytes(reply.body, 'sha1'), checksum_dest: null };
    return { changes: [], changed: true, failed, result: () => ({ ...keys, ...sums, ...statusOf(stage) }) };
  }
  const content = contentOfBytes(reply.body);
  const wanted = { ...(stage.link ? attributesOf(before) : {}), ...attributes(given) };
  const changes = setFile(stage.link ?? before, { type: 'file', content, ...wanted }, options(given));
  const sha1 = digestOfBytes(reply.body, 'sha1');
  const backup = backupOf(context, before as FileContent, given.backup && before.sha256 !== content.sha256);
  return {
    changes,
    effects: backup.effects,
    warnings: [...attributeWarnings(given), ...backup.warnings],
    result: (outcomes) => ({
      ...keys,
      ...fileFacts(settled({ ...before, type: 'file', size: content.size }, outcomes)),
      checksum_src: sha1,
      checksum_dest: before.type === 'file' ? sha1 : null,
      md5sum: digestOfBytes(reply.body, 'md5'),
      ...answered(stage, reply, content.size),
      ...backup.result,
    }),
  };
}

/** A dry run has not fetched the file: it will be new, or may differ from the one that is there. */
function foreseen(before: FileState, keys: Record<string, unknown>): Plan {
  const changed = before.type === 'absent' ? true : new Unknown('the file was not fetched in check mode');
  return { changes: [], changed, result: () => keys };
}

function options({ unsafe_writes: unsafeWrites }: Params) {
  return { unsafeWrites };
}

/** A file that takes the place of a link looks like the one behind it. */
function attributesOf({ mode, owner, group }: FileState) {
  return { mode: mode?.toString(8).padStart(4, '0'), owner, group };
}

function statusOf(stage: Stage): Record<string, unknown> {
  if (!stage.reply) return {};
  const fromFile = /^file:/i.test(stage.reply.url);
  return {
    status_code: fromFile ? null : stage.reply.status,
    elapsed: Math.floor(stage.reply.elapsedMs / 1000),
  };
}

function refusal(reply: HttpReply): string {
  if (reply.status === -1) return `Request failed: ${reply.error ?? 'no answer'}`;
  return `Request failed: ${httpError(reply)}`;
}

function httpError({ status, reason }: HttpReply): string {
  return `HTTP Error ${status}: ${reason}`;
}

/** A dry run goes by what the server says of the size. */
function answered(
  stage: Stage,
  reply: HttpReply,
  size: number | string = 'unknown',
): Record<string, unknown> {
  return { msg: `OK (${reply.headers['content-length'] ?? size} bytes)`, ...statusOf(stage) };
}
