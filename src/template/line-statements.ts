/** Line statements (`% for x in y`) and line comments (`## why`), which a `#jinja2:` header may ask for. */
import type { Syntax } from './parse/syntax.ts';

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Writes line statements as blocks; a line comment goes, the end of its line stays. */
export function withoutLineSyntax(
  text: string,
  syntax: Syntax,
  statement: string | undefined,
  comment: string | undefined,
): string {
  let plain = text;
  if (comment) plain = plain.replace(new RegExp(`[^\\S\\n]*${quoted(comment)}.*`, 'g'), '');
  if (!statement) return plain;
  const lines = new RegExp(
    `^[^\\S\\n]*${quoted(statement)}[^\\S\\n]*(.*?)[^\\S\\n]*:?[^\\S\\n]*(?:\\n|$)`,
    'gm',
  );
  // The end of the line belongs to the statement: where blocks keep theirs, the lines are joined.
  const end = syntax.trimBlocks ? '\n' : '';
  return plain.replace(lines, (_, inner: string) => `${syntax.blockStart} ${inner} ${syntax.blockEnd}${end}`);
}
