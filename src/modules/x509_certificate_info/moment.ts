/** Points in time as the modules for certificates take them. */

const UNITS = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** Gives a point in time as certificates have it, `20261123182500Z`. Epoch milliseconds. */
export function stamp(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
}

/**
 * Reads `+32w1d2h`, from `now` (epoch milliseconds), or a time itself: `20301231235959Z`, `20301231`, `2030-12-31`.
 * Gives it as `stamp` does; undefined when it is neither.
 */
export function moment(written: string, now: number): string | undefined {
  const [, sign, spec] = /^([+-])((?:\d+[wdhms])+)$/i.exec(written) ?? [];
  if (spec !== undefined) {
    const seconds = [...spec.toLowerCase().matchAll(/(\d+)([wdhms])/g)].reduce(
      (sum, [, count, unit]) => sum + Number(count) * UNITS[unit as keyof typeof UNITS],
      0,
    );
    return stamp(now + (sign === '-' ? -seconds : seconds) * 1000);
  }
  const plain = written.replace(/[-:T ]/g, '').replace(/Z$/, '');
  return /^\d{8}(?:\d{4}(?:\d{2})?)?$/.test(plain) ? `${plain.padEnd(14, '0')}Z` : undefined;
}
