import type { z } from 'zod';
import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import type { aptParams } from './params.ts';

const STAMP = '/var/lib/apt/periodic/update-success-stamp';
const LISTS = '/var/lib/apt/lists';

/** Prints when the package lists last became other ones: to read the same ones again changes nothing, unless a stamp is kept of it. */
export const LISTS_TIME = `stat -c %Y ${STAMP} 2>/dev/null || stat -c %Y ${LISTS}`;

/** Asks when the package lists were last read, and what time it is there. */
export const cacheProbe: Probe<CommandResult> = commandOutput({
  argv: ['/bin/sh', '-c', `stat -c %Y ${STAMP} ${LISTS} 2>/dev/null; exec date +%s`],
});

/** What an update begins its last line with; then comes the time of the lists. */
export const LISTS_MARK = 'lists-of: ';

/** Takes the line about the lists out of an update's output. Without one (the update failed) the time is undefined. */
export function readLists(stdout: string): { readonly stdout: string; readonly updatedAt?: number } {
  const found = new RegExp(`^${LISTS_MARK}([0-9]+)\n`, 'm').exec(stdout);
  if (!found) return { stdout };
  return { stdout: stdout.replace(found[0], ''), updatedAt: Number(found[1]) };
}

/** Age of the package lists. */
export interface CacheAge {
  /** Seconds since 1970, 0 when nobody knows. */
  readonly updatedAt: number;
  readonly ageSeconds: number;
}

/** Reads the answer of `cacheProbe`. */
export function readCacheAge(output: string): CacheAge {
  const times = output.trim().split('\n').map(Number);
  const now = times.at(-1) ?? 0;
  const updatedAt = times.length > 1 ? times[0] || 0 : 0;
  return { updatedAt, ageSeconds: now - updatedAt };
}

/** Whether the lists have to be read again. `cache_valid_time` alone asks for it too. */
export function wantsUpdate(given: z.infer<typeof aptParams>, age: CacheAge): boolean {
  if (given.update_cache === false || (!given.update_cache && given.cache_valid_time === 0)) return false;
  return given.cache_valid_time === 0 || age.ageSeconds > given.cache_valid_time;
}
