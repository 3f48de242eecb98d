/** Checks what a playbook gives to a module, and says what is wrong in one line each. */
import type { z } from 'zod';
import { CutoverError, didYouMean, type SourcePosition } from '../errors/index.ts';
import { positionOf } from '../source/index.ts';
import {
  BigInteger,
  Float,
  isMapping,
  isOmit,
  mapValues,
  plainNumber,
  Unknown,
  UnsafeText,
  VaultText,
  wordOfKey,
} from '../values/index.ts';
import { kindOf, shapeOf } from './schema.ts';
import type { Module } from './types.ts';

type Arguments = Readonly<Record<string, unknown>>;

/**
 * Checks arguments as written, before anything runs. Values that hold templates are taken to be right, except that a
 * missing or misspelt parameter is found all the same. Gives one error for each mistake.
 */
export function checkWritten(module: Module, args: Arguments, at: SourcePosition): CutoverError[] {
  if (Object.hasOwn(args, '_variable')) return [];
  const shape = shapeOf(module.params);
  const all = withoutNulls(plainNumbers(args), shape);
  const errors = shape ? literalModes(module.name, shape, all, args, at) : [];
  const given = errors.length === 0 ? all : withoutNumbers(all, shape);
  const templated = Object.entries(given).some(([key, value]) => holdsTemplate(value) || holdsTemplate(key));
  if (shape && templated) return [...errors, ...checkFields(module, shape, given, args, at)];
  if (templated) return errors;
  const parsed = module.params.safeParse(given, { reportInput: true });
  return [...errors, ...issuesOf(module, parsed, args, at)];
}

/** Leaves out the modes that are numbers: what is wrong with them is said, and the rest is to be looked at too. */
function withoutNumbers(args: Arguments, shape: ReturnType<typeof shapeOf>): Arguments {
  const isBare = ([key, value]: [string, unknown]) => {
    const field = fieldOf(shape, key);
    return typeof value === 'number' && field !== undefined && kindOf(field) === 'mode';
  };
  return Object.fromEntries(Object.entries(args).filter((one) => !isBare(one)));
}

/**
 * Turns rendered arguments into typed parameters. Throws CutoverError('playbook') that names module, parameter, and what
 * would be right; several mistakes are joined in one message.
 */
export function parseParams<Params>(module: Module<Params>, args: Arguments, at?: SourcePosition): Params {
  const shape = shapeOf(module.params);
  const given = withoutNulls(KEEPS_VALUES.has(module.name) ? args : withPlainNumbers(args, shape), shape);
  const parsed = module.params.safeParse(given, { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = issuesOf(module, parsed, args, at);
  const first = errors[0]!;
  if (errors.length === 1) throw first;
  throw new CutoverError('playbook', errors.map((error) => withHint(error)).join('; '), {
    position: first.position,
  });
}

/** What these say or set stays what it is. */
const KEEPS_VALUES = new Set(['add_host', 'debug', 'set_fact', 'set_stats']);
/** Where a number becomes text, its kind shows: 1.0 is no 1. */
const TEXTS = new Set(['string', 'path', 'list']);

/** Modules know one kind of number. */
function withPlainNumbers(args: Arguments, shape: ReturnType<typeof shapeOf>): Arguments {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => {
      const field = fieldOf(shape, key);
      return [key, field && TEXTS.has(kindOf(field)) ? value : plainNumbers(value)];
    }),
  );
}

function plainNumbers<Value>(value: Value): Value {
  if (value instanceof Float || value instanceof BigInteger) return plainNumber(value) as Value;
  // Copies know no places, so what holds no float stays the same object.
  if (!holdsFloat(value)) return value;
  if (Array.isArray(value)) return value.map(plainNumbers) as Value;
  return mapValues(value as Record<string, unknown>, plainNumbers) as Value;
}

function holdsFloat(value: unknown): boolean {
  if (value instanceof Float || value instanceof BigInteger) return true;
  if (Array.isArray(value)) return value.some(holdsFloat);
  return isMapping(value) && Object.values(value).some(holdsFloat);
}

