import { statSync } from 'node:fs';
import { asCutoverError, CutoverError, didYouMean, ErrorList, type SourcePosition } from '../errors/index.ts';
import { parseYaml, positionOf } from '../source/index.ts';
import { isMapping } from '../values/index.ts';
import { RETIRED } from './keywords.ts';
import type { LoadOptions, Written } from './types.ts';

/** Parsed files by absolute path, shared by everything that reads for one playbook. */
export type FileCache = Map<string, unknown>;

/**
 * One reading of a playbook or of an include: its options, the files it read and everything that is wrong in them.
 * Mistakes are collected and thrown together, so that a person fixes them in one go.
 */
export class Reading {
  readonly options: LoadOptions;
  readonly errors: CutoverError[] = [];
  readonly warnings: string[] = [];
  readonly files: FileCache;
  private readonly checks: Promise<readonly CutoverError[]>[] = [];
  /** Mistakes that count where they are reached, and here only together with others. */
  private readonly faults: CutoverError[] = [];
  /** Those of them that are in arguments, by the place of these. */
  readonly flaws = new Map<SourcePosition, CutoverError>();

  constructor(options: LoadOptions, files: FileCache = new Map()) {
    this.options = options;
    this.files = files;
  }

  /** Notes a mistake and goes on. */
  fail(message: string, at: SourcePosition | undefined, hint?: string): void {
    this.errors.push(new CutoverError('playbook', message, { position: at, hint }));
  }

  /** Notes whatever was thrown, one or several errors. */
  failWith(thrown: unknown, at?: SourcePosition): void {
    if (thrown instanceof ErrorList) this.errors.push(...thrown.errors);
    else this.errors.push(asCutoverError(thrown, 'playbook', { position: at }));
  }

  /** Does something that may throw; what is thrown is noted, and undefined given. */
  attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (thrown) {
      this.failWith(thrown);
      return undefined;
    }
  }

  warn(message: string, at: SourcePosition | undefined): void {
    this.warnings.push(at ? `${at.file}:${at.line}:${at.column}: ${message}` : message);
  }

  /** Reads a YAML file once. Gives undefined for one that is empty or that cannot be read; the latter is noted. */
  file(path: string): unknown {
    if (this.files.has(path)) return this.files.get(path);
    let data: unknown;
    try {
      data = parseYaml({ text: this.options.readText(path), file: path });
    } catch (thrown) {
      this.failWith(thrown, { file: path, line: 1, column: 1 });
    }
    this.files.set(path, data);
    return data;
  }

  /** Reads a file that must hold a mapping, or nothing. */
  mapping(path: string, what: string): Record<string, unknown> {
    const data = this.file(path);
    if (data === undefined || data === null) return {};
    if (isMapping(data)) return data;
    this.fail(
      `${what} must be a mapping of names to values, not ${kindOf(data)}`,
      positionOf(data) ?? { file: path, line: 1, column: 1 },
    );
    return {};
  }

  /** Checks the syntax of every template inside a value. */
  templates(value: unknown, at: SourcePosition | undefined): void {
    if (typeof value === 'string') {
      if (!hasTemplate(value)) return;
      this.syntax(value, 'text', at);
    } else if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++)
        this.templates(value[index], positionOf(value, index) ?? at);
    } else if (isMapping(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if (hasTemplate(key)) this.syntax(key, 'text', positionOf(value, key, 'key') ?? at);
        this.templates(inner, positionOf(value, key) ?? at);
      }
    }
  }

  /** Checks the syntax of an expression or a text. A mistake is told, and is an error where the text is rendered: much of what is written is never reached. */
  syntax(text: string, as: 'text' | 'expression' | 'condition', at: SourcePosition | undefined): void {
    try {
      this.options.checkTemplate(text, as, at);
    } catch (thrown) {
      for (const error of thrown instanceof ErrorList
        ? thrown.errors
        : [asCutoverError(thrown, 'template')]) {
        this.fault(
          new CutoverError(error.kind, error.message, { position: error.position ?? at, hint: error.hint }),
        );
      }
    }
  }

  private fault(error: CutoverError): void {
    const hint = error.hint === undefined ? '' : ` (${error.hint})`;
    this.faults.push(error);
    this.warn(`a run that comes to this place fails there: ${error.message}${hint}`, error.position);
  }

  /**
   * Has the catalog check the parameters of a module; the outcome is awaited at the end of the reading. Where the playbook
   * says what happens on a failure, or the run is under way (`expected`), a mistake is only told: the task will fail when its turn comes.
   * So will one with a mistake in a text that is carried out, like those of templates (kind `template`).
   */
  arguments(
    module: string,
    args: Readonly<Record<string, unknown>>,
    at: SourcePosition,
    expected = false,
  ): void {
    const check = this.options.catalog.checkArguments(module, args, at);
    this.checks.push(
      check.then((errors) => {
        if (!expected) return errors.filter((error) => !this.isFlaw(error, at));
        for (const error of errors) this.warn(error.message, error.position ?? at);
        return [];
      }),
    );
  }

  private isFlaw(error: CutoverError, at: SourcePosition): boolean {
    if (error.kind !== 'template') return false;
    this.fault(error);
    this.flaws.set(at, error);
    return true;
  }

  /** Ends the reading. Throws ErrorList, sorted by file and line, when anything is wrong. */
  async finish(): Promise<void> {
    const outcomes = await Promise.allSettled(this.checks);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') this.errors.push(...outcome.value);
      else this.failWith(outcome.reason);
    }
    if (this.errors.length > 0) throw new ErrorList(sorted([...this.errors, ...this.faults]));
  }
}

/** By file, line and column; the same error of a file that is imported twice counts once. */
function sorted(errors: readonly CutoverError[]): CutoverError[] {
  const seen = new Set<string>();
  return errors
    .filter((error) => {
      const at = error.position;
      const key = `${at?.file}:${at?.line}:${at?.column}:${error.message}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => {
      const [p, q] = [a.position, b.position];
      if (!p || !q) return p ? 1 : q ? -1 : 0;
      return p.file === q.file ? p.line - q.line || p.column - q.column : p.file < q.file ? -1 : 1;
    });
}

/** The value under a key with its place; undefined when the key is not there or is empty. */
export function written<T = unknown>(
  data: Readonly<Record<string, unknown>>,
  key: string,
): Written<T> | undefined {
  const value = data[key];
  if (value === undefined || value === null) return undefined;
  return { value: value as T, at: positionOf(data, key) };
}

/** Whether a text has template braces. */
export function hasTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Names the kind of a value for an error: `a list`, `a number`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isMapping(value)) return 'a mapping';
  if (typeof value === 'boolean') return 'yes or no';
  return typeof value === 'number' ? 'a number' : 'a text';
}

/** What to write instead of a word that is not known: its successor, or the nearest candidate. */
export function suggest(word: string, ...candidates: readonly Iterable<string>[]): string | undefined {
  if (Object.hasOwn(RETIRED, word)) return RETIRED[word];
  return didYouMean(
    word,
    (function* () {
      for (const some of candidates) yield* some;
    })(),
  );
}

/** Whether a path is a file. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Whether a path is a folder. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
