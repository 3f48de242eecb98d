/** Filters over mappings. */
import {
  filterMapping,
  isMapping,
  isUndefined,
  isUnknown,
  keyOf,
  namesOf,
  put,
  valuesOf,
} from '../../values/index.ts';
import { UnknownSignal } from '../faults.ts';
import { items } from '../python/dicts.ts';
import { copyDict, tuple, typeName } from '../python/kinds.ts';
import { dictOf, equals, findKey, iterate, keyText, setItem } from '../python/logic.ts';
import { str } from '../python/text.ts';
import { type Args, type Routines, routine, tolerant } from '../routine.ts';
import { attributeReader, caseless } from './attribute.ts';
import { sortBy } from './lists.ts';

type Dict = Record<string, unknown>;
type ListMerge = (a: unknown[], b: unknown[]) => unknown[];

const without = (a: unknown[], b: unknown[]): unknown[] =>
  a.filter((item) => !b.some((other) => equals(item, other)));

const LIST_MERGES: Readonly<Record<string, ListMerge>> = {
  replace: (_, b) => b,
  keep: (a) => a,
  append: (a, b) => [...a, ...b],
  prepend: (a, b) => [...b, ...a],
  append_rp: (a, b) => [...without(a, b), ...b],
  prepend_rp: (a, b) => [...b, ...without(a, b)],
};

/** Merges two mappings; the second wins. */
function merge(a: Dict, b: Dict, recursive: boolean, lists: ListMerge): Dict {
  const made = copyDict(a);
  for (const name of namesOf(b)) {
    const [old, next] = [Object.hasOwn(made, name) ? made[name] : undefined, b[name]];
    const set = (value: unknown): void => put(made, name, value, keyOf(b, name));
    if (recursive && isMapping(old) && isMapping(next)) set(merge(old, next, true, lists));
    else if (Array.isArray(old) && Array.isArray(next)) set(lists(old, next));
    else set(next);
  }
  return made;
}

function combine(value: unknown, args: Args): Dict {
  const { recursive = false, list_merge: listMerge = 'replace', ...stray } = args.named;
  const [unexpected] = Object.keys(stray);
  if (unexpected !== undefined)
    args.fail(
      `has no argument "${unexpected}": 'recursive' and 'list_merge' are the only valid keyword arguments`,
    );
  const lists =
    typeof listMerge === 'string' && Object.hasOwn(LIST_MERGES, listMerge)
      ? LIST_MERGES[listMerge]
      : undefined;
  if (!lists) return args.refuse('list_merge', `must be one of ${Object.keys(LIST_MERGES).join(', ')}`);
  const parts = [value, ...args.rest].flat().filter((part) => part !== null && !isEmpty(part));
  let made: Dict = {};
  for (const part of parts) {
    if (isUndefined(part)) args.fail(part.message, part.hint);
    if (!isMapping(part))
      return args.fail(`failed to combine variables, expected dicts but got a '${typeName(part)}'`);
    args.run.spend(Object.keys(part).length);
    made = merge(
      made,
      part,
      recursive === true || recursive === 'yes' || recursive === 'true' || recursive === 1,
      lists,
    );
  }
  return made;
}

const isEmpty = (value: unknown): boolean =>
  value === null || (isMapping(value) && Object.keys(value).length === 0);

function dictsort(value: unknown, args: Args): unknown[] {
  if (!isMapping(value)) return args.fail('needs a mapping');
  const by = args.text('by');
  if (by !== 'key' && by !== 'value') args.refuse('by', 'must be "key" or "value"');
  const fold = caseless(args.flag('case_sensitive'));
  const sorted = sortBy(
    namesOf(value),
    (name) => fold(by === 'key' ? keyOf(value, name) : value[name]),
    args.flag('reverse'),
  );
  return sorted.map((name) => tuple(keyOf(value, name), value[name]));
}

function toItems(value: unknown, args: Args): unknown[] {
  if (!isMapping(value)) return args.fail(`dict2items requires a dictionary, not ${typeName(value)}`);
  const [keyName, valueName] = [args.text('key_name'), args.text('value_name')];
  return namesOf(value).map((name) =>
    dictOf([
      [keyName, keyOf(value, name)],
      [valueName, value[name]],
    ]),
  );
}

function fromItems(value: unknown, args: Args): Dict {
  const [keyName, valueName] = [args.text('key_name'), args.text('value_name')];
  if (!Array.isArray(value)) return args.fail(`items2dict requires a list, not ${typeName(value)}`);
  return dictOf(
    value.map((entry) => {
      if (!isMapping(entry))
        return args.fail(`items2dict requires a list of dictionaries, and has a ${typeName(entry)}`);
      if (!Object.hasOwn(entry, keyName) || !Object.hasOwn(entry, valueName))
        return args.fail(
          `items2dict requires each dictionary in the list to contain the keys '${keyName}' and '${valueName}'`,
        );
      return [entry[keyName], entry[valueName]] as const;
    }),
  );
}

