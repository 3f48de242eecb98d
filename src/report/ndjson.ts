import type { Reporter, Write } from './types.ts';

/** Prints every event as one line of JSON: the whole truth, for programs. */
export function ndjsonReporter(write: Write): Reporter {
  return (event) => write(`${JSON.stringify(event)}\n`);
}
