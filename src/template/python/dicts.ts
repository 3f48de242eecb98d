/** The methods of Python's `dict`. The views that `items()`, `keys()` and `values()` give are lists here. */
import { isMapping, put } from '../../values/index.ts';
import { TemplateFault } from '../faults.ts';
import { type Args, type Routines, routine } from '../routine.ts';
import { copyDict, tuple } from './kinds.ts';
import { iterate, keyText } from './logic.ts';

type Dict = Record<string, unknown>;
const self = (value: unknown): Dict => value as Dict;

/** Gives the key-value pairs of a mapping as tuples. */
export const items = (value: unknown): unknown[] =>
  Object.keys(self(value)).map((key) => tuple(key, self(value)[key]));

function take(value: unknown, args: Args, name: string): unknown {
  const key = keyText(args.get(name));
  const dict = self(value);
  if (Object.hasOwn(dict, key)) {
    const found = args.run.open(dict[key]);
    delete dict[key];
    return found;
  }
  if (args.given('default')) return args.get('default');
  return args.fail(`there is no key "${key}"`);
}

/** Adds pairs, or the keys of a mapping, to a mapping. */
export function fillDict(dict: Dict, from: unknown, args: Args): void {
  if (isMapping(from)) {
    for (const key of Object.keys(from)) put(dict, key, from[key]);
  } else {
    for (const pair of iterate(from)) {
      const [key, value, ...more] = iterate(pair);
      if (more.length > 0)
        throw new TemplateFault('dictionary update sequence has an element that is not a pair');
      put(dict, keyText(key), value);
    }
  }
  for (const key of Object.keys(args.named)) put(dict, key, args.named[key]);
  args.run.spend(Object.keys(dict).length);
}

/** `dict` methods by name. */
export const DICT_METHODS: Routines = {
  clear: routine('', (value) => {
    for (const key of Object.keys(self(value))) delete self(value)[key];
    return null;
  }),
  copy: routine('', (value) => copyDict(self(value))),
  fromkeys: routine('iterable value=null', (_, args) => {
    const made: Dict = {};
    for (const key of args.list('iterable')) put(made, keyText(key), args.get('value'));
    return made;
  }),
  get: routine('key default=null', (value, args) => {
    const key = keyText(args.get('key'));
    return Object.hasOwn(self(value), key) ? args.run.open(self(value)[key]) : args.get('default');
  }),
  items: routine('', items),
  keys: routine('', (value) => Object.keys(self(value))),
  pop: routine('key default=null', (value, args) => take(value, args, 'key')),
  popitem: routine('', (value, args) => {
    const key = Object.keys(self(value)).at(-1);
    if (key === undefined) return args.fail('the dictionary is empty');
    const last = self(value)[key];
    delete self(value)[key];
    return tuple(key, last);
  }),
  setdefault: routine('key default=null', (value, args) => {
    const key = keyText(args.get('key'));
    if (!Object.hasOwn(self(value), key)) put(self(value), key, args.get('default'));
    return self(value)[key];
  }),
  update: routine('other=[] **', (value, args) => {
    fillDict(self(value), args.get('other'), args);
    return null;
  }),
  values: routine('', (value) => Object.values(self(value))),
};