function withHint(error: CutoverError): string {
  return error.hint ? `${error.message} (${error.hint})` : error.message;
}

/** A parameter without a value (`owner:`) is one that is not given, as is an `omit`, and a mode that is an empty text. */
function withoutNulls(args: Arguments, shape: ReturnType<typeof shapeOf>): Record<string, unknown> {
  const isNothing = (key: string, value: unknown) => {
    const known = fieldOf(shape, key);
    return known !== undefined && (value === null || (value === '' && kindOf(known) === 'mode'));
  };
  const keep = ([key, value]: [string, unknown]) => !isOmit(value) && !isNothing(key, value);
  return Object.fromEntries(Object.entries(args).filter(keep));
}

/** Whether a value, or anything inside it, is only known when the task runs. */
export function holdsTemplate(value: unknown): boolean {
  if (typeof value === 'string') return /\{[{%#]/.test(value);
  if (value instanceof VaultText || value instanceof UnsafeText || value instanceof Unknown) return true;
  if (Array.isArray(value)) return value.some(holdsTemplate);
  return (
    isMapping(value) &&
    Object.entries(value).some(([key, inner]) => holdsTemplate(key) || holdsTemplate(inner))
  );
}

type Shape = NonNullable<ReturnType<typeof shapeOf>>;

/** The schema of a parameter by its name or an alias. */
function fieldOf(shape: Shape | undefined, key: string): z.ZodType | undefined {
  return shape?.object.shape[shape.aliases[key] ?? key] as z.ZodType | undefined;
}

/** A bare number as mode is refused where a person wrote it, because 644 and 0644 are different files. */
function literalModes(
  name: string,
  shape: Shape,
  given: Arguments,
  args: Arguments,
  at: SourcePosition,
): CutoverError[] {
  return Object.entries(given).flatMap(([key, value]) => {
    const field = fieldOf(shape, key);
    if (typeof value !== 'number' || !field || kindOf(field) !== 'mode') return [];
    const digits = String(value);
    const spelled = (/^[0-7]+$/.test(digits) ? digits : value.toString(8)).padStart(4, '0');
    return [
      new CutoverError('playbook', `${name}: ${key}: write it as '${spelled}', not as a bare number`, {
        position: positionOf(args, key) ?? at,
      }),
    ];
  });
}

function checkFields(
  module: Module,
  shape: Shape,
  given: Arguments,
  args: Arguments,
  at: SourcePosition,
): CutoverError[] {
  const fields = shape.object.shape as Record<string, z.ZodType>;
  const catchall = shape.object.def.catchall as z.ZodType | undefined;
  const errors: CutoverError[] = [];
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(given)) {
    if (holdsTemplate(key)) continue;
    const name = shape.aliases[key] ?? key;
    const field = fields[name];
    seen.add(name);
    if (!field) {
      if (catchall === undefined || (catchall.def.type as string) === 'never') {
        errors.push(unknownParameter(module, shape, key, args, at));
      }
      continue;
    }
    if (holdsTemplate(value)) continue;
    const parsed = field.safeParse(value, { reportInput: true });
    if (parsed.success) continue;
    errors.push(
      ...parsed.error.issues.map((issue) =>
        issueError(module, { ...issue, path: [name, ...issue.path] }, args, at),
      ),
    );
  }
  const names = Object.keys(fields).filter((name) => !seen.has(name) && !isOptional(fields[name]!));
  return [...errors, ...missing(module, names, given, at)];
}

/** Whether a parameter may be left out. */
export function isOptional(field: z.ZodType): boolean {
  return field.safeParse(undefined).success;
}

/** One error for all that is missing, in the words of Ansible: playbooks compare with them. */
function missing(
  module: Module,
  names: readonly string[],
  args: Arguments,
  at: SourcePosition | undefined,
): CutoverError[] {
  if (names.length === 0) return [];
  const words = module.whenMissing?.(args) ?? `missing required arguments: ${names.toSorted().join(', ')}`;
  return [new CutoverError('playbook', `${module.name}: ${words}`, { position: at })];
}

function unknownParameter(
  module: Module,
  shape: Shape,
  key: string,
  args: Arguments,
  at: SourcePosition | undefined,
): CutoverError {
  const names = Object.keys(shape.object.shape);
  return new CutoverError('playbook', `${module.name} has no parameter "${wordOfKey(args, key)}"`, {
    position: positionOf(args, key, 'key') ?? at,
    hint: didYouMean(key, [...names, ...Object.keys(shape.aliases)]) ?? `it has ${names.join(', ')}`,
  });
}

function issuesOf(
  module: Module<never> | Module,
  parsed: z.ZodSafeParseResult<unknown>,
  args: Arguments,
  at: SourcePosition | undefined,
): CutoverError[] {
  if (parsed.success) return [];
  const shape = shapeOf((module as Module).params);
  const [absent, wrong] = parted(parsed.error.issues, isMissing);
  const names = absent.map((issue) => String(issue.path[0]));
  const errors = wrong.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0 && shape) {
      return issue.keys.map((key) => unknownParameter(module as Module, shape, key, args, at));
    }
    return [issueError(module as Module, issue, args, at)];
  });
  return [...missing(module as Module, names, args, at), ...errors];
}

