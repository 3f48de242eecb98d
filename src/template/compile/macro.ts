/** Macros and call blocks. */

import { Undefined } from '../../values/index.ts';
import type { Expression, MacroParameter, Statement } from '../ast.ts';
import { TemplateFault } from '../faults.ts';
import { Callable, NO_ATTRIBUTE, tuple } from '../python/kinds.ts';
import type { Run } from '../run.ts';
import { compileExpression } from './expression.ts';
import { DONE, type Eval, type Exec, type Frame, type Unit } from './frame.ts';
import { joinParts } from './output.ts';
import { compileBody } from './statement.ts';

interface MacroBody {
  readonly parameters: readonly { readonly name: string; readonly initial: Eval | undefined }[];
  readonly exec: Exec;
  /** Whether the body looks at these: only then may a call give them. */
  readonly uses: { readonly varargs: boolean; readonly kwargs: boolean; readonly caller: boolean };
}

/** A macro together with the scope it was defined in. */
class Macro extends Callable {
  override readonly typeName = 'Macro';
  override readonly takesUndefined = true;
  readonly name: string;
  private readonly body: MacroBody;
  private readonly home: Frame;

  constructor(name: string, body: MacroBody, home: Frame) {
    super();
    this.name = name;
    this.body = body;
    this.home = home;
  }

  call(run: Run, positional: unknown[], named: Record<string, unknown>): unknown {
    return run.deeper(() => {
      const frame = this.home.inner();
      this.bind(frame, positional, { ...named });
      const parts: unknown[] = [];
      this.body.exec(frame, parts);
      return joinParts(parts);
    });
  }

  private bind(frame: Frame, positional: unknown[], named: Record<string, unknown>): void {
    const { parameters, uses } = this.body;
    parameters.forEach(({ name, initial }, index) => {
      if (index < positional.length) {
        if (Object.hasOwn(named, name))
          throw new TemplateFault(`macro "${this.name}" got two values for ${name}`);
        frame.vars.set(name, positional[index]);
      } else if (Object.hasOwn(named, name)) {
        frame.vars.set(name, named[name]);
        delete named[name];
      } else {
        frame.vars.set(
          name,
          initial ? initial(frame) : new Undefined(name, `parameter "${name}" was not provided`),
        );
      }
    });
    if (uses.caller || Object.hasOwn(named, 'caller')) {
      frame.vars.set(
        'caller',
        Object.hasOwn(named, 'caller') ? named.caller : new Undefined('caller', 'no caller defined'),
      );
      if (!uses.caller)
        throw new TemplateFault(
          `macro "${this.name}" was invoked with a call block but does not use "caller"`,
        );
      delete named.caller;
    }
    if (positional.length > parameters.length && !uses.varargs)
      throw new TemplateFault(`macro "${this.name}" takes not more than ${parameters.length} argument(s)`);
    if (uses.varargs) frame.vars.set('varargs', tuple(...positional.slice(parameters.length)));
    const [stray] = Object.keys(named);
    if (stray !== undefined && !uses.kwargs)
      throw new TemplateFault(`macro "${this.name}" takes no keyword argument "${stray}"`);
    if (uses.kwargs) frame.vars.set('kwargs', { ...named });
  }

  override attr(name: string): unknown {
    if (name === 'name') return this.name;
    if (name === 'arguments') return tuple(...this.body.parameters.map((parameter) => parameter.name));
    if (name === 'caller') return this.body.uses.caller;
    if (name === 'catch_kwargs') return this.body.uses.kwargs;
    if (name === 'catch_varargs') return this.body.uses.varargs;
    return NO_ATTRIBUTE;
  }

  override repr(): string {
    return `<Macro '${this.name}'>`;
  }
}

function compileMacroBody(
  parameters: readonly MacroParameter[],
  body: readonly Statement[],
  unit: Unit,
): MacroBody {
  const declared = new Set(parameters.map((parameter) => parameter.name));
  const mentions = (name: string): boolean => !declared.has(name) && mentionsName(body, name);
  return {
    parameters: parameters.map(({ name, initial }) => ({
      name,
      initial: initial && compileExpression(initial, unit),
    })),
    exec: compileBody(body, unit),
    uses: {
      varargs: mentions('varargs'),
      kwargs: mentions('kwargs'),
      caller: declared.has('caller') ? false : mentions('caller'),
    },
  };
}

/** Whether a name is read anywhere in a piece of syntax tree. */
function mentionsName(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((part) => mentionsName(part, name));
  if (typeof node !== 'object' || node === null) return false;
  if ((node as Partial<Expression>).kind === 'name' && (node as { name: string }).name === name) return true;
  return Object.values(node).some((part) => mentionsName(part, name));
}

/** Compiles a macro's definition. */
export function compileMacro(node: Extract<Statement, { kind: 'macro' }>, unit: Unit): Exec {
  const body = compileMacroBody(node.parameters, node.body, unit);
  const { name } = node;
  return (frame) => {
    frame.vars.set(name, new Macro(name, body, frame));
    return DONE;
  };
}

/** Compiles `{% call(...) macro(...) %}`: the body becomes the macro's `caller`. */
export function compileCallBlock(node: Extract<Statement, { kind: 'callblock' }>, unit: Unit): Exec {
  const body = compileMacroBody(node.parameters, node.body, unit);
  const { call } = node;
  if (call.kind !== 'call') throw new TemplateFault('"call" needs a call of a macro', { offset: node.at });
  const callerName = '(caller)';
  const named = [
    ...call.args.named,
    { name: 'caller', value: { kind: 'name', at: node.at, name: callerName } as const },
  ];
  const invokeMacro = compileExpression({ ...call, args: { ...call.args, named } }, unit);
  return (frame, out) => {
    const inner = frame.inner();
    inner.vars.set(callerName, new Macro('caller', body, frame));
    out.push(invokeMacro(inner));
    return DONE;
  };
}
