/** What a keyword of a task comes to: templates are rendered when it is used. */
import { CutoverError } from '../../errors/index.ts';
import type { Written } from '../../playbook/index.ts';
import type { Scope, Templar } from '../../template/index.ts';
import { isOmit, isUnknown } from '../../values/index.ts';

const WHOLE = /^\s*[-+]?\d+\s*$/;
const DECIMAL = /^\s*[-+]?\d+(\.\d+)?\s*$/;
/** The keywords that count; the others are seconds, which have parts. */
const COUNTS: readonly string[] = ['retries', 'throttle'];

/**
 * Gives what a keyword says, rendered. Where that is `omit`, what is around it counts, as if it had not been written;
 * undefined when there is nothing. Throws CutoverError('template').
 */
export function keywordValue(written: Written | undefined, scope: Scope, templar: Templar): unknown {
  for (let one = written; one !== undefined; one = one.around) {
    const value = templar.renderDeep(one.value, scope, { at: one.at });
    if (!isOmit(value)) return value;
  }
  return undefined;
}

/**
 * Reads a keyword that is a number; undefined when nobody says it, or a dry run cannot know it. Throws
 * CutoverError('playbook') for what is none, as a variable that holds a word or nothing: a task must not run with another
 * delay or limit than was meant.
 */
export function keywordNumber(
  keyword: string,
  written: Written | undefined,
  scope: Scope,
  templar: Templar,
): number | undefined {
  const value = keywordValue(written, scope, templar);
  if (value === undefined || value === null || isUnknown(value)) return undefined;
  const counts = COUNTS.includes(keyword);
  const right = typeof value !== 'string' || (counts ? WHOLE : DECIMAL).test(value);
  const number = right ? Number(value) : Number.NaN;
  if (Number.isFinite(number)) return counts ? Math.trunc(number) : number;
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  throw new CutoverError(
    'playbook',
    `"${keyword}" must be a ${counts ? 'whole ' : ''}number, not "${shown}"`,
    {
      position: written?.at,
    },
  );
}
