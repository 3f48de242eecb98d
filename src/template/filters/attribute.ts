/** Attribute paths as filters take them: `a.b.0`. */

import { isUndefined } from '../../values/index.ts';
import { item } from '../access.ts';
import { str } from '../python/text.ts';
import type { Run } from '../run.ts';

/** Makes a reader of an attribute path; numbers in it are indexes. `initial` stands in for what is undefined. */
export function attributeReader(run: Run, path: unknown, initial?: unknown): (value: unknown) => unknown {
  if (path === null || path === undefined) return (value) => value;
  const parts: (string | number)[] =
    typeof path === 'number'
      ? [path]
      : str(path)
          .split('.')
          .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return (value) => {
    let found = value;
    let written = 'item';
    for (const part of parts) {
      found = item(run, found, part, written);
      written += typeof part === 'number' ? `[${part}]` : `.${part}`;
    }
    return initial !== undefined && isUndefined(found) ? initial : found;
  };
}

/** Lower-cases texts when case does not count. */
export const caseless =
  (isCaseSensitive: boolean) =>
  (value: unknown): unknown =>
    typeof value === 'string' && !isCaseSensitive ? value.toLowerCase() : value;
