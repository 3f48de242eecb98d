/** Templates that use other templates: blocks, extends, include, import. */

import { Undefined } from '../../values/index.ts';
import type { Expression, Statement } from '../ast.ts';
import { TemplateFault } from '../faults.ts';
import { bound } from '../globals/function.ts';
import { Callable, NO_ATTRIBUTE, PyObject } from '../python/kinds.ts';
import { known } from '../python/logic.ts';
import { str } from '../python/text.ts';
import { routine } from '../routine.ts';
import type { Run } from '../run.ts';
import { compileExpression } from './expression.ts';
import { type Blocks, type Compiled, DONE, type Eval, type Exec, Frame, type Unit } from './frame.ts';
import { joinParts } from './output.ts';
import { compileBody, placed } from './statement.ts';

type Kind<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** The name under which a frame remembers the template that the running one extends. */
const PARENT = '(parent)';

/** Runs a compiled template from its beginning, in a frame of its own, then the templates it extends. */
export function runTemplate(
  compiled: Compiled,
  run: Run,
  outer: Frame | undefined,
  out: unknown[],
  inherited?: Blocks,
  bare = false,
): Frame {
  const blocks: Blocks = inherited ?? new Map();
  for (const [name, exec] of compiled.unit.blocks) blocks.set(name, [...(blocks.get(name) ?? []), exec]);
  const frame = new Frame(run, outer, blocks, undefined, bare);
  if (compiled.unit.blocks.size > 0) frame.vars.set('self', new Self(frame));
  const parts: unknown[] = [];
  compiled.exec(frame, parts);
  const parent = frame.vars.get(PARENT) as Compiled | undefined;
  if (!parent) {
    for (const part of parts) out.push(part);
    return frame;
  }
  return run.deeper(() => {
    frame.vars.delete(PARENT);
    return runTemplate(parent, run, frame, out, blocks);
  });
}

/** `self`: prints a block again. */
class Self extends PyObject {
  readonly typeName = 'TemplateReference';
  private readonly frame: Frame;

  constructor(frame: Frame) {
    super();
    this.frame = frame;
  }

  override attr(name: string): unknown {
    if (!this.frame.blocks.has(name)) return NO_ATTRIBUTE;
    return bound(
      `self.${name}`,
      routine('', (_, args) => args.run.deeper(() => blockText(this.frame, name, 0))),
    );
  }
}

function blockText(frame: Frame, name: string, level: number): string {
  const parts: unknown[] = [];
  runBlock(frame, name, level, parts);
  return joinParts(parts);
}

function runBlock(frame: Frame, name: string, level: number, out: unknown[]): void {
  const inner = frame.inner();
  inner.vars.set('super', parentBlock(frame, name, level + 1));
  frame.blocks.get(name)?.[level]?.(inner, out);
}

/** `super`: prints the block of a template that is extended; `super.super` that of the one before. */
class ParentBlock extends Callable {
  readonly name = 'super';
  private readonly frame: Frame;
  private readonly block: string;
  private readonly level: number;

  constructor(frame: Frame, block: string, level: number) {
    super();
    this.frame = frame;
    this.block = block;
    this.level = level;
  }

  call(run: Run): unknown {
    return run.deeper(() => blockText(this.frame, this.block, this.level));
  }

  override attr(name: string): unknown {
    return name === 'super' ? parentBlock(this.frame, this.block, this.level + 1) : NO_ATTRIBUTE;
  }
}

const parentBlock = (frame: Frame, name: string, level: number): ParentBlock | Undefined =>
  level < (frame.blocks.get(name)?.length ?? 0)
    ? new ParentBlock(frame, name, level)
    : new Undefined('super', `there is no parent block called "${name}"`);

/** Compiles a block: prints its most derived body. */
export function compileBlock(node: Kind<'block'>, unit: Unit): Exec {
  const { name, required, scoped } = node;
  if (unit.blocks.has(name))
    throw new TemplateFault(`the block "${name}" is defined twice`, { offset: node.at });
  const body = compileBody(node.body, unit);
  unit.blocks.set(
    name,
    required
      ? () => {
          throw new TemplateFault(`the block "${name}" is required but not filled in`, { offset: node.at });
        }
      : body,
  );
  return (frame, out) => {
    // A template that extends another prints nothing itself.
    if (!frame.vars.has(PARENT)) runBlock(scoped ? frame : frame.root, name, 0, out);
    return DONE;
  };
}

