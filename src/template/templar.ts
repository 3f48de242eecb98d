/** The templar: compiles texts once, renders them over scopes, and says where a mistake stands. */
import { CutoverError, ErrorList, type SourcePosition } from '../errors/index.ts';
import {
  isMapping,
  mapValues,
  Tuple,
  tuple,
  Undefined,
  type Unknown,
  UnsafeText,
  VaultText,
} from '../values/index.ts';
import type { Compiled, Eval } from './compile/frame.ts';
import { Frame } from './compile/frame.ts';
import { runTemplate } from './compile/inheritance.ts';
import { loadTemplate } from './compile/loader.ts';
import { joinParts } from './compile/output.ts';
import { compileExpressionText, compileTemplate } from './compile/template.ts';
import { type PluginName, TemplateFault, UnknownSignal } from './faults.ts';
import { syntaxKey, syntaxOf } from './file-syntax.ts';
import { readHeader } from './header.ts';
import { assembledLiteral, asTextResult, nativeAssembled, nativeResult } from './literal.ts';
import { runLookup } from './lookups/index.ts';
import { PLAYBOOK_SYNTAX, type Syntax } from './parse/syntax.ts';
import { explain } from './place.ts';

import { finished } from './result.ts';
import { Run, type Surroundings } from './run.ts';
import type { FileOptions, Scope, Templar, TemplarOptions } from './types.ts';

/** Renderings within renderings (a lookup that renders a template that looks up ...). */
const DEEPEST = 60;
const MOST_CACHED = 20_000;

/** Makes a templar. */
export function createTemplar(options: TemplarOptions): Templar {
  return new JinjaTemplar(options);
}

interface CompiledExpression {
  readonly compiled: Compiled;
  readonly evaluate: Eval;
}

class JinjaTemplar implements Templar {
  private readonly around: Surroundings;
  readonly native: boolean;
  private readonly templates = new Map<string, Compiled>();
  private readonly expressions = new Map<string, CompiledExpression>();
  private depth = 0;

  private readonly elsewhere: (plugin: PluginName) => string | undefined;

  constructor(options: TemplarOptions) {
    this.native = options.native ?? false;
    this.elsewhere = options.pluginHint ?? (() => undefined);
    this.around = {
      templar: this,
      secrets: options.secrets,
      now: options.now ?? (() => new Date()),
      decrypt: options.decrypt,
      lookups: options.lookups,
      runLookup,
      loadTemplate: (name, run) =>
        loadTemplate(name, run, (text, file, firstLine, syntax) =>
          sound(this.compiled(text, syntax, file, firstLine)),
        ),
    };
  }

  isTemplate(text: string): boolean {
    return text.includes('{{') || text.includes('{%') || text.includes('{#');
  }

  render(text: string, scope: Scope, at?: SourcePosition): unknown {
    if (!this.isTemplate(text)) return text;
    return this.guarded(text, at, () => this.renderText(text, scope));
  }

  private renderText(text: string, scope: Scope): unknown {
    const { body: normal, syntax } = readHeader(
      text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text,
      PLAYBOOK_SYNTAX,
    );
    const compiled = sound(this.compiled(normal.replace(/\n+$/, ''), syntax, undefined));
    const run = new Run(this.around, scope, compiled.unit.mutates);
    const parts: unknown[] = [];
    if (compiled.lone) parts.push(compiled.lone(new Frame(run, undefined, new Map())));
    else runTemplate(compiled, run, undefined, parts);
    const native = onlyValue(parts, compiled, this.native);
    if (native !== NOT_NATIVE) {
      const value = this.native ? nativeResult(native, compiled) : asTextResult(native, text, compiled);
      return typeof value === 'string' ? value + lostLines(normal, value) : value;
    }
    const joined = this.joined(parts);
    const result = joined + lostLines(normal, joined);
    const meant = this.native ? nativeAssembled(compiled, parts, result) : undefined;
    return meant === undefined ? (assembledLiteral(compiled, result) ?? result) : meant;
  }

  /** What was printed, joined: with `jinja2_native`, None is a word. */
  private joined(parts: readonly unknown[]): string {
    return joinParts(this.native ? parts.map((part) => part ?? 'None') : parts);
  }

  renderDeep(
    value: unknown,
    scope: Scope,
    options: { at?: SourcePosition; lenient?: boolean } = {},
  ): unknown {
    return this.deep(value, scope, options.at, options.lenient ?? false, 0);
  }

  private deep(
    value: unknown,
    scope: Scope,
    at: SourcePosition | undefined,
    lenient: boolean,
    depth: number,
  ): unknown {
    if (typeof value === 'string')
      return this.isTemplate(value) ? this.leaf(value, scope, at, lenient) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (depth > 200) throw new CutoverError('template', 'the value is nested too deeply', { position: at });
    if (Array.isArray(value)) {
      const items = value.map((item) => this.deep(item, scope, at, lenient, depth + 1));
      return value instanceof Tuple ? tuple(...items) : items;
    }
    if (value instanceof UnsafeText) return value.text;
    if (value instanceof VaultText) return this.decrypted(value, at);
    if (!isMapping(value)) return value;
    // As in Ansible, names inside a value are no templates.
    return mapValues(value, (item) => this.deep(item, scope, at, lenient, depth + 1));
  }

  private leaf(text: string, scope: Scope, at: SourcePosition | undefined, lenient: boolean): unknown {
    try {
      return this.render(text, scope, at);
    } catch (error) {
      const missing =
        lenient && error instanceof CutoverError && error.cause instanceof TemplateFault
          ? error.cause.missing
          : undefined;
      if (!missing) throw error;
      return new Undefined(missing.path, missing.message, missing.hint);
    }
  }

