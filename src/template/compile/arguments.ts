/** Compiles argument lists. */
import { isMapping, put } from '../../values/index.ts';
import type { Arguments, Expression } from '../ast.ts';
import { typeFault } from '../faults.ts';
import { typeName } from '../python/kinds.ts';
import { iterate, known } from '../python/logic.ts';
import { compileExpression } from './expression.ts';
import type { Eval, Frame, Unit } from './frame.ts';

/** Evaluated arguments. */
interface Given {
  readonly positional: unknown[];
  readonly named: Record<string, unknown>;
}

/** Evaluates the arguments of a call. */
export type EvalArguments = (frame: Frame) => Given;

/** Compiles an argument list, its positional parts as `compile` says. */
export function compileArguments(
  args: Arguments,
  unit: Unit,
  compile: (node: Expression, unit: Unit) => Eval = compileExpression,
): EvalArguments {
  const positional = args.positional.map((part) => compile(part, unit));
  const named = args.named.map(({ name, value }) => [name, compileExpression(value, unit)] as const);
  const spread = args.spread && compileExpression(args.spread, unit);
  const spreadNamed = args.spreadNamed && compileExpression(args.spreadNamed, unit);
  return (frame) => {
    const given: Given = { positional: positional.map((part) => part(frame)), named: {} };
    for (const [name, value] of named) put(given.named, name, value(frame));
    if (spread) given.positional.push(...iterate(spread(frame)));
    if (spreadNamed) {
      const more = known(spreadNamed(frame));
      if (!isMapping(more)) typeFault(`argument after ** must be a mapping, not ${typeName(more)}`);
      for (const key of Object.keys(more)) put(given.named, key, more[key]);
    }
    return given;
  };
}

const LOOKUPS = ['lookup', 'query', 'q'];

/**
 * Compiles the arguments of a call. Texts that a template gives to a lookup may be templates in their turn, as in Ansible:
 * `lookup('file', '{{ folder }}/a')`. Only what the template itself spells is: what variables and hosts say stays as it is.
 */
export function compileCallArguments(target: Expression, args: Arguments, unit: Unit): EvalArguments {
  const looksUp = target.kind === 'name' && LOOKUPS.includes(target.name);
  return looksUp ? compileArguments(args, unit, compileTerm) : compileArguments(args, unit);
}

function compileTerm(node: Expression, unit: Unit): Eval {
  if (node.kind === 'list') {
    const items = node.items.map((item) => compileTerm(item, unit));
    return (frame) => items.map((item) => item(frame));
  }
  const text = node.kind === 'constant' ? node.value : undefined;
  if (typeof text !== 'string' || !/\{[{%]/.test(text)) return compileExpression(node, unit);
  return ({ run }) => run.around.templar.render(text, run.scope);
}
