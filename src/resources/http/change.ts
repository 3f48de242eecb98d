import type { HttpSpec } from '../specs.ts';
import type { Change } from '../types.ts';

/** Gives the change that sends a request which may alter something (POST, PUT, DELETE ...). Its outcome's `result` is an HttpReply. */
export function sendRequest(spec: HttpSpec, options: { readonly undo?: Change['undo'] } = {}): Change {
  const line = `${spec.method ?? 'GET'} ${withoutPassword(spec.url)}`;
  return {
    resource: 'http',
    // Without the query, which may hold secrets.
    key: `http:${line.replace(/[?#].*$/, '')}`,
    summary: line,
    undo: options.undo ?? 'irreversible',
    detail: spec,
  };
}

/** Gives the URL without user information, for logs and journals. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}
