import { bare, linesOf } from '../text-file.ts';

/** What shall become of one option, or of a section. */
export interface IniWish {
  /** Undefined: options before the first section. */
  readonly section: string | undefined;
  readonly option: string | undefined;
  /** Several values are several lines with the same option. */
  readonly values: readonly string[];
  readonly present: boolean;
  /** Other lines with the same option go. */
  readonly exclusive: boolean;
  readonly noExtraSpaces: boolean;
  /** Only blanks around = differ: leave the line alone. */
  readonly ignoreSpaces: boolean;
  /** An option may stand alone, without =. */
  readonly allowNoValue: boolean;
  /** A commented-out line of the option is used for it. */
  readonly modifyInactive: boolean;
}

/** The new text, and what happened in Ansible's words. */
export interface IniEdit {
  readonly text: string;
  readonly msg: string;
}

/** Edits an INI text line by line; comments and order stay. */
export function editIni(content: string, wish: IniWish): IniEdit {
  // What is added to an empty file stands around an empty line, as community.general has it.
  const edited = editLines(linesOf(content === '' ? '\n' : content), wish);
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
  return wish.values.map((value) => assignment(wish, value));
}

function assignment(wish: IniWish, value: string): string {
  return wish.noExtraSpaces ? `${wish.option}=${value}\n` : `${wish.option} = ${value}\n`;
}

/** A line of the option: its value, and whether it is commented out. */
interface Found {
  readonly index: number;
  readonly value: string | undefined;
  readonly active: boolean;
}

function optionLines(lines: readonly string[], range: Range, wish: IniWish): Found[] {
  const form = new RegExp(`^([#;]?)[ \\t]*${escaped(wish.option ?? '')}[ \\t]*(?:=[ \\t]*(.*))?$`);
  return lines.slice(range.first, range.end).flatMap((line, offset) => {
    const match = form.exec(bare(line));
    if (!match || (match[1] !== '' && match[2] === undefined && !wish.allowNoValue)) return [];
    return [{ index: range.first + offset, value: match[2]?.trimEnd(), active: match[1] === '' }];
  });
}

function ensureOption(lines: readonly string[], range: Range, wish: IniWish): IniEdit {
  const found = optionLines(lines, range, wish);
  const wanted: (string | undefined)[] = wish.values.length === 0 ? [undefined] : [...wish.values];
  const active = found.filter((one) => one.active);
  const missing = wanted.filter((value) => !active.some((one) => one.value === value));
  const surplus = wish.exclusive ? active.filter((one) => !wanted.includes(one.value)) : [];
  const edited: (string | undefined)[] = [...lines];
  respell(edited, active, wanted, wish);
  // Lines that have to go, or are commented out, give their places to values that are missing.
  const places = [...surplus, ...(wish.modifyInactive ? found.filter((one) => !one.active) : [])];
  let changed = false;
  for (const value of [...missing]) {
    const place = places.shift();
    if (!place) break;
    edited[place.index] = lineFor(wish, value);
    missing.shift();
    changed = true;
  }
  for (const place of places.filter((one) => one.active)) edited[place.index] = undefined;
  const added = missing.map((value) => lineFor(wish, value));
  const at = lastUsedLine(lines, range);
  if (added.length > 0 && at > 0) edited[at - 1] = closed(edited[at - 1] ?? '');
  const text = [...edited.slice(0, at), ...added, ...edited.slice(at)]
    .filter((line) => line !== undefined)
    .join('');
  if (text === lines.join('')) return { text, msg: 'OK' };
  return { text, msg: added.length > 0 && !changed ? 'option added' : 'option changed' };
}

/** The same value spelled with other blanks is spelled as wanted, unless that does not matter. */
function respell(
  edited: (string | undefined)[],
  active: readonly Found[],
  wanted: readonly (string | undefined)[],
  wish: IniWish,
): void {
  if (wish.ignoreSpaces) return;
  for (const { index, value } of active) {
    if (wanted.includes(value) && bare(edited[index] ?? '') !== bare(lineFor(wish, value)))
      edited[index] = lineFor(wish, value);
  }
}

function lineFor(wish: IniWish, value: string | undefined): string {
  return value === undefined ? `${wish.option}\n` : assignment(wish, value);
}

/** New options go after the last line of the section that is neither blank nor a comment. */
function lastUsedLine(lines: readonly string[], range: Range): number {
  for (let index = range.end; index > range.first; index--) {
    if (!/^\s*(?:[#;].*)?$/.test(bare(lines[index - 1]!))) return index;
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