/** Pairs every element with each item of a list inside it; `without` leaves the list itself out of the element, as the lookup does. */
export function subelements(
  value: unknown,
  path: unknown,
  skipMissing: boolean,
  fail: (why: string) => never,
  without = false,
): unknown[] {
  if (!isMapping(value) && !Array.isArray(value)) return fail('obj must be a list of dicts or a nested dict');
  if (!Array.isArray(path) && typeof path !== 'string') return fail('subelements must be a list or a string');
  const keys = Array.isArray(path) ? path.map(str) : path.split('.');
  const elements = isMapping(value) ? valuesOf(value) : value;
  return elements.flatMap((element) => {
    let found: unknown = element;
    for (const key of keys) {
      if (isUnknown(found)) throw new UnknownSignal(found);
      if (!isMapping(found) && without && skipMissing && found !== element) return [];
      if (!isMapping(found)) return fail(`the key ${key} should point to a dictionary`);
      if (!Object.hasOwn(found, key)) {
        if (skipMissing) return [];
        return fail(`could not find '${key}' key in iterated item`);
      }
      found = found[key];
    }
    if (isUnknown(found)) throw new UnknownSignal(found);
    if (!Array.isArray(found)) return fail(`the key '${keys.at(-1)}' should point to a list`);
    const shown = without ? withoutKey(element, keys) : element;
    return found.map((sub) => tuple(shown, sub));
  });
}

function withoutKey(element: unknown, [key, ...deeper]: readonly string[]): unknown {
  if (key === undefined || !isMapping(element)) return element;
  const { [key]: inner, ...rest } = element;
  return deeper.length === 0 ? rest : { ...rest, [key]: withoutKey(inner, deeper) };
}

function rekey(value: unknown, args: Args): Dict {
  const key = args.text('key');
  const duplicates = args.text('duplicates');
  if (duplicates !== 'error' && duplicates !== 'overwrite')
    args.fail(
      `duplicates parameter to rekey_on_member has unknown value: ${duplicates}`,
      'it must be "error" or "overwrite"',
    );
  if (typeof value === 'string') args.fail('Type is not a valid list, set, or dict');
  const entries = isMapping(value) ? valuesOf(value) : iterate(value);
  const made: Dict = {};
  for (const entry of entries) {
    if (!isMapping(entry)) return args.fail('List item is not a valid dict');
    if (!Object.hasOwn(entry, key)) return args.fail(`Key ${key} was not found`);
    const name = entry[key];
    if (findKey(made, name) !== undefined && duplicates === 'error')
      args.fail(`Key ${str(name)} is not unique, cannot correctly turn into dict`);
    setItem(made, name, entry);
  }
  return made;
}

function mergeBy(value: unknown, args: Args): unknown[] {
  const lists = [value, ...args.rest];
  const index = Object.hasOwn(args.named, 'index') ? args.named.index : lists.pop();
  const merges =
    LIST_MERGES[str(args.named.list_merge ?? 'replace')] ?? args.refuse('list_merge', 'is not known');
  const recursive = args.named.recursive === true;
  const made = new Map<string, Dict>();
  for (const entry of lists.flatMap((list) => iterate(list))) {
    if (!isMapping(entry)) return args.fail('needs lists of mappings');
    const key = Object.hasOwn(entry, str(index)) ? keyText(entry[str(index)]) : undefined;
    if (key === undefined) continue;
    made.set(key, merge(made.get(key) ?? {}, entry, recursive, merges));
  }
  return sortBy([...made.keys()], (key) => key).map((key) => made.get(key));
}

function keys(value: unknown, args: Args, keep: boolean): unknown {
  const targets = Array.isArray(args.get('target')) ? args.list('target').map(str) : [args.text('target')];
  const how = args.text('matching_parameter');
  const matches = (key: string): boolean =>
    targets.some((target) =>
      how === 'equal'
        ? key === target
        : how === 'starts_with'
          ? key.startsWith(target)
          : how === 'ends_with'
            ? key.endsWith(target)
            : args.refuse('matching_parameter', 'must be equal, starts_with or ends_with'),
    );
  return iterate(value).map((entry) =>
    isMapping(entry)
      ? filterMapping(entry, (_, key) => matches(key) === keep)
      : args.fail('needs a list of mappings'),
  );
}

/** Filters by name. */
export const DICT_FILTERS: Routines = {
  combine: routine('* **', combine),
  counter: routine('', (value) => {
    const counts: Record<string, unknown> = {};
    for (const entry of iterate(value)) {
      const key = findKey(counts, entry);
      setItem(counts, entry, (key === undefined ? 0 : Number(counts[key])) + 1);
    }
    return counts;
  }),
  dict: routine('', (value) =>
    dictOf(
      iterate(value).map((pair) => {
        const [key, entry] = iterate(pair);
        return [key, entry] as const;
      }),
    ),
  ),
  dict2items: routine('key_name="key" value_name="value"', toItems),
  dict_kv: routine('key', (value, args) => dictOf([[args.text('key'), value]])),
  dictsort: routine('case_sensitive=false by="key" reverse=false', dictsort),
  groupby_as_dict: routine('attribute', (value, args) => {
    const read = attributeReader(args.run, args.get('attribute'));
    const made: Record<string, unknown> = {};
    for (const entry of iterate(value)) {
      const key = keyText(read(entry));
      if (Object.hasOwn(made, key)) args.fail(`several elements have the value "${key}"`);
      put(made, key, entry);
    }
    return made;
  }),
  items: tolerant('', (value, args) => {
    if (isUndefined(value)) return [];
    return isMapping(value) ? items(value) : args.fail('needs a mapping');
  }),
  items2dict: routine('key_name="key" value_name="value"', fromItems),
  keep_keys: routine('target matching_parameter="equal"', (value, args) => keys(value, args, true)),
  remove_keys: routine('target matching_parameter="equal"', (value, args) => keys(value, args, false)),
  lists_mergeby: routine('* **', mergeBy),
  rekey_on_member: routine('key duplicates="error"', rekey),
  subelements: routine('subelements skip_missing=false', (value, args) =>
    subelements(value, args.get('subelements'), args.flag('skip_missing'), (why) => args.fail(why)),
  ),
};