  private decrypted(value: VaultText, at: SourcePosition | undefined): string {
    if (!this.around.decrypt)
      throw new CutoverError('vault', 'a vault value needs the vault password', {
        position: value.position ?? at,
      });
    const text = this.around.decrypt(value.ciphertext, value.position ?? at);
    this.around.secrets.add(text);
    return text;
  }

  evaluate(expression: string, scope: Scope, at?: SourcePosition): unknown {
    return this.guarded(expression, at, () => {
      const { compiled, evaluate } = this.compiledExpression(expression);
      const run = new Run(this.around, scope, sound(compiled).unit.mutates);
      return finished(evaluate(new Frame(run, undefined, new Map())));
    });
  }

  renderFile(text: string, scope: Scope, options: FileOptions): string | Unknown {
    const at: SourcePosition = { file: options.file, line: 1, column: 1 };
    return this.guarded(text, at, () => {
      const { body, syntax, firstLine } = readHeader(text.replace(/\r\n?/g, '\n'), syntaxOf(options));
      // Jinja takes one line end off a template; below it is put back where the result has fewer than the template.
      const compiled = sound(this.compiled(body.replace(/\n$/, ''), syntax, options.file, firstLine));
      const parts: unknown[] = [];
      runTemplate(
        compiled,
        new Run(this.around, scope, compiled.unit.mutates, { ...options, newlineSequence: syntax.lineEnd }),
        undefined,
        parts,
      );
      const result = this.joined(parts);
      // As Ansible counts: of several ends of CR LF it sees the last one only, of CR none.
      return result + lostLines(body, result).replaceAll('\n', syntax.lineEnd);
    }) as string | Unknown;
  }

  check(text: string, as: 'text' | 'expression', at?: SourcePosition): void {
    if (as === 'text' && !this.isTemplate(text)) return;
    this.guarded(text, at, () => {
      const { body, syntax } = readHeader(text, PLAYBOOK_SYNTAX);
      const { unit } =
        as === 'text' ? this.compiled(body, syntax, undefined) : this.compiledExpression(text).compiled;
      const errors = unit.problems.map((problem) => explain(problem, text, at, this.elsewhere));
      if (errors.length > 1) throw new ErrorList(errors);
      if (errors[0]) throw errors[0];
      return undefined;
    });
  }

  lookup(
    name: string,
    terms: readonly unknown[],
    scope: Scope,
    at?: SourcePosition,
    folder?: string,
  ): unknown {
    return this.guarded('', at, () =>
      finished(
        runLookup(name, terms, { wantlist: true }, new Run(this.around, scope, false), {
          form: 'loop',
          folder,
        }),
      ),
    );
  }

  /** Runs an action; what it throws becomes a CutoverError with a place, something unknown becomes the result. */
  private guarded(text: string, at: SourcePosition | undefined, action: () => unknown): unknown {
    if (this.depth >= DEEPEST)
      throw new CutoverError('template', 'templates refer to each other without end', { position: at });
    this.depth++;
    try {
      return action();
    } catch (error) {
      if (error instanceof UnknownSignal) return error.unknown;
      if (error instanceof TemplateFault) throw explain(error, text, at, this.elsewhere);
      if (error instanceof RangeError)
        throw new CutoverError('template', 'the template is nested too deeply or grows too large', {
          position: at,
          cause: error,
        });
      throw error;
    } finally {
      this.depth--;
    }
  }

  private compiled(text: string, syntax: Syntax, file: string | undefined, firstLine = 1): Compiled {
    const key = `${syntaxKey(syntax)}${firstLine}${file ?? ''}\0${text}`;
    let found = this.templates.get(key);
    if (!found) {
      if (this.templates.size >= MOST_CACHED) this.templates.clear();
      found = marked(() => compileTemplate({ text, file, firstLine }, syntax));
      this.templates.set(key, found);
    }
    return found;
  }

  private compiledExpression(text: string): CompiledExpression {
    let found = this.expressions.get(text);
    if (!found) {
      if (this.expressions.size >= MOST_CACHED) this.expressions.clear();
      const compiled = marked(() => compileExpressionText({ text, file: undefined }));
      found = { compiled, evaluate: compiled.lone! };
      this.expressions.set(text, found);
    }
    return found;
  }
}

/** Gives a template back; throws when it names what there is not, also where that would not be reached: as Jinja does. */
function sound(compiled: Compiled): Compiled {
  const [problem] = compiled.unit.problems;
  if (problem) throw problem;
  return compiled;
}

/** Compiles; a mistake in the syntax is one of the text. */
function marked(compile: () => Compiled): Compiled {
  try {
    return compile();
  } catch (error) {
    if (error instanceof TemplateFault) error.inText = true;
    throw error;
  }
}

const NOT_NATIVE: unique symbol = Symbol('not native');

/**
 * Gives the value of a template that prints exactly one value and no text of its own. None prints nothing, so
 * `{{ d.update(e) }}{{ d }}` is the mapping; so does white space after a collection (after any value, when native).
 */
function onlyValue(parts: readonly unknown[], compiled: Compiled, native: boolean): unknown {
  if (compiled.lone) return parts[0];
  const [first, ...more] = parts.filter((part) => part !== '' && (native || part !== null));
  if (typeof first === 'string' || first === undefined) return NOT_NATIVE;
  if (more.length === 0) return first;
  const blank = more.every((part) => typeof part === 'string' && part.trim() === '');
  return blank && (native || typeof first === 'object') ? first : NOT_NATIVE;
}

/** The line ends at the end of a template that its tags swallowed: a text keeps them, as in Ansible. */
function lostLines(template: string, result: string): string {
  const lost = trailingLines(template) - trailingLines(result);
  return lost > 0 ? '\n'.repeat(lost) : '';
}

const trailingLines = (text: string): number => /\n*$/.exec(text)![0].length;
