/** One word of a line, quotes taken off, and the column (from 1) where it starts. */
export interface Word {
  readonly text: string;
  readonly column: number;
}

/** How to split. */
export interface SplitOptions {
  /** Whether `#` outside quotes starts a comment, anywhere. Default true. */
  readonly comments?: boolean;
  /** Column of the first letter. Default 1. */
  readonly firstColumn?: number;
}

/**
 * Splits a line into words as a POSIX shell would, by the rules of Python's `shlex` in POSIX mode, which inventories and
 * ansible.cfg inherit (https://docs.python.org/3/library/shlex.html#parsing-rules). Throws Error for a quote that is never closed.
 */
export function splitWords(line: string, options: SplitOptions = {}): Word[] {
  const hash = options.comments === false ? '' : '#';
  const firstColumn = options.firstColumn ?? 1;
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    while (/\s/.test(line[at] ?? '')) at++;
    if (at >= line.length || line[at] === hash) break;
    const start = at;
    let text = '';
    while (at < line.length && !/\s/.test(line[at]!) && line[at] !== hash) {
      const letter = line[at]!;
      if (letter === "'" || letter === '"') {
        const quoted = readQuoted(line, at);
        text += quoted.text;
        at = quoted.next;
      } else if (letter === '\\') {
        if (at + 1 >= line.length) throw new Error('the line ends in a lone "\\"');
        text += line[at + 1];
        at += 2;
      } else {
        text += letter;
        at++;
      }
    }
    words.push({ text, column: firstColumn + start });
    if (line[at] === hash) break;
  }
  return words;
}

function readQuoted(line: string, open: number): { text: string; next: number } {
  const quote = line[open]!;
  let text = '';
  for (let at = open + 1; at < line.length; at++) {
    const letter = line[at]!;
    if (letter === quote) return { text, next: at + 1 };
    if (quote === '"' && letter === '\\' && (line[at + 1] === '"' || line[at + 1] === '\\'))
      text += line[++at];
    else text += letter;
  }
  throw new Error(`a ${quote} is opened here and never closed`);
}
