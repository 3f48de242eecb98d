import type { Unknown } from './index.ts';

type Mapping = Record<string, unknown>;

interface Opening {
  /** What every key is that nobody wrote down. */
  readonly rest: Unknown;
  readonly absent: readonly string[];
}

const openings = new WeakMap<object, Opening>();

/** Gives a mapping that has every key: those of `known`, and `rest` for all others but `absent`. Only the known ones are listed. */
export function openMapping(
  known: Readonly<Mapping>,
  rest: Unknown,
  absent: readonly string[] = [],
): Mapping {
  const hasRest = (key: string | symbol): key is string =>
    typeof key === 'string' && key !== 'toJSON' && !absent.includes(key);
  const made = new Proxy(Object.assign(Object.create(null) as Mapping, known), {
    get: (target, key) =>
      Object.hasOwn(target, key) ? target[key as string] : hasRest(key) ? rest : undefined,
    has: (target, key) => Object.hasOwn(target, key) || hasRest(key),
    getOwnPropertyDescriptor: (target, key) =>
      Object.getOwnPropertyDescriptor(target, key) ??
      (hasRest(key) ? { value: rest, enumerable: true, configurable: true, writable: true } : undefined),
  });
  openings.set(made, { rest, absent });
  return made;
}

/** Gives a mapping that was made of another one: open when that one is. */
export function asOpenAs(from: Readonly<Mapping>, made: Mapping): Mapping {
  const opening = openings.get(from);
  return opening ? openMapping(made, opening.rest, opening.absent) : made;
}
