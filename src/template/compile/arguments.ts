/** Compiles argument lists. */
import { isMapping, put } from '../../values/index.ts';
import type { Arguments } from '../ast.ts';
import { typeFault } from '../faults.ts';
import { typeName } from '../python/kinds.ts';
import { iterate, known } from '../python/logic.ts';
import { compileExpression } from './expression.ts';
import type { Frame, Unit } from './frame.ts';

/** Evaluated arguments. */
interface Given {
  readonly positional: unknown[];
  readonly named: Record<string, unknown>;
}

/** Evaluates the arguments of a call. */
export type EvalArguments = (frame: Frame) => Given;

/** Compiles an argument list. */
export function compileArguments(args: Arguments, unit: Unit): EvalArguments {
  const positional = args.positional.map((part) => compileExpression(part, unit));
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
