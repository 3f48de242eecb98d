import type { SourcePosition } from '../errors/index.ts';
import { positionOf } from '../source/index.ts';
import { isMapping, keyOf, UnsafeText, VaultText, wordOfKey } from '../values/index.ts';
import type { Keywords, Shape } from './keywords.ts';
import { checkModuleDefaults } from './module-defaults.ts';
import { hasTemplate, kindOf, type Reading, suggest } from './reading.ts';
import type { Condition, Role, Written } from './types.ts';

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const BOOLEAN_WORD = /^(?:y|yes|n|no|true|false|on|off|1|0|t|f)$/i;
const EXPECTED: Readonly<Record<Shape, string>> = {
  boolean: 'yes or no',
  number: 'a number',
  text: 'a text',
  names: 'a name or a list of names',
  condition: 'an expression or a list of expressions',
  vars: 'a mapping of variables',
  mapping: 'a mapping',
  environment: 'a mapping',
  tasks: 'a list of tasks',
  'module defaults': 'a mapping of modules to parameters',
  backup: 'yes, no or fetch',
  any: 'a value',
};

/** Refuses keys that the level does not know, except those that `accept` takes. */
export function checkKeys(
  reading: Reading,
  data: Readonly<Record<string, unknown>>,
  keywords: Keywords,
  level: string,
): void {
  for (const key of Object.keys(data)) {
    if (Object.hasOwn(keywords, key)) continue;
    reading.fail(
      `"${wordOfKey(data, key)}" is not a keyword of ${level}`,
      positionOf(data, key, 'key'),
      suggest(key, Object.keys(keywords)),
    );
  }
}

/** Checks the kind of every known keyword's value and the syntax of the templates in it. `role`: that it is written in. */
export function checkValues(
  reading: Reading,
  data: Readonly<Record<string, unknown>>,
  keywords: Keywords,
  role?: Role,
): void {
  for (const key of Object.keys(data)) {
    const shape = Object.hasOwn(keywords, key) ? keywords[key]! : undefined;
    const value = data[key];
    if (shape === undefined || value === null) continue;
    const at = positionOf(data, key);
    if (!fits(value, shape)) {
      reading.fail(`"${key}" must be ${EXPECTED[shape]}, not ${describe(value)}`, at);
    } else if (shape === 'condition') {
      checkConditions(reading, conditionsOf(value, at, role), key);
    } else if (shape === 'vars') {
      checkVars(reading, value, at);
    } else if (shape === 'module defaults') {
      checkModuleDefaults(reading, value);
    } else if (shape !== 'tasks' && shape !== 'any') {
      reading.templates(value, at);
    }
  }
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : kindOf(value);
}

function fits(value: unknown, shape: Shape): boolean {
  const template = typeof value === 'string' && hasTemplate(value);
  const special = value instanceof UnsafeText || value instanceof VaultText;
  switch (shape) {
    case 'any':
    case 'vars':
    case 'module defaults':
      return true;
    case 'boolean':
      return (
        template ||
        special ||
        typeof value === 'boolean' ||
        (['string', 'number'].includes(typeof value) && BOOLEAN_WORD.test(String(value)))
      );
    case 'number':
      return (
        template ||
        typeof value === 'number' ||
        (typeof value === 'string' && /^\s*-?\d+(\.\d+)?%?\s*$/.test(value))
      );
    case 'backup':
      return value === 'fetch' || fits(value, 'boolean');
    case 'text':
      return special || (typeof value !== 'object' && typeof value !== 'undefined');
    case 'names':
      return Array.isArray(value) ? value.every((item) => !isMapping(item)) : typeof value !== 'object';
    case 'condition':
      return !isMapping(value);
    case 'mapping':
      return isMapping(value);
    case 'environment':
      return (
        isMapping(value) ||
        template ||
        (Array.isArray(value) && value.every((part) => part === null || fits(part, 'environment')))
      );
    case 'tasks':
      return Array.isArray(value);
  }
}

/** Checks the syntax of the conditions that a keyword has. */
export function checkConditions(reading: Reading, written: readonly Condition[], key: string): void {
  for (const condition of written) {
    if (typeof condition.value !== 'string') continue;
    if (hasTemplate(condition.value)) {
      reading.warn(`"${key}" is an expression already: leave the template braces out`, condition.at);
      reading.syntax(condition.value, 'text', condition.at);
    } else {
      reading.syntax(condition.value, condition.truthy ? 'expression' : 'condition', condition.at);
    }
  }
}

/** Gives the conditions under a key, one by one; undefined when it is not written. `role`: that it is written in. */
export function conditions(
  data: Readonly<Record<string, unknown>>,
  key: string,
  role: Role | undefined,
): readonly Condition[] | undefined {
  const value = data[key];
  return value === undefined || value === null ? undefined : conditionsOf(value, positionOf(data, key), role);
}

function conditionsOf(
  value: unknown,
  at: SourcePosition | undefined,
  role: Role | undefined,
): readonly Condition[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => conditionsOf(item, positionOf(value, index) ?? at, role));
  if (value === null || value === undefined || value === '') return [];
  const truthy = role?.truthy && { truthy: role.truthy };
  return [{ value: typeof value === 'boolean' ? value : String(value), at, ...truthy }];
}

/** Checks that `vars` is a mapping (or a list of them) with legal names. */
function checkVars(reading: Reading, value: unknown, at: SourcePosition | undefined): void {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++)
      checkVars(reading, value[index], positionOf(value, index) ?? at);
    return;
  }
  if (value === null || value === undefined) return;
  if (!isMapping(value)) {
    reading.fail(`"vars" must be ${EXPECTED.vars}, not ${describe(value)}`, at);
    return;
  }
  for (const name of Object.keys(value)) {
    const key = keyOf(value, name);
    checkName(reading, typeof key === 'boolean' ? key : name, positionOf(value, name, 'key'));
  }
  reading.templates(value, at);
}

/** Notes an error when a name cannot be a variable's. */
export function checkName(reading: Reading, name: unknown, at: SourcePosition | undefined): boolean {
  if (typeof name === 'string' && VARIABLE_NAME.test(name)) return true;
  reading.fail(
    `${describe(name)} cannot be the name of a variable`,
    at,
    'use letters, digits and underscores, and start with a letter or an underscore',
  );
  return false;
}

/** The variables under `vars`, a list of mappings merged into one. Gives undefined when there are none. */
export function varsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (isMapping(value)) return value;
  if (!Array.isArray(value)) return undefined;
  return Object.assign({}, ...value.filter(isMapping));
}

/** Names as a list: `a, b` and `[a, b]` alike. */
export function namesOf(value: unknown, separator: ',' | undefined): string[] {
  const list = Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];
  return list
    .filter((item) => item !== null && item !== undefined)
    .flatMap((item) =>
      separator && typeof item === 'string' && !hasTemplate(item) ? item.split(separator) : [String(item)],
    )
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Each name with its own place. */
export function writtenNames(data: Readonly<Record<string, unknown>>, key: string): readonly Written[] {
  const value = data[key];
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) return [{ value, at: positionOf(data, key) }];
  return value.map((item, index) => ({ value: item, at: positionOf(value, index) }));
}
