import { compileRegex } from '../../regex/index.ts';
import { bare, linesOf, withEnd } from '../text-file.ts';

/** What shall stand between the marker lines; an empty block means that block and markers go. */
export interface BlockWish {
  readonly block: string;
  readonly begin: string;
  readonly end: string;
  readonly insertAfter?: string | undefined;
  readonly insertBefore?: string | undefined;
  /** Blank lines around the block. */
  readonly prependNewline: boolean;
  readonly appendNewline: boolean;
}

/** Gives the text with the block in place. */
export function ensureBlock(content: string, wish: BlockWish): string {
  const lines = linesOf(content);
  const begin = lines.findLastIndex((line) => bare(line) === wish.begin);
  const end = lines.findLastIndex((line) => bare(line) === wish.end);
  const there = begin >= 0 && end >= 0;
  if (wish.block === '' && !there) return content;
  const at = there ? Math.min(begin, end) : insertionPoint(lines, wish);
  const rest = lines.slice(there ? Math.max(begin, end) + 1 : at);
  const before = lines
    .slice(0, at)
    .map((line, index, all) => (index === all.length - 1 ? withEnd(line) : line));
  if (wish.block === '') return [...before, ...rest].join('');
  const blank = (line: string | undefined) => line === undefined || bare(line).trim() === '';
  return [
    ...before,
    ...(wish.prependNewline && !blank(before.at(-1)) ? ['\n'] : []),
    withEnd(wish.begin),
    ...linesOf(wish.block).map(withEnd),
    withEnd(wish.end),
    ...(wish.appendNewline && !blank(rest[0]) ? ['\n'] : []),
    ...rest,
  ].join('');
}

function insertionPoint(lines: readonly string[], wish: BlockWish): number {
  if (wish.insertBefore === 'BOF' || wish.insertAfter === 'BOF') return 0;
  const anchor = wish.insertBefore ?? wish.insertAfter;
  if (anchor === undefined || anchor === 'EOF') return lines.length;
  const found = wholeTextAnchor(lines, anchor) ?? lineAnchor(lines, anchor);
  if (!found) return lines.length;
  return wish.insertBefore === undefined ? found.after : found.before;
}

function lineAnchor(lines: readonly string[], anchor: string): { before: number; after: number } | undefined {
  const found = compileRegex(anchor).findIn(lines.map(bare)).at(-1);
  return found === undefined ? undefined : { before: found, after: found + 1 };
}

/** An expression that names line ends or has (?m) is sought in the whole text, so that it can span lines. */
function wholeTextAnchor(
  lines: readonly string[],
  anchor: string,
): { before: number; after: number } | undefined {
  if (!/\\n|^\(\?[a-z]*m/.test(anchor)) return undefined;
  const content = lines.join('');
  const match = compileRegex(anchor).findAll(content).at(-1);
  if (!match) return undefined;
  const lineAt = (offset: number) => linesOf(content.slice(0, offset)).length;
  const end = match.index + match[0].length;
  return { before: content.slice(0, match.index).split('\n').length - 1, after: Math.max(lineAt(end), 0) };
}
