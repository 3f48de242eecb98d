import { createHash } from 'node:crypto';
import type { Change } from './types.ts';

/** What a change expects and intends, as text: what plans keep of it and compare. May hold secrets. */
export interface ChangePicture {
  /** The state that it expects to find, in words of its resource: words between commas, `*` for what is not known yet. */
  readonly before: string;
  /** Everything that it would do, as JSON with sorted keys; contents by their SHA-256. */
  readonly intent: string;
  /** The SHA-256 of the content that a file would get. */
  readonly content?: string;
  /** The bytes behind the hashes, as far as the controller holds them. */
  readonly bytes: readonly Uint8Array[];
}

/** Keys of a detail that tell what is there, not what is wanted. */
const EXPECTATIONS = new Set(['expect', 'expected', 'digest', 'listDigest']);

/** Gives the picture of a change. Equal intents act alike; contents count by their hash, wherever they come from. */
export function pictureOf(change: Change): ChangePicture {
  const bytes: Uint8Array[] = [];
  const detail = plain(change.detail, bytes) as Record<string, unknown>;
  const wanted = Object.fromEntries(Object.entries(detail).filter(([key]) => !EXPECTATIONS.has(key)));
  const { resource, key, undo } = change;
  return {
    before: beforeOf(resource, detail),
    intent: JSON.stringify({ resource, key, undo, wanted }),
    ...(isHashed(detail.content) ? { content: detail.content.sha256 } : {}),
    bytes,
  };
}

function beforeOf(resource: string, detail: Record<string, unknown>): string {
  const expect = typeof detail.expect === 'string' ? detail.expect : '*';
  const { expected, digest } = detail;
  // Of a tree that an earlier step makes nobody knows the digest yet.
  if (resource === 'tree' && detail.action === 'remove') return `${expect},${digest ?? '*'}`;
  if (expected === undefined || Object.keys(expected as object).length === 0) return expect;
  const lines = JSON.stringify(expected);
  // A tree of which one path is not known to the last word cannot be compared as a whole.
  const known = !/[",]\*[",]/.test(lines);
  return `${expect},${known ? createHash('sha256').update(lines).digest('hex') : '*'}`;
}

function isHashed(value: unknown): value is { sha256: string } {
  return typeof value === 'object' && value !== null && 'sha256' in value;
}

/** Plain data with sorted keys; bytes by their hash, contents without where they come from. */
function plain(value: unknown, bytes: Uint8Array[]): unknown {
  if (value instanceof Uint8Array) {
    bytes.push(value);
    return { sha256: createHash('sha256').update(value).digest('hex') };
  }
  if (value instanceof Map) return plain(Object.fromEntries(value), bytes);
  if (Array.isArray(value)) return value.map((item) => plain(item, bytes));
  if (typeof value !== 'object' || value === null) return value;
  if ('from' in value && isHashed(value)) {
    const { from, ...content } = value as { from: object; sha256: string };
    if ('bytes' in from && from.bytes instanceof Uint8Array) bytes.push(from.bytes);
    return content;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, plain(item, bytes)]),
  );
}
