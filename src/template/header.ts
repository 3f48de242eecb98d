/** The `#jinja2: trim_blocks:False, lstrip_blocks: True` line that may begin a template file. */
import { TemplateFault } from './faults.ts';
import type { Syntax } from './parse/syntax.ts';

const KEYS: Readonly<Record<string, keyof Syntax>> = {
  trim_blocks: 'trimBlocks',
  lstrip_blocks: 'lstripBlocks',
  variable_start_string: 'variableStart',
  variable_end_string: 'variableEnd',
  block_start_string: 'blockStart',
  block_end_string: 'blockEnd',
  comment_start_string: 'commentStart',
  comment_end_string: 'commentEnd',
};

/** Gives the text without its header, and the syntax with what the header sets. */
export function readHeader(
  text: string,
  syntax: Syntax,
): { body: string; syntax: Syntax; firstLine: number } {
  if (!text.startsWith('#jinja2:')) return { body: text, syntax, firstLine: 1 };
  const end = text.indexOf('\n');
  const line = end === -1 ? text : text.slice(0, end);
  const changed: Record<string, unknown> = { ...syntax };
  for (const part of line.slice('#jinja2:'.length).split(',')) {
    const [key = '', ...rest] = part.split(':');
    if (key.trim() === '') continue;
    const name = KEYS[key.trim()];
    const value = rest
      .join(':')
      .trim()
      .replace(/^(['"])(.*)\1$/, '$2');
    if (name) changed[name] = typeof syntax[name] === 'boolean' ? /^(?:true|yes|on|1)$/i.test(value) : value;
    else if (!['keep_trailing_newline', 'newline_sequence'].includes(key.trim()))
      throw new TemplateFault(`the #jinja2 header sets "${key.trim()}", which is not known`, { offset: 0 });
  }
  return { body: end === -1 ? '' : text.slice(end + 1), syntax: changed as unknown as Syntax, firstLine: 2 };
}
