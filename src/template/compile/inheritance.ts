/** Templates that use other templates: blocks, extends, include, import. */

import { Undefined } from '../../values/index.ts';
import type { Expression, Statement } from '../ast.ts';
import { TemplateFault } from '../faults.ts';
import { bound } from '../globals/function.ts';
import { NO_ATTRIBUTE, PyObject } from '../python/kinds.ts';
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
): Frame {
  const blocks: Blocks = inherited ?? new Map();
  for (const [name, exec] of compiled.unit.blocks) blocks.set(name, [...(blocks.get(name) ?? []), exec]);
  const frame = new Frame(run, outer, blocks);
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
  const bodies = frame.blocks.get(name) ?? [];
  const inner = frame.inner();
  const superBlock =
    level + 1 < bodies.length
      ? bound(
          'super',
          routine('', (_, args) => args.run.deeper(() => blockText(frame, name, level + 1))),
        )
      : new Undefined('super', `there is no parent block called "${name}"`);
  inner.vars.set('super', superBlock);
  bodies[level]?.(inner, out);
}

/** Compiles a block: prints its most derived body. */
export function compileBlock(node: Kind<'block'>, unit: Unit): Exec {
  const { name, required } = node;
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
    if (!frame.vars.has(PARENT)) runBlock(frame, name, 0, out);
    return DONE;
  };
}

function loadNamed(template: Eval, at: number, unit: Unit): (frame: Frame) => Compiled {
  return (frame) =>
    placed(at, unit, () => {
      const name = known(template(frame));
      return frame.run.around.loadTemplate(str(name), frame.run, unit.source.file) as Compiled;
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

/** Compiles `{% include %}`: of several names, the first that exists. */
export function compileInclude(node: Kind<'include'>, unit: Unit): Exec {
  const template = compileExpression(node.template, unit);
  return (frame, out) => {
    const loaded = firstOf(node.template, template, frame, node, unit);
    if (!loaded) return DONE;
    frame.run.deeper(() => runTemplate(loaded, frame.run, node.withContext ? frame : undefined, out));
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
      return placed(node.at, unit, () =>
        frame.run.around.loadTemplate(str(name), frame.run, unit.source.file),
      ) as Compiled;
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
    const inner = frame.run.deeper(() =>
      runTemplate(compiled, frame.run, withContext ? frame : undefined, parts),
    );
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
