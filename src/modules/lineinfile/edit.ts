import { expandReplacement, pythonRegex } from '../python-regex.ts';
import { bare, linesOf } from '../text-file.ts';

/** What shall become of the line. Texts are as the file's text is. */
export interface LineWish {
  readonly line?: string | undefined;
  readonly regexp?: string | undefined;
  readonly searchString?: string | undefined;
  readonly backrefs: boolean;
  readonly insertAfter?: string | undefined;
  readonly insertBefore?: string | undefined;
  readonly firstMatch: boolean;
}

/** A new text, what happened in Ansible's words, and how many lines went. */
export interface LineEdit {
  readonly text: string;
  readonly msg: string;
  readonly found?: number;
}

/** Sees to it that the line is there: in place of the line that matches, or else at its insertion point. */
export function ensureLine(content: string, wish: LineWish & { readonly line: string }): LineEdit {
  const lines = linesOf(content);
  const sought = findSought(lines, wish);
  if (sought)
    return replaceLine(
      lines,
      sought.index,
      wish.backrefs && sought.match ? expandReplacement(wish.line, sought.match) : wish.line,
    );
  if (wish.backrefs) return { text: content, msg: '' };
  const exact = pick(lines, (line) => bare(line) === wish.line, wish.firstMatch);
  if (exact >= 0) return replaceLine(lines, exact, wish.line);
  return insertLine(lines, wish);
}

/** Removes every line that matches. */
export function removeLines(content: string, wish: LineWish): LineEdit {
  const matches = lineTest(wish) ?? ((line: string) => bare(line) === wish.line);
  const kept = linesOf(content).filter((line) => !matches(line));
  const found = linesOf(content).length - kept.length;
  return { text: kept.join(''), msg: found > 0 ? `${found} line(s) removed` : '', found };
}

function lineTest(wish: LineWish): ((line: string) => boolean) | undefined {
  if (wish.regexp !== undefined) {
    const regex = pythonRegex(wish.regexp);
    return (line) => line.search(regex) >= 0;
  }
  const search = wish.searchString;
  return search === undefined ? undefined : (line) => line.includes(search);
}

function findSought(
  lines: readonly string[],
  wish: LineWish,
): { readonly index: number; readonly match: RegExpMatchArray | undefined } | undefined {
  const matches = lineTest(wish);
  if (!matches) return undefined;
  const index = pick(lines, matches, wish.firstMatch);
  if (index < 0) return undefined;
  const regex = wish.regexp === undefined ? undefined : pythonRegex(wish.regexp);
  return { index, match: regex && [...lines[index]!.matchAll(regex)][0] };
}

/** The index of the last line that fits, or of the first one. */
function pick(lines: readonly string[], fits: (line: string) => boolean, first: boolean): number {
  return first ? lines.findIndex(fits) : lines.findLastIndex(fits);
}

function replaceLine(lines: readonly string[], index: number, line: string): LineEdit {
  // As with Ansible the new line ends like lines of the host do, also in a file with other ends.
  const written = line.endsWith('\n') ? line : `${line}\n`;
  const msg = lines[index] === written ? '' : 'line replaced';
  return { text: lines.with(index, written).join(''), msg };
}

function insertLine(lines: readonly string[], wish: LineWish & { readonly line: string }): LineEdit {
  const written = `${wish.line}\n`;
  const index = insertionPoint(lines, wish);
  const before = index > 0 ? [...lines.slice(0, index - 1), withEnd(lines[index - 1]!)] : [];
  return { text: [...before, written, ...lines.slice(index)].join(''), msg: 'line added' };
}

function insertionPoint(lines: readonly string[], wish: LineWish): number {
  if (wish.insertBefore === 'BOF' || wish.insertAfter === 'BOF') return 0;
  const anchor = wish.insertAfter ?? wish.insertBefore;
  if (anchor === undefined || anchor === 'EOF') return lines.length;
  const regex = pythonRegex(anchor);
  const found = pick(lines, (line) => line.search(regex) >= 0, wish.firstMatch);
  if (found < 0) return lines.length;
  return wish.insertAfter === undefined ? found : found + 1;
}

function withEnd(line: string): string {
  return line.endsWith('\n') ? line : `${line}\n`;
}
