/** The methods of Python's `str`. */
import { isMapping } from '../../values/index.ts';
import { TemplateFault, typeFault } from '../faults.ts';
import { type Args, type Routines, routine } from '../routine.ts';
import { formatText } from './format.ts';
import { tuple, typeName } from './kinds.ts';
import { dictOf, iterate } from './logic.ts';
import { capText, WIDEST_FILL } from './text.ts';

const WHITE = '\\s\\x1c-\\x1f\\x85';

/** Gives a text without the given characters (white space by default) at its ends. */
export function strip(text: string, characters: string | undefined, side: 'both' | 'left' | 'right'): string {
  const set = characters === undefined ? undefined : new Set(Array.from(characters));
  const white = new RegExp(`[${WHITE}]`);
  const goes = (character: string): boolean => (set ? set.has(character) : white.test(character));
  const letters = Array.from(text);
  let start = 0;
  let end = letters.length;
  if (side !== 'right') while (start < end && goes(letters[start]!)) start++;
  if (side !== 'left') while (end > start && goes(letters[end - 1]!)) end--;
  return letters.slice(start, end).join('');
}

/** Gives `text.split(separator, most)`; white space separates when there is no separator. */
export function split(text: string, separator: string | undefined, most: number): string[] {
  if (separator === '') throw new TemplateFault('empty separator');
  if (separator !== undefined) {
    const parts = text.split(separator);
    return most < 0 || parts.length <= most + 1
      ? parts
      : [...parts.slice(0, most), parts.slice(most).join(separator)];
  }
  const trimmed = strip(text, undefined, most < 0 ? 'both' : 'left');
  if (trimmed === '') return [];
  const words: string[] = [];
  const gap = new RegExp(`[${WHITE}]+`, 'g');
  let from = 0;
  for (let match = gap.exec(trimmed); match && (most < 0 || words.length < most); match = gap.exec(trimmed)) {
    words.push(trimmed.slice(from, match.index));
    from = gap.lastIndex;
  }
  const rest = trimmed.slice(from);
  if (rest !== '') words.push(rest);
  return words;
}

function rsplit(text: string, separator: string | undefined, most: number): string[] {
  if (most < 0) return split(text, separator, most);
  if (separator === '') throw new TemplateFault('empty separator');
  if (separator !== undefined) {
    const parts = text.split(separator);
    const cut = Math.max(0, parts.length - most);
    return cut <= 1 ? parts : [parts.slice(0, cut).join(separator), ...parts.slice(cut)];
  }
  const words: string[] = [];
  let rest = strip(text, undefined, 'right');
  while (words.length < most) {
    const match = new RegExp(`^([sS]*[^${WHITE}])?[${WHITE}]+([^${WHITE}]+)$`).exec(rest);
    if (!match) break;
    words.unshift(match[2] ?? '');
    rest = match[1] ?? '';
  }
  return strip(rest, undefined, 'both') === '' ? words : [strip(rest, undefined, 'left'), ...words];
}

/** Gives the lines of a text, without their ends unless `keep`. */
export function splitLines(text: string, keep = false): string[] {
  const lines =
    text.match(
      /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+$/g,
    ) ?? [];
  return keep
    ? lines
    : lines.map((line) => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ''));
}

/** Gives `text.title()`: a capital behind everything that is not a letter. */
const title = (text: string): string => text.toLowerCase().replace(/\p{L}+/gu, (word) => upperFirst(word));

const upperFirst = (word: string): string => {
  const [first = '', ...rest] = Array.from(word);
  return first.toUpperCase() + rest.join('');
};

/** Gives `text.capitalize()`. */
export const capitalize = (text: string): string => upperFirst(text.toLowerCase());

const self = (value: unknown): string => value as string;
const letters = (value: unknown): string[] => Array.from(self(value));

/** The part of a text that `start` and `end` arguments select, and how many characters stand before it. */
function range(value: unknown, args: Args): { part: string; before: number } {
  const all = letters(value);
  const clamp = (index: number): number =>
    Math.min(all.length, Math.max(0, index < 0 ? index + all.length : index));
  const start = clamp(args.optionalInt('start') ?? 0);
  const end = clamp(args.optionalInt('end') ?? all.length);
  return { part: all.slice(start, Math.max(start, end)).join(''), before: start };
}

function find(value: unknown, args: Args, last: boolean): number {
  const { part, before } = range(value, args);
  const wanted = args.text('sub');
  const index = last ? part.lastIndexOf(wanted) : part.indexOf(wanted);
  return index === -1 ? -1 : before + Array.from(part.slice(0, index)).length;
}

