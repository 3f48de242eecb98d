import { bare, linesOf } from '../text-file.ts';

/** What shall become of one option, or of a section. */
export interface IniWish {
  /** Undefined: options before the first section. */
  readonly section: string | undefined;
  readonly option: string | undefined;
  /** Several values are several lines with the same option; none: it stands alone, without =. */
  readonly values: readonly string[];
  readonly present: boolean;
  /** Other lines with the same option go. */
  readonly exclusive: boolean;
  readonly noExtraSpaces: boolean;
  /** Only blanks around = differ: leave the line alone. */
  readonly ignoreSpaces: boolean;
  /** A commented-out line of the option is used for it. */
  readonly modifyInactive: boolean;
}

/** The new text, and what happened in Ansible's words. */
export interface IniEdit {
  readonly text: string;
  readonly msg: string;
}

/** Windows' mark of UTF-8: not part of the first line, and gone from what is written, as with Ansible. */
const BOM = /^\uFEFF/;

/** Edits an INI text line by line; comments and order stay. */
export function editIni(content: string, wish: IniWish): IniEdit {
  // What is added to an empty file stands around an empty line, as community.general has it.
  const edited = editLines(linesOf(content === '' ? '\n' : content.replace(BOM, '')), wish);
  return edited.msg === 'OK' ? { ...edited, text: content } : edited;
}

function editLines(lines: readonly string[], wish: IniWish): IniEdit {
  const range = sectionRange(lines, wish.section);
  if (wish.option === undefined)
    return wish.present ? ensureSection(lines, range, wish) : removeSection(lines, range);
  if (!range) return wish.present ? addSection(lines, wish) : { text: lines.join(''), msg: 'OK' };
  return wish.present ? ensureOption(lines, range, wish) : removeOption(lines, range, wish);
}

/** Line numbers: `first` after the header, `end` after the last line. */
interface Range {
  readonly first: number;
  readonly end: number;
}

const isHeader = (line: string) => /^\s*\[.*\]/.test(line);

function sectionRange(lines: readonly string[], section: string | undefined): Range | undefined {
  const header =
    section === undefined
      ? -1
      : lines.findIndex((line) => new RegExp(`^\\s*\\[${escaped(section)}\\]`).test(line));
  if (section !== undefined && header < 0) return undefined;
  const next = lines.findIndex((line, index) => index > header && isHeader(line));
  return { first: header + 1, end: next < 0 ? lines.length : next };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function ensureSection(lines: readonly string[], range: Range | undefined, wish: IniWish): IniEdit {
  if (range) return { text: lines.join(''), msg: 'OK' };
  return { text: `${closed(lines.join(''))}[${wish.section}]\n`, msg: 'only section added' };
}

function removeSection(lines: readonly string[], range: Range | undefined): IniEdit {
  if (!range || range.first === 0) return { text: lines.join(''), msg: 'OK' };
  return {
    text: [...lines.slice(0, range.first - 1), ...lines.slice(range.end)].join(''),
    msg: 'section removed',
  };
}

function addSection(lines: readonly string[], wish: IniWish): IniEdit {
  const body = wantedLines(wish).join('');
  return { text: `${closed(lines.join(''))}[${wish.section}]\n${body}`, msg: 'section and option added' };
}

function closed(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function wantedLines(wish: IniWish): string[] {
  if (wish.values.length === 0) return [`${wish.option}\n`];
  return [...new Set(wish.values)].map((value) => assignment(wish, value));
}

function assignment(wish: IniWish, value: string): string {
  return wish.noExtraSpaces ? `${wish.option}=${value}\n` : `${wish.option} = ${value}\n`;
}

/** A line of the option: its value (none without =), and whether it is commented out. */
interface Found {
  readonly index: number;
  readonly value: string | undefined;
  readonly active: boolean;
}

function optionLines(lines: readonly string[], range: Range, wish: IniWish): Found[] {
  const form = new RegExp(`^([#;]?)[ \\t]*${escaped(wish.option ?? '')}[ \\t]*(?:=[ \\t]*(.*))?$`);
  return lines.slice(range.first, range.end).flatMap((line, offset) => {
    const match = form.exec(bare(line));
    return match ? [{ index: range.first + offset, value: match[2], active: match[1] === '' }] : [];
  });
}

/** Lines of a text that is being edited; undefined: the line goes. */
type Edited = (string | undefined)[];

function ensureOption(lines: readonly string[], range: Range, wish: IniWish): IniEdit {
  const found = optionLines(lines, range, wish).filter((one) => one.active || wish.modifyInactive);
  const edited: Edited = [...lines];
  const added = wish.values.length === 0 ? standAlone(edited, found, wish) : place(edited, found, wish);
  const at = lastUsedLine(edited, range);
  if (added.length > 0 && at > 0) edited[at - 1] = closed(edited[at - 1] ?? '');
  const text = [...edited.slice(0, at), ...added, ...edited.slice(at)]
    .filter((line) => line !== undefined)
    .join('');
  if (text === lines.join('')) return { text, msg: 'OK' };
  return { text, msg: added.length > 0 ? 'option added' : 'option changed' };
}

/** An option without a value takes the first of its lines. Gives the lines that have to be added. */
function standAlone(edited: Edited, [first]: readonly Found[], wish: IniWish): string[] {
  const line = `${wish.option}\n`;
  if (!first) return [line];
  if (!first.active || first.value !== undefined) edited[first.index] = line;
  return [];
}

/**
 * Each value keeps the first of its lines, commented out or not. Where it is to be the only one, the other
 * lines of the option give their places to values without a line, or go. Gives the lines to be added.
 */
function place(edited: Edited, found: readonly Found[], wish: IniWish): string[] {
  const without = new Set(wish.values);
  const places: Found[] = [];
  for (const one of found) {
    const kept = one.value !== undefined && without.delete(one.value);
    if (kept || (!wish.exclusive && one.active && wish.values.includes(one.value ?? '')))
      respell(edited, one, wish);
    else if (wish.exclusive) places.push(one);
  }
  const values = [...without];
  for (const { index } of places) {
    const value = values.shift();
    edited[index] = value === undefined ? undefined : assignment(wish, value);
  }
  return values.map((value) => assignment(wish, value));
}

/** The same value spelled with other blanks is spelled as wanted, unless that does not matter. */
function respell(edited: Edited, { index, value, active }: Found, wish: IniWish): void {
  const line = assignment(wish, value ?? '');
  if (active && (wish.ignoreSpaces || bare(edited[index] ?? '') === bare(line))) return;
  edited[index] = line;
}

/** New options go after the last line of the section that is neither blank nor a comment. */
function lastUsedLine(lines: Readonly<Edited>, range: Range): number {
  for (let index = range.end; index > range.first; index--) {
    if (!/^\s*(?:[#;].*)?$/.test(bare(lines[index - 1] ?? ''))) return index;
  }
  return range.first;
}

function removeOption(lines: readonly string[], range: Range, wish: IniWish): IniEdit {
  const going = new Set(
    optionLines(lines, range, wish)
      .filter(
        (one) =>
          one.active && (wish.exclusive || wish.values.length === 0 || wish.values.includes(one.value ?? '')),
      )
      .map((one) => one.index),
  );
  if (going.size === 0) return { text: lines.join(''), msg: 'OK' };
  return { text: lines.filter((_, index) => !going.has(index)).join(''), msg: 'option changed' };
}
