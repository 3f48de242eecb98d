/** Whose words a text is: those of a playbook, or of a host, a file or a program. */
import { isMapping } from '../values/index.ts';
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
