/** Cuts a template's text into plain text, prints and tags, and those into tokens. */
import { TemplateFault } from '../faults.ts';
import type { Syntax } from './syntax.ts';
import { readTokens, type Token } from './tokens.ts';

/** A stretch of a template. */
export type Segment =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'print' | 'tag'; readonly at: number; readonly tokens: readonly Token[] };

type Opening = 'print' | 'tag' | 'comment';

/** Splits a template. Line ends must be `\n`. Throws TemplateFault for an unclosed delimiter or a wrong character. */
export function segments(text: string, syntax: Syntax): Segment[] {
  const opening = openingPattern(syntax);
  const found: Segment[] = [];
  let position = 0;
  const pushText = (start: number, end: number): void => {
    if (end <= start) return;
    const written = text.slice(start, end);
    const shown = syntax.lineEnd === '\n' ? written : written.replaceAll('\n', syntax.lineEnd);
    found.push({ kind: 'text', at: start, text: shown });
  };
  while (position < text.length) {
    opening.pattern.lastIndex = position;
    const match = opening.pattern.exec(text);
    if (!match) break;
    const kind = opening.kindOf.get(match[0]) as Opening;
    const start = match.index;
    let inside = start + match[0].length;
    const mark = text[inside] === '-' || (text[inside] === '+' && kind !== 'print') ? text[inside] : '';
    if (mark) inside++;
    pushText(position, textEnd(text, position, start, mark ?? '', kind, syntax));
    const raw = kind === 'tag' ? rawBlock(text, start, inside, syntax) : undefined;
    if (raw) {
      pushText(raw.from, raw.to);
      position = raw.next;
    } else if (kind === 'comment') {
      position = commentEnd(text, start, inside, syntax);
    } else {
      const close = kind === 'print' ? syntax.variableEnd : syntax.blockEnd;
      const read = readTokens(text, inside, close, kind === 'print' && syntax.verbatimBackslashes);
      if (!read) throw new TemplateFault(`"${match[0]}" is never closed with "${close}"`, { offset: start });
      found.push({ kind, at: start, tokens: read.tokens });
      position = afterClose(text, read.next, read.mark, kind === 'tag' && syntax.trimBlocks);
    }
  }
  pushText(position, text.length);
  return found;
}

const openings = new WeakMap<Syntax, { pattern: RegExp; kindOf: ReadonlyMap<string, Opening> }>();

function openingPattern(syntax: Syntax): { pattern: RegExp; kindOf: ReadonlyMap<string, Opening> } {
  let known = openings.get(syntax);
  if (!known) {
    const kindOf = new Map<string, Opening>([
      [syntax.commentStart, 'comment'],
      [syntax.blockStart, 'tag'],
      [syntax.variableStart, 'print'],
    ]);
    const longestFirst = [...kindOf.keys()].sort((a, b) => b.length - a.length);
    known = { pattern: new RegExp(longestFirst.map(quoteRegex).join('|'), 'g'), kindOf };
    openings.set(syntax, known);
  }
  return known;
}

const quoteRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Gives where the text before a tag ends: `-` takes all white space away, lstrip_blocks the blanks of a line of its own. */
function textEnd(
  text: string,
  from: number,
  start: number,
  mark: string,
  kind: Opening,
  syntax: Syntax,
): number {
  let end = start;
  if (mark === '-') {
    while (end > from && isSpace(text, end - 1)) end--;
    return end;
  }
  if (mark === '+' || kind === 'print' || !syntax.lstripBlocks) return end;
  while (end > from && isSpace(text, end - 1) && text[end - 1] !== '\n') end--;
  const firstOnLine = end === 0 || text[end - 1] === '\n';
  return firstOnLine ? end : start;
}

const isSpace = (text: string, index: number): boolean => /\s/.test(text[index] ?? 'x');

function afterClose(text: string, next: number, mark: string, trim: boolean): number {
  let position = next;
  if (mark === '-') {
    while (position < text.length && isSpace(text, position)) position++;
    return position;
  }
  return trim && mark !== '+' && text[position] === '\n' ? position + 1 : position;
}

function commentEnd(text: string, start: number, inside: number, syntax: Syntax): number {
  const close = text.indexOf(syntax.commentEnd, inside);
  if (close === -1)
    throw new TemplateFault(`"${syntax.commentStart}" is never closed with "${syntax.commentEnd}"`, {
      offset: start,
    });
  const before = close > inside ? text[close - 1] : '';
  const mark = before === '-' || before === '+' ? before : '';
  return afterClose(text, close + syntax.commentEnd.length, mark, syntax.trimBlocks);
}

interface RawBlock {
  readonly from: number;
  readonly to: number;
  readonly next: number;
}

function rawBlock(text: string, start: number, inside: number, syntax: Syntax): RawBlock | undefined {
  const close = quoteRegex(syntax.blockEnd);
  const begin = new RegExp(`\\s*raw\\s*([-+]?)${close}`, 'y');
  begin.lastIndex = inside;
  const opened = begin.exec(text);
  if (!opened) return undefined;
  const from = afterClose(text, begin.lastIndex, opened[1] ?? '', false);
  const ending = new RegExp(`${quoteRegex(syntax.blockStart)}([-+]?)\\s*endraw\\s*([-+]?)${close}`, 'g');
  ending.lastIndex = begin.lastIndex;
  const closed = ending.exec(text);
  if (!closed) throw new TemplateFault('"raw" is never closed with "endraw"', { offset: start });
  const to = Math.max(from, textEnd(text, from, closed.index, closed[1] ?? '', 'tag', syntax));
  return { from, to, next: afterClose(text, ending.lastIndex, closed[2] ?? '', syntax.trimBlocks) };
}