function affixes(args: Args, name: string): string[] {
  const value = args.get(name);
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  return typeFault(`${name} must be str or a tuple of str, not ${typeName(value)}`);
}

const every = (pattern: RegExp) => routine('', (value) => pattern.test(self(value)));

function count(text: string, wanted: string): number {
  return wanted === '' ? Array.from(text).length + 1 : text.split(wanted).length - 1;
}

/** Replaces as `str.replace` does: nothing stands before, between and behind all characters. `most` below zero means all. */
export function replaceText(text: string, from: string, to: string, most: number): string {
  const parts = from === '' ? ['', ...Array.from(text), ''] : text.split(from);
  if (most < 0) return capText(parts.join(to));
  return capText(
    parts.reduce((made, part, index) => (index === 0 ? part : made + (index <= most ? to : from) + part), ''),
  );
}

function fill(value: unknown, args: Args, place: (missing: number) => [number, number]): string {
  const width = args.int('width');
  const missing = width - letters(value).length;
  if (missing <= 0) return self(value);
  if (missing > WIDEST_FILL) return args.refuse('width', 'is too large');
  const character = args.text('fillchar');
  if (Array.from(character).length !== 1)
    return args.refuse('fillchar', 'must be exactly one character long');
  const [left, right] = place(missing);
  return character.repeat(left) + self(value) + character.repeat(right);
}

function partition(text: string, separator: string, last: boolean): unknown {
  if (separator === '') throw new TemplateFault('empty separator');
  const index = last ? text.lastIndexOf(separator) : text.indexOf(separator);
  if (index === -1) return last ? tuple('', '', text) : tuple(text, '', '');
  return tuple(text.slice(0, index), separator, text.slice(index + separator.length));
}

