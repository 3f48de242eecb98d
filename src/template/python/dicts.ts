/** The methods of Python's `dict`. The views that `items()`, `keys()` and `values()` give are lists here. */
import { isMapping, keyOf, keysOf, namesOf, put, remove, valuesOf } from '../../values/index.ts';
import { TemplateFault } from '../faults.ts';
import { type Args, type Routines, routine } from '../routine.ts';
import { copyDict, tuple } from './kinds.ts';
import { findKey, iterate, keyText, setItem } from './logic.ts';

type Dict = Record<string, unknown>;
const self = (value: unknown): Dict => value as Dict;

/** Gives the key-value pairs of a mapping as tuples. */
export const items = (value: unknown): unknown[] =>
  namesOf(self(value)).map((name) => tuple(keyOf(self(value), name), self(value)[name]));

function take(value: unknown, args: Args, name: string): unknown {
  const dict = self(value);
  const key = findKey(dict, args.get(name));
  if (key !== undefined) {
    const found = args.run.open(dict[key]);
    remove(dict, key);
    return found;
  }
  if (args.given('default')) return args.get('default');
  return args.fail(`there is no key "${keyText(args.get(name))}"`);
}

/** Adds pairs, or the keys of a mapping, to a mapping. */
export function fillDict(dict: Dict, from: unknown, args: Args): void {
  if (isMapping(from)) {
    for (const name of namesOf(from)) put(dict, name, from[name], keyOf(from, name));
  } else {
    for (const pair of iterate(from)) {
      const [key, value, ...more] = iterate(pair);
      if (more.length > 0)
        throw new TemplateFault('dictionary update sequence has an element that is not a pair');
      setItem(dict, key, value);
    }
  }
  for (const key of Object.keys(args.named)) put(dict, key, args.named[key]);
  args.run.spend(Object.keys(dict).length);
}

/** `dict` methods by name. */
export const DICT_METHODS: Routines = {
  clear: routine('', (value) => {
    for (const key of Object.keys(self(value))) remove(self(value), key);
    return null;
  }),
  copy: routine('', (value) => copyDict(self(value))),
  fromkeys: routine('iterable value=null', (_, args) => {
    const made: Dict = {};
    for (const key of args.list('iterable')) setItem(made, key, args.get('value'));
    return made;
  }),
  get: routine('key default=null', (value, args) => {
    const key = findKey(self(value), args.get('key'));
    return key === undefined ? args.get('default') : args.run.open(self(value)[key]);
  }),
  items: routine('', items),
  keys: routine('', (value) => keysOf(self(value))),
  pop: routine('key default=null', (value, args) => take(value, args, 'key')),
  popitem: routine('', (value, args) => {
    const last = items(value).at(-1);
    if (last === undefined) return args.fail('the dictionary is empty');
    remove(self(value), namesOf(self(value)).at(-1)!);
    return last;
  }),
  setdefault: routine('key default=null', (value, args) => {
    const key = args.get('key');
    if (findKey(self(value), key) === undefined) setItem(self(value), key, args.get('default'));
    return self(value)[keyText(key)];
  }),
  update: routine('other=[] **', (value, args) => {
    fillDict(self(value), args.get('other'), args);
    return null;
  }),
  values: routine('', (value) => valuesOf(self(value))),
};
