import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import {
  type FileContent,
  fetchFile,
  fileContent,
  type HttpReply,
  type Observed,
  type Probe,
} from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import type { ArchiveSource } from '../archive/types.ts';
import type { PlanContext } from '../types.ts';
import { isRemote, type UnarchiveParams } from './params.ts';

/** The archive, or why there is none, or what must be asked first. */
export type Found =
  | { readonly source: ArchiveSource }
  | { readonly failed: string }
  | { readonly unknown: Unknown }
  | { readonly needs: readonly Probe[] };

/** Finds the archive: on the controller, on the target (then its bytes come here once, to be compared), or behind a URL as the target sees it. */
export async function findArchive(
  params: UnarchiveParams,
  seen: Observed,
  context: PlanContext,
): Promise<Found> {
  const found = await locate(params, seen, context);
  if (!('source' in found) || params.checksum === undefined) return found;
  const wanted = params.checksum.replace(/^sha256:/, '').toLowerCase();
  if (found.source.sha256 === wanted) return found;
  return { failed: `${params.src} has the SHA-256 ${found.source.sha256}, not ${wanted}` };
}

async function locate(params: UnarchiveParams, seen: Observed, context: PlanContext): Promise<Found> {
  if (!isRemote(params)) {
    const file = await context.readFile(context.findFile(params.src, 'files'));
    // What a vault held is in memory only: the file itself is the encrypted one.
    return file.secret && file.bytes
      ? { source: { bytes: file.bytes, sha256: file.sha256, name: params.src } }
      : { source: { path: file.path, sha256: file.sha256 } };
  }
  if (/^(?:https?|ftp):\/\//.test(params.src)) return fromUrl(params, seen);
  const probe = fileContent(params.src, { follow: true });
  const file = seen.get(probe);
  if (file === undefined) return { needs: [probe] };
  return isUnknown(file) ? { unknown: file } : fromTarget(params.src, file);
}

function fromTarget(src: string, file: FileContent): Found {
  if (file.type === 'absent') return { failed: `Source '${src}' does not exist` };
  if (!file.bytes || file.sha256 === undefined)
    return { failed: `the archive ${src} cannot be read on the target` };
  return { source: { bytes: file.bytes, sha256: file.sha256, name: src } };
}

function fromUrl(params: UnarchiveParams, seen: Observed): Found {
  const probe = urlProbe(params);
  const answered: unknown = seen.get(probe);
  if (answered === undefined) return { needs: [probe] };
  if (isUnknown(answered)) return { unknown: answered };
  const reply = answered as HttpReply;
  if (reply.status !== 200)
    return { failed: `${params.src} gave ${reply.status === -1 ? reply.error : `HTTP ${reply.status}`}` };
  const sha256 = createHash('sha256').update(reply.body).digest('hex');
  return { source: { bytes: reply.body, sha256, name: posix.basename(params.src) } };
}

function urlProbe(params: UnarchiveParams): Probe<HttpReply> {
  return fetchFile({
    url: params.src,
    validateCerts: params.validate_certs,
    followRedirects: 'all',
    timeoutMs: 600_000,
  });
}
