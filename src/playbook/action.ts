import type { SourcePosition } from '../errors/index.ts';
import { locate, positionOf } from '../source/index.ts';
import { isMapping, mapValues, UnsafeText, wordOfKey } from '../values/index.ts';
import { type Keywords, LOOP_FORMS } from './keywords.ts';
import { hasTemplate, kindOf, type Reading, suggest } from './reading.ts';
import { splitArguments } from './words.ts';

/** What a task does: a module, or a form of reuse, with its parameters as written. */
export interface Action {
  /** Canonical name. */
  readonly module: string;
  readonly written: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly at: SourcePosition;
  /** Written as `local_action`: it runs on the controller. */
  readonly local: boolean;
  /** Set where the name is a template: what stands behind it belongs to a module that only a host can tell. */
  readonly unread?: unknown;
}

/** Forms of reuse: the loader reads them itself, so that no catalog needs to know them. */
export const REUSE: readonly string[] = [
  'import_tasks',
  'include_tasks',
  'import_role',
  'include_role',
  'include',
  'import_playbook',
];

type Data = Readonly<Record<string, unknown>>;

/** Finds the module of a task and reads its parameters. Notes what is wrong; gives undefined when there is no module to go on with. */
export function readAction(
  reading: Reading,
  data: Data,
  keywords: Keywords,
  place: SourcePosition,
): Action | undefined {
  const named = findModule(reading, data, keywords, place);
  if (!named) return undefined;
  const at = positionOf(data, named.key) ?? place;
  if (named.key !== 'action' && named.key !== 'local_action')
    return finish(reading, data, named.key, data[named.key], at, false);
  const local = named.key === 'local_action';
  const value = data[named.key];
  const [module, unread, beside] = isMapping(value) ? splitMapping(value) : splitText(value);
  if (module === undefined) {
    reading.fail(
      `"${named.key}" names no module`,
      at,
      'write "MODULE key=value", or a mapping with "module"',
    );
    return undefined;
  }
  if (hasTemplate(module)) return { module, written: module, args: {}, at, local, unread };
  if (beside === undefined) return finish(reading, data, module, unread, at, local);
  const args = locate({ ...asMapping(data.args), ...beside }, asMapping(value));
  return finish(reading, { ...data, args }, module, unread, at, local);
}

/** Reads an action whose name was a template, now that the name is known. */
export function nameAction(
  reading: Reading,
  data: Data,
  { at, local, unread }: Action,
  module: string,
): Action | undefined {
  if (REUSE.includes(withoutCollection(module)) || module === 'meta') {
    reading.fail(`a template cannot choose "${module}"`, at, 'write it as a task of its own, with "when"');
    return undefined;
  }
  return finish(reading, data, module, unread, at, local);
}

/** What an action says: the module, what belongs to it, and parameters beside a text of parameters. */
type Split = readonly [module: string | undefined, unread: unknown, beside?: Data];

/** Parts a mapping with `module`, which may have parameters behind its name too: `module: shell echo`. */
function splitMapping(value: Data): Split {
  const { module, ...args } = value;
  const [name, text] = splitText(module);
  if (text === null || text === undefined) return [name, locate(args, value)];
  return Object.keys(args).length === 0 ? [name, text] : [name, text, args];
}

const asMapping = (value: unknown): Data => (isMapping(value) ? value : {});

/** Parts `MODULE key=value`; the name may be a template with blanks in it. */
function splitText(value: unknown): Split {
  const parts = typeof value === 'string' ? /^\s*((?:\{\{.*?\}\}|\S)+)\s*([\s\S]*)$/.exec(value) : null;
  return [parts?.[1], parts?.[2] === '' ? null : parts?.[2]];
}

/** Gives the key that holds the module, after noting every key that is neither keyword nor module. */
function findModule(
  reading: Reading,
  data: Data,
  keywords: Keywords,
  place: SourcePosition,
): { readonly key: string } | undefined {
  const unknown: string[] = [];
  const modules: string[] = [];
  for (const key of Object.keys(data)) {
    if (key === 'action' || key === 'local_action') modules.push(key);
    else if (Object.hasOwn(keywords, key) || key.startsWith('with_')) continue;
    else (resolveModule(reading, key) === undefined ? unknown : modules).push(key);
  }
  const [first, second] = modules;
  for (const key of unknown) refuseKey(reading, data, key, keywords, first !== undefined);
  if (second !== undefined) {
    reading.fail(
      `two modules in one task: ${first} and ${second}`,
      positionOf(data, second, 'key'),
      'make them two tasks, or look at the indentation',
    );
    return undefined;
  }
  if (first === undefined && unknown.length === 0)
    reading.fail('this task has no module', place, 'a task needs exactly one, such as "copy:"');
  return first === undefined ? undefined : { key: first };
}

