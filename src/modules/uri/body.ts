import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { CutoverError } from '../../errors/index.ts';
import { isMapping } from '../../values/index.ts';
import { pythonJson } from '../python-json.ts';
import type { PlanContext } from '../types.ts';

/** A request's body and the type that belongs to it. */
export interface Body {
  readonly bytes: string | Uint8Array;
  readonly contentType?: string;
}

/** Writes a body in its format. Throws CutoverError('playbook') when the format cannot hold it. */
export async function writtenBody(
  body: unknown,
  format: 'raw' | 'json' | 'form-urlencoded' | 'form-multipart',
  context: PlanContext,
): Promise<Body> {
  if (format === 'form-multipart') return multipart(body, context);
  if (format === 'form-urlencoded') {
    const contentType = 'application/x-www-form-urlencoded';
    return { bytes: typeof body === 'string' ? body : urlEncoded(body, context), contentType };
  }
  const bytes = typeof body === 'string' ? body : pythonJson(body);
  return format === 'json' ? { bytes, contentType: 'application/json' } : { bytes };
}

function urlEncoded(body: unknown, context: PlanContext): string {
  const pairs = isMapping(body) ? Object.entries(body) : body;
  const fail = (why: string): never => {
    const message = `failed to parse body as form_urlencoded: ${why}`;
    throw new CutoverError('playbook', message, { position: context.position });
  };
  const form = new URLSearchParams();
  for (const pair of Array.isArray(pairs) ? pairs : fail('neither mapping nor list of pairs')) {
    const parts = partsOf(pair);
    if (parts.length > 2) fail('too many values to unpack (expected 2)');
    if (parts.length < 2) fail(`not enough values to unpack (expected 2, got ${parts.length})`);
    const [name, value] = parts;
    for (const one of Array.isArray(value) ? value : [value]) form.append(String(name), String(one));
  }
  return form.toString();
}

/** What Python takes a value apart into. */
function partsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return [...value];
  return isMapping(value) ? Object.keys(value) : [];
}

async function multipart(body: unknown, context: PlanContext): Promise<Body> {
  if (!isMapping(body)) {
    const type = Array.isArray(body) ? 'list' : typeof body === 'string' ? 'str' : typeof body;
    const message = `body must be mapping, cannot be type ${type}`;
    throw new CutoverError('playbook', message, { position: context.position });
  }
  const parts = await Promise.all(Object.entries(body).map(([name, value]) => part(name, value, context)));
  const hash = createHash('sha256');
  for (const { head, content } of parts) hash.update(head).update(content);
  // Same body, same boundary: a plan stays the same when it is made twice.
  const boundary = `cutover-${hash.digest('hex').slice(0, 32)}`;
  const pieces = parts.flatMap(({ head, content }) => [
    Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`),
    content,
    Buffer.from('\r\n'),
  ]);
  return {
    bytes: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

async function part(
  name: string,
  value: unknown,
  context: PlanContext,
): Promise<{ head: string; content: Buffer }> {
  const disposition = `Content-Disposition: form-data; name="${escaped(name)}"`;
  if (!isMapping(value)) return { head: disposition, content: Buffer.from(String(value)) };
  const { filename, content, mime_type } = value;
  const type = `Content-Type: ${String(mime_type ?? 'application/octet-stream')}`;
  if (filename === undefined) {
    return { head: `${disposition}\r\n${type}`, content: Buffer.from(String(content ?? '')) };
  }
  const head = `${disposition}; filename="${escaped(basename(String(filename)))}"\r\n${type}`;
  if (content !== undefined) return { head, content: Buffer.from(String(content)) };
  const file = await context.readFile(context.findFile(String(filename), 'files'));
  return { head, content: Buffer.from(file.bytes ?? (await readFile(file.path))) };
}

// As browsers do (WHATWG HTML, multipart/form-data encoding).
function escaped(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
