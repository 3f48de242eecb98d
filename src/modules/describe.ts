/** Says what a module takes, from its schema: for the documentation and for editors. */
import type { z } from 'zod';
import { isOptional } from './arguments.ts';
import { loadModule, moduleCatalog } from './registry.ts';
import { innerOf, kindOf, type ParameterKind, shapeOf } from './schema.ts';
import type { Module } from './types.ts';

/** One parameter of a module. */
export interface ParameterDescription {
  readonly name: string;
  readonly type: ParameterKind;
  readonly required: boolean;
  readonly default?: unknown;
  readonly choices?: readonly string[];
  readonly aliases: readonly string[];
  readonly description: string;
}

/** A module as its documentation page shows it. */
export interface ModuleDescription {
  readonly name: string;
  readonly summary: string;
  readonly freeForm: string | undefined;
  /** Whether other keys than the named ones are taken too, as in `set_fact`. */
  readonly open: boolean;
  readonly parameters: readonly ParameterDescription[];
}

/** Gives name, summary and parameters of a module. */
export function describeModule(module: Module): ModuleDescription {
  const shape = shapeOf(module.params);
  const catchall = shape?.object.def.catchall as z.ZodType | undefined;
  const fields = Object.entries((shape?.object.shape ?? {}) as Record<string, z.ZodType>);
  return {
    name: module.name,
    summary: module.summary,
    freeForm: module.freeForm,
    open: shape === undefined || (catchall !== undefined && (catchall.def.type as string) !== 'never'),
    parameters: fields.map(([name, field]) => describeField(name, field, shape?.aliases ?? {})),
  };
}

function describeField(
  name: string,
  field: z.ZodType,
  aliases: Readonly<Record<string, string>>,
): ParameterDescription {
  const layers = [...layersOf(field)];
  const choices = layers.flatMap((layer) =>
    Object.values((layer.def as { entries?: Record<string, string> }).entries ?? {}),
  );
  const withDefault = layers.find((layer) => (layer.def.type as string) === 'default');
  return {
    name,
    type: kindOf(field),
    required: !isOptional(field),
    ...(withDefault ? { default: (withDefault.def as { defaultValue?: unknown }).defaultValue } : {}),
    ...(choices.length > 0 ? { choices } : {}),
    aliases: Object.keys(aliases).filter((alias) => aliases[alias] === name),
    description: layers.map((layer) => layer.description).find((text) => text !== undefined) ?? '',
  };
}

function* layersOf(schema: z.ZodType): Iterable<z.ZodType> {
  for (let current: z.ZodType | undefined = schema; current; current = innerOf(current)) yield current;
}

type JsonSchema = Record<string, unknown>;

const TEMPLATE: JsonSchema = { type: 'string', pattern: '\\{\\{' };

const TYPES: Readonly<Record<ParameterKind, JsonSchema>> = {
  boolean: { anyOf: [{ type: 'boolean' }, { enum: ['yes', 'no', 'on', 'off', 'true', 'false'] }] },
  integer: { anyOf: [{ type: 'integer' }, { type: 'string', pattern: '^[-+]?[0-9]+$' }] },
  number: { type: ['number', 'string'] },
  string: { type: ['string', 'number', 'boolean'] },
  path: { type: 'string' },
  mode: { type: ['string', 'integer'] },
  list: { type: ['array', 'string'] },
  mapping: { type: 'object' },
  choice: {},
  any: {},
};

/** Gives JSON Schema (draft 2020-12) of the parameters of every module, by name. Loads all modules. */
export async function moduleJsonSchema(): Promise<Record<string, JsonSchema>> {
  const schemas: Record<string, JsonSchema> = {};
  for (const name of moduleCatalog().names())
    schemas[name] = jsonSchemaOf(describeModule(await loadModule(name)));
  return schemas;
}

function jsonSchemaOf(module: ModuleDescription): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const parameter of module.parameters) {
    for (const name of [parameter.name, ...parameter.aliases]) properties[name] = parameterSchema(parameter);
  }
  const required = module.parameters.filter(
    (parameter) => parameter.required && parameter.aliases.length === 0,
  );
  const object = {
    type: 'object',
    description: module.summary,
    properties,
    required: required.map((parameter) => parameter.name),
    additionalProperties: module.open,
  };
  return module.freeForm ? { anyOf: [{ type: 'string' }, { ...object, required: [] }] } : object;
}

function parameterSchema(parameter: ParameterDescription): JsonSchema {
  const type = parameter.choices ? { enum: parameter.choices } : TYPES[parameter.type];
  const open = Object.keys(type).length === 0 || type.type === 'string';
  return {
    ...(open ? type : { anyOf: [type, TEMPLATE] }),
    ...(parameter.description ? { description: parameter.description } : {}),
    ...(parameter.default === undefined ? {} : { default: parameter.default }),
  };
}
