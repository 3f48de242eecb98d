import { z } from 'zod';
import { className, missingIn } from '../../template/index.ts';
import { isUndefined, isUnknown, UnsafeText } from '../../values/index.ts';
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
    const result = given.var === undefined ? { msg: given.msg ?? 'Hello world!' } : shown(given.var, context);
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

/**
 * A path to a value, `hosts.web['port']`. Nothing more is read in a text that came out of a template: it may come from a host, and
 * must not reach the controller.
 */
const PATH = /^[A-Za-z_]\w*(?:\.\w+|\[(?:-?\d+|'[^'\\]*'|"[^"\\]*")\])*$/;

/** What `var` names, under the name that it has once its templates are put in; what is no name is shown as it is. */
function shown(written: unknown, context: PlanContext): Readonly<Record<string, unknown>> {
  const { templar, scope, position } = context;
  if (typeof written === 'string' && !templar.isTemplate(written))
    return { [written]: read(written, context) };
  const value = typeof written === 'string' ? templar.render(written, scope, position) : written;
  const text = value instanceof UnsafeText ? value.text : value;
  if (isUnknown(text)) return { [String(written)]: text };
  if (typeof text === 'string') return { [text]: PATH.test(text) ? read(text, context) : text };
  return { [typeof text === 'object' ? className(text) : String(text)]: text };
}

function read(expression: string, { templar, scope, position }: PlanContext): unknown {
  try {
    const value = templar.evaluate(expression, scope, position);
    return isUndefined(value) ? NOT_DEFINED : value;
  } catch (error) {
    if (missingIn(error) !== undefined) return NOT_DEFINED;
    throw error;
  }
}

const NOT_DEFINED = 'VARIABLE IS NOT DEFINED!';
