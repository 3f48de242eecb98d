/** `for`, and the `loop` variable. */

import { Undefined } from '../../values/index.ts';
import type { Statement } from '../ast.ts';
import { TemplateFault } from '../faults.ts';
import { bound } from '../globals/function.ts';
import { Callable, NO_ATTRIBUTE } from '../python/kinds.ts';
import { equals, iterate, truthy } from '../python/logic.ts';
import { routine } from '../routine.ts';
import type { Run } from '../run.ts';
import { compileExpression } from './expression.ts';
import { BREAK, DONE, type Exec, type Frame, type Unit } from './frame.ts';
import { joinParts } from './output.ts';
import { assign, compileBody, placed } from './statement.ts';

type ForStatement = Extract<Statement, { kind: 'for' }>;
type Recurse = (items: unknown, depth: number) => string;

/** The `loop` variable of one loop. Callable in a recursive loop. */
class LoopState extends Callable {
  readonly name = 'loop';
  override readonly typeName = 'LoopContext';
  index0 = 0;
  private readonly items: readonly unknown[];
  private readonly depth: number;
  private readonly recurse: Recurse | undefined;
  private last: unknown[] | undefined;

  constructor(items: readonly unknown[], depth: number, recurse: Recurse | undefined) {
    super();
    this.items = items;
    this.depth = depth;
    this.recurse = recurse;
  }

  call(run: Run, positional: unknown[]): unknown {
    const { recurse } = this;
    if (!recurse) throw new TemplateFault('"loop" can only be called in a loop marked "recursive"');
    return run.deeper(() => recurse(positional[0], this.depth + 1));
  }

  override attr(name: string): unknown {
    const { index0, items } = this;
    switch (name) {
      case 'index':
        return index0 + 1;
      case 'index0':
        return index0;
      case 'revindex':
        return items.length - index0;
      case 'revindex0':
        return items.length - index0 - 1;
      case 'first':
        return index0 === 0;
      case 'last':
        return index0 === items.length - 1;
      case 'length':
        return items.length;
      case 'depth':
        return this.depth;
      case 'depth0':
        return this.depth - 1;
      case 'previtem':
        return index0 > 0 ? items[index0 - 1] : new Undefined('loop.previtem', 'there is no previous item');
      case 'nextitem':
        return index0 + 1 < items.length
          ? items[index0 + 1]
          : new Undefined('loop.nextitem', 'there is no next item');
      case 'cycle':
        return bound(
          'loop.cycle',
          routine('*', (_, args) =>
            args.rest.length > 0
              ? args.rest[index0 % args.rest.length]
              : args.fail('no items for cycling given'),
          ),
        );
      case 'changed':
        return bound(
          'loop.changed',
          routine('*', (_, args) => this.changed([...args.rest])),
        );
      default:
        return NO_ATTRIBUTE;
    }
  }

  private changed(values: unknown[]): boolean {
    const same = this.last !== undefined && equals(this.last, values);
    this.last = values;
    return !same;
  }
}

/** Compiles a loop. */
export function compileFor(node: ForStatement, unit: Unit): Exec {
  const source = compileExpression(node.items, unit);
  const condition = node.filter ? compileExpression(node.filter, unit) : undefined;
  const body = compileBody(node.body, unit);
  const otherwise = compileBody(node.otherwise, unit);
  const { target } = node;

  const select = (frame: Frame, value: unknown): unknown[] => {
    const items = placed(node.items.at, unit, () => iterate(value));
    placed(node.at, unit, () => frame.run.spend(items.length));
    if (!condition) return [...items];
    return items.filter((item) => {
      const inner = frame.inner();
      placed(node.at, unit, () => assign(target, item, inner));
      return truthy(condition(inner));
    });
  };

  const turn = (frame: Frame, value: unknown, depth: number, out: unknown[]): void => {
    const items = select(frame, value);
    if (items.length === 0) {
      otherwise(frame.inner(), out);
      return;
    }
    const recurse: Recurse | undefined = node.recursive
      ? (more, deeper) => {
          const parts: unknown[] = [];
          turn(frame, more, deeper, parts);
          return joinParts(parts);
        }
      : undefined;
    const loop = new LoopState(items, depth, recurse);
    for (let i = 0; i < items.length; i++) {
      const inner = frame.inner();
      loop.index0 = i;
      inner.vars.set('loop', loop);
      if (target.kind === 'name') inner.vars.set(target.name, items[i]);
      else placed(node.at, unit, () => assign(target, items[i], inner));
      if (body(inner, out) === BREAK) break;
    }
  };

  return (frame, out) => {
    turn(frame, source(frame), 1, out);
    return DONE;
  };
}
