import type { SourcePosition } from '../errors/index.ts';
import type { Secrets } from '../secrets/index.ts';
import type { PluginName } from './faults.ts';

/** Where an expression finds its variables. Values it gives are final: they are never evaluated again. */
export interface Scope {
  has(name: string): boolean;
  /** Gives the value of a variable, rendered; an `Undefined` when there is none. */
  get(name: string): unknown;
  /** All names, for `varnames`, `vars` and spelling suggestions. */
  names(): Iterable<string>;
  /** Gives a variable as a playbook or an inventory writes it; undefined for one that is a result, a fact or an item, whose text is data. */
  written?(name: string): unknown;
  /** Whether a variable is data with texts of others in it: of a host, a program, a file. */
  foreign?(name: string): boolean;
}

/** What a lookup may use: lookups are the only doors from a template to the controller, and the engine opens them. */
export interface LookupContext {
  /** Folders in which a relative file is searched, first match wins (role files, playbook folder). `kind` is `files`, `templates` or `vars`. */
  searchPath(kind: string): readonly string[];
  /** Gives a file's text, vault files decrypted; UTF-8 unless `encoding` says otherwise. Throws CutoverError. */
  readFile(path: string, encoding?: string): string;
  /** Whether lookups that run a program or reach the network are allowed (not under `cutover lint`). */
  readonly allowEffects: boolean;
  readonly scope: Scope;
  readonly templar: Templar;
  /** Names of the hosts that match a pattern, for `inventory_hostnames`. */
  matchHosts(pattern: string): readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Gives a setting by the name that Ansible's documentation gives it, for `config`; undefined for one that is not known. */
  setting?(name: string): { readonly value: unknown } | undefined;
}

/** How a template file's white space is handled; a `#jinja2:` header in the file overrides it. */
export interface FileOptions {
  readonly file: string;
  /** What it includes is looked for beside it before the folders of templates, as the lookup does; the module looks there last. */
  readonly besideFirst?: boolean;
  readonly trimBlocks?: boolean;
  readonly lstripBlocks?: boolean;
  readonly newlineSequence?: string;
  readonly variableStart?: string;
  readonly variableEnd?: string;
  readonly blockStart?: string;
  readonly blockEnd?: string;
  readonly commentStart?: string;
  readonly commentEnd?: string;
}

/**
 * Evaluates Jinja expressions and templates over plain data. Pure but for lookups; compiled templates are cached by text.
 * Any unknown value used in a computation makes the result `Unknown`.
 */
export interface Templar {
  /** Whether `jinja2_native` is on. */
  readonly native?: boolean;
  /** Whether a text holds a template at all. */
  isTemplate(text: string): boolean;
  /** Renders a text. A lone `{{ expression }}` keeps its type, but that of a calculated number; otherwise the result is a string, or the collection that the template spells (or Unknown, or OMIT). Throws CutoverError('template') on undefined. */
  render(text: string, scope: Scope, at?: SourcePosition): unknown;
  /** Renders every string inside lists and mappings (and mapping keys). With `lenient`, a leaf that fails on something undefined becomes an `Undefined` instead of an error: for lazily read variables. UnsafeText becomes its text; VaultText goes through `decrypt`. */
  renderDeep(value: unknown, scope: Scope, options?: { at?: SourcePosition; lenient?: boolean }): unknown;
  /** Evaluates a bare expression, as in `when`. `{{ x }}` in it means `(x)`, also inside its texts: `when: "'{{ a }}' == 'b'"`. */
  evaluate(expression: string, scope: Scope, at?: SourcePosition): unknown;
  /** Renders a template file's text; keeps or drops the last newline as the file has it. */
  renderFile(text: string, scope: Scope, options: FileOptions): string | import('../values/index.ts').Unknown;
  /** Parses without evaluating: throws CutoverError('template') with the position of a syntax error, an unknown filter or test. For `lint` and `--syntax-check`. */
  check(text: string, as: 'text' | 'expression', at?: SourcePosition): void;
  /** Runs a lookup by name, as `with_<name>` does: always gives a list (or Unknown). `folder` is where `first_found` looks for relative names (`files`). Throws CutoverError('template'). */
  lookup(
    name: string,
    terms: readonly unknown[],
    scope: Scope,
    at?: SourcePosition,
    folder?: string,
  ): unknown;
}

/** What a templar is made with. */
export interface TemplarOptions {
  readonly secrets: Secrets;
  /** Gives the surroundings of lookups for the scope that is being evaluated. Without it lookups are errors. */
  readonly lookups?: (scope: Scope, templar: Templar) => LookupContext;
  /** Decrypts a `!vault` value. */
  readonly decrypt?: (ciphertext: string, at?: SourcePosition) => string;
  /** The wall clock, for `now()` and `strftime`. */
  readonly now?: () => Date;
  /** What to say of a filter, test or lookup that is not built in, where something is known of it. */
  readonly pluginHint?: (plugin: PluginName) => string | undefined;
  /** Whether calculated numbers, tuples and None keep their type (`jinja2_native`). */
  readonly native?: boolean;
}
