/** Compiles expressions to closures. */

import { isUndefined, isUnknown, Undefined, type Unknown } from '../../values/index.ts';
import { attribute, item, slice } from '../access.ts';
import type { Expression } from '../ast.ts';
import { faultAt, TemplateFault, UnknownSignal } from '../faults.ts';
import { FILE_SYNTAX } from '../parse/syntax.ts';
import { arithmetic, negate, plus } from '../python/arithmetic.ts';
import { Callable, tuple, typeName } from '../python/kinds.ts';
import { holds, known, setItem, truthy } from '../python/logic.ts';
import { capText, str } from '../python/text.ts';
import { filterProblem, testProblem } from '../run.ts';
import { compileArguments, compileCallArguments, type EvalArguments } from './arguments.ts';
import type { Eval, Frame, Unit } from './frame.ts';
import { runTemplate } from './inheritance.ts';
import { joinParts } from './output.ts';
import { compileTemplate } from './template.ts';

/** Methods that change their list or mapping in place. */
const MUTATORS = new Set([
  'append',
  'extend',
  'insert',
  'update',
  'pop',
  'popitem',
  'remove',
  'clear',
  'sort',
  'reverse',
  'setdefault',
]);

/** Compiles an expression. */
export function compileExpression(node: Expression, unit: Unit): Eval {
  switch (node.kind) {
    case 'constant': {
      const { value } = node;
      if (unit.isExpression && typeof value === 'string' && value.includes('{{'))
        return compileInnerText(node.at, value, unit);
      return () => value;
    }
    case 'name': {
      const { name } = node;
      return located(node.at, unit, (frame) => frame.lookup(name));
    }
    case 'and':
    case 'or':
      return compileLogic(node.kind, compileExpression(node.left, unit), compileExpression(node.right, unit));
    case 'condition':
      return compileCondition(node, unit);
    case 'list':
    case 'tuple':
    case 'dict':
      return compileLiteral(node, unit);
    default:
      return located(node.at, unit, compileOperation(node, unit));
  }
}

/** Compiles a text of a condition that holds a template itself. */
function compileInnerText(at: number, text: string, unit: Unit): Eval {
  const inner = compileTemplate({ text, file: undefined }, FILE_SYNTAX);
  if (inner.unit.mutates) unit.mutates = true;
  return located(at, unit, (frame) => {
    const parts: unknown[] = [];
    runTemplate(inner, frame.run, frame, parts);
    return joinParts(parts);
  });
}

/** Gives faults that have no place yet the place of this node. */
export function located(at: number, unit: Unit, run: Eval): Eval {
  return (frame) => {
    try {
      return run(frame);
    } catch (error) {
      throw faultAt(error, at, unit.source);
    }
  };
}

type Operation = Exclude<
  Expression,
  { kind: 'constant' | 'name' | 'and' | 'or' | 'condition' | 'list' | 'tuple' | 'dict' }
>;

function compileOperation(node: Operation, unit: Unit): Eval {
  switch (node.kind) {
    case 'attribute': {
      if (MUTATORS.has(node.name)) unit.mutates = true;
      const target = compileExpression(node.target, unit);
      const { name } = node;
      const path = pathOf(node.target);
      return (frame) => attribute(frame.run, target(frame), name, path);
    }
    case 'item': {
      const target = compileExpression(node.target, unit);
      const index = compileExpression(node.index, unit);
      const path = pathOf(node.target);
      return (frame) => item(frame.run, target(frame), index(frame), path);
    }
    case 'slice': {
      const target = compileExpression(node.target, unit);
      const [start, stop, step] = [node.start, node.stop, node.step].map((part) =>
        part ? compileExpression(part, unit) : undefined,
      );
      return (frame) => slice(frame.run, target(frame), start?.(frame), stop?.(frame), step?.(frame));
    }
    case 'call':
      return compileCall(
        node.target,
        compileExpression(node.target, unit),
        compileCallArguments(node.target, node.args, unit),
      );
    case 'filter':
      return compileFilter(node, unit);
    case 'test':
      return compileTest(node, unit);
    case 'binary': {
      const { operator } = node;
      const left = compileExpression(node.left, unit);
      const right = compileExpression(node.right, unit);
      return (frame) => arithmetic(operator, left(frame), right(frame));
    }
    case 'concat': {
      const parts = node.parts.map((part) => compileExpression(part, unit));
      return (frame) => capText(parts.map((part) => str(part(frame))).join(''));
    }
    case 'compare':
      return compileCompare(node, unit);
    case 'not': {
      const operand = compileExpression(node.operand, unit);
      return (frame) => !truthy(operand(frame));
    }
    case 'negate': {
      const operand = compileExpression(node.operand, unit);
      return (frame) => negate(operand(frame));
    }
    case 'plus': {
      const operand = compileExpression(node.operand, unit);
      return (frame) => plus(operand(frame));
    }
  }
}

