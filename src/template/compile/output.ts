/** What a template prints, joined. */
import { isOmit } from '../../values/index.ts';
import { TemplateFault } from '../faults.ts';
import { LONGEST_TEXT, str } from '../python/text.ts';

/** Gives the text that a printed value leaves: None leaves nothing, as in Ansible. */
export function printed(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (isOmit(value))
    throw new TemplateFault('omit cannot be part of a text', {
      hint: 'use it alone, as the value of an argument',
    });
  return str(value);
}

/** Joins what was printed. */
export function joinParts(parts: readonly unknown[]): string {
  let text = '';
  for (const part of parts) {
    text += printed(part);
    if (text.length > LONGEST_TEXT) throw new TemplateFault('the text grows beyond 64 million characters');
  }
  return text;
}
