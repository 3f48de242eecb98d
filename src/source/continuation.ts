/** Where a value stands that goes over several lines: how many brackets are open, and the quote that is. */
interface Open {
  readonly depth: number;
  readonly quote: string | undefined;
}

/**
 * YAML wants the lines of a quoted text, or of a list or mapping in brackets, that goes over several lines to be indented deeper than its key;
 * PyYAML, and with it Ansible, does not care. Gives the text with such lines indented: the value is the same, and only columns inside of it move.
 */
export function indentContinuations(text: string): string {
  let open: Open | undefined;
  let indent = 0;
  return text
    .split('\n')
    .map((line) => {
      if (open) {
        const short = line.trim() !== '' && indentOf(line) <= indent;
        open = behind(line, 0, open);
        return short ? ' '.repeat(indent + 1 - indentOf(line)) + line : line;
      }
      const start = /^(\s*(?:-\s+)*)(?:[^\s'"#:[{][^'"#:]*:\s+|)(?=["'[{])/.exec(line);
      if (!start) return line;
      open = behind(line, start[0].length, { depth: 0, quote: undefined });
      indent = start[1]!.length;
      return line;
    })
    .join('\n');
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** What is open at the end of a line, read from a column on; undefined when the value ends on it. */
function behind(line: string, from: number, { depth, quote }: Open): Open | undefined {
  for (let at = from; at < line.length; at++) {
    const letter = line[at]!;
    if (quote) {
      if (quote === '"' && letter === '\\') at++;
      else if (letter === quote && quote === "'" && line[at + 1] === "'") at++;
      else if (letter === quote) {
        quote = undefined;
        if (depth === 0) return undefined;
      }
    } else if (/["']/.test(letter) && (at === from || /[\s[{,:]/.test(line[at - 1]!))) quote = letter;
    else if (letter === '#' && /^$|\s/.test(line[at - 1] ?? '')) break;
    else if (letter === '[' || letter === '{') depth++;
    else if ((letter === ']' || letter === '}') && --depth <= 0) return undefined;
  }
  return { depth, quote };
}
