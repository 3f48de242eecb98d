/** Tests that compare a value with another. */
import { compileRegex, type How } from '../../regex/index.ts';
import { typeName } from '../python/kinds.ts';
import { contains, holds, iterate, numeric, truthy } from '../python/logic.ts';
import { str } from '../python/text.ts';
import { type VersionKind, versionHolds } from '../python/version.ts';
import { type Args, type Routine, type Routines, routine } from '../routine.ts';

const comparison = (operator: string): Routine =>
  routine('other', (value, args) => holds(operator, value, args.get('other')));

const [equal, unequal, greater, greaterOrEqual, less, lessOrEqual] = ['==', '!=', '>', '>=', '<', '<='].map(
  comparison,
) as [Routine, Routine, Routine, Routine, Routine, Routine];

function same(value: unknown, other: unknown): boolean {
  if (value === other) return true;
  const [a, b] = [numeric(value), numeric(other)];
  return a !== undefined && a === b && typeName(value) === typeName(other);
}

function regexTest(value: unknown, args: Args, how: How): boolean {
  const regex = compileRegex(args.text('pattern'), {
    ignoreCase: args.flag('ignorecase'),
    multiLine: args.flag('multiline'),
  });
  return regex.find(str(value), how) !== undefined;
}

const KINDS: Readonly<Record<string, VersionKind>> = {
  loose: 'loose',
  strict: 'strict',
  semver: 'semver',
  semantic: 'semver',
  pep440: 'pep440',
};

function version(value: unknown, args: Args): boolean {
  const kind = args.optionalText('version_type');
  if (kind !== undefined && args.get('strict') !== null)
    args.fail('"strict" and "version_type" cannot be given together');
  const chosen =
    kind === undefined
      ? args.flag('strict')
        ? 'strict'
        : 'loose'
      : (KINDS[kind] ?? args.refuse('version_type', `must be one of ${Object.keys(KINDS).join(', ')}`));
  const [a, b] = [str(value), args.text('version')];
  if (value === null || a === '') args.fail('the version value cannot be empty');
  if (b === '') args.fail('the version to compare against cannot be empty');
  return versionHolds(a, args.text('operator'), b, chosen);
}

const versionTest = routine('version operator="eq" strict=null version_type=null', version);
const subset = routine('b', (value, args) => iterate(value).every((item) => contains(args.list('b'), item)));
const superset = routine('b', (value, args) =>
  args.list('b').every((item) => contains(iterate(value), item)),
);

/** Tests by name. */
export const COMPARE_TESTS: Routines = {
  '==': equal,
  eq: equal,
  equalto: equal,
  '!=': unequal,
  ne: unequal,
  '>': greater,
  gt: greater,
  greaterthan: greater,
  '>=': greaterOrEqual,
  ge: greaterOrEqual,
  '<': less,
  lt: less,
  lessthan: less,
  '<=': lessOrEqual,
  le: lessOrEqual,
  all: routine('', (value) => iterate(value).every(truthy)),
  any: routine('', (value) => iterate(value).some(truthy)),
  contains: routine('item', (value, args) => contains(value, args.get('item'))),
  in: routine('container', (value, args) => contains(args.get('container'), value)),
  match: routine('pattern="" ignorecase=false multiline=false', (value, args) =>
    regexTest(value, args, 'match'),
  ),
  regex: routine('pattern="" ignorecase=false multiline=false match_type="search"', (value, args) => {
    const how = args.text('match_type');
    return how === 'match' || how === 'search' || how === 'fullmatch'
      ? regexTest(value, args, how)
      : args.refuse('match_type', 'must be match, search or fullmatch');
  }),
  sameas: routine('other', (value, args) => same(value, args.get('other'))),
  search: routine('pattern="" ignorecase=false multiline=false', (value, args) =>
    regexTest(value, args, 'search'),
  ),
  issubset: subset,
  subset,
  issuperset: superset,
  superset,
  version: versionTest,
  version_compare: versionTest,
};
