/** Lookups that only rearrange their terms. */

import { randomInt } from 'node:crypto';
import { isMapping, keyOf, namesOf, valuesOf } from '../../values/index.ts';
import { TemplateFault } from '../faults.ts';
import { subelements } from '../filters/dicts.ts';
import { tuple } from '../python/kinds.ts';
import { iterate, truthy } from '../python/logic.ts';
import { percentFormat } from '../python/percent.ts';
import { repr, str } from '../python/text.ts';
import { type LookupCall, type Lookups, lookup, wordsAndOptions } from './lookup.ts';

/** Terms with lists among them opened one level. */
const opened = (terms: readonly unknown[]): unknown[] =>
  terms.flatMap((term) => (Array.isArray(term) ? Array.from(term) : [term]));

function flattened(terms: readonly unknown[]): unknown[] {
  return terms.flatMap((term) =>
    Array.isArray(term) ? flattened(term) : term === 'None' || term === 'null' ? [] : [term],
  );
}

/** A term as a list: a mapping is the list of its names, and what is no list is the only item of one. */
const listOf = (term: unknown): readonly unknown[] =>
  Array.isArray(term) ? term : isMapping(term) ? namesOf(term).map((name) => keyOf(term, name)) : [term];

function nested(call: LookupCall): unknown[] {
  const lists = call.terms.map(listOf);
  if (lists.length === 0) return call.fail('with_nested requires at least one element in the nested list');
  let made: unknown[][] = [[]];
  for (const list of lists) {
    call.run.spend(made.length * list.length);
    made = made.flatMap((start) => list.map((item) => [...start, ...(Array.isArray(item) ? item : [item])]));
  }
  return made;
}

function together(call: LookupCall): unknown[] {
  const lists = call.terms.map(listOf);
  if (lists.length === 0) return call.fail('with_together requires at least one element in each list');
  const size = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: size }, (_, index) =>
    lists.map((list) => (index < list.length ? list[index] : null)),
  );
}

function dict(call: LookupCall): unknown[] {
  return opened(call.terms).flatMap((term) => {
    if (!isMapping(term)) throw new TemplateFault('with_dict expects a dict');
    return namesOf(term).map((name) => ({ key: keyOf(term, name), value: term[name] }));
  });
}

/** `[start-]end[/stride][:format]`; that its parts are numbers is looked at later. */
const SHORTCUT = /^(\w+)?(?:-(\w+))?(?:\/(\w+))?(?::(.+))?$/;

function integer(name: string, text: unknown, call: LookupCall): number {
  const written = str(text);
  const value = /^0x/i.test(written)
    ? Number.parseInt(written, 16)
    : /^-?0\d/.test(written)
      ? Number.parseInt(written, 8)
      : Number(written);
  return written.trim() !== '' && Number.isInteger(value)
    ? value
    : call.fail(`can't parse ${name}=${written} as integer`);
}

interface Sequence {
  readonly start?: unknown;
  readonly end?: unknown;
  readonly stride?: unknown;
  readonly count?: unknown;
  readonly format?: unknown;
}

const SEQUENCE_OPTIONS = ['start', 'end', 'stride', 'count', 'format'];

function readSequence(term: unknown, call: LookupCall): Sequence {
  if (isMapping(term)) return term;
  const text = str(term).trim();
  const short = SHORTCUT.exec(text);
  if (short && text !== '') {
    const [, first, second, stride, format] = short;
    return { ...(second === undefined ? { end: first } : { start: first, end: second }), stride, format };
  }
  const { words, options } = wordsAndOptions(text);
  if (words !== '')
    call.fail(
      `unrecognized arguments to with_sequence: "${text}"`,
      'write start=1 end=5 stride=1 format=%d, or 1-5/1:%d',
    );
  const stray = Object.keys(options).filter((name) => !SEQUENCE_OPTIONS.includes(name));
  if (stray.length > 0) call.fail(`unrecognized arguments to with_sequence: ${repr(stray)}`);
  return options;
}

