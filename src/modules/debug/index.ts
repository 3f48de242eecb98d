import { z } from 'zod';
import { CutoverError } from '../../errors/index.ts';
import { missingIn } from '../../template/index.ts';
import { isUndefined } from '../../values/index.ts';
import { anything, integer } from '../params.ts';
import { defineModule, type PlanContext } from '../types.ts';

const params = z
  .strictObject({
    msg: anything.optional().describe('What to print. Default `Hello world!`.'),
    var: anything.optional().describe('A variable or expression whose value is printed, without braces.'),
    verbosity: integer.default(0).describe('Print only from this number of -v on.'),
  })
  .refine((given) => given.msg === undefined || given.var === undefined, {
    message: 'takes either msg or var, not both',
  });

/** Prints while a playbook runs. */
export default defineModule({
  name: 'debug',
  summary: 'Prints a message or the value of a variable.',
  params,
  controllerOnly: true,
  plan(given, _seen, context) {
    const verbosity = Number(context.scope.get('ansible_verbosity')) || 0;
    if (given.verbosity > verbosity) {
      const reason = 'Verbosity threshold not met.';
      return { changes: [], skipped: reason, result: () => ({ skipped_reason: reason }) };
    }
    const result =
      given.var === undefined
        ? { msg: given.msg ?? 'Hello world!' }
        : { [nameOf(given.var)]: printed(given.var, context) };
    return {
      changes: [],
      changed: false,
      effects: [
        { kind: 'debug', message: given.var === undefined ? result.msg : result, verbosity: given.verbosity },
      ],
      result: () => result,
    };
  },
});

// A template under `var` arrives as its value already.
function nameOf(variable: unknown): string {
  return typeof variable === 'string' ? variable : 'value';
}

function printed(variable: unknown, context: PlanContext): unknown {
  if (typeof variable !== 'string') return variable;
  const { templar, scope, position } = context;
  if (templar.isTemplate(variable)) return templar.render(variable, scope, position);
  // The text may be the value of a template, and so come from a host: nothing that it says may reach the controller.
  if (/\b(?:lookup|query|q)\s*\(/.test(variable)) {
    throw new CutoverError('playbook', 'debug: var takes no lookups', {
      position,
      hint: `write msg: "{{ ${variable} }}"`,
    });
  }
  try {
    const value = templar.evaluate(variable, scope, position);
    return isUndefined(value) ? NOT_DEFINED : value;
  } catch (error) {
    if (missingIn(error) !== undefined) return NOT_DEFINED;
    throw error;
  }
}

const NOT_DEFINED = 'VARIABLE IS NOT DEFINED!';
