import { collectGarbage, type Retention } from '../../engine/index.ts';
import { CutoverError } from '../../errors/index.ts';
import { parse as parseDuration } from '../duration.ts';
import { type HostFlags, positive } from '../host-flags.ts';
import { onHosts } from '../on-hosts.ts';

/** Flags of `cutover gc`. */
export interface GcFlags extends HostFlags {
  readonly check?: boolean;
  readonly keep?: string;
  readonly olderThan?: string;
  readonly maxSize?: string;
}

/** How many runs stay when no flag says what goes. */
const KEPT = 10;

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** `cutover gc`. */
export async function gc(flags: GcFlags): Promise<void> {
  const retention = retentionOf(flags);
  await onHosts({ ...flags, diff: false }, async ({ base }) => {
    const summary = await collectGarbage({ ...base, retention, check: flags.check ?? false });
    process.exitCode = summary.exitCode;
  });
}

function retentionOf({ keep, olderThan, maxSize }: GcFlags): Retention {
  if (keep === undefined && olderThan === undefined && maxSize === undefined) return { keep: KEPT };
  return {
    ...(keep === undefined ? {} : { keep: positive(keep, '--keep') }),
    ...(olderThan === undefined ? {} : { olderThanMs: parseDuration(olderThan) }),
    ...(maxSize === undefined ? {} : { maxBytes: bytes(maxSize) }),
  };
}

function bytes(text: string): number {
  const [, amount, unit = ''] = /^(\d+)([KMG]?)$/.exec(text) ?? [];
  if (amount !== undefined) return Number(amount) * UNITS[unit]!;
  throw new CutoverError('usage', `--max-size needs bytes, not "${text}"`, { hint: 'write 500M or 2G' });
}