function refuseKey(reading: Reading, data: Data, key: string, keywords: Keywords, hasModule: boolean): void {
  const word = wordOfKey(data, key);
  const what = hasModule
    ? `"${word}" is not a keyword of a task`
    : `"${word}" is neither a module that is known here nor a keyword of a task`;
  const forms = LOOP_FORMS.map((form) => `with_${form}`);
  const short = withoutCollection(key);
  const hint =
    suggest(key, Object.keys(keywords), forms, reading.options.catalog.names(), REUSE) ??
    (short === key ? undefined : suggest(short, reading.options.catalog.names(), REUSE));
  reading.fail(what, positionOf(data, key, 'key'), hint);
}

/** Gives a module's short name; undefined when no such module is known. */
export function resolveModule(reading: Reading, name: string): string | undefined {
  const short = withoutCollection(name);
  return REUSE.includes(short) ? short : reading.options.catalog.resolve(name);
}

/** Takes the built-in collections off a name. */
export function withoutCollection(name: string): string {
  return name.replace(/^ansible\.(?:builtin|legacy)\./, '');
}

function finish(
  reading: Reading,
  data: Data,
  name: string,
  value: unknown,
  at: SourcePosition,
  local: boolean,
): Action | undefined {
  const module = resolveModule(reading, name);
  if (module === undefined) {
    reading.fail(
      `the module "${name}" is not known`,
      at,
      suggest(withoutCollection(name), reading.options.catalog.names()),
    );
    return undefined;
  }
  const written = readArguments(reading, module, name, value, at);
  if (!written) return undefined;
  const args = withArgsKeyword(reading, data, written);
  const missing = REUSE.includes(module) ? undefined : reading.options.catalog.missing?.(module, args);
  if (missing !== undefined) reading.warn(`a run that comes to this task fails there: ${missing}`, at);
  return { module, written: name, args, at, local };
}

/** Reads what stands after a module's name. Notes an error and gives undefined when it cannot be parameters. */
function readArguments(
  reading: Reading,
  module: string,
  name: string,
  value: unknown,
  at: SourcePosition,
): Readonly<Record<string, unknown>> | undefined {
  if (value === null || value === undefined) return locate({}, at);
  if (isMapping(value)) return value;
  if (value instanceof UnsafeText) {
    const args = readArguments(reading, module, name, value.text, at);
    return (
      args &&
      locate(
        mapValues(args, (text) => new UnsafeText(String(text))),
        at,
      )
    );
  }
  if (typeof value !== 'string') {
    reading.fail(`the parameters of "${name}" must be a mapping or a text, not ${kindOf(value)}`, at);
    return undefined;
  }
  const freeForm = freeFormOf(reading, module);
  if (freeForm === undefined && isLoneTemplate(value)) return locate({ _variable: value }, at);
  const { pairs, rest } = splitArguments(module, value);
  if (rest === '') return locate({ ...pairs }, at);
  if (freeForm !== undefined) return locate({ ...pairs, [freeForm]: rest }, at);
  reading.fail(
    `"${name}" takes parameters, not the text ${JSON.stringify(rest)}`,
    at,
    'write them as a mapping, or as key=value',
  );
  return undefined;
}

function freeFormOf(reading: Reading, module: string): string | undefined {
  if (module === 'include' || module.endsWith('_tasks') || module === 'import_playbook') return 'file';
  return REUSE.includes(module) ? undefined : reading.options.catalog.freeForm(module);
}

/** Whether a text is nothing but one template, which can stand for a whole mapping. */
function isLoneTemplate(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.startsWith('{{') && trimmed.indexOf('}}') === trimmed.length - 2;
}

/** Adds `args:`; what stands after the module's name wins. */
function withArgsKeyword(
  reading: Reading,
  data: Data,
  args: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const more = data.args;
  if (more === undefined || more === null) return args;
  if (isMapping(more)) {
    const merged = { ...more, ...args };
    return locate(merged, Object.keys(args).length > 0 && isMapping(data) ? args : more);
  }
  if (typeof more === 'string' && hasTemplate(more)) return locate({ _variable: more, ...args }, args);
  const at = positionOf(data, 'args');
  reading.fail(`"args" must be a mapping, not ${kindOf(more)}`, at);
  return args;
}
