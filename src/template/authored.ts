/** Whose words a text is: those of a playbook, or of a host, a file or a program. */
import { CutoverError, type SourcePosition } from '../errors/index.ts';
import { conditionWord, isMapping, isUnknown } from '../values/index.ts';
import { namesUsed } from './names.ts';
import type { Scope } from './types.ts';

/**
 * Whether a text that an expression gave is written in the playbook or the inventory: in the expression itself, or in the
 * variables that it reads. Only such a text may be evaluated in its turn: what a host says is data, whatever it looks like.
 */
export function isAuthored(given: string, expression: string, scope: Scope): boolean {
  const seen = new Set<string>();
  const reads = (text: string, as: 'text' | 'expression'): boolean => {
    const { names, texts } = namesUsed(text, as);
    return texts.has(given) || [...names].some(says);
  };
  const says = (name: string): boolean => {
    if (seen.has(name)) return false;
    seen.add(name);
    return holds(scope.written?.(name));
  };
  const holds = (value: unknown): boolean => {
    if (typeof value === 'string') return value === given || reads(value, 'text');
    if (Array.isArray(value)) return value.some(holds);
    return isMapping(value) && Object.values(value).some(holds);
  };
  return reads(expression, /\{[{%]/.test(expression) ? 'text' : 'expression');
}

/** A condition that is one pair of braces: what these give is all of it, and nothing is put into its text. */
const ALL_BRACES = /^\{\{(?:(?!\}\}|\{\{).)*\}\}\n*$/s;

/**
 * Refuses a condition whose braces put into its text what a host, a program or a file says: to Ansible these would have
 * written the condition, and since 2.14.12 it evaluates none of them. `given` is what it gave; braces that are all of it
 * may give true or false.
 */
export function refuseForeignText(
  condition: string,
  given: unknown,
  scope: Scope,
  where: { position?: SourcePosition | undefined; host?: string | undefined },
): void {
  if (isUnknown(given) || !condition.includes('{{')) return;
  const answers = typeof given !== 'string' || conditionWord(given, condition) !== undefined;
  if ((answers && ALL_BRACES.test(condition)) || !readsForeignText(condition, scope)) return;
  throw new CutoverError(
    'template',
    `the condition "${condition.trim()}" has text from elsewhere put into it by its braces, and is not evaluated`,
    { ...where, hint: 'a condition is an expression already: name the variable without braces' },
  );
}

/** Whether the templates in a value, as it is written, read texts of hosts, programs or files, be it by way of other variables. */
export function readsForeignText(written: unknown, scope: Scope): boolean {
  const seen = new Set<string>();
  const says = (name: string): boolean => {
    if (seen.has(name)) return false;
    seen.add(name);
    return scope.foreign?.(name) === true || reads(scope.written?.(name));
  };
  const reads = (value: unknown): boolean => {
    if (typeof value === 'string') {
      const { names, looksUp } = namesUsed(value, 'text');
      return looksUp || [...names].some(says);
    }
    if (Array.isArray(value)) return value.some(reads);
    return isMapping(value) && Object.values(value).some(reads);
  };
  return reads(written);
}
