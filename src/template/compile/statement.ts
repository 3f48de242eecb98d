/** Compiles statements to closures. */

import { isUndefined, isUnknown } from '../../values/index.ts';
import type { Expression, FilterStep, Statement, Target } from '../ast.ts';
import { faultAt, refuseUndefined, TemplateFault, typeFault, UnknownSignal } from '../faults.ts';
import { PyObject } from '../python/kinds.ts';
import { iterate, known, truthy } from '../python/logic.ts';
import { deepCopy, filterProblem, type Run } from '../run.ts';
import { compileArguments } from './arguments.ts';
import { compileExpression, ELSELESS, located, noteProblem } from './expression.ts';
import { BREAK, CONTINUE, DONE, type Eval, type Exec, type Frame, type Unit } from './frame.ts';
import { compileBlock, compileExtends, compileFrom, compileImport, compileInclude } from './inheritance.ts';
import { compileFor } from './loop.ts';
import { compileCallBlock, compileMacro } from './macro.ts';
import { joinParts, printed } from './output.ts';

/** Compiles statements that run one after the other. */
export function compileBody(statements: readonly Statement[], unit: Unit): Exec {
  const parts = statements.map((statement) => compileStatement(statement, unit));
  if (parts.length === 1) return parts[0]!;
  return (frame, out) => {
    for (const part of parts) {
      const ending = part(frame, out);
      if (ending !== DONE) return ending;
    }
    return DONE;
  };
}

function compileStatement(node: Statement, unit: Unit): Exec {
  switch (node.kind) {
    case 'text': {
      const { text } = node;
      return (_, out) => {
        out.push(text);
        return DONE;
      };
    }
    case 'print':
      return compilePrint(node, unit);
    case 'if':
      return compileIf(node, unit);
    case 'for':
      return compileFor(node, unit);
    case 'set':
      return compileSet(node, unit);
    case 'capture':
      return compileCapture(node, unit);
    case 'with':
      return compileWith(node, unit);
    case 'macro':
      return compileMacro(node, unit);
    case 'callblock':
      return compileCallBlock(node, unit);
    case 'filterblock':
      return compileFilterBlock(node, unit);
    case 'do': {
      const value = compileExpression(node.value, unit);
      return (frame) => {
        known(value(frame));
        return DONE;
      };
    }
    case 'break':
      return () => BREAK;
    case 'continue':
      return () => CONTINUE;
    default:
      return compileReuse(node, unit);
  }
}

type Reuse = Extract<Statement, { kind: 'block' | 'extends' | 'include' | 'import' | 'from' }>;

function compileReuse(node: Reuse, unit: Unit): Exec {
  switch (node.kind) {
    case 'block':
      return compileBlock(node, unit);
    case 'extends':
      return compileExtends(node, unit);
    case 'include':
      return compileInclude(node, unit);
    case 'import':
      return compileImport(node, unit);
    case 'from':
      return compileFrom(node, unit);
  }
}

/** Runs an action; faults without a place get this one. */
export function placed<T>(at: number, unit: Unit, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw faultAt(error, at, unit.source);
  }
}

/** Compiles what `{{ }}` prints. Something undefined is refused where it stands. */
export function compilePrinted(value: Expression, unit: Unit): Eval {
  const read = compileExpression(value, unit);
  const elseless = value.kind === 'condition' && value.otherwise === undefined;
  return located(value.at, unit, (frame) => {
    const result = read(frame);
    if (typeof result !== 'object' || result === null) return result;
    if (isUnknown(result)) throw new UnknownSignal(result);
    if (!isUndefined(result)) return result;
    // `{{ a if b }}` prints nothing when b is false.
    return elseless && result.path === ELSELESS ? '' : refuseUndefined(result);
  });
}

function compilePrint(node: Extract<Statement, { kind: 'print' }>, unit: Unit): Exec {
  const value = compilePrinted(node.value, unit);
  return (frame, out) => {
    const result = value(frame);
    // What is printed now must not change when the template changes the list later.
    out.push(unit.mutates && typeof result === 'object' ? deepCopy(result) : result);
    return DONE;
  };
}

