import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { SourcePosition } from '../errors/index.ts';
import { locate, positionOf } from '../source/index.ts';
import { isMapping } from '../values/index.ts';
import { APPLY_KEYWORDS, INCLUDE_KEYWORDS } from './keywords.ts';
import { readLoop } from './loop.ts';
import { readNodes } from './nodes.ts';
import { type Inherited, inherit, type Place, renderName, withSurroundings } from './place.ts';
import { hasTemplate, isFile, kindOf, type Reading, suggest } from './reading.ts';
import { checkKeys, checkValues, varsOf } from './shapes.ts';
import { nameOf, readRegister, type TaskText } from './task.ts';
import type { Include, TaskNode } from './types.ts';

type Data = Readonly<Record<string, unknown>>;

/** `import_tasks`: the file's tasks take this task's place and take over all its keywords. */
export function importTasks(reading: Reading, text: TaskText): readonly TaskNode[] {
  refuseLoop(reading, text, 'include_tasks');
  checkParameters(reading, text, ['file']);
  const inner = { ...text.place, inherited: inherit(text.place.inherited, text.data, 'task vars') };
  const name = staticName(reading, text, 'file', inner, 'include_tasks');
  return name === undefined ? [] : readImported(reading, text, name, inner);
}

/** `include_tasks`: read when the run gets there, and only then. */
export function includeTasks(reading: Reading, text: TaskText): readonly TaskNode[] {
  checkIncludeKeywords(reading, text);
  checkParameters(reading, text, ['file', 'apply']);
  if (fileOf(reading, text) === undefined) return [];
  return [readInclude(reading, text, 'tasks', inherit(text.place.inherited, text.data, 'include params'))];
}

/**
 * The old `include:`. Its file is read now unless its name has a template, it has a loop, or it is in a file that is
 * itself read during the run. Text after the name and `vars` are parameters, which are stronger than facts.
 */
export function includeLegacy(reading: Reading, text: TaskText): readonly TaskNode[] {
  const { file: _file, apply: _apply, ...params } = text.action.args;
  const data = locate({ ...text.data, vars: { ...params, ...varsOf(text.data.vars) } }, text.data);
  const own = inherit(text.place.inherited, data, 'include params');
  const inner = { ...text.place, inherited: own };
  const name = fileOf(reading, text);
  if (name === undefined) return [];
  const looped = Object.keys(text.data).some((key) => key === 'loop' || key.startsWith('with_'));
  return looped || hasTemplate(name) || text.place.dynamic
    ? [readInclude(reading, text, 'tasks', own)]
    : readImported(reading, text, name, inner);
}

/** Makes the node of a dynamic include. Its own tags and conditions are its own; its variables reach inside. */
export function readInclude(
  reading: Reading,
  text: TaskText,
  what: Include['what'],
  own: Inherited,
): Include {
  const { data, action, place } = text;
  const { apply, ...args } = action.args;
  reading.templates(action.args, action.at);
  const include: Include = {
    ...own,
    kind: 'include',
    id: text.id,
    position: text.at,
    name: nameOf(data),
    what,
    writtenModule: action.written,
    args,
    argsAt: action.at,
    loop: readLoop(reading, data),
    register: readRegister(reading, data),
    apply: readApply(reading, action.args, apply),
    folder: place.folder,
  };
  return withSurroundings(include, { ...place, inherited: { ...place.inherited, vars: own.vars } });
}

function readApply(reading: Reading, args: Data, apply: unknown): Data | undefined {
  if (apply === undefined || apply === null) return undefined;
  if (!isMapping(apply)) {
    reading.fail(`"apply" must be a mapping, not ${kindOf(apply)}`, positionOf(args, 'apply'));
    return undefined;
  }
  checkKeys(reading, apply, APPLY_KEYWORDS, '"apply"');
  checkValues(reading, apply, APPLY_KEYWORDS);
  return apply;
}

/** Refuses keywords that an include cannot hand to what it includes. */
export function checkIncludeKeywords(reading: Reading, text: TaskText): void {
  const { data, action, place } = text;
  for (const key of Object.keys(data)) {
    const known = Object.hasOwn(INCLUDE_KEYWORDS, key) || key.startsWith('with_');
    if (known || key === action.written || (place.handlers && key === 'listen')) continue;
    if (Object.hasOwn(APPLY_KEYWORDS, key))
      reading.fail(
        `"${key}" is not a keyword of ${action.module}`,
        positionOf(data, key, 'key'),
        'write it under "apply" to give it to the included tasks',
      );
    else reading.fail(`"${key}" is not a keyword of ${action.module}`, positionOf(data, key, 'key'));
  }
}

