/** The `#jinja2: trim_blocks:False, lstrip_blocks: True` line that may begin a template, in a file or in a playbook. */
import { TemplateFault } from './faults.ts';
import { withoutLineSyntax } from './line-statements.ts';
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

/** Options that say something about more than tags. `keep_trailing_newline` says what is done anyway. */
const MORE = new Set([
  'keep_trailing_newline',
  'line_comment_prefix',
  'line_statement_prefix',
  'newline_sequence',
]);

/** What a header asks for. */
export interface Header {
  readonly body: string;
  readonly syntax: Syntax;
  /** The line of the file on which the body begins. */
  readonly firstLine: number;
}

function readSetting(part: string): { readonly key: string; readonly value: string } {
  const colon = part.indexOf(':');
  if (colon === -1) throw fault(`the #jinja2 header has ${JSON.stringify(part.trim())}, not "key: value"`);
  const value = part.slice(colon + 1).trim();
  return { key: part.slice(0, colon).trim(), value: value.replace(/^(['"])(.*)\1$/, '$2') };
}

function readFlag(key: string, value: string): boolean {
  if (/^(?:true|yes|on|1)$/i.test(value)) return true;
  if (/^(?:false|no|off|0|none)$/i.test(value)) return false;
  throw fault(`the #jinja2 header sets ${key} to ${JSON.stringify(value)}, not to True or False`);
}

const fault = (message: string): TemplateFault => new TemplateFault(message, { offset: 0 });

/** Gives the text without its header, and the syntax with what the header sets. */
export function readHeader(text: string, syntax: Syntax): Header {
  if (!text.startsWith('#jinja2:')) return { body: text, syntax, firstLine: 1 };
  const end = text.indexOf('\n');
  const line = end === -1 ? text : text.slice(0, end);
  const changed: Record<string, unknown> = { ...syntax };
  const more: Partial<Record<string, string>> = {};
  for (const part of line.slice('#jinja2:'.length).split(',')) {
    const { key, value } = readSetting(part);
    const name = KEYS[key];
    if (name) changed[name] = typeof syntax[name] === 'boolean' ? readFlag(key, value) : value;
    else if (MORE.has(key)) more[key] = value;
    else throw fault(`the #jinja2 header sets "${key}", which is not known`);
  }
  if (more.newline_sequence !== undefined)
    changed.lineEnd = more.newline_sequence.replace('\\r', '\r').replace('\\n', '\n');
  const own = changed as unknown as Syntax;
  return {
    body: withoutLineSyntax(
      end === -1 ? '' : text.slice(end + 1),
      own,
      more.line_statement_prefix,
      more.line_comment_prefix,
    ),
    syntax: own,
    firstLine: 2,
  };
}
