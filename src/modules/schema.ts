/** What can be read from a parameter schema: kinds, other names, which values are places of the target. */
import { z } from 'zod';
import { isMapping } from '../values/index.ts';

/** What a parameter is called in the documentation. */
export type ParameterKind =
  | 'boolean'
  | 'integer'
  | 'number'
  | 'string'
  | 'path'
  | 'mode'
  | 'list'
  | 'mapping'
  | 'choice'
  | 'any';

const kinds = new WeakMap<object, ParameterKind>();
/** Schemas whose values are places of the target. */
const ofTarget = new WeakSet<object>();
const aliasTables = new WeakMap<object, Readonly<Record<string, string>>>();

/** Notes the kind of a schema. */
export function named<T extends z.ZodType>(kind: ParameterKind, schema: T): T {
  kinds.set(schema, kind);
  return schema;
}

/** Gives the kind that a schema was made with, looking through `optional`, `default` and `describe`. */
export function kindOf(schema: z.ZodType): ParameterKind {
  for (let current: z.ZodType | undefined = schema; current; current = innerOf(current)) {
    const kind = kinds.get(current) ?? kinds.get(parentOf(current) ?? current);
    if (kind) return kind;
    const type = current.def.type as string;
    if (type === 'enum' || type === 'literal') return 'choice';
    if (type === 'string') return 'string';
    if (type === 'boolean') return 'boolean';
    if (type === 'number' || type === 'int') return 'number';
    if (type === 'array') return 'list';
    if (type === 'record' || type === 'object') return 'mapping';
  }
  return 'any';
}

/** The schema inside `optional`, `default`, `nullable` and the like; undefined at the core. */
export function innerOf(schema: z.ZodType): z.ZodType | undefined {
  const inner = (schema.def as { innerType?: z.ZodType }).innerType;
  if (inner) return inner;
  const pipe = schema.def as { type: string; in?: z.ZodType; out?: z.ZodType };
  if (pipe.type !== 'pipe') return undefined;
  return (pipe.in?.def.type as string) === 'transform' ? pipe.out : pipe.in;
}

/** `describe` copies a schema and remembers the original as its parent. */
function parentOf(schema: z.ZodType): z.ZodType | undefined {
  return (schema as unknown as { _zod: { parent?: z.ZodType } })._zod.parent;
}

/** Notes that the values of a schema are places of the target. */
export function onTarget<T extends z.ZodType>(schema: T): T {
  ofTarget.add(schema);
  return schema;
}

/**
 * Makes a strict schema whose parameters have other names too: `withAliases({ dest: 'path' }, { path, ... })`.
 * An alias beside its own parameter is an error.
 */
export function withAliases<Shape extends z.ZodRawShape>(
  aliases: Readonly<Record<string, keyof Shape & string>>,
  shape: Shape,
) {
  const object = z.strictObject(shape);
  aliasTables.set(object, aliases);
  return z.preprocess((given, context) => {
    if (!isMapping(given)) return given;
    const renamed: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(given)) {
      const name = Object.hasOwn(aliases, key) ? aliases[key]! : key;
      if (Object.hasOwn(renamed, name)) {
        context.issues.push({
          code: 'custom',
          message: `is given twice: "${name}" has the alias "${Object.keys(aliases).find((alias) => alias !== name && Object.hasOwn(given, alias) && aliases[alias] === name)}"`,
          path: [name],
          input: value,
          continue: false,
        });
      }
      renamed[name] = value;
    }
    return renamed;
  }, object);
}

/** Notes other names of parameters, for a schema that renames them by itself. */
export function noteAliases(object: z.ZodObject, aliases: Readonly<Record<string, string>>): void {
  aliasTables.set(object, aliases);
}

/** The object schema at the core of a module's parameters, and its aliases. Undefined for modules that take any keys. */
export function shapeOf(
  schema: z.ZodType,
): { readonly object: z.ZodObject; readonly aliases: Readonly<Record<string, string>> } | undefined {
  for (let current: z.ZodType | undefined = schema; current; current = innerOf(current)) {
    if (current instanceof z.ZodObject) {
      return { object: current, aliases: aliasTables.get(current) ?? {} };
    }
  }
  return undefined;
}

/** Gives the names of the parameters whose values are places of the target. */
export function targetPathsOf(schema: z.ZodType): readonly string[] {
  return Object.entries(shapeOf(schema)?.object.shape ?? {})
    .filter(([, one]) => isOnTarget(one as z.ZodType))
    .map(([name]) => name);
}

function isOnTarget(schema: z.ZodType): boolean {
  for (let current: z.ZodType | undefined = schema; current; current = innerOf(current)) {
    if (ofTarget.has(current) || ofTarget.has(parentOf(current) ?? current)) return true;
  }
  return false;
}