/** Gives an expression as a person would write it, for messages about something undefined. */
function pathOf(node: Expression): string {
  if (node.kind === 'name') return node.name;
  if (node.kind === 'attribute') return `${pathOf(node.target)}.${node.name}`;
  if (node.kind === 'item') return `${pathOf(node.target)}[${indexOf(node.index)}]`;
  if (node.kind === 'call') return `${pathOf(node.target)}()`;
  if (node.kind === 'filter') return `${pathOf(node.target)} | ${node.name}`;
  return 'the value';
}

function indexOf(node: Expression): string {
  if (node.kind === 'constant') return typeof node.value === 'string' ? `'${node.value}'` : str(node.value);
  return pathOf(node);
}

function compileLiteral(node: Extract<Expression, { kind: 'list' | 'tuple' | 'dict' }>, unit: Unit): Eval {
  if (node.kind !== 'dict') {
    const items = node.items.map((part) => compileExpression(part, unit));
    if (node.kind === 'list') return (frame) => items.map((part) => part(frame));
    return (frame) => tuple(...items.map((part) => part(frame)));
  }
  const entries = node.entries.map(
    ([key, value]) => [compileExpression(key, unit), compileExpression(value, unit)] as const,
  );
  return located(node.at, unit, (frame) => {
    const made: Record<string, unknown> = {};
    for (const [key, value] of entries) setItem(made, key(frame), value(frame));
    return made;
  });
}

/** Evaluates an operand whose value may turn out unknown. */
function attempt(part: Eval, frame: Frame): unknown {
  try {
    return part(frame);
  } catch (error) {
    if (error instanceof UnknownSignal) return error.unknown;
    throw error;
  }
}

/** `false and unknown` is false and `true or unknown` is true, whichever side the unknown is on. */
function compileLogic(kind: 'and' | 'or', left: Eval, right: Eval): Eval {
  const decisive = kind === 'or';
  return (frame) => {
    const first = attempt(left, frame);
    if (!isUnknown(first)) return truthy(first) === decisive ? first : right(frame);
    const second = attempt(right, frame);
    return !isUnknown(second) && truthy(second) === decisive ? second : (first as Unknown);
  };
}

/** The path of the undefined value that an `if` without `else` gives. */
export const ELSELESS = 'the value of an "if" without "else"';

function compileCondition(node: Extract<Expression, { kind: 'condition' }>, unit: Unit): Eval {
  const test = compileExpression(node.test, unit);
  const then = compileExpression(node.value, unit);
  const otherwise = node.otherwise ? compileExpression(node.otherwise, unit) : undefined;
  return located(node.at, unit, (frame) => {
    if (truthy(test(frame))) return then(frame);
    if (otherwise) return otherwise(frame);
    return new Undefined(ELSELESS, 'the condition is false and there is no "else"');
  });
}

function compileCompare(node: Extract<Expression, { kind: 'compare' }>, unit: Unit): Eval {
  const first = compileExpression(node.left, unit);
  const steps = node.steps.map((step) => ({
    operator: step.operator,
    right: compileExpression(step.right, unit),
  }));
  if (steps.length === 1) {
    const [{ operator, right }] = steps as [(typeof steps)[0]];
    return (frame) => holds(operator, first(frame), right(frame));
  }
  return (frame) => {
    let left = first(frame);
    for (const step of steps) {
      const right = step.right(frame);
      if (!holds(step.operator, left, right)) return false;
      left = right;
    }
    return true;
  };
}

function compileCall(node: Expression, target: Eval, args: EvalArguments): Eval {
  const path = pathOf(node);
  return (frame) => {
    const callee = target(frame);
    if (isUnknown(callee)) return callee;
    if (!(callee instanceof Callable)) {
      if (isUndefined(callee)) known(callee);
      throw new TemplateFault(`"${path}" is ${typeName(callee)} and cannot be called`);
    }
    const { positional, named } = args(frame);
    return callee.call(frame.run, positional, named);
  };
}

function compileFilter(node: Extract<Expression, { kind: 'filter' }>, unit: Unit): Eval {
  const { name } = node;
  noteProblem(filterProblem(name), node.at, unit);
  const target = compileExpression(node.target, unit);
  const args = compileArguments(node.args, unit);
  return (frame) => {
    const value = target(frame);
    const { positional, named } = args(frame);
    return frame.run.filter(name, value, positional, named);
  };
}

/** Remembers an unknown filter or test: the text is not rendered, whether or not that part of it would be reached. */
export function noteProblem(problem: TemplateFault | undefined, at: number, unit: Unit): void {
  if (!problem) return;
  problem.place(at, unit.source);
  problem.inText = true;
  unit.problems.push(problem);
}

function compileTest(node: Extract<Expression, { kind: 'test' }>, unit: Unit): Eval {
  const { name, negated } = node;
  noteProblem(testProblem(name), node.at, unit);
  const target = compileExpression(node.target, unit);
  const args = compileArguments(node.args, unit);
  return (frame) => {
    const value = attempt(target, frame);
    const { positional, named } = args(frame);
    return frame.run.test(name, value, positional, named) !== negated;
  };
}
