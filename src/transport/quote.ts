/**
 * Quotes a text as one word for any POSIX shell: single quotes, the only form in which nothing is special.
 * Works in csh and fish too, as long as the text holds no newline, `!` or backslash.
 */
export function shellQuote(text: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
