import { CutoverError } from '../../errors/index.ts';
import type { Written } from '../../playbook/index.ts';
import type { Scope, Templar } from '../../template/index.ts';
import { booleanOf, isUnknown } from '../../values/index.ts';
import { keywordValue } from './keyword.ts';

/**
 * Reads a keyword that is true or false. What a template gives may be a word, as of `-e become=yes`. Gives `otherwise` when
 * nobody wrote it, or it is null or `omit` with nothing around it; false when it cannot be known. Throws CutoverError for what is no boolean.
 */
export function isOn(
  templar: Templar,
  written: Written | undefined,
  scope: Scope,
  otherwise = false,
): boolean {
  const value = keywordValue(written, scope, templar);
  if (value === undefined || value === null) return otherwise;
  const answer = isUnknown(value) ? false : booleanOf(value);
  if (answer !== undefined) return answer;
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
  throw new CutoverError('playbook', `the value '${shown}' is not a valid boolean`, {
    position: written?.at,
    hint: 'true, false, yes, no, on, off, 1 and 0 are',
  });
}
