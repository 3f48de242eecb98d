/** Tests of what a value is. */
import { booleanOf, isMapping, isUndefined, isUnknown } from '../../values/index.ts';
import { arithmetic } from '../python/arithmetic.ts';
import { Callable, isFloat, isInt, isNumber, PyObject } from '../python/kinds.ts';
import { equals, truthy } from '../python/logic.ts';
import { str } from '../python/text.ts';
import { type Routine, type Routines, routine, tolerant } from '../routine.ts';
import { filterProblem, testProblem } from '../run.ts';

const isIterable = (value: unknown): boolean =>
  typeof value === 'string' ||
  Array.isArray(value) ||
  isMapping(value) ||
  (value instanceof PyObject && value.iterate() !== undefined);

const rest = (value: unknown, by: number): unknown => arithmetic('%', value, by);

function vaulted(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('$ANSIBLE_VAULT;');
}

/** Truth as `truthy` and `falsy` have it; `convert_bool` reads yes/no texts first. */
function truth(value: unknown, convert: boolean): boolean {
  return (convert ? booleanOf(value) : undefined) ?? truthy(value);
}

/** A test of what a value is: something undefined is none of them. */
const ofKind = (test: (value: unknown) => boolean): Routine =>
  tolerant('', (value) => (isUnknown(value) ? value : test(value)));

/** Tests by name. */
export const KIND_TESTS: Routines = {
  boolean: ofKind((value) => typeof value === 'boolean'),
  callable: routine('', (value) => value instanceof Callable),
  defined: tolerant('', (value) => (isUnknown(value) && value.mayBeAbsent ? value : !isUndefined(value))),
  divisibleby: routine('num', (value, args) => equals(arithmetic('%', value, args.get('num')), 0)),
  escaped: routine('', () => false),
  even: routine('', (value) => equals(rest(value, 2), 0)),
  odd: routine('', (value) => equals(rest(value, 2), 1)),
  false: ofKind((value) => value === false),
  true: ofKind((value) => value === true),
  falsy: routine('convert_bool=false', (value, args) => !truth(value, args.flag('convert_bool'))),
  truthy: routine('convert_bool=false', (value, args) => truth(value, args.flag('convert_bool'))),
  filter: routine('', (value) => filterProblem(str(value)) === undefined),
  test: routine('', (value) => testProblem(str(value)) === undefined),
  float: ofKind((value) => isFloat(value)),
  nan: ofKind((value) => Number.isNaN(Number(isFloat(value) ? value : 0))),
  integer: ofKind((value) => isInt(value)),
  iterable: routine('', isIterable),
  lower: routine('', (value) => /\p{Ll}/u.test(str(value)) && !/[\p{Lu}\p{Lt}]/u.test(str(value))),
  upper: routine('', (value) => /\p{Lu}/u.test(str(value)) && !/\p{Ll}/u.test(str(value))),
  mapping: ofKind(isMapping),
  none: ofKind((value) => value === null),
  number: ofKind((value) => isNumber(value) || typeof value === 'boolean'),
  sequence: ofKind((value) => typeof value === 'string' || Array.isArray(value) || isMapping(value)),
  string: ofKind((value) => typeof value === 'string'),
  undefined: tolerant('', (value) => (isUnknown(value) && value.mayBeAbsent ? value : isUndefined(value))),
  vault_encrypted: routine('', vaulted),
};
