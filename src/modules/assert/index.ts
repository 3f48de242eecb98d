import { CutoverError } from '../../errors/index.ts';
import { isUndefined, isUnknown, type Unknown } from '../../values/index.ts';
import { anything, boolean, list, withAliases } from '../params.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';

const message = anything.refine(
  (value) => value === undefined || typeof value === 'string' || Array.isArray(value),
  'must be text or a list of texts',
);

const params = withAliases(
  { msg: 'fail_msg' },
  {
    that: list.describe('One condition or a list of them, each written as in `when`. All must be true.'),
    fail_msg: message.optional().describe('What to say when a condition is false.'),
    success_msg: message.optional().describe('What to say when all are true.'),
    quiet: boolean.default(false).describe('Say nothing of conditions that hold.'),
  },
);

/** Stops a host whose conditions do not hold. */
export default defineModule({
  name: 'assert',
  summary: 'Fails unless all conditions are true.',
  params,
  controllerOnly: true,
  plan(given, _seen, context) {
    let unknown: Unknown | undefined;
    for (const assertion of given.that) {
      const verdict = judge(assertion, context);
      if (isUnknown(verdict)) unknown ??= verdict;
      else if (!verdict) return refused(assertion, given.fail_msg);
    }
    if (unknown) return { changes: [], changed: unknown };
    return {
      changes: [],
      changed: false,
      result: () => ({ msg: given.success_msg ?? 'All assertions passed' }),
    };
  },
});

function refused(assertion: unknown, failMessage: unknown): Plan {
  const msg = failMessage ?? 'Assertion failed';
  return {
    changes: [],
    failed: Array.isArray(msg) ? msg.join('; ') : String(msg),
    result: () => ({ assertion, evaluated_to: false, msg }),
  };
}

function judge(assertion: unknown, context: PlanContext): boolean | Unknown {
  const value =
    typeof assertion === 'string'
      ? context.templar.evaluate(assertion, context.scope, context.position)
      : assertion;
  if (typeof value === 'boolean' || isUnknown(value)) return value;
  if (isUndefined(value)) {
    throw new CutoverError('template', `assert: ${value.message}`, {
      position: context.position,
      host: context.host,
      hint: value.hint,
    });
  }
  throw new CutoverError('template', `assert: "${String(assertion)}" gives no true or false`, {
    position: context.position,
    host: context.host,
    hint: 'compare it with something, or add "| bool"',
  });
}
