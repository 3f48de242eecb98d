/** Filters over lists. */
import { Undefined } from '../../values/index.ts';
import { arithmetic } from '../python/arithmetic.ts';
import { groupTuple, tuple } from '../python/kinds.ts';
import { compare, equals, iterate, known, length } from '../python/logic.ts';
import { str } from '../python/text.ts';
import { type Args, type Routines, routine } from '../routine.ts';
import { attributeReader, caseless } from './attribute.ts';

/** Sorts by keys, keeping the order of equals. */
export function sortBy<T>(items: readonly T[], key: (item: T) => unknown, reverse = false): T[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  keyed.sort((a, b) => (reverse ? compare(b.key, a.key) : compare(a.key, b.key)));
  return keyed.map(({ item }) => item);
}

function sort(value: unknown, args: Args): unknown[] {
  const fold = caseless(args.flag('case_sensitive'));
  const attribute = args.get('attribute');
  const readers =
    typeof attribute === 'string'
      ? attribute.split(',').map((path) => attributeReader(args.run, path))
      : [attributeReader(args.run, attribute)];
  const key = (item: unknown): unknown =>
    readers.length === 1 ? fold(readers[0]!(item)) : readers.map((read) => fold(read(item)));
  return sortBy(args.run.items(value), key, args.flag('reverse'));
}

function extreme(value: unknown, args: Args, sign: number): unknown {
  const items = args.run.items(value);
  if (items.length === 0)
    return new Undefined('the value', 'there is no smallest or largest item: the sequence was empty');
  const fold = caseless(args.flag('case_sensitive'));
  const read = attributeReader(args.run, args.get('attribute'));
  return items.reduce((best, item) => (sign * compare(fold(read(item)), fold(read(best))) > 0 ? item : best));
}

function unique(value: unknown, args: Args): unknown[] {
  const fold = caseless(args.get('case_sensitive') === null ? false : args.flag('case_sensitive'));
  const read = attributeReader(args.run, args.get('attribute'));
  return distinct(args.run.items(value), (item) => fold(read(item)));
}

/** Gives each item once, the first of its equals. Texts and numbers are compared by a set, the rest one by one. */
export function distinct(
  items: readonly unknown[],
  key: (item: unknown) => unknown = (item) => item,
): unknown[] {
  const seen = new Membership();
  return items.filter((item) => seen.add(key(item)));
}

/** The set of the values seen so far, equal as Python has it. */
export class Membership {
  private readonly simple = new Set<unknown>();
  private readonly rest: unknown[] = [];

  /** Adds a value; false when an equal one was there. */
  add(value: unknown): boolean {
    if (this.has(value)) return false;
    if (isSimple(value)) this.simple.add(simpleKey(value));
    else this.rest.push(value);
    return true;
  }

  has(value: unknown): boolean {
    return isSimple(value)
      ? this.simple.has(simpleKey(value))
      : this.rest.some((other) => equals(other, value));
  }
}

const isSimple = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || value instanceof Number;
/** 1, 1.0 and True are equal in Python. */
const simpleKey = (value: unknown): unknown =>
  typeof value === 'boolean' || value instanceof Number ? Number(value) : value;

function groupby(value: unknown, args: Args): unknown[] {
  const initial = args.given('default') ? args.get('default') : undefined;
  const read = attributeReader(args.run, args.get('attribute'), initial);
  const fold = caseless(args.flag('case_sensitive'));
  const groups: { key: unknown; items: unknown[]; shown: unknown }[] = [];
  for (const item of sortBy(args.run.items(value), (entry) => fold(read(entry)))) {
    const shown = read(item);
    const key = fold(shown);
    const last = groups.at(-1);
    if (last && equals(last.key, key)) last.items.push(item);
    else groups.push({ key, items: [item], shown });
  }
  return groups.map(({ shown, items }) => groupTuple(shown, items));
}

function batch(value: unknown, args: Args): unknown[][] {
  const size = Math.max(1, args.int('linecount'));
  const items = args.run.items(value);
  const made: unknown[][] = [];
  for (let i = 0; i < items.length; i += size) made.push(items.slice(i, i + size));
  const last = made.at(-1);
  const fill = args.get('fill_with');
  if (last && fill !== null) {
    args.run.spend(size);
    while (last.length < size) last.push(fill);
  }
  return made;
}

function slices(value: unknown, args: Args): unknown[][] {
  const items = args.run.items(value);
  const count = args.int('slices');
  if (count < 1) return args.refuse('slices', 'must be at least 1');
  args.run.spend(count);
  const least = Math.floor(items.length / count);
  const longer = items.length % count;
  const fill = args.get('fill_with');
  return Array.from({ length: count }, (_, index) => {
    const start = index * least + Math.min(index, longer);
    const part = items.slice(start, start + least + (index < longer ? 1 : 0));
    if (fill !== null && longer > 0 && index >= longer) part.push(fill);
    return part;
  });
}

