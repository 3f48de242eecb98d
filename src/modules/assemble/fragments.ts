/** One piece of the file: its name, and what it holds. */
export interface Fragment {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Puts fragments together by name. Each begins on a new line, after the delimiter when there is one. */
export function assembleFragments(fragments: readonly Fragment[], delimiter: string | undefined): Buffer {
  const newline = Buffer.from('\n');
  const parts: Buffer[] = [];
  let open = false;
  for (const [index, { bytes }] of [...fragments].sort((a, b) => (a.name < b.name ? -1 : 1)).entries()) {
    if (open) parts.push(newline);
    if (delimiter !== undefined && index > 0) {
      const mark = unescaped(delimiter);
      parts.push(Buffer.from(mark.endsWith('\n') ? mark : `${mark}\n`));
    }
    parts.push(bytes);
    open = bytes.length > 0 && bytes.at(-1) !== 0x0a;
  }
  return Buffer.concat(parts);
}

/** A delimiter may be written with `\n` and the like. */
function unescaped(delimiter: string): string {
  const plain: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };
  return delimiter.replace(/\\([ntr\\])/g, (_, char: string) => plain[char]!);
}
