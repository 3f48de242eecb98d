import { bare, linesOf, withEnd } from '../text-file.ts';

/** What shall become of one limit of limits.conf(5). */
export interface LimitWish {
  readonly domain: string;
  readonly type: string;
  readonly item: string;
  readonly value: string;
  readonly comment: string;
  /** A larger or smaller value that is there may stay. */
  readonly keep: 'larger' | 'smaller' | undefined;
}

/** Gives the text with the limit set on every line that is about it, or at the end, and the last such line. */
export function withLimit(text: string, wish: LimitWish): { readonly text: string; readonly line: string } {
  let line: string | undefined;
  const lines = linesOf(text).map((old) => {
    const found = /^\s*([^#\s]\S*)\s+(\S+)\s+([^#\s]+)\s+([^#\s]+)\s*(#.*)?$/.exec(bare(old));
    if (!found || found[1] !== wish.domain || found[2] !== wish.type || found[3] !== wish.item) return old;
    line = stays(found[4]!, wish) ? old : written(wish, found[5]);
    return line;
  });
  if (line !== undefined) return { text: lines.join(''), line };
  const added = written(wish, undefined);
  const last = lines.pop();
  return { text: [...lines, ...(last === undefined ? [] : [withEnd(last)]), added].join(''), line: added };
}

function stays(value: string, { value: wanted, keep }: LimitWish): boolean {
  if (value === wanted) return true;
  const [there, other] = [asNumber(value), asNumber(wanted)];
  return keep === 'larger' ? there >= other : keep === 'smaller' && there <= other;
}

function asNumber(value: string): number {
  return ['unlimited', 'infinity', '-1'].includes(value) ? Number.POSITIVE_INFINITY : Number(value);
}

/** A comment that was behind the limit stays when the task has none. */
function written({ domain, type, item, value, comment }: LimitWish, old: string | undefined): string {
  const remark = comment === '' ? old : `#${comment}`;
  return `${[domain, type, item, value, ...(remark === undefined ? [] : [remark])].join('\t')}\n`;
}
