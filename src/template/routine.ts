/** How filters, tests, methods and global functions are declared, and how their arguments are bound as Python binds them. */
import { isUndefined, isUnknown, put } from '../values/index.ts';
import { refuseUndefined, TemplateFault, UnknownSignal } from './faults.ts';
import { isFloat, isInt, typeName } from './python/kinds.ts';
import { iterate, numeric, truthy } from './python/logic.ts';
import { str } from './python/text.ts';
import type { Run } from './run.ts';

interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly initial: unknown;
}

interface Signature {
  readonly parameters: readonly Parameter[];
  /** How many of them may be given without a name. */
  readonly places: number;
  readonly takesRest: boolean;
  readonly takesNamed: boolean;
}

/** A filter, test, method or function: `value` is what it is applied to. */
export interface Routine {
  readonly signature: Signature;
  readonly body: (value: unknown, args: Args) => unknown;
  /** Whether the value and the arguments may be undefined or unknown. */
  readonly tolerant: boolean;
}

/** A table of routines by name. */
export type Routines = Readonly<Record<string, Routine>>;

type Body = (value: unknown, args: Args) => unknown;

/**
 * Declares a routine. The signature lists the parameters after the value, as in `'width=4 first=false *'`: a default is
 * JSON, none means required, `*` takes more positional arguments (what follows it is given by name only) and `**` more
 * named ones.
 */
export function routine(signature: string, body: Body): Routine {
  return { signature: readSignature(signature), body, tolerant: false };
}

/** Declares a routine that is given undefined and unknown values too, and decides about them itself. */
export function tolerant(signature: string, body: Body): Routine {
  return { signature: readSignature(signature), body, tolerant: true };
}

function readSignature(text: string): Signature {
  const words: string[] = text.match(/\*+|\w+(?:=(?:"[^"]*"|\S+))?/g) ?? [];
  const parameters = words
    .filter((word) => !word.startsWith('*'))
    .map((word) => {
      const [name = '', initial] = word.split(/=(.*)/s);
      return {
        name,
        required: initial === undefined,
        initial: initial === undefined ? null : JSON.parse(initial),
      };
    });
  const star = words.indexOf('*');
  const places = star === -1 ? parameters.length : star;
  return { parameters, places, takesRest: star !== -1, takesNamed: words.includes('**') };
}

/** The bound arguments of one call. Its readers coerce as the Python function would, and name the parameter when they cannot. */
export class Args {
  readonly run: Run;
  readonly rest: readonly unknown[];
  readonly named: Readonly<Record<string, unknown>>;
  private readonly what: string;
  private readonly values: ReadonlyMap<string, unknown>;
  private readonly initials: ReadonlyMap<string, unknown>;

  constructor(
    run: Run,
    what: string,
    values: ReadonlyMap<string, unknown>,
    initials: ReadonlyMap<string, unknown>,
    rest: readonly unknown[],
    named: Readonly<Record<string, unknown>>,
  ) {
    this.run = run;
    this.what = what;
    this.values = values;
    this.initials = initials;
    this.rest = rest;
    this.named = named;
  }

  /** Gives an argument, or its default. */
  get(name: string): unknown {
    return this.values.has(name) ? this.values.get(name) : this.initials.get(name);
  }

  /** Whether the caller gave it. */
  given(name: string): boolean {
    return this.values.has(name);
  }

  flag(name: string): boolean {
    return truthy(this.get(name));
  }

  text(name: string): string {
    return str(this.get(name));
  }

  /** Gives a text, or undefined for None. */
  optionalText(name: string): string | undefined {
    const value = this.get(name);
    return value === null || value === undefined ? undefined : str(value);
  }

  int(name: string): number {
    const value = this.get(name);
    if (typeof value === 'boolean') return Number(value);
    if (isInt(value)) return Number(value);
    if (isFloat(value)) return Math.trunc(Number(value));
    if (typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value)) return Number(value);
    return this.refuse(name, `must be a whole number, not ${typeName(value)}`);
  }

  optionalInt(name: string): number | undefined {
    const value = this.get(name);
    return value === null || value === undefined ? undefined : this.int(name);
  }

  number(name: string): number {
    const value = numeric(this.get(name));
    if (value !== undefined) return Number(value);
    const text = this.get(name);
    if (typeof text === 'string' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
    return this.refuse(name, `must be a number, not ${typeName(text)}`);
  }

  list(name: string): unknown[] {
    return iterate(this.get(name));
  }

  /** Throws the error of a bad argument. */
  refuse(name: string, why: string): never {
    throw new TemplateFault(`${this.what}: ${name} ${why}`);
  }

  /** Throws an error that begins with what was called. */
  fail(why: string, hint?: string): never {
    throw new TemplateFault(`${this.what}: ${why}`, hint === undefined ? {} : { hint });
  }
}

/** Calls a routine. `what` names it in errors, as `filter "join"`. */
export function invoke(
  target: Routine,
  what: string,
  run: Run,
  value: unknown,
  positional: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
): unknown {
  if (!target.tolerant) {
    requireKnown(value);
    for (const item of positional) requireKnown(item);
    for (const key in named) requireKnown(named[key]);
  }
  const made = target.body(value, bind(target.signature, what, run, positional, named));
  // What is long was long to make, and many long ones would fill the memory.
  if (typeof made === 'string' || Array.isArray(made)) run.spend(made.length >> 6);
  return made;
}

function requireKnown(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (isUndefined(value)) refuseUndefined(value);
  if (isUnknown(value)) throw new UnknownSignal(value);
}

const NONE: readonly unknown[] = [];
const initialsOf = new WeakMap<Signature, ReadonlyMap<string, unknown>>();

function bind(
  signature: Signature,
  what: string,
  run: Run,
  positional: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
): Args {
  const values = new Map<string, unknown>();
  const { parameters } = signature;
  const count = Math.min(signature.places, positional.length);
  for (let i = 0; i < count; i++) values.set(parameters[i]!.name, positional[i]);
  if (positional.length > parameters.length && !signature.takesRest)
    throw new TemplateFault(
      `${what} takes at most ${parameters.length} argument${parameters.length === 1 ? '' : 's'}, ${positional.length} were given`,
    );
  const more: Record<string, unknown> = {};
  for (const key of Object.keys(named)) {
    const isParameter = parameters.some((parameter) => parameter.name === key);
    if (isParameter && values.has(key)) throw new TemplateFault(`${what} got two values for ${key}`);
    if (isParameter) values.set(key, named[key]);
    else if (signature.takesNamed) put(more, key, named[key]);
    else
      throw new TemplateFault(
        `${what} has no argument "${key}"`,
        parameters.length > 0
          ? { hint: `it takes ${parameters.map((parameter) => parameter.name).join(', ')}` }
          : {},
      );
  }
  for (const parameter of parameters)
    if (parameter.required && !values.has(parameter.name))
      throw new TemplateFault(`${what} needs the argument ${parameter.name}`);
  let initials = initialsOf.get(signature);
  if (!initials) {
    initials = new Map(parameters.map((parameter) => [parameter.name, parameter.initial]));
    initialsOf.set(signature, initials);
  }
  return new Args(
    run,
    what,
    values,
    initials,
    positional.length > count ? positional.slice(count) : NONE,
    more,
  );
}
