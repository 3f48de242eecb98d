import { CutoverError } from '../../errors/index.ts';
import type { LoopSpec } from '../../playbook/index.ts';
import type { Scope, Templar } from '../../template/index.ts';
import {
  isMapping,
  isOmit,
  isUndefined,
  isUnknown,
  keyOf,
  mapValues,
  namesOf,
  type Unknown,
  withoutTuples,
} from '../../values/index.ts';

/** Gives the items of a loop. Throws CutoverError when the value is no list; gives Unknown when it depends on a step not carried out. */
export function loopItems(loop: LoopSpec, scope: Scope, templar: Templar): readonly unknown[] | Unknown {
  if (loop.kind === 'loop') return asList(templar.renderDeep(loop.value, scope, { at: loop.at }), loop);
  // A name with something undefined in it is no file that could be found: the next one is tried.
  const lenient = loop.kind === 'first_found';
  const terms = templar.renderDeep(loop.value, scope, { at: loop.at, lenient });
  if (isUnknown(terms)) return terms;
  if (isUndefined(terms)) throw undefinedLoop(terms.message, loop, terms.hint);
  const found = templar.lookup(
    loop.kind,
    termsOf(lenient ? defined(terms) : terms, loop),
    scope,
    loop.at,
    loop.folder,
  );
  return asList(found, loop);
}

/** Forms that cannot do with a mapping; others go through its names, or take it as it is. */
const NEEDS_LIST = ['list', 'indexed_items', 'flattened', 'random_choice'];
const GOES_THROUGH_NAMES = ['items', 'nested', 'together', 'cartesian'];

/** `with_items` and friends take a list of terms, or one term that stands for itself. */
function termsOf(terms: unknown, loop: LoopSpec): readonly unknown[] {
  if (Array.isArray(terms)) return terms;
  if (!isMapping(terms)) return [terms];
  if (NEEDS_LIST.includes(loop.kind))
    throw new CutoverError('template', `with_${loop.kind} expects a list`, { position: loop.at });
  return GOES_THROUGH_NAMES.includes(loop.kind) ? namesOf(terms).map((name) => keyOf(terms, name)) : [terms];
}

/** Gives lists and mappings without what is undefined in them; what a mapping had of it is an empty list. */
function defined(value: unknown): unknown {
  if (isUndefined(value)) return [];
  if (Array.isArray(value)) return value.filter((item) => !isUndefined(item)).map(defined);
  return isMapping(value) ? mapValues(value, defined) : value;
}

function asList(value: unknown, loop: LoopSpec): readonly unknown[] | Unknown {
  if (isUnknown(value)) return value;
  if (isUndefined(value)) throw undefinedLoop(value.message, loop, value.hint);
  if (Array.isArray(value)) return value.map(withoutTuples);
  const written = loop.kind === 'loop' ? 'loop' : `with_${loop.kind}`;
  throw new CutoverError(
    'template',
    `${written} needs a list, and this is ${isMapping(value) ? 'a mapping' : `"${String(value)}"`}`,
    {
      position: loop.at,
      hint: isMapping(value) ? 'use `| dict2items`' : undefined,
    },
  );
}

function undefinedLoop(message: string, loop: LoopSpec, hint: string | undefined): CutoverError {
  return new CutoverError('template', message, { position: loop.at, hint });
}

/** Gives a loop with the names of its variables rendered. Throws CutoverError when one is no name. */
export function withNames(loop: LoopSpec, scope: Scope, templar: Templar): LoopSpec {
  const { loopVar, indexVar } = loop.control;
  const name = (written: string) => {
    if (!templar.isTemplate(written)) return written;
    const given = templar.renderDeep(written, scope, { at: loop.at });
    if (isOmit(given)) return undefined;
    if (typeof given === 'string' && /^[A-Za-z_]\w*$/.test(given)) return given;
    throw new CutoverError('template', `${JSON.stringify(given)} cannot be the name of a variable`, {
      position: loop.at,
    });
  };
  const { indexVar: _index, ...others } = loop.control;
  const index = indexVar === undefined ? undefined : name(indexVar);
  const names = { loopVar: name(loopVar) ?? 'item', ...(index === undefined ? {} : { indexVar: index }) };
  return { ...loop, control: { ...others, ...names } };
}

/** Gives the variables of one pass of a loop: the item, its index, and `ansible_loop` when it was asked for. */
export function loopVariables(
  loop: LoopSpec,
  items: readonly unknown[],
  index: number,
): Record<string, unknown> {
  const { control } = loop;
  const variables: Record<string, unknown> = {
    [control.loopVar]: items[index],
    ansible_loop_var: control.loopVar,
  };
  if (control.indexVar) {
    variables[control.indexVar] = index;
    variables.ansible_index_var = control.indexVar;
  }
  if (control.extended) {
    variables.ansible_loop = {
      ...(control.extendedAllItems ? { allitems: items } : {}),
      index: index + 1,
      index0: index,
      revindex: items.length - index,
      revindex0: items.length - index - 1,
      first: index === 0,
      last: index === items.length - 1,
      length: items.length,
      ...(index > 0 ? { previtem: items[index - 1] } : {}),
      ...(index < items.length - 1 ? { nextitem: items[index + 1] } : {}),
    };
  }
  return variables;
}
