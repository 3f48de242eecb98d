/** One word of an inventory line, quotes taken off, and the column (from 1) where it starts. */
export interface Word {
  readonly text: string;
  readonly column: number;
}

/**
 * Splits an inventory line into words as a POSIX shell would, `#` starting a comment anywhere outside quotes
 * (the rules of Python's `shlex` in POSIX mode, which the format inherits). Throws Error for a quote that is never closed.
 */
export function splitWords(line: string, firstColumn = 1): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    while (/\s/.test(line[at] ?? '')) at++;
    if (at >= line.length || line[at] === '#') break;
    const start = at;
    let text = '';
    while (at < line.length && !/\s/.test(line[at]!) && line[at] !== '#') {
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
    if (line[at] === '#') break;
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
