import { compileRegex } from '../../regex/index.ts';
import { bare, linesOf, withEnd } from '../text-file.ts';

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
  const sought = pick(soughtLines(lines, wish) ?? [], wish.firstMatch);
  if (sought !== undefined) return replaceLine(lines, sought, writtenFor(lines[sought]!, wish));
  if (wish.backrefs) return { text: content, msg: '' };
  const exact = pick(sameLines(lines, wish.line), wish.firstMatch);
  if (exact !== undefined) return replaceLine(lines, exact, wish.line);
  return insertLine(lines, wish);
}

/** Removes every line that matches. */
export function removeLines(content: string, wish: LineWish): LineEdit {
  const lines = linesOf(content);
  const gone = new Set(soughtLines(lines, wish) ?? sameLines(lines, wish.line));
  const kept = lines.filter((_, index) => !gone.has(index));
  return { text: kept.join(''), msg: gone.size > 0 ? `${gone.size} line(s) removed` : '', found: gone.size };
}

/** The indexes of the lines that `regexp` or `search_string` find; undefined when neither is given. */
function soughtLines(lines: readonly string[], wish: LineWish): number[] | undefined {
  const { regexp, searchString } = wish;
  if (regexp !== undefined) return compileRegex(regexp).findIn(lines);
  return searchString === undefined ? undefined : indexes(lines, (line) => line.includes(searchString));
}

function sameLines(lines: readonly string[], wanted: string | undefined): number[] {
  return indexes(lines, (line) => bare(line) === wanted);
}

function indexes(lines: readonly string[], fits: (line: string) => boolean): number[] {
  return [...lines.keys()].filter((index) => fits(lines[index]!));
}

/** The first or the last of the lines found. */
function pick(found: readonly number[], first: boolean): number | undefined {
  return found.at(first ? 0 : -1);
}

/** What the line that was found becomes. */
function writtenFor(found: string, wish: LineWish & { readonly line: string }): string {
  if (!wish.backrefs || wish.regexp === undefined) return wish.line;
  const regex = compileRegex(wish.regexp);
  return regex.expand(wish.line, regex.find(found)!);
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
  const found = pick(compileRegex(anchor).findIn(lines), wish.firstMatch);
  if (found === undefined) return lines.length;
  return wish.insertAfter === undefined ? found : found + 1;
}
