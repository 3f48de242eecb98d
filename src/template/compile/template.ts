/** Compiles a whole template, or a bare expression. */
import type { TemplateSource } from '../faults.ts';
import { Cursor } from '../parse/cursor.ts';
import { parseTuple } from '../parse/expression.ts';
import { PLAYBOOK_SYNTAX, type Syntax } from '../parse/syntax.ts';
import { parseTemplate } from '../parse/template.ts';
import { readTokens } from '../parse/tokens.ts';
import { compileExpression, located } from './expression.ts';
import { type Compiled, DONE, type Eval, type Exec, type Unit } from './frame.ts';
import { compileBody, compilePrinted } from './statement.ts';

const newUnit = (source: TemplateSource, syntax: Syntax, isExpression = false): Unit => ({
  source,
  syntax,
  isExpression,
  problems: [],
  blocks: new Map(),
  mutates: false,
});

/** Compiles a template. Throws TemplateFault for a mistake in its syntax. */
export function compileTemplate(source: TemplateSource, syntax: Syntax): Compiled {
  const statements = parseTemplate(source.text, syntax);
  const unit = newUnit(source, syntax);
  const [first] = statements;
  const lone =
    statements.length === 1 && first?.kind === 'print' ? compilePrinted(first.value, unit) : undefined;
  const exec: Exec = lone ? printing(lone) : compileBody(statements, unit);
  return { unit, exec, lone, statements };
}

const printing =
  (value: Eval): Exec =>
  (frame, out) => {
    out.push(value(frame));
    return DONE;
  };

/** Compiles a bare expression, as in `when`. */
export function compileExpressionText(source: TemplateSource): Compiled {
  const run = readTokens(source.text, 0, undefined, false)!;
  const cursor = new Cursor(run.tokens, true);
  const node = parseTuple(cursor);
  cursor.expectEnd();
  const unit = newUnit(source, PLAYBOOK_SYNTAX, true);
  return { unit, exec: () => DONE, lone: located(0, unit, compileExpression(node, unit)), statements: [] };
}