function sequenceOf(term: unknown, call: LookupCall): string[] {
  const { start: from, end: to, stride: by, count: size, format = '%d' } = { ...readSequence(term, call) };
  const start = from === undefined ? 1 : integer('start', from, call);
  let stride = by === undefined ? undefined : integer('stride', by, call);
  let end: number;
  if (size !== undefined && to !== undefined)
    return call.fail("can't specify both count and end in with_sequence");
  if (size !== undefined) {
    const count = integer('count', size, call);
    if (count === 0) return [];
    stride ??= 1;
    end = start + count * stride - stride;
  } else {
    if (to === undefined) return call.fail('must specify count or end in with_sequence');
    end = integer('end', to, call);
    stride ??= 1;
  }
  if (stride > 0 && end < start) return call.fail('to count backwards make stride negative');
  if (stride < 0 && end > start) return call.fail("to count forward don't make stride negative");
  if (stride === 0) return [];
  const length = Math.floor((end - start) / stride) + 1;
  call.run.spend(length);
  if (length > 1_000_000) return call.fail('the sequence is too long');
  return Array.from({ length }, (_, index) => inFormat(str(format), start + index * (stride ?? 1), call));
}

function inFormat(format: string, value: number, call: LookupCall): string {
  try {
    return percentFormat(format, tuple(value));
  } catch (error) {
    if (error instanceof TemplateFault) return call.fail(`bad formatting string: ${format}`);
    throw error;
  }
}

function sequence(call: LookupCall): unknown[] {
  if (call.terms.length === 0) return sequenceOf(call.options, call);
  return call.terms.flatMap((term) =>
    sequenceOf(
      isMapping(term) || Object.keys(call.options).length === 0
        ? term
        : { ...readSequence(term, call), ...call.options },
      call,
    ),
  );
}

function pairs(call: LookupCall): unknown[] {
  const [value, path, flags] =
    call.terms.length === 1 && Array.isArray(call.terms[0]) && typeof call.terms[0][1] === 'string'
      ? call.terms[0]
      : call.terms;
  const shape = (why: string): never =>
    call.fail(`subelements lookup expects a list of two or three items, ${why}`);
  const extra = call.terms.length === 1 ? 0 : call.terms.length - 3;
  if (typeof path !== 'string' || extra > 0)
    return shape('the first a dict or a list, the second a string that leads to the inner list');
  if (!isMapping(value) && !Array.isArray(value))
    return call.fail(`subelements lookup expects a dictionary, got '${str(value)}'`);
  if (flags !== undefined && !isMapping(flags))
    return shape('the optional third item must be a dict with flags skip_missing');
  if (isMapping(value) && value.skipped !== undefined && value.skipped !== false) return [];
  const skip = isMapping(flags)
    ? truthy(flags.skip_missing ?? false) && flags.skip_missing !== 'false' && flags.skip_missing !== 'no'
    : call.flag('skip_missing');
  const elements = isMapping(value)
    ? valuesOf(value).filter((element) => !(isMapping(element) && element.skipped === true))
    : iterate(value).filter((element) => !(isMapping(element) && element.skipped === true));
  return subelements(elements, path, skip, (why) => call.fail(why), true);
}

/** Lookups by name. */
export const DATA_LOOKUPS: Lookups = {
  dict: lookup('', dict),
  flattened: lookup('', (call) => flattened(call.terms)),
  indexed_items: lookup('', (call) => opened(call.terms).map((item, index) => tuple(index, item))),
  items: lookup('', (call) => opened(call.terms)),
  list: lookup('', (call) => [...call.terms]),
  nested: lookup('', nested),
  random_choice: lookup('', (call) =>
    call.terms.length === 0 ? [] : [call.terms[randomInt(call.terms.length)]],
  ),
  sequence: lookup('start end stride count format', sequence),
  subelements: lookup('skip_missing', pairs),
  together: lookup('', together),
  cartesian: lookup('', nested),
};