function sum(value: unknown, args: Args): unknown {
  const read = attributeReader(args.run, args.get('attribute'));
  return args.run
    .items(value)
    .reduce((total, item) => arithmetic('+', total, known(read(item))), args.get('start'));
}

function flatten(value: unknown, args: Args): unknown[] {
  const levels = args.optionalInt('levels');
  const skipNulls = args.flag('skip_nulls');
  const made: unknown[] = [];
  const walk = (items: unknown[], depth: number): void => {
    for (const item of items) {
      if (skipNulls && (item === null || item === 'None' || item === 'null')) continue;
      if (Array.isArray(item) && (levels === undefined || depth < levels)) walk(item, depth + 1);
      else made.push(item);
    }
  };
  walk(args.run.items(value), 0);
  return made;
}

function zip(value: unknown, args: Args, longest: boolean): unknown[] {
  const lists = [value, ...args.rest].map((list) => args.run.items(list));
  const sizes = lists.map((list) => list.length);
  const size = longest ? Math.max(...sizes) : Math.min(...sizes);
  const fill = Object.hasOwn(args.named, 'fillvalue') ? args.named.fillvalue : null;
  return Array.from({ length: size }, (_, index) =>
    tuple(...lists.map((list) => (index < list.length ? list[index] : fill))),
  );
}

function product(value: unknown, args: Args): unknown[] {
  const once = [value, ...args.rest].map((list) => iterate(list));
  const repeat = Object.hasOwn(args.named, 'repeat') ? Number(str(args.named.repeat)) : 1;
  const lists = Array.from({ length: repeat }, () => once).flat();
  return cross(lists, args);
}

/** Gives every combination of one item from each list. */
function cross(lists: unknown[][], args: Args): unknown[] {
  let made: unknown[][] = [[]];
  for (const list of lists) {
    args.run.spend(made.length * list.length);
    made = made.flatMap((start) => list.map((item) => [...start, item]));
  }
  return made.map((items) => tuple(...items));
}

/** How many ways there are to choose: known beforehand, so that too many are refused at once. */
function countChoices(count: number, size: number, ordered: boolean): number {
  let ways = 1;
  for (let i = 0; i < size; i++) ways *= (count - i) / (ordered ? 1 : i + 1);
  return ways;
}

function choices(value: unknown, args: Args, ordered: boolean): unknown[] {
  const items = iterate(value);
  const size = args.optionalInt('set_size') ?? items.length;
  args.run.spend(size * countChoices(items.length, size, ordered));
  const made: unknown[] = [];
  const pick = (taken: number[]): void => {
    if (taken.length === size) {
      made.push(tuple(...taken.map((index) => items[index])));
      return;
    }
    const from = ordered ? 0 : (taken.at(-1) ?? -1) + 1;
    for (let i = from; i < items.length; i++) if (!ordered || !taken.includes(i)) pick([...taken, i]);
  };
  pick([]);
  return made;
}

function first(value: unknown): unknown {
  const items = iterate(value);
  return items.length > 0
    ? items[0]
    : new Undefined('the value', 'there is no first item: the sequence was empty');
}

function last(value: unknown): unknown {
  const items = iterate(value);
  return items.length > 0
    ? items.at(-1)
    : new Undefined('the value', 'there is no last item: the sequence was empty');
}

/** Filters by name. */
export const LIST_FILTERS: Routines = {
  batch: routine('linecount fill_with=null', batch),
  combinations: routine('set_size=null', (value, args) => choices(value, args, false)),
  count: routine('', length),
  first: routine('', first),
  flatten: routine('levels=null skip_nulls=true', flatten),
  groupby: routine('attribute default=null case_sensitive=false', groupby),
  last: routine('', last),
  length: routine('', length),
  list: routine('', (value, args) => [...args.run.items(value)]),
  max: routine('case_sensitive=false attribute=null', (value, args) => extreme(value, args, 1)),
  min: routine('case_sensitive=false attribute=null', (value, args) => extreme(value, args, -1)),
  permutations: routine('set_size=null', (value, args) => choices(value, args, true)),
  product: routine('* **', product),
  reverse: routine('', (value) =>
    typeof value === 'string' ? Array.from(value).reverse().join('') : [...iterate(value)].reverse(),
  ),
  slice: routine('slices fill_with=null', slices),
  sort: routine('reverse=false case_sensitive=false attribute=null', sort),
  sum: routine('attribute=null start=0', sum),
  unique: routine('case_sensitive=null attribute=null', unique),
  zip: routine('* **', (value, args) => zip(value, args, false)),
  zip_longest: routine('* **', (value, args) => zip(value, args, true)),
};
