import type { z } from 'zod';
import { type CommandResult, commandOutput, type Probe } from '../../resources/index.ts';
import type { aptParams } from './params.ts';

/** Asks when the package lists were last read, and what time it is there. */
export const cacheProbe: Probe<CommandResult> = commandOutput({
  argv: [
    '/bin/sh',
    '-c',
    'stat -c %Y /var/lib/apt/periodic/update-success-stamp 2>/dev/null || stat -c %Y /var/lib/apt/lists; date +%s',
  ],
});

/** Age of the package lists. */
export interface CacheAge {
  /** Seconds since 1970, 0 when nobody knows. */
  readonly updatedAt: number;
  readonly ageSeconds: number;
}

/** Reads the answer of `cacheProbe`. */
export function readCacheAge(output: string): CacheAge {
  const times = output.trim().split('\n').map(Number);
  const [updatedAt, now] = times.length > 1 ? times : [0, times[0]];
  return { updatedAt: updatedAt || 0, ageSeconds: (now ?? 0) - (updatedAt || 0) };
}

/** Whether the lists have to be read again. `cache_valid_time` alone asks for it too. */
export function wantsUpdate(given: z.infer<typeof aptParams>, age: CacheAge): boolean {
  if (given.update_cache === false || (!given.update_cache && given.cache_valid_time === 0)) return false;
  return given.cache_valid_time === 0 || age.ageSeconds > given.cache_valid_time;
}
