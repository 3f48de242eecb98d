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

/** One use of a lookup. */
export class LookupCall {
  readonly name: string;
  readonly terms: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly run: Run;

  constructor(name: string, terms: readonly unknown[], options: Readonly<Record<string, unknown>>, run: Run) {
    this.name = name;
    this.terms = terms;
    this.options = options;
    this.run = run;
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
    throw new TemplateFault(`lookup "${this.name}": ${why}`, hint === undefined ? {} : { hint });
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
  read(name: string, kind = 'files'): { path: string; text: string } {
    const candidates = this.candidates(name, kind);
    for (const path of candidates) {
      try {
        if (existsSync(path) && statSync(path).isDirectory()) continue;
        return { path, text: this.context.readFile(path) };
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

/** Checks the options of a lookup and makes its call. */
export function bindLookup(
  target: Lookup,
  name: string,
  terms: readonly unknown[],
  options: Readonly<Record<string, unknown>>,
  run: Run,
): LookupCall {
  const call = new LookupCall(name, terms, options, run);
  const stray = Object.keys(options).find(
    (option) => !target.options.includes(option) && !target.options.includes('*'),
  );
  if (stray !== undefined)
    call.fail(
      `there is no option "${stray}"`,
      target.options.length > 0 ? `it takes ${target.options.join(', ')}` : undefined,
    );
  return call;
}

/** Reads terms such as `name key=value other='a b'`: the words before, and the options. */
export function wordsAndOptions(term: string): { words: string[]; options: Record<string, string> } {
  const words: string[] = [];
  const options: Record<string, string> = Object.create(null);
  for (const [part] of term.matchAll(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'])+/g)) {
    const pair = /^(\w+)=([\s\S]*)$/.exec(part);
    if (pair) options[pair[1]!] = unquote(pair[2]!);
    else words.push(unquote(part));
  }
  return { words, options };
}

const unquote = (text: string): string =>
  /^(["'])[\s\S]*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text;
