/** `map`, `select`, `reject` and their attribute forms. */

import { truthy } from '../python/logic.ts';
import { str } from '../python/text.ts';
import type { Args, Routines } from '../routine.ts';
import { routine } from '../routine.ts';
import { attributeReader } from './attribute.ts';

function map(value: unknown, args: Args): unknown[] {
  const { run, rest, named } = args;
  if (rest.length === 0 && Object.hasOwn(named, 'attribute')) {
    const initial = Object.hasOwn(named, 'default') ? named.default : undefined;
    const stray = Object.keys(named).find((key) => key !== 'attribute' && key !== 'default');
    if (stray !== undefined) args.fail(`has no argument "${stray}"`);
    return run.items(value).map(attributeReader(run, named.attribute, initial));
  }
  const [name, ...more] = rest;
  if (name === undefined) return args.fail('needs the name of a filter, or attribute=');
  const filter = str(name);
  return run.items(value).map((item) => run.filter(filter, item, more, named));
}

function choose(value: unknown, args: Args, wanted: boolean, byAttribute: boolean): unknown[] {
  const { run, named } = args;
  const [attribute, ...rest] = byAttribute ? args.rest : [null, ...args.rest];
  if (byAttribute && attribute === undefined) args.fail('needs the name of an attribute');
  const read = attributeReader(run, attribute);
  const [name, ...more] = rest;
  const test = name === undefined ? undefined : str(name);
  const holds = (item: unknown): boolean =>
    test === undefined ? truthy(read(item)) : run.test(test, read(item), more, named);
  return run.items(value).filter((item) => holds(item) === wanted);
}

/** Filters by name. */
export const SELECT_FILTERS: Routines = {
  map: routine('* **', map),
  select: routine('* **', (value, args) => choose(value, args, true, false)),
  reject: routine('* **', (value, args) => choose(value, args, false, false)),
  selectattr: routine('* **', (value, args) => choose(value, args, true, true)),
  rejectattr: routine('* **', (value, args) => choose(value, args, false, true)),
};
