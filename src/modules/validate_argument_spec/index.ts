import { z } from 'zod';
import { isUndefined } from '../../values/index.ts';
import { anything, list, mapping } from '../params.ts';
import { defineModule, type PlanContext } from '../types.ts';
import { validateArguments } from './validate.ts';

const relation = list.optional();

const params = z.strictObject({
  argument_spec: mapping.describe(
    'Options as in `meta/argument_specs.yml`: name to type, required, choices ...',
  ),
  provided_arguments: mapping
    .default({})
    .describe('Values to check. Variables of the same names are checked too.'),
  validate_args_context: mapping.default({}).describe('Shown in the result: which role and entry point.'),
  mutually_exclusive: relation.describe('Lists of options of which at most one may be given.'),
  required_together: relation.describe('Lists of options that are given all or not at all.'),
  required_one_of: relation.describe('Lists of options of which at least one must be given.'),
  required_if: relation.describe('Lists of option, value, and the options that are needed then.'),
  required_by: anything.optional().describe('Option to the options that it needs.'),
});

/** The check that every role with an argument specification starts with. */
export default defineModule({
  name: 'validate_argument_spec',
  summary: 'Checks variables against an argument specification.',
  params,
  controllerOnly: true,
  plan(given, _seen, context) {
    const args = { ...variablesOf(given.argument_spec, context), ...given.provided_arguments };
    const { errors } = validateArguments(given.argument_spec, args, given);
    const keys = { validate_args_context: given.validate_args_context };
    if (errors.length === 0) {
      return {
        changes: [],
        changed: false,
        result: () => ({ ...keys, msg: 'The arg spec validation passed' }),
      };
    }
    return {
      changes: [],
      failed: `Validation of arguments failed:\n${errors.join('\n')}`,
      result: () => ({ ...keys, argument_errors: errors, argument_spec_data: given.argument_spec }),
    };
  },
});

function variablesOf(spec: Readonly<Record<string, unknown>>, context: PlanContext): Record<string, unknown> {
  const names = Object.keys(spec).filter((name) => context.scope.has(name));
  return Object.fromEntries(
    names.map((name) => [name, context.scope.get(name)]).filter(([, value]) => !isUndefined(value)),
  );
}
