/** Lookups among variables and hosts. */
import { didYouMean } from '../../errors/index.ts';
import { compileRegex, RegexFault } from '../../regex/index.ts';
import { Undefined } from '../../values/index.ts';
import { refuseUndefined } from '../faults.ts';
import { typeName } from '../python/kinds.ts';
import { str } from '../python/text.ts';
import { type LookupCall, type Lookups, lookup } from './lookup.ts';

function variable(call: LookupCall, term: unknown): unknown {
  if (typeof term !== 'string')
    return call.fail(`Invalid setting identifier: the name of a variable is a text, not ${typeName(term)}`);
  const { scope } = call.run;
  if (scope.has(term)) return call.run.open(scope.get(term));
  if (Object.hasOwn(call.options, 'default')) return call.options.default;
  return refuseUndefined(
    new Undefined(term, `No variable found with this name: ${term}`, didYouMean(term, scope.names())),
  );
}

function names(call: LookupCall): unknown[] {
  const all = [...call.run.scope.names()];
  return call.terms.flatMap((term) => {
    if (typeof term !== 'string')
      return call.fail(`Invalid setting identifier: a regular expression is a text, not ${typeName(term)}`);
    return searched(call, term, all).map((index) => all[index]);
  });
}

function searched(call: LookupCall, pattern: string, all: readonly string[]): readonly number[] {
  try {
    return compileRegex(pattern).findIn(all);
  } catch (error) {
    if (!(error instanceof RegexFault)) throw error;
    return call.fail(`Unable to use "${pattern}" as a search parameter: ${error.message}`, error.hint);
  }
}

function environment(call: LookupCall): unknown[] {
  const { environment: values } = call.context;
  return call.terms.map((term) => {
    const name = str(term).split(/\s+/)[0] ?? '';
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value ?? (Object.hasOwn(call.options, 'default') ? call.options.default : '');
  });
}

function hostNames(call: LookupCall): unknown[] {
  const patterns = call.terms.flatMap((term) => (Array.isArray(term) ? term : [term]));
  return patterns.length === 0 ? [] : [...call.context.matchHosts(patterns.map(str).join(','))];
}

/** Settings by the names of Ansible's documentation; those of plugins are not known. */
function settings(call: LookupCall): unknown[] {
  const missing = call.text('on_missing', 'error');
  if (!['error', 'skip', 'warn'].includes(missing))
    return call.fail(`Invalid value "${missing}" for "on_missing", valid values are: error, skip, warn`);
  return call.terms.flatMap((term) => {
    if (typeof term !== 'string')
      return call.fail(`Invalid setting identifier: a setting's name is a text, not ${typeName(term)}`);
    const found = call.context.setting?.(term);
    if (found) return [found.value];
    return missing === 'error' ? call.fail(`Unable to find setting ${term}`) : [];
  });
}

/** Lookups by name. */
export const VARIABLE_LOOKUPS: Lookups = {
  config: lookup('on_missing plugin_type plugin_name', settings),
  env: lookup('default', environment),
  inventory_hostnames: lookup('', hostNames),
  varnames: lookup('', names),
  vars: lookup('default', (call) => call.terms.map((term) => variable(call, term))),
};
