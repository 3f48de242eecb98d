/** Lookups: the only doors from a template to the controller. */
import { CutoverError, nearest } from '../../errors/index.ts';
import { isUndefined, isUnknown } from '../../values/index.ts';
import { refuseUndefined, TemplateFault, UnknownSignal } from '../faults.ts';
import { truthy } from '../python/logic.ts';
import { missingPlugin, type Run } from '../run.ts';
import { DATA_LOOKUPS } from './data.ts';
import { EFFECT_LOOKUPS } from './effects.ts';
import { FILE_LOOKUPS } from './files.ts';
import { type Lookup, LookupCall, type LookupForm } from './lookup.ts';
import { PASSWORD_LOOKUPS } from './password.ts';
import { VARIABLE_LOOKUPS } from './variables.ts';

const LOOKUPS: Readonly<Record<string, Lookup>> = {
  ...DATA_LOOKUPS,
  ...FILE_LOOKUPS,
  ...VARIABLE_LOOKUPS,
  ...EFFECT_LOOKUPS,
  ...PASSWORD_LOOKUPS,
};

/**
 * Runs a lookup. The result is a text (several joined by commas), or what a single answer is, or a list with `wantlist`.
 * `written` says how it was written, which is how its failures are told. `errors` is `strict` (default), `warn` or `ignore`: then a failure gives None, or an empty list.
 */
export function runLookup(
  name: string,
  positional: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
  run: Run,
  written: LookupForm = { form: 'lookup' },
): unknown {
  const short = name.replace(/^(?:ansible\.builtin|ansible\.legacy|ansible\.utils|community\.general)\./, '');
  const lookup = Object.hasOwn(LOOKUPS, short) ? LOOKUPS[short] : undefined;
  if (!lookup) {
    const near = nearest(short, Object.keys(LOOKUPS));
    throw new TemplateFault(`lookup plugin (${name}) not found`, missingPlugin('lookup', name, near));
  }
  const { wantlist = false, errors = 'strict', ...options } = named;
  const asList = truthy(wantlist);
  try {
    refuseUnusable([...positional, ...Object.values(options)], lookup.tolerant);
    const found = lookup.body(
      new LookupCall(lookup, { name: short, written, terms: positional, options, run }),
    );
    const result = asList ? found : joined(found);
    return run.derive(positional, result);
  } catch (error) {
    if (errors === 'strict' || !(error instanceof TemplateFault || error instanceof CutoverError))
      throw error;
    return asList ? [] : null;
  }
}

function refuseUnusable(values: readonly unknown[], tolerant: boolean): void {
  if (tolerant) return;
  for (const value of values) {
    if (isUndefined(value)) refuseUndefined(value);
    if (isUnknown(value)) throw new UnknownSignal(value);
  }
}

/** Texts are joined by commas, as Ansible does; a single answer stands for itself, and nothing found is an empty list. */
function joined(found: readonly unknown[]): unknown {
  if (found.length === 0) return [];
  if (found.every((item) => typeof item === 'string')) return found.join(',');
  return found.length === 1 ? found[0] : [...found];
}
