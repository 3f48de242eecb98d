import { CutoverError } from '../../errors/index.ts';
import { isAuthored, refuseForeignText } from '../../template/index.ts';
import { conditionWord, isUndefined, isUnknown, type Unknown } from '../../values/index.ts';
import { anything, boolean, conditions, withAliases } from '../params.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';

const message = anything.refine(
  (value) => value === undefined || typeof value === 'string' || Array.isArray(value) || isUnknown(value),
  'must be text or a list of texts',
);

const params = withAliases(
  { msg: 'fail_msg' },
  {
    that: conditions.describe(
      'One condition or a list of them, each written as in `when`. All must be true.',
    ),
    fail_msg: message.optional().describe('What to say when a condition is false.'),
    success_msg: message.optional().describe('What to say when all are true.'),
    quiet: boolean.default(false).describe('Say nothing of conditions that hold.'),
  },
);

const HAS_BRACES = /\{[{%]/;

/** Stops a host whose conditions do not hold. */
export default defineModule({
  name: 'assert',
  summary: 'Fails unless all conditions are true.',
  params,
  controllerOnly: true,
  plan(given, _seen, context) {
    let unknown: Unknown | undefined;
    // What comes after a false one is not evaluated: it may only make sense where that one is true.
    for (const one of given.that)
      for (const { assertion, holds } of judge(one, context)) {
        if (isUnknown(holds)) unknown ??= holds;
        else if (!holds) return refused(assertion, given.fail_msg);
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
    failed: Array.isArray(msg) ? msg.join('; ') : isUnknown(msg) ? 'Assertion failed' : String(msg),
    result: () => ({ assertion, evaluated_to: false, msg }),
  };
}

/** A condition, as the result names it when it is false. */
interface Judged {
  readonly assertion: unknown;
  readonly holds: boolean | Unknown;
}

function* judge(assertion: unknown, context: PlanContext): Generator<Judged> {
  if (typeof assertion !== 'string') {
    yield { assertion, holds: verdict(assertion, assertion, context) };
    return;
  }
  const value = evaluated(assertion, context);
  refuseForeignText(assertion, value, context.scope, context);
  // What braces give are conditions again; without them a variable may hold a list of conditions.
  const made = HAS_BRACES.test(assertion);
  if (Array.isArray(value) && (made || !context.truth))
    for (const one of value) yield { assertion: one, holds: judgeGiven(one, assertion, context) };
  else if (made) yield { assertion, holds: judgeGiven(value, assertion, context) };
  else yield { assertion, holds: verdict(value, assertion, context) };
}

function evaluated(assertion: string, { templar, scope, position }: PlanContext): unknown {
  // Braces inside an expression are understood by the engine itself; only statements need rendering.
  return assertion.includes('{%')
    ? templar.render(assertion, scope, position)
    : templar.evaluate(assertion, scope, position);
}

/** Judges what an assertion gave. A text is evaluated in its turn where the playbook wrote it, and never where a host may have. */
function judgeGiven(given: unknown, assertion: string, context: PlanContext): boolean | Unknown {
  if (typeof given !== 'string' || conditionWord(given, assertion) !== undefined)
    return verdict(given, assertion, context);
  if (!HAS_BRACES.test(given) && isAuthored(given, assertion, context.scope))
    return verdict(evaluated(given, context), given, context);
  throw new CutoverError('template', `assert: the condition "${given}" is not the playbook's own text`, {
    position: context.position,
    host: context.host,
    hint: `it comes out of ${assertion}: what hosts, files and loops give is data and never evaluated; write the condition itself`,
  });
}

function verdict(value: unknown, assertion: unknown, context: PlanContext): boolean | Unknown {
  if (typeof value === 'boolean' || isUnknown(value)) return value;
  const word = conditionWord(value, String(assertion));
  if (word !== undefined) return word;
  const where = { position: context.position, host: context.host };
  if (isUndefined(value)) {
    throw new CutoverError('template', `assert: ${value.message}`, { ...where, hint: value.hint });
  }
  if (context.truth) return context.truth(value);
  throw new CutoverError('template', `assert: "${String(assertion)}" gives no true or false`, {
    ...where,
    hint: 'compare it with something, or add "| bool"',
  });
}
