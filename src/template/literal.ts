/** Texts that a template assembles as a Python list or mapping: `[{% for h in hosts %}'{{ h }}',{% endfor %}]`. */
import type { Compiled } from './compile/frame.ts';
import { printed } from './compile/output.ts';
import { TemplateFault } from './faults.ts';
import { Float, isNumber, toPlain } from './python/kinds.ts';
import { readLiteral } from './python/literal.ts';
import { finished } from './result.ts';

/**
 * Gives the list, mapping or boolean that an assembled text spells, or undefined when it is only a text.
 * Ansible up to 2.18 reads every such result; here the brackets must stand in the template itself, so that
 * no value of a variable turns into something else.
 */
export function assembledLiteral(compiled: Compiled, text: string): unknown {
  const [first] = compiled.statements;
  if (text === 'True' || text === 'False')
    return compiled.statements.every((statement) => statement.kind !== 'print') ? text === 'True' : undefined;
  const written = compiled.statements.find(
    (statement) => !(statement.kind === 'text' && statement.text.trim() === '') && statement.kind !== 'set',
  );
  const begins = written?.kind === 'text' ? written.text.trimStart()[0] : undefined;
  if ((begins !== '[' && begins !== '{') || first === undefined || !/^[[{]/.test(text)) return undefined;
  try {
    const value = readLiteral(text.trim());
    return typeof value === 'object' && value !== null ? toPlain(value) : undefined;
  } catch (error) {
    if (error instanceof TemplateFault) return undefined;
    throw error;
  }
}

/** A template that is only a name hands its value on as it is. */
const BARE_NAME = /^\{\{\s*(?![Nn]one\b)[A-Za-z_]\w*\s*\}\}$/;

/**
 * Gives the result of a lone `{{ }}` without `jinja2_native`, as Ansible up to 2.18 does by default: a calculated number is its text
 * (`{{ port + 1 }}` is "8081"), None is nothing; lists, mappings and booleans stay what they are.
 */
export function asTextResult(value: unknown, template: string): unknown {
  const bare = BARE_NAME.test(template);
  if (bare && value instanceof Float) return value;
  if ((value !== null && !isNumber(value)) || bare) return finished(value);
  return value === null ? '' : printed(value);
}
