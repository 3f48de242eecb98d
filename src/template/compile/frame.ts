/** The variables of a template while it runs, and what its parts compile to. */
import type { Statement } from '../ast.ts';
import type { TemplateFault, TemplateSource } from '../faults.ts';
import type { Syntax } from '../parse/syntax.ts';
import type { Run } from '../run.ts';

/** A scope of a template: what `set`, `for`, `with` and macro parameters bind. */
export class Frame {
  readonly run: Run;
  readonly parent: Frame | undefined;
  readonly vars = new Map<string, unknown>();
  /** What blocks of this rendering stand for, outermost template last. */
  readonly blocks: Blocks;
  /** The outermost scope of the template: all that a block sees which is not `scoped`. */
  readonly root: Frame;
  /** Whether the variables of the playbook are out of sight: imported without context. */
  readonly bare: boolean;

  constructor(run: Run, parent: Frame | undefined, blocks: Blocks, root?: Frame, bare = false) {
    this.run = run;
    this.parent = parent;
    this.blocks = blocks;
    this.root = root ?? this;
    this.bare = parent?.bare ?? bare;
  }

  /** Gives a scope inside this one. */
  inner(): Frame {
    return new Frame(this.run, this, this.blocks, this.root);
  }

  /** Finds a name here, in the scopes around, among the variables, among the globals. */
  lookup(name: string): unknown {
    for (let frame: Frame | undefined = this; frame; frame = frame.parent) {
      const value = frame.vars.get(name);
      if (value !== undefined || frame.vars.has(name)) return value;
    }
    return this.bare ? this.run.resolveGlobal(name) : this.run.resolve(name);
  }
}

/** The bodies of each block by name, most derived first. */
export type Blocks = Map<string, Exec[]>;

/** Gives an expression's value. */
export type Eval = (frame: Frame) => unknown;

/** How a statement ended: in turn, or by `break` or `continue`. */
export type Ending = 0 | 1 | 2;
export const DONE: Ending = 0;
export const BREAK: Ending = 1;
export const CONTINUE: Ending = 2;

/** Runs a statement; what it prints is appended to `out`. */
export type Exec = (frame: Frame, out: unknown[]) => Ending;

/** What is known about the template being compiled. */
export interface Unit {
  readonly source: TemplateSource;
  readonly syntax: Syntax;
  /** Whether it is a bare expression: templates inside its texts count too, as in `when: "'{{ a }}' == 'b'"`. */
  readonly isExpression: boolean;
  /** Unknown filters and tests: an error when reached, and all of them for `check`. */
  readonly problems: TemplateFault[];
  /** Blocks in the order of the text. */
  readonly blocks: Map<string, Exec>;
  /** Whether lists or mappings are changed in place somewhere. */
  mutates: boolean;
}

/** A template that is ready to run. */
export interface Compiled {
  readonly unit: Unit;
  readonly exec: Exec;
  /** The parsed expression when the template is one lone `{{ }}`. */
  readonly lone: Eval | undefined;
  readonly statements: readonly Statement[];
}
