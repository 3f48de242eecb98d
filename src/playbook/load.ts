import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { CutoverError, ErrorList, type SourcePosition } from '../errors/index.ts';
import { locate, positionOf } from '../source/index.ts';
import { isMapping } from '../values/index.ts';
import { withoutCollection } from './action.ts';
import { playbookInCollection } from './collections.ts';
import { IMPORT_PLAYBOOK_KEYWORDS } from './keywords.ts';
import { inherit } from './place.ts';
import { IMPORTED_WITH_NOTHING, type ImportedWith, readPlay } from './play.ts';
import { hasTemplate, isFile, kindOf, Reading } from './reading.ts';
import { checkKeys, checkValues, varsOf } from './shapes.ts';
import type { LoadOptions, Play, Playbook } from './types.ts';
import { splitArguments } from './words.ts';

type Data = Readonly<Record<string, unknown>>;

/**
 * Reads a playbook with everything static that it imports, and checks all of it; the plays of several files follow each other.
 * Throws ErrorList with every mistake of every file, sorted by place.
 */
export async function loadPlaybook(
  file: string,
  options: LoadOptions,
  following: readonly string[] = [],
): Promise<Playbook> {
  const paths = [file, ...following].map((name) => ({ name, path: resolve(name) }));
  const missing = paths.flatMap(({ name, path }) => whyUnreadable(name, path));
  if (missing.length > 0) throw new ErrorList(missing);
  const reading = new Reading(options);
  const plays: Play[] = [];
  const lastPlays: number[] = [];
  for (const { path } of paths) {
    readPlaybookFile(reading, path, plays, IMPORTED_WITH_NOTHING, []);
    lastPlays.push(plays.length - 1);
  }
  await reading.finish();
  const { path } = paths[0]!;
  return {
    file: path,
    folder: dirname(path),
    plays,
    lastPlays,
    warnings: reading.warnings,
    flaws: reading.flaws,
    files: [...reading.files.keys()],
  };
}

function readPlaybookFile(
  reading: Reading,
  path: string,
  plays: Play[],
  importedWith: ImportedWith,
  importing: readonly string[],
): void {
  const data = reading.file(path);
  if (data === undefined || data === null) {
    if (importing.length === 0) reading.warn('this playbook is empty', { file: path, line: 1, column: 1 });
    return;
  }
  if (!Array.isArray(data)) {
    const at = positionOf(data) ?? { file: path, line: 1, column: 1 };
    reading.fail(`a playbook must be a list of plays, not ${kindOf(data)}`, at);
    return;
  }
  data.forEach((entry, index) => {
    const at = positionOf(data, index) ?? { file: path, line: 1, column: 1 };
    if (!isMapping(entry)) reading.fail(`a play must be a mapping, not ${kindOf(entry)}`, at);
    else if (importKey(entry) !== undefined)
      importPlaybook(reading, entry, path, plays, importedWith, [...importing, path]);
    else
      plays.push(
        readPlay(reading, entry, at, {
          index: plays.length,
          file: path,
          folder: dirname(path),
          importedWith,
        }),
      );
  });
}

/** The key that imports a playbook, by its present or its old name. */
function importKey(entry: Data): string | undefined {
  return Object.keys(entry).find((key) => ['import_playbook', 'include'].includes(withoutCollection(key)));
}

function importPlaybook(
  reading: Reading,
  entry: Data,
  from: string,
  plays: Play[],
  outer: ImportedWith,
  importing: readonly string[],
): void {
  const key = importKey(entry)!;
  const at = positionOf(entry, key)!;
  checkKeys(reading, entry, { ...IMPORT_PLAYBOOK_KEYWORDS, [key]: 'any' }, 'import_playbook');
  checkValues(reading, entry, IMPORT_PLAYBOOK_KEYWORDS);
  const value = entry[key];
  if (typeof value !== 'string' || value.trim() === '') {
    reading.fail('import_playbook needs the name of a playbook', at);
    return;
  }
  const { pairs, rest } = splitArguments('import_playbook', value);
  const { vars: _vars, ...keywords } = entry;
  const importedWith: ImportedWith = {
    inherited: inherit(outer.inherited, locate(keywords, entry), 'play vars'),
    vars: { ...varsOf(entry.vars), ...pairs, ...outer.vars },
  };
  const name = hasTemplate(rest) ? renderedName(reading, rest, importedWith, at) : rest;
  const path = name === undefined ? undefined : playbookPath(reading, name, from, at);
  if (path === undefined) return;
  if (importing.includes(path))
    reading.fail(`this import never ends: ${[...importing, path].join(' -> ')}`, at);
  else readPlaybookFile(reading, path, plays, importedWith, importing);
}

function renderedName(
  reading: Reading,
  text: string,
  importedWith: ImportedWith,
  at: SourcePosition,
): string | undefined {
  try {
    const layer = { level: 'play vars', origin: 'import_playbook', values: importedWith.vars } as const;
    return String(reading.options.renderStatic(text, [layer], at));
  } catch {
    reading.fail(`import_playbook is read before the run, and ${JSON.stringify(text)} is not known then`, at);
    return undefined;
  }
}

/** A pipe is as good as a file: `cutover run <(make-playbook)`. */
function whyUnreadable(name: string, path: string): CutoverError[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) return [];
  const what = found ? `"${name}" is a folder, not a playbook` : `the playbook "${name}" was not found`;
  const hint = found ? 'name a file in it' : path === name ? undefined : `looked for ${path}`;
  return [new CutoverError('playbook', what, { hint })];
}

function playbookPath(reading: Reading, name: string, from: string, at: SourcePosition): string | undefined {
  const path = isAbsolute(name) ? resolve(name) : join(dirname(from), name);
  if (isFile(path)) return path;
  const ofCollection = playbookInCollection(reading.options, dirname(from), name);
  if (ofCollection !== undefined) return ofCollection;
  reading.fail(`the playbook "${name}" was not found`, at, `looked for ${path}`);
  return undefined;
}
