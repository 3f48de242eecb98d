import { type BigIntStats, statSync } from 'node:fs';

/** A file that was changed so lately may change again without showing it: file systems count in ticks of some milliseconds. */
const TICK_MS = 50;

/**
 * What was made of files of the controller, kept for as long as each stays as it was: tasks on localhost, `fetch` and others change
 * files that later tasks read.
 */
export class KeptFiles<Value> {
  private readonly kept = new Map<string, { readonly stamp: string | undefined; readonly value: Value }>();

  /** Gives what was made of a file, made anew when the file is another. What `make` throws is not kept. */
  get(path: string, make: () => Value): Value {
    const stamp = stampOf(path);
    const known = this.kept.get(path);
    if (known && stamp !== undefined && known.stamp === stamp) return known.value;
    const value = make();
    this.kept.set(path, { stamp, value });
    return value;
  }

  /** The files of which something was made. */
  paths(): readonly string[] {
    return [...this.kept.keys()];
  }
}

/** Tells one state of a file from another; undefined where that cannot be told. What is no regular file can be read once only. */
function stampOf(path: string): string | undefined {
  let found: BigIntStats | undefined;
  try {
    found = statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
  if (!found) return undefined;
  if (!found.isFile()) return 'other';
  if (Date.now() - Number(found.ctimeMs) < TICK_MS) return undefined;
  return [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
}
