/** Texts that a template spells as a Python literal, such as `[{% for h in hosts %}'{{ h }}',{% endfor %}]`, and what a lone `{{ }}` or a joined text gives. */
import { isMapping, plainNumber, valuesOf } from '../values/index.ts';
import type { Compiled } from './compile/frame.ts';
import { printed } from './compile/output.ts';
import { TemplateFault } from './faults.ts';
import { isNumber, PyObject, Tuple } from './python/kinds.ts';
import { readLiteral } from './python/literal.ts';
import { str } from './python/text.ts';
import { finished } from './result.ts';
import { beginsWith, isSpelled, printsText } from './spelled.ts';

/**
 * Gives the list, mapping or boolean that an assembled text spells, or undefined when it is only a text.
 * Ansible up to 2.18 reads every such result; here the brackets must stand in the template itself, so that
 * no value of a variable turns into something else.
 */
export function assembledLiteral(compiled: Compiled, text: string): unknown {
  const { statements } = compiled;
  if (text === 'True' || text === 'False')
    return statements.every(({ kind }) => kind !== 'print') ? text === 'True' : undefined;
  if (!/^[[{]/.test(text) || !beginsWith(statements, text[0]!)) return undefined;
  return collectionIn(text);
}

/** Gives the list or mapping that a text spells, in Python's words or JSON's; undefined when it is only a text. */
export function collectionIn(text: string): unknown {
  const value = literalIn(text, true);
  return typeof value === 'object' && value !== null && !(value instanceof Tuple) ? value : undefined;
}

function literalIn(text: string, jsonWords: boolean): unknown {
  try {
    return finished(readLiteral(text.trim(), jsonWords));
  } catch (error) {
    if (error instanceof TemplateFault) return undefined;
    throw error;
  }
}

/** A template that is only a name hands its value on as it is. */
const BARE_NAME = /^\{\{\s*(?![Nn]one\b)[A-Za-z_]\w*\s*\}\}\n?$/;

/**
 * Gives the result of a lone `{{ }}` without `jinja2_native`, as Ansible up to 2.18 does by default: a calculated number or tuple
 * is its text (`{{ port + 1 }}` is "8081"), None is nothing; lists, mappings and booleans stay what they are.
 */
export function asTextResult(value: unknown, template: string, compiled: Compiled): unknown {
  if (BARE_NAME.test(template)) return finished(value);
  if (value === null) return '';
  if (isNumber(value) || value instanceof Tuple) return printed(value);
  if (typeof value === 'string') return spelledValue(value, compiled, readDefault) ?? value;
  const data = finished(value);
  return hasNoLiteral(value, 0) ? str(value) : data;
}

/** Gives the result of a lone `{{ }}` with `jinja2_native`: what it is; a text that the template spells is what it says. */
export function nativeResult(value: unknown, compiled: Compiled): unknown {
  if (typeof value !== 'string') return finished(value);
  const meant = spelledValue(value, compiled, readNative);
  return meant === undefined ? value : meant;
}

/**
 * Gives what an assembled text says with `jinja2_native`, or undefined when it is only a text: `{{ 1 }}{{ 2 }}` is 12. Of texts,
 * only those that stand in the template count.
 */
export function nativeAssembled(compiled: Compiled, parts: readonly unknown[], text: string): unknown {
  const ownWords = parts.every((part) => typeof part !== 'string' || printsText(compiled.statements, part));
  return ownWords ? readNative(text) : undefined;
}

function spelledValue(text: string, { statements }: Compiled, read: (text: string) => unknown): unknown {
  const [only] = statements;
  if (statements.length !== 1 || only?.kind !== 'print' || text === '') return undefined;
  return isSpelled(only.value, text) ? read(text) : undefined;
}

function readDefault(text: string): unknown {
  if (text === 'True' || text === 'False') return text === 'True';
  return /^[[{]/.test(text) ? collectionIn(text) : undefined;
}

function readNative(text: string): unknown {
  const value = /^\s/.test(text) ? undefined : literalIn(text, false);
  return typeof value === 'string' ? undefined : value;
}

/** Whether Python's way to write a collection cannot be read back: then Ansible leaves it text. */
function hasNoLiteral(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof PyObject) return depth > 0;
  if (Array.isArray(value)) return value.some((item) => hasNoLiteral(item, depth + 1));
  if (isMapping(value)) return valuesOf(value).some((item) => hasNoLiteral(item, depth + 1));
  return typeof plainNumber(value) === 'number' && !Number.isFinite(Number(value));
}
