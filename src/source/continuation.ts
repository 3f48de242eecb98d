/**
 * YAML wants the lines of a quoted text that goes over several lines to be indented deeper than its key; PyYAML, and with it Ansible, does
 * not care. Gives the text with such lines indented: the folded value is the same, and only columns inside the quotes move.
 */
export function indentContinuations(text: string): string {
  const lines = text.split('\n');
  let open: { readonly quote: string; readonly indent: number } | undefined;
  return lines
    .map((line) => {
      if (open) {
        const fixed =
          line.trim() !== '' && indentOf(line) <= open.indent
            ? ' '.repeat(open.indent + 1 - indentOf(line)) + line
            : line;
        if (closes(line, 0, open.quote)) open = undefined;
        return fixed;
      }
      const start = /^(\s*(?:-\s+)*)(?:[^\s'"#:][^'"#:]*:\s+|)(["'])/.exec(line);
      if (start && !closes(line, start[0].length, start[2]!))
        open = { quote: start[2]!, indent: start[1]!.length };
      return line;
    })
    .join('\n');
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Whether the quote ends on this line, behind `from`. */
function closes(line: string, from: number, quote: string): boolean {
  for (let at = from; at < line.length; at++) {
    if (quote === '"' && line[at] === '\\') at++;
    else if (line[at] === quote) {
      if (quote === "'" && line[at + 1] === "'") at++;
      else return true;
    }
  }
  return false;
}
