import { isMapping } from '../../values/index.ts';

/** A converted value, or why it cannot be one. */
export type Converted = { readonly value: unknown } | { readonly wrong: string };

type Convert = (value: unknown) => Converted;

const ok = (value: unknown): Converted => ({ value });
const wrong = (reason: string): Converted => ({ wrong: reason });

const TRUE = new Set(['y', 'yes', 'on', '1', 'true', 't']);
const FALSE = new Set(['n', 'no', 'off', '0', 'false', 'f']);

/** How each type of an argument specification takes values, with Ansible's coercions. */
export const TYPES: Readonly<Record<string, Convert>> = {
  raw: ok,
  str: asText,
  path: asText,
  bytes: asText,
  bits: asText,
  sid: asText,
  int: (value) => {
    if (typeof value === 'number' && Number.isInteger(value)) return ok(value);
    if (typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value)) return ok(Number(value));
    return wrong(`${shown(value)} cannot be converted to an int`);
  },
  float: (value) => {
    if (typeof value === 'number') return ok(value);
    if (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))) {
      return ok(Number(value));
    }
    return wrong(`${shown(value)} cannot be converted to a float`);
  },
  bool: (value) => {
    if (typeof value === 'boolean') return ok(value);
    const word = String(value).trim().toLowerCase();
    if (TRUE.has(word)) return ok(true);
    return FALSE.has(word) ? ok(false) : wrong(`${shown(value)} is not a valid boolean`);
  },
  list: (value) => {
    if (Array.isArray(value)) return ok(value);
    if (typeof value === 'string') return ok(value.split(',').map((part) => part.trim()));
    if (typeof value === 'number') return ok([String(value)]);
    return wrong(`${typeName(value)} cannot be converted to a list`);
  },
  dict: (value) => {
    if (isMapping(value)) return ok(value);
    if (typeof value === 'string') return mappingOf(value);
    return wrong(`${typeName(value)} cannot be converted to a dict`);
  },
  jsonarg: asJson,
  json: asJson,
};

function asJson(value: unknown): Converted {
  if (typeof value !== 'string') return ok(JSON.stringify(value));
  try {
    JSON.parse(value);
    return ok(value);
  } catch {
    return wrong(`${shown(value)} is no JSON`);
  }
}

/** Gives the name of a value's type as Python calls it: playbook people know these words. */
export function typeName(value: unknown): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return { string: 'str', boolean: 'bool' }[typeof value as string] ?? 'dict';
}

function asText(value: unknown): Converted {
  if (typeof value === 'string') return ok(value);
  if (typeof value === 'boolean') return ok(value ? 'True' : 'False');
  return ok(typeof value === 'number' ? String(value) : JSON.stringify(value));
}

function shown(value: unknown): string {
  return `${typeName(value)} ${JSON.stringify(value) ?? ''}`.slice(0, 80);
}

function mappingOf(text: string): Converted {
  if (text.trimStart().startsWith('{')) {
    try {
      return ok(JSON.parse(text));
    } catch {
      return wrong('the text is no JSON mapping');
    }
  }
  const pairs = text
    .trim()
    .split(/[\s,]+/)
    .map((pair) => pair.split('='));
  if (pairs.every((pair) => pair.length === 2)) return ok(Object.fromEntries(pairs));
  return wrong('dictionary requested, could not parse JSON or key=value');
}
