/** What a keyword of a task comes to: templates are rendered when it is used. */
import type { Written } from '../../playbook/index.ts';
import type { Scope, Templar } from '../../template/index.ts';
import { isOmit } from '../../values/index.ts';

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

/** Reads a keyword that is a number; undefined when nobody says it. What is no number gives NaN. */
export function keywordNumber(
  written: Written | undefined,
  scope: Scope,
  templar: Templar,
): number | undefined {
  const value = keywordValue(written, scope, templar);
  return value === undefined ? undefined : Number(value);
}
