/** How a lookup is declared, and the way a lookup reads its terms, options and files. */
import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { CutoverError } from '../../errors/index.ts';
import { isMissing } from '../compile/loader.ts';
import { TemplateFault } from '../faults.ts';
import { truthy } from '../python/logic.ts';
import { str } from '../python/text.ts';
import type { Run } from '../run.ts';
import { expandHome } from '../tests/files.ts';
import type { LookupContext } from '../types.ts';

/** One lookup: gives a list of answers for its terms. */
export interface Lookup {
  /** Names of the options it takes, `*` for any. */
  readonly options: readonly string[];
  readonly body: (call: LookupCall) => unknown[];
  /** Whether terms may be undefined. */
  readonly tolerant: boolean;
}

/** Declares a lookup. */
export function lookup(options: string, body: (call: LookupCall) => unknown[], tolerant = false): Lookup {
  return { options: options.split(' ').filter((name) => name !== ''), body, tolerant };
}

/** A table of lookups by name. */
export type Lookups = Readonly<Record<string, Lookup>>;

/** How a lookup was written: `lookup('sequence', ...)` in a template, or `with_sequence` as a loop. */
export interface LookupForm {
  readonly form: 'lookup' | 'loop';
  /** The folder of a role or playbook in which `first_found` looks for relative names. */
  readonly folder?: string | undefined;
}

/** What a lookup was asked. */
export interface LookupRequest {
  readonly name: string;
  readonly written: LookupForm;
  readonly terms: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly run: Run;
}

/** One use of a lookup. */
export class LookupCall {
  readonly name: string;
  readonly terms: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly run: Run;
  readonly folder: string;
  private readonly form: LookupForm['form'];
  private readonly known: readonly string[];

  constructor(target: Lookup, { name, written, terms, options, run }: LookupRequest) {
    this.name = name;
    this.terms = terms;
    this.options = options;
    this.run = run;
    this.form = written.form;
    this.folder = written.folder ?? 'files';
    this.known = target.options;
    this.refuseStray(options, (stray) => `there is no option "${stray}"`);
  }

  private refuseStray(options: Readonly<Record<string, unknown>>, say: (name: string) => string): void {
    if (this.known.includes('*')) return;
    const stray = Object.keys(options).find((option) => !this.known.includes(option));
    if (stray !== undefined)
      this.fail(say(stray), this.known.length > 0 ? `it takes ${this.known.join(', ')}` : undefined);
  }

  /** Reads a term such as `name key=value`. Fails on an option that there is not. */
  worded(term: unknown): WordsAndOptions {
    const read = wordsAndOptions(str(term));
    this.refuseStray(read.options, (stray) => `${stray} is not a valid option`);
    return read;
  }

  get context(): LookupContext {
    return this.run.lookupContext();
  }

  /** Gives the surroundings, when lookups may run programs and use the network here. */
  effects(): LookupContext {
    const { context } = this;
    if (!context.allowEffects) this.fail('acts outside, which is not allowed here');
    return context;
  }

  option(name: string): unknown {
    return Object.hasOwn(this.options, name) ? this.options[name] : undefined;
  }

  text(name: string, initial: string): string {
    const value = this.option(name);
    return value === undefined || value === null ? initial : str(value);
  }

  flag(name: string, initial = false): boolean {
    const value = this.option(name);
    return value === undefined
      ? initial
      : value === 'true' || value === 'yes' || (value !== 'false' && value !== 'no' && truthy(value));
  }

  fail(why: string, hint?: string): never {
    const where = this.form === 'loop' ? '' : `lookup "${this.name}": `;
    throw new TemplateFault(`${where}${why}`, hint === undefined ? {} : { hint });
  }

  /** The places where a file may be, first choice first. */
  candidates(name: string, kind: string): string[] {
    const path = expandHome(name);
    if (isAbsolute(path)) return [path];
    return this.context.searchPath(kind).map((folder) => join(folder, path));
  }

  /** Gives the path of a file that exists, or undefined. */
  find(name: string, kind: string): string | undefined {
    return this.candidates(name, kind).find((path) => existsSync(path));
  }

  /** Gives a file's text. Throws when it is nowhere. */
  read(name: string, kind = 'files', encoding = 'utf-8'): { path: string; text: string } {
    const candidates = this.candidates(name, kind);
    for (const path of candidates) {
      try {
        if (existsSync(path) && statSync(path).isDirectory()) continue;
        return {
          path,
          text: this.context.readFile(path, /^utf[-_]?8$/i.test(encoding) ? undefined : encoding),
        };
      } catch (error) {
        if (!isMissing(error))
          throw error instanceof CutoverError
            ? error
            : new TemplateFault(`lookup "${this.name}": ${(error as Error).message}`);
      }
    }
    return this.fail(`could not locate file in lookup: ${name}`, `looked for ${candidates.join(', ')}`);
  }
}

interface WordsAndOptions {
  /** What is no option, as it was written, its quotes with it. */
  readonly words: string;
  readonly options: Record<string, string>;
}

/** Reads terms such as `name key=value other='a b'`. */
export function wordsAndOptions(term: string): WordsAndOptions {
  const words: string[] = [];
  const options: Record<string, string> = Object.create(null);
  for (const [part] of term.matchAll(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'])+/g)) {
    const pair = /^(\w+)=([\s\S]*)$/.exec(part);
    if (pair) options[pair[1]!] = unquote(pair[2]!);
    else words.push(part);
  }
  return { words: words.join(' '), options };
}

const unquote = (text: string): string =>
  /^(["'])[\s\S]*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text;
