import { CutoverError, type SourcePosition } from '../../errors/index.ts';
import type { Condition, LoadOptions } from '../../playbook/index.ts';
import {
  certainKind,
  isAuthored,
  refuseForeignText,
  type Scope,
  type Templar,
} from '../../template/index.ts';
import {
  booleanOf,
  conditionWord,
  Float,
  isMapping,
  isUndefined,
  isUnknown,
  numberText,
  type Unknown,
} from '../../values/index.ts';

/** How conditions are judged. */
export interface ConditionRules {
  readonly templar: Templar;
  /** `allow_broken_conditionals`: Python's truthiness instead of "must be a boolean". */
  readonly truthy: boolean;
}

/** The answer of a list of conditions, with the one that decided. */
export interface Verdict {
  readonly holds: boolean | Unknown;
  readonly decidedBy?: string;
}

/** Evaluates conditions joined by `and`; the first false one decides, an unknown one makes the whole unknown unless a later one is false. */
export function judge(conditions: readonly Condition[], scope: Scope, rules: ConditionRules): Verdict {
  let unknown: Unknown | undefined;
  for (const condition of conditions) {
    const value = evaluate(condition, scope, rules);
    if (isUnknown(value)) unknown ??= value;
    else if (!value) return { holds: false, decidedBy: String(condition.value) };
  }
  return { holds: unknown ?? true };
}

function evaluate(condition: Condition, scope: Scope, rules: ConditionRules): boolean | Unknown {
  if (typeof condition.value === 'boolean') return condition.value;
  const text = condition.value;
  // Braces inside a condition are understood by the engine itself; only statements need rendering.
  const evaluated = (written: string) =>
    written.includes('{%')
      ? rules.templar.render(written, scope, condition.at)
      : rules.templar.evaluate(written, scope, condition.at);
  const value = evaluated(text);
  refuseForeignText(text, value, scope, { position: condition.at });
  return isMade(value, text) && isAuthored(value, text, scope)
    ? asBoolean(evaluated(value), value, condition, rules)
    : asBoolean(value, text, condition, rules);
}

/** A text that braces gave: to Ansible it is a condition again, whatever its words. */
function isMade(value: unknown, text: string): value is string {
  return (
    typeof value === 'string' &&
    value.trim() !== '' &&
    /\{[{%]/.test(text) &&
    conditionWord(value, text) === undefined
  );
}

function asBoolean(
  value: unknown,
  text: string,
  condition: Condition,
  rules: ConditionRules,
): boolean | Unknown {
  if (typeof value === 'boolean' || isUnknown(value)) return value;
  if (isUndefined(value))
    throw new CutoverError('template', value.message, {
      position: condition.at,
      hint: value.hint,
      cause: value,
    });
  const word = conditionWord(value, text);
  if (word !== undefined) return word;
  // What a host gave is never evaluated, so nobody knows what such a text says as a condition.
  const counts = rules.truthy || (condition.truthy && !saysNo(value));
  if (counts && !isMade(value, text)) return truthiness(value);
  throw new NoBoolean(text, describe(value), condition.at);
}

/** Gives the check of what a playbook writes: syntax and names, and conditions that no values of their variables make a boolean. */
export function checkerOf({ templar, truthy }: ConditionRules): LoadOptions['checkTemplate'] {
  return (text, as, at) => {
    templar.check(text, as === 'text' ? 'text' : 'expression', at);
    const kind = as === 'condition' && !truthy ? certainKind(text) : undefined;
    if (kind !== undefined) throw new NoBoolean(text, kind, at);
  };
}

/** Of a condition that gives something else than a boolean. */
export class NoBoolean extends CutoverError {
  constructor(text: string, given: string, position: SourcePosition | undefined) {
    const whole = /\b(?:and|or)\b/.test(text) ? `(${text})` : text;
    const hint = given.includes('text')
      ? `write \`${whole} | bool\`, or \`${whole} | length > 0\``
      : given.includes('number')
        ? `write \`${whole} != 0\``
        : `write \`${whole} is truthy\``;
    super('template', `the condition "${text}" gives ${given}, not a boolean`, {
      position,
      hint: `${hint}, or set allow_broken_conditionals in ansible.cfg`,
    });
  }
}

/** A text like `no` counts as true in Python, and whoever wrote it meant the opposite: that is not guessed. */
function saysNo(value: unknown): boolean {
  return typeof value === 'string' && booleanOf(value) === false;
}

/** Whether Python takes a value for true. */
export function truthiness(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isMapping(value)) return Object.keys(value).length > 0;
  if (value instanceof Float) return value.valueOf() !== 0;
  return Boolean(value);
}

function describe(value: unknown): string {
  if (value === null) return 'nothing (null)';
  if (typeof value === 'string')
    return value === ''
      ? 'an empty text'
      : `the text "${value.length > 40 ? `${value.slice(0, 40)}...` : value}"`;
  if (typeof value === 'number' || value instanceof Float) return `the number ${numberText(value)}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return 'a mapping';
}