function zfill(value: unknown, args: Args): string {
  const text = self(value);
  const width = args.int('width');
  if (width > WIDEST_FILL) return args.refuse('width', 'is too large');
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

function notFound(): never {
  throw new TemplateFault('substring not found');
}

/** Gives `separator.join(items)`; every item must be a text. */
function join(separator: string, items: unknown[]): string {
  items.forEach((item, index) => {
    if (typeof item !== 'string')
      typeFault(`sequence item ${index}: expected str instance, ${typeName(item)} found`);
  });
  return capText(items.join(separator));
}

function translate(text: string, table: unknown): string {
  if (!isMapping(table)) return typeFault('translate() needs a mapping');
  return Array.from(text, (character) => {
    const key = String(character.codePointAt(0));
    if (!Object.hasOwn(table, key)) return character;
    const to = table[key];
    return to === null ? '' : typeof to === 'number' ? String.fromCodePoint(to) : String(to);
  }).join('');
}

/** `str` methods by name. */
export const STRING_METHODS: Routines = {
  capitalize: routine('', (value) => capitalize(self(value))),
  casefold: routine('', (value) => self(value).toLowerCase().replaceAll('ß', 'ss')),
  center: routine('width fillchar=" "', (value, args) =>
    fill(value, args, (missing) => {
      const left = Math.floor(missing / 2) + (missing & args.int('width') & 1);
      return [left, missing - left];
    }),
  ),
  count: routine('sub start=null end=null', (value, args) =>
    count(range(value, args).part, args.text('sub')),
  ),
  encode: routine('encoding="utf-8" errors="strict"', (value) => value),
  endswith: routine('suffix start=null end=null', (value, args) =>
    affixes(args, 'suffix').some((suffix) => range(value, args).part.endsWith(suffix)),
  ),
  expandtabs: routine('tabsize=8', (value, args) => {
    const size = Math.max(args.int('tabsize'), 0);
    if (size > 1000) return args.refuse('tabsize', 'is too large');
    let column = 0;
    return letters(value)
      .map((character) => {
        if (character === '\t') {
          const blanks = size === 0 ? 0 : size - (column % size);
          column += blanks;
          return ' '.repeat(blanks);
        }
        column = character === '\n' || character === '\r' ? 0 : column + 1;
        return character;
      })
      .join('');
  }),
  find: routine('sub start=null end=null', (value, args) => find(value, args, false)),
  rfind: routine('sub start=null end=null', (value, args) => find(value, args, true)),
  format: routine('* **', (value, args) => formatText(self(value), args.rest, args.named, args.run)),
  format_map: routine('mapping', (value, args) => {
    const mapping = args.get('mapping');
    return formatText(self(value), [], isMapping(mapping) ? mapping : {}, args.run);
  }),
  index: routine('sub start=null end=null', (value, args) => {
    const index = find(value, args, false);
    return index === -1 ? notFound() : index;
  }),
  rindex: routine('sub start=null end=null', (value, args) => {
    const index = find(value, args, true);
    return index === -1 ? notFound() : index;
  }),
  isalnum: every(/^[\p{L}\p{N}]+$/u),
  isalpha: every(/^\p{L}+$/u),
  isascii: every(/^[\x00-\x7f]*$/),
  isdecimal: every(/^\p{Nd}+$/u),
  isdigit: every(/^[\p{Nd}²³¹⁰⁴-⁹₀-₉]+$/u),
  isidentifier: every(/^[\p{L}_][\p{L}\p{N}_]*$/u),
  islower: routine('', (value) => /\p{Ll}/u.test(self(value)) && !/[\p{Lu}\p{Lt}]/u.test(self(value))),
  isnumeric: every(/^\p{N}+$/u),
  isprintable: every(/^[^\x00-\x1f\x7f-\xa0]*$/),
  isspace: every(/^[\s\x1c-\x1f\x85]+$/),
  istitle: routine('', (value) => /\p{L}/u.test(self(value)) && self(value) === title(self(value))),
  isupper: routine('', (value) => /\p{Lu}/u.test(self(value)) && !/\p{Ll}/u.test(self(value))),
  join: routine('iterable', (value, args) => join(self(value), iterate(args.get('iterable')))),
  ljust: routine('width fillchar=" "', (value, args) => fill(value, args, (missing) => [0, missing])),
  rjust: routine('width fillchar=" "', (value, args) => fill(value, args, (missing) => [missing, 0])),
  lower: routine('', (value) => self(value).toLowerCase()),
  upper: routine('', (value) => self(value).toUpperCase()),
  lstrip: routine('chars=null', (value, args) => strip(self(value), args.optionalText('chars'), 'left')),
  rstrip: routine('chars=null', (value, args) => strip(self(value), args.optionalText('chars'), 'right')),
  strip: routine('chars=null', (value, args) => strip(self(value), args.optionalText('chars'), 'both')),
  maketrans: routine('x y=null z=null', (_, args) => makeTable(args)),
  partition: routine('sep', (value, args) => partition(self(value), args.text('sep'), false)),
  rpartition: routine('sep', (value, args) => partition(self(value), args.text('sep'), true)),
  removeprefix: routine('prefix', (value, args) =>
    self(value).startsWith(args.text('prefix')) ? self(value).slice(args.text('prefix').length) : value,
  ),
  removesuffix: routine('suffix', (value, args) =>
    args.text('suffix') !== '' && self(value).endsWith(args.text('suffix'))
      ? self(value).slice(0, -args.text('suffix').length)
      : value,
  ),
  replace: routine('old new count=-1', (value, args) =>
    replaceText(self(value), args.text('old'), args.text('new'), args.int('count')),
  ),
  split: routine('sep=null maxsplit=-1', (value, args) =>
    split(self(value), args.optionalText('sep'), args.int('maxsplit')),
  ),
  rsplit: routine('sep=null maxsplit=-1', (value, args) =>
    rsplit(self(value), args.optionalText('sep'), args.int('maxsplit')),
  ),
  splitlines: routine('keepends=false', (value, args) => splitLines(self(value), args.flag('keepends'))),
  startswith: routine('prefix start=null end=null', (value, args) =>
    affixes(args, 'prefix').some((prefix) => range(value, args).part.startsWith(prefix)),
  ),
  swapcase: routine('', (value) =>
    letters(value)
      .map((character) =>
        character === character.toUpperCase() ? character.toLowerCase() : character.toUpperCase(),
      )
      .join(''),
  ),
  title: routine('', (value) => title(self(value))),
  translate: routine('table', (value, args) => translate(self(value), args.get('table'))),
  zfill: routine('width', (value, args) => zfill(value, args)),
};

function makeTable(args: Args): unknown {
  const from = Array.from(args.text('x'));
  const to = Array.from(args.text('y'));
  if (from.length !== to.length) return args.fail('the first two maketrans arguments must have equal length');
  const pairs: [string, unknown][] = from.map((character, index) => [
    String(character.codePointAt(0)),
    to[index],
  ]);
  for (const character of Array.from(args.optionalText('z') ?? ''))
    pairs.push([String(character.codePointAt(0)), null]);
  return dictOf(pairs);
}
