import { className } from '../../template/index.ts';
import { isMapping } from '../../values/index.ts';

/** A converted value, or why it cannot be one. */
export type Converted = { readonly value: unknown } | { readonly wrong: string };

type Convert = (value: unknown) => Converted;

const ok = (value: unknown): Converted => ({ value });
const wrong = (reason: string): Converted => ({ wrong: reason });

const TRUE = new Set(['y', 'yes', 'on', '1', 'true', 't']);
const FALSE = new Set(['n', 'no', 'off', '0', 'false', 'f']);

const WORDS = "'y', 'yes', 'on', '1', 'true', 't', 1, 'n', 'no', 'off', '0', 'false', 'f', 0";

/** How each type of an argument specification takes values, with Ansible's coercions. */
export const TYPES: Readonly<Record<string, Convert>> = {
  raw: ok,
  str: asText,
  path: asText,
  bytes: (value) => sizeOf(value, 'Byte'),
  bits: (value) => sizeOf(value, 'Bit'),
  sid: asText,
  int: (value) => {
    if (typeof value === 'boolean') return ok(Number(value));
    if (typeof value === 'number' && Number.isInteger(value)) return ok(value);
    if (typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value)) return ok(Number(value));
    return wrong(`${className(value)} cannot be converted to an int`);
  },
  float: (value) => {
    if (typeof value === 'number') return ok(value);
    if (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))) {
      return ok(Number(value));
    }
    return wrong(`${className(value)} cannot be converted to a float`);
  },
  bool: (value) => {
    if (typeof value === 'boolean') return ok(value);
    const word = String(value).trim().toLowerCase();
    if (TRUE.has(word)) return ok(true);
    return FALSE.has(word)
      ? ok(false)
      : wrong(`The value '${String(value)}' is not a valid boolean.  Valid booleans include: ${WORDS}`);
  },
  list: (value) => {
    if (Array.isArray(value)) return ok(value);
    if (typeof value === 'string') return ok(value.split(',').map((part) => part.trim()));
    if (typeof value === 'number') return ok([String(value)]);
    return wrong(`${className(value)} cannot be converted to a list`);
  },
  dict: (value) => {
    if (isMapping(value)) return ok(value);
    if (typeof value === 'string') return mappingOf(value);
    return wrong(`${className(value)} cannot be converted to a dict`);
  },
  jsonarg: asJson,
  json: asJson,
};

/** Types that leave `null` as it is, also where the argument is required. */
export const TAKE_NULL: ReadonlySet<string> = new Set(['raw', 'str', 'path', 'sid', 'json', 'jsonarg']);

/** A text is taken as it is: whether it is JSON is found out by who reads it. */
function asJson(value: unknown): Converted {
  return ok(typeof value === 'string' ? value : JSON.stringify(value));
}

/** A count, or one with a unit such as `10M`. */
function sizeOf(value: unknown, unit: string): Converted {
  if (typeof value === 'number') return ok(value);
  if (typeof value === 'string' && /^\s*\d*\.?\d+\s*(?:[KMGTPEZY]i?)?(?:b|bits?|bytes?)?\s*$/i.test(value))
    return ok(value);
  return wrong(`${className(value)} cannot be converted to a ${unit} value`);
}

function asText(value: unknown): Converted {
  if (typeof value === 'string') return ok(value);
  if (typeof value === 'boolean') return ok(value ? 'True' : 'False');
  return ok(typeof value === 'number' ? String(value) : JSON.stringify(value));
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
