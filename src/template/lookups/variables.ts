/** Lookups among variables and hosts. */
import { didYouMean } from '../../errors/index.ts';
import { compileRegex } from '../../regex/index.ts';
import { Undefined } from '../../values/index.ts';
import { refuseUndefined } from '../faults.ts';
import { typeName } from '../python/kinds.ts';
import { str } from '../python/text.ts';
import { type LookupCall, type Lookups, lookup } from './lookup.ts';

function variable(call: LookupCall, term: unknown): unknown {
  if (typeof term !== 'string')
    return call.fail(`the name of a variable must be a text, not ${typeName(term)}`);
  const { scope } = call.run;
  if (scope.has(term)) return call.run.open(scope.get(term));
  if (Object.hasOwn(call.options, 'default')) return call.options.default;
  return refuseUndefined(
    new Undefined(
      term,
      `no variable found with this name: '${term}' is undefined`,
      didYouMean(term, scope.names()),
    ),
  );
}

function names(call: LookupCall): unknown[] {
  const all = [...call.run.scope.names()];
  return call.terms.flatMap((term) => {
    const found = compileRegex(str(term)).findIn(all);
    return found.map((index) => all[index]);
  });
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
  return call.terms
    .flatMap((term) => (Array.isArray(term) ? term : [term]))
    .flatMap((pattern) => call.context.matchHosts(str(pattern)));
}

/** Lookups by name. */
export const VARIABLE_LOOKUPS: Lookups = {
  env: lookup('default', environment),
  inventory_hostnames: lookup('', hostNames),
  varnames: lookup('', names),
  vars: lookup('default', (call) => call.terms.map((term) => variable(call, term))),
};
