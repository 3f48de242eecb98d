/** Set arithmetic on lists, in the order of the lists. */
import { type Args, type Routines, routine } from '../routine.ts';
import { distinct, Membership } from './lists.ts';

function membership(items: readonly unknown[]): Membership {
  const seen = new Membership();
  for (const item of items) seen.add(item);
  return seen;
}

function lists(value: unknown, args: Args): [unknown[], unknown[]] {
  return [args.run.items(value), args.run.items(args.get('b'))];
}

function pick(value: unknown, args: Args, inOther: boolean): unknown[] {
  const [a, b] = lists(value, args);
  const others = membership(b);
  return distinct(a.filter((item) => others.has(item) === inOther));
}

/** Filters by name. */
export const SET_FILTERS: Routines = {
  difference: routine('b', (value, args) => pick(value, args, false)),
  intersect: routine('b', (value, args) => pick(value, args, true)),
  symmetric_difference: routine('b', (value, args) => {
    const [a, b] = lists(value, args);
    const [inA, inB] = [membership(a), membership(b)];
    return distinct([...a, ...b].filter((item) => inA.has(item) !== inB.has(item)));
  }),
  union: routine('b', (value, args) => distinct(lists(value, args).flat())),
};