function loadNamed(template: Eval, at: number, unit: Unit): (frame: Frame) => Compiled {
  return (frame) =>
    placed(at, unit, () => {
      const name = known(template(frame));
      return frame.run.around.loadTemplate(str(name), frame.run) as Compiled;
    });
}

/** Compiles `{% extends %}`. */
export function compileExtends(node: Kind<'extends'>, unit: Unit): Exec {
  const load = loadNamed(compileExpression(node.template, unit), node.at, unit);
  return (frame) => {
    if (frame.vars.has(PARENT))
      throw new TemplateFault('a template can extend only one other', { offset: node.at });
    frame.vars.set(PARENT, load(frame));
    return DONE;
  };
}

/** Runs a template that another one uses; without context it sees no variables, only what it sets itself. */
function used(compiled: Compiled, frame: Frame, withContext: boolean, out: unknown[]): Frame {
  return withContext
    ? runTemplate(compiled, frame.run, frame, out)
    : runTemplate(compiled, frame.run, undefined, out, undefined, true);
}

/** Compiles `{% include %}`: of several names, the first that exists. */
export function compileInclude(node: Kind<'include'>, unit: Unit): Exec {
  const template = compileExpression(node.template, unit);
  return (frame, out) => {
    const loaded = firstOf(node.template, template, frame, node, unit);
    if (!loaded) return DONE;
    frame.run.deeper(() => used(loaded, frame, node.withContext, out));
    return DONE;
  };
}

function firstOf(
  written: Expression,
  template: Eval,
  frame: Frame,
  node: Kind<'include'>,
  unit: Unit,
): Compiled | undefined {
  const value = placed(written.at, unit, () => known(template(frame)));
  const names = Array.isArray(value) ? value : [value];
  let failure: unknown;
  for (const name of names) {
    try {
      return placed(node.at, unit, () => frame.run.around.loadTemplate(str(name), frame.run)) as Compiled;
    } catch (error) {
      if (!(error instanceof TemplateFault) || !error.notFound) throw error;
      failure = error;
    }
  }
  if (node.ignoreMissing) return undefined;
  throw failure ?? new TemplateFault('no template is named', { offset: node.at });
}

/** A template's exported names: what `import` gives. */
class Module extends PyObject {
  readonly typeName = 'TemplateModule';
  private readonly frame: Frame;
  private readonly text: string;

  constructor(frame: Frame, text: string) {
    super();
    this.frame = frame;
    this.text = text;
  }

  override attr(name: string): unknown {
    return !name.startsWith('_') && this.frame.vars.has(name) ? this.frame.vars.get(name) : NO_ATTRIBUTE;
  }

  override str(): string {
    return this.text;
  }
}

function loadModule(load: (frame: Frame) => Compiled, withContext: boolean): (frame: Frame) => Module {
  return (frame) => {
    const compiled = load(frame);
    const parts: unknown[] = [];
    const inner = frame.run.deeper(() => used(compiled, frame, withContext, parts));
    return new Module(inner, joinParts(parts));
  };
}

/** Compiles `{% import %}`. */
export function compileImport(node: Kind<'import'>, unit: Unit): Exec {
  const load = loadModule(loadNamed(compileExpression(node.template, unit), node.at, unit), node.withContext);
  return (frame) => {
    frame.vars.set(node.alias, load(frame));
    return DONE;
  };
}

/** Compiles `{% from %}`. */
export function compileFrom(node: Kind<'from'>, unit: Unit): Exec {
  const load = loadModule(loadNamed(compileExpression(node.template, unit), node.at, unit), node.withContext);
  return (frame) => {
    const module = load(frame);
    for (const { name, alias } of node.names) {
      const value = module.attr(name);
      frame.vars.set(
        alias,
        value === NO_ATTRIBUTE ? new Undefined(name, `the template does not export "${name}"`) : value,
      );
    }
    return DONE;
  };
}
