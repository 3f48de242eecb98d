/** What `SELECT version()` says, in parts. */
export interface ServerVersion {
  readonly raw: string;
  readonly full: string;
  readonly major: number;
  readonly minor: number;
  readonly patch?: number;
}

/** Reads `PostgreSQL 15.18 (Debian ...) on ...`. Before version 10, three numbers counted. */
export function readVersion(raw: string): ServerVersion {
  const [, full = ''] = /^\w+ (\d+(?:\.\d+)*)/.exec(raw) ?? [];
  const [major = 0, minor = 0, patch] = full.split('.').map(Number);
  return { raw, full, major, minor, ...(patch === undefined ? {} : { patch }) };
}