/** A required parameter was not given. */
function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && issue.input === undefined && issue.path.length === 1;
}

function parted<Item>(items: readonly Item[], first: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(first), items.filter((item) => !first(item))];
}

/** One zod issue as a line that an operator can act on. */
function issueError(
  module: Module,
  issue: z.core.$ZodIssue,
  args: Arguments,
  at: SourcePosition | undefined,
): CutoverError {
  const name = String(issue.path[0] ?? '');
  const written = writtenKey(module, name, args);
  const choices = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const value = choices.length > 0 ? 'value of ' : '';
  const place =
    issue.path.length === 0 ? module.name : `${module.name}: ${value}${dotted(issue.path, written)}`;
  const kind = issue.code === 'custom' && issue.params?.whereReached ? 'template' : 'playbook';
  return new CutoverError(kind, `${place} ${complaint(issue, choices)}`, {
    position: (name && positionOf(args, written)) || at,
    hint: typeof issue.input === 'string' ? didYouMean(issue.input, choices) : undefined,
  });
}

function complaint(issue: z.core.$ZodIssue, choices: readonly string[]): string {
  if (issue.code === 'invalid_value')
    return `must be one of: ${choices.join(', ')}, got: ${typeof issue.input === 'string' ? issue.input : shown(issue.input)}`;
  if (issue.code === 'invalid_type')
    return `must be ${expectation(issue.expected)}, not ${shown(issue.input)}`;
  if (issue.code === 'unrecognized_keys')
    return `has no key ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  if (issue.code === 'invalid_union') return `cannot be ${shown(issue.input)}`;
  return issue.message;
}

const EXPECTED: Readonly<Record<string, string>> = {
  boolean: 'yes or no',
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  array: 'a list',
  record: 'a mapping',
  object: 'a mapping',
};

function expectation(type: string): string {
  return EXPECTED[type] ?? type;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 57)}...` : value}"`;
  if (Array.isArray(value)) return 'a list';
  return isMapping(value) ? 'a mapping' : String(value);
}

function writtenKey(module: Module, name: string, args: Arguments): string {
  if (Object.hasOwn(args, name)) return name;
  const aliases = shapeOf(module.params)?.aliases ?? {};
  return Object.keys(aliases).find((alias) => aliases[alias] === name && Object.hasOwn(args, alias)) ?? name;
}

function dotted(path: readonly PropertyKey[], first: string): string {
  return path.reduce<string>((text, part, index) => {
    if (index === 0) return first;
    return typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`;
  }, '');
}
