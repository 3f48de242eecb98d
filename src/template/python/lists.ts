/** The methods of Python's `list` (and `tuple`). */

import { TemplateFault } from '../faults.ts';
import { type Routines, routine } from '../routine.ts';
import { Callable, isInt } from './kinds.ts';
import { compare, equals, iterate, truthy } from './logic.ts';

const self = (value: unknown): unknown[] => value as unknown[];

function position(list: unknown[], wanted: unknown): number {
  const index = list.findIndex((item) => equals(item, wanted));
  if (index === -1) throw new TemplateFault('the value is not in the list');
  return index;
}

/** `list` methods by name. */
export const LIST_METHODS: Routines = {
  append: routine('object', (value, args) => {
    args.run.spend(1);
    self(value).push(args.get('object'));
    return null;
  }),
  clear: routine('', (value) => {
    self(value).length = 0;
    return null;
  }),
  copy: routine('', (value) => [...self(value)]),
  count: routine(
    'value',
    (value, args) => self(value).filter((item) => equals(item, args.get('value'))).length,
  ),
  extend: routine('iterable', (value, args) => {
    const more = [...iterate(args.get('iterable'))];
    args.run.spend(more.length);
    for (const item of more) self(value).push(item);
    return null;
  }),
  index: routine(
    'value start=0',
    (value, args) => args.int('start') + position(self(value).slice(args.int('start')), args.get('value')),
  ),
  insert: routine('index object', (value, args) => {
    args.run.spend(1);
    self(value).splice(args.int('index'), 0, args.get('object'));
    return null;
  }),
  pop: routine('index=-1', (value, args) => {
    const list = self(value);
    const index = args.get('index');
    if (list.length === 0) return args.fail('pop from empty list');
    const at = isInt(index) ? Number(index) : args.int('index');
    const from = at < 0 ? list.length + at : at;
    if (from < 0 || from >= list.length) return args.fail('pop index out of range');
    return list.splice(from, 1)[0];
  }),
  remove: routine('value', (value, args) => {
    self(value).splice(position(self(value), args.get('value')), 1);
    return null;
  }),
  reverse: routine('', (value) => {
    self(value).reverse();
    return null;
  }),
  sort: routine('key=null reverse=false', (value, args) => {
    const key = args.get('key');
    const by = (item: unknown): unknown => (key instanceof Callable ? key.call(args.run, [item], {}) : item);
    const direction = truthy(args.get('reverse')) ? -1 : 1;
    self(value).sort((a, b) => direction * compare(by(a), by(b)));
    return null;
  }),
};
