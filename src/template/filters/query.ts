/** Filters that search in data. */

import { isMapping, isUndefined, namesOf } from '../../values/index.ts';
import { item } from '../access.ts';
import { compileQuery } from '../python/jmespath.ts';
import { dictOf, equals, iterate } from '../python/logic.ts';
import { str } from '../python/text.ts';
import { compareVersions } from '../python/version.ts';
import { type Args, type Routines, routine } from '../routine.ts';
import { attributeReader } from './attribute.ts';

/** Gives every leaf under its path: `{'a.b[0]': 1}`. */
function paths(value: unknown, args: Args): Record<string, unknown> {
  const found: [string, unknown][] = [];
  const walk = (node: unknown, path: string): void => {
    args.run.spend(1);
    if (Array.isArray(node))
      node.forEach((part, index) => {
        walk(part, `${path}[${index}]`);
      });
    else if (isMapping(node))
      for (const key of namesOf(node))
        walk(node[key], path + (/^\w+$/.test(key) ? `${path === '' ? '' : '.'}${key}` : `['${key}']`));
    else found.push([path, node]);
  };
  walk(value, args.optionalText('prepend') ?? '');
  return dictOf(found);
}

/** Follows a path such as `a.b[0]['c d']`. */
function getPath(value: unknown, args: Args): unknown {
  const steps = args.text('path').matchAll(/\[(?:'([^']*)'|"([^"]*)"|(-?\d+))\]|([^.[\]]+)/g);
  let found = value;
  let written = 'the value';
  for (const [step, single, double, index, name] of steps) {
    found = item(args.run, found, index === undefined ? (single ?? double ?? name) : Number(index), written);
    written += step;
  }
  return isUndefined(found) ? args.fail(found.message, found.hint) : found;
}

/** Filters by name. */
export const QUERY_FILTERS: Routines = {
  get_path: routine('path wantlist=false', getPath),
  index_of: routine('test value=null key=null fail_on_missing=false wantlist=false', (value, args) => {
    const read = attributeReader(args.run, args.get('key'));
    const test = args.text('test');
    const named = /^(?:eq|==)$/.test(test);
    const found = iterate(value).flatMap((item, index) =>
      (
        named
          ? equals(read(item), args.get('value'))
          : args.run.test(test, read(item), args.given('value') ? [args.get('value')] : [])
      )
        ? [index]
        : [],
    );
    return found.length === 1 && !args.flag('wantlist') ? found[0] : found;
  }),
  json_query: routine('expr', (value, args) => compileQuery(args.text('expr'))(value) ?? null),
  to_paths: routine('prepend=null wantlist=false', paths),
  version_sort: routine('reverse=false', (value, args) => {
    const sorted = [...iterate(value)].sort((a, b) => compareVersions(str(a), str(b), 'loose'));
    return args.flag('reverse') ? sorted.reverse() : sorted;
  }),
};
