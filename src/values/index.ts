/** The few kinds of value that the language has beyond plain data. They travel inside variables, arguments and results. */
import type { SourcePosition } from '../errors/index.ts';
import { isMapping } from './mapping.ts';

export { booleanOf, conditionWord } from './boolean.ts';
export { INI_DEFAULTS, interpolated, readIni } from './ini.ts';
export { parseJson } from './json.ts';
export {
  filterMapping,
  isMapping,
  type Key,
  keyOf,
  keysOf,
  mapValues,
  nameOfKey,
  namesOf,
  put,
  remove,
  valuesOf,
  wordOfKey,
} from './mapping.ts';
export { mergeDeep } from './merge.ts';
export { BigInteger, Float, floatText, integerOf, numberText, plainNumber } from './numbers.ts';
export { asOpenAs, openMapping } from './open.ts';
export { Tuple, tuple, withoutTuples } from './tuple.ts';

/** Text that is never evaluated as a template (`!unsafe` in YAML). */
export class UnsafeText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A `!vault` scalar as written. It is decrypted when it is first used, so that a run that does not need it needs no password. */
export class VaultText {
  readonly ciphertext: string;
  readonly position: SourcePosition | undefined;
  constructor(ciphertext: string, position?: SourcePosition) {
    this.ciphertext = ciphertext;
    this.position = position;
  }
}

/**
 * A value that cannot be known without acting, in check mode: the output of a command that was not run, say.
 * Whatever is computed from it is unknown too.
 */
export class Unknown {
  // Keeps look-alikes (anything with a `reason`) from counting as unknown.
  readonly kind = 'unknown';
  readonly reason: string;
  /** Whether not even this is known: that it will be there. */
  readonly mayBeAbsent: boolean;
  constructor(reason: string, mayBeAbsent = false) {
    this.reason = reason;
    this.mayBeAbsent = mayBeAbsent;
  }
}

/** A variable or attribute that is not there. Usable by `is defined` and `default()`; anything else that needs its value is an error. */
export class Undefined {
  /** The full path as written, such as `host.packages[0].name`. */
  readonly path: string;
  /** The one clear sentence that an error about it says; gives the nearest spelling when there is one. */
  readonly message: string;
  readonly hint: string | undefined;
  constructor(path: string, message: string, hint?: string) {
    this.path = path;
    this.message = message;
    this.hint = hint;
  }
}

/** The magic variable `omit`: an argument with this value is left out. */
export class Omit {
  readonly omitted = true;
}
export const OMIT = new Omit();

export const isUnknown = (value: unknown): value is Unknown => value instanceof Unknown;
export const isUndefined = (value: unknown): value is Undefined => value instanceof Undefined;
export const isOmit = (value: unknown): value is Omit => value instanceof Omit;

/** Whether an unknown value hides anywhere inside. */
export function containsUnknown(value: unknown): boolean {
  if (value instanceof Unknown) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isMapping(value) && Object.values(value).some(containsUnknown);
}
