import { fetchFile, fileContent, type HttpReply, type Observed, type Probe } from '../../resources/index.ts';
import { isUnknown, type Unknown } from '../../values/index.ts';
import { type PublicKey, readKeys } from './keys.ts';

/** Where a key is to be had. */
export type KeySource =
  | { readonly data: string }
  /** On the target. */
  | { readonly file: string }
  | { readonly url: string; readonly validateCerts: boolean };

/** What a source is called in messages. */
export function nameOfSource(source: KeySource): string {
  if ('data' in source) return 'data';
  return 'file' in source ? source.file : source.url;
}

/** What has to be asked to have the keys of a source. */
export function sourceProbes(source: KeySource): readonly Probe[] {
  if ('data' in source) return [];
  if ('file' in source) return [fileContent(source.file, { follow: true })];
  return [request(source)];
}

/** Gives the keys of a source, at least one, or why there are none. */
export function keysOfSource(
  source: KeySource,
  seen: Observed,
): readonly PublicKey[] | Unknown | { readonly fault: string } {
  const bytes = bytesOf(source, seen);
  if (isUnknown(bytes) || 'fault' in bytes) return bytes;
  const keys = readKeys(bytes);
  if ('fault' in keys) return keys;
  return keys.length > 0 ? keys : { fault: 'it is empty' };
}

function bytesOf(source: KeySource, seen: Observed): Buffer | Unknown | { readonly fault: string } {
  if ('data' in source) return Buffer.from(source.data);
  if ('file' in source) {
    const file = seen.get(fileContent(source.file, { follow: true }))!;
    if (isUnknown(file)) return file;
    return file.bytes ?? { fault: 'it is no readable file on the target' };
  }
  const reply: HttpReply | Unknown = seen.get(request(source))!;
  if (isUnknown(reply)) return reply;
  if (reply.status === 200) return reply.body;
  return { fault: reply.error ?? `HTTP status ${reply.status} ${reply.reason}` };
}

function request(source: { readonly url: string; readonly validateCerts: boolean }): Probe<HttpReply> {
  return fetchFile({ url: source.url, validateCerts: source.validateCerts, followRedirects: 'safe' });
}