/** Refuses parameters that a form of reuse does not have. */
export function checkParameters(reading: Reading, text: TaskText, known: readonly string[]): void {
  const { args, module, at } = text.action;
  for (const key of Object.keys(args)) {
    if (!known.includes(key))
      reading.fail(
        `"${key}" is not a parameter of ${module}`,
        positionOf(args, key, 'key') ?? at,
        suggest(key, known),
      );
  }
}

/** A loop needs something that is decided during the run. */
export function refuseLoop(reading: Reading, text: TaskText, instead: string): void {
  const key = Object.keys(text.data).find((name) => name === 'loop' || name.startsWith('with_'));
  if (key === undefined) return;
  const at = positionOf(text.data, key, 'key');
  reading.fail(`${text.action.module} cannot have a loop`, at, `use ${instead}`);
}

function fileOf(reading: Reading, text: TaskText): string | undefined {
  const { args, at, module } = text.action;
  if (typeof args.file === 'string' && args.file !== '') return args.file;
  reading.fail(`${module} needs the name of a file`, positionOf(args, 'file') ?? at);
  return undefined;
}

/** Gives a name that must be known before the run. Notes an error when it is missing or needs a host. */
export function staticName(
  reading: Reading,
  text: TaskText,
  parameter: string,
  place: Place,
  instead: string,
): string | undefined {
  const { args, at, module } = text.action;
  const name = args[parameter];
  const nameAt = positionOf(args, parameter) ?? at;
  if (typeof name !== 'string' || name === '') {
    reading.fail(`${module} needs "${parameter}"`, nameAt);
    return undefined;
  }
  if (!hasTemplate(name)) return name;
  const found = renderName(reading, name, place, nameAt);
  if ('name' in found) return found.name;
  reading.fail(
    `${module} is read before the run, and ${JSON.stringify(name)} is not known then: ${found.unknown}`,
    nameAt,
    `use ${instead}`,
  );
  return undefined;
}

function readImported(reading: Reading, text: TaskText, name: string, inner: Place): readonly TaskNode[] {
  const { at } = text.action;
  const path = findTaskFile(reading, name, inner, 'static', at);
  if (path === undefined) return [];
  return readTaskFile(reading, path, { ...inner, id: `${text.id}.import` }, at);
}

/** Reads a file of tasks that stands in a place. An empty file is fine; one that imports itself is not. */
export function readTaskFile(
  reading: Reading,
  path: string,
  place: Place,
  at: SourcePosition | undefined,
): readonly TaskNode[] {
  if (place.importing.includes(path)) {
    const chain = [...place.importing.slice(place.importing.indexOf(path)), path];
    reading.fail(`this import never ends: ${chain.join(' -> ')}`, at, 'use include_tasks with a "when"');
    return [];
  }
  const data = reading.file(path);
  if (data === undefined || data === null) return [];
  if (!Array.isArray(data)) {
    const where = positionOf(data) ?? { file: path, line: 1, column: 1 };
    reading.fail(`a file of tasks must be a list, not ${kindOf(data)}`, where);
    return [];
  }
  return readNodes(reading, data, {
    ...place,
    folder: dirname(path),
    importing: [...place.importing, path],
  });
}

/** Gives the path of a task file, or notes an error that says where it was looked for. */
export function findTaskFile(
  reading: Reading,
  name: string,
  place: Place,
  when: 'static' | 'dynamic',
  at: SourcePosition | undefined,
): string | undefined {
  const places = isAbsolute(name) ? [resolve(name)] : taskFilePlaces(name, place, when);
  const found = places.find(isFile);
  if (found === undefined)
    reading.fail(`the task file "${name}" was not found`, at, `looked for ${places.join(', ')}`);
  return found;
}

/** Where a task file can be. Inside a role an include looks in the role's tasks first, an import beside its own file first (measured with ansible-core 2.14). */
function taskFilePlaces(name: string, place: Place, when: 'static' | 'dynamic'): readonly string[] {
  const subfolder = place.handlers ? 'handlers' : 'tasks';
  const role = place.inherited.role;
  const ofRole = role ? [join(role.path, subfolder), join(role.path, 'tasks')] : [];
  const nearest = when === 'static' ? [place.folder, ...ofRole] : [...ofRole, place.folder];
  const folders = [
    ...nearest,
    ...(role ? [role.path] : []),
    join(place.play.folder, subfolder),
    place.play.folder,
  ];
  return [...new Set(folders.map((folder) => resolve(folder, name)))];
}