function compileIf(node: Extract<Statement, { kind: 'if' }>, unit: Unit): Exec {
  const branches = node.branches.map((branch) => ({
    test: compileExpression(branch.test, unit),
    body: compileBody(branch.body, unit),
  }));
  const otherwise = compileBody(node.otherwise, unit);
  return (frame, out) => {
    for (const { test, body } of branches) {
      const value = test(frame);
      if (value === true || (value !== false && placed(node.at, unit, () => truthy(value))))
        return body(frame, out);
    }
    return otherwise(frame, out);
  };
}

/** Assigns a value to a target: a name, names to unpack into, an attribute of a namespace. */
export function assign(target: Target, value: unknown, frame: Frame): void {
  if (target.kind === 'name') {
    frame.vars.set(target.name, value);
  } else if (target.kind === 'attribute') {
    const object = known(frame.lookup(target.object));
    if (!(object instanceof PyObject) || !object.assign(target.name, value))
      throw new TemplateFault(`cannot assign attribute on non-namespace object`, {
        hint: `"${target.object}" must come from namespace()`,
      });
  } else {
    const items = iterate(known(value));
    if (items.length < target.items.length)
      typeFault(`not enough values to unpack (expected ${target.items.length}, got ${items.length})`);
    if (items.length > target.items.length)
      typeFault(`too many values to unpack (expected ${target.items.length})`);
    target.items.forEach((part, index) => {
      assign(part, items[index], frame);
    });
  }
}

function compileSet(node: Extract<Statement, { kind: 'set' }>, unit: Unit): Exec {
  const value = compileExpression(node.value, unit);
  const { target } = node;
  if (target.kind === 'name') {
    const { name } = target;
    return (frame) => {
      frame.vars.set(name, value(frame));
      return DONE;
    };
  }
  return (frame) => {
    const result = value(frame);
    placed(node.at, unit, () => assign(target, result, frame));
    return DONE;
  };
}

function compileCapture(node: Extract<Statement, { kind: 'capture' }>, unit: Unit): Exec {
  const body = compileBody(node.body, unit);
  const filter = compileSteps(node.filters, unit);
  return (frame) => {
    const parts: unknown[] = [];
    const ending = body(frame.inner(), parts);
    assign(node.target, filter(frame, joinParts(parts)), frame);
    return ending;
  };
}

function compileSteps(steps: readonly FilterStep[], unit: Unit): (frame: Frame, value: unknown) => unknown {
  const compiled = steps.map((step) => {
    noteProblem(filterProblem(step.name), step.at, unit);
    return { step, args: compileArguments(step.args, unit) };
  });
  return (frame, value) => {
    let result = value;
    for (const { step, args } of compiled) {
      const { positional, named } = args(frame);
      result = placed(step.at, unit, () => applyFilter(frame.run, step.name, result, positional, named));
    }
    return result;
  };
}

const applyFilter = (
  run: Run,
  name: string,
  value: unknown,
  positional: unknown[],
  named: Record<string, unknown>,
): unknown => run.filter(name, value, positional, named);

function compileFilterBlock(node: Extract<Statement, { kind: 'filterblock' }>, unit: Unit): Exec {
  const body = compileBody(node.body, unit);
  const filter = compileSteps(node.filters, unit);
  return (frame, out) => {
    const parts: unknown[] = [];
    const ending = body(frame.inner(), parts);
    out.push(printed(filter(frame, joinParts(parts))));
    return ending;
  };
}

function compileWith(node: Extract<Statement, { kind: 'with' }>, unit: Unit): Exec {
  const bindings = node.bindings.map(({ target, value }) => ({
    target,
    value: compileExpression(value, unit),
  }));
  const body = compileBody(node.body, unit);
  return (frame, out) => {
    const inner = frame.inner();
    // The values see the variables outside, not each other.
    for (const { target, value } of bindings)
      placed(node.at, unit, () => assign(target, value(frame), inner));
    return body(inner, out);
  };
}
