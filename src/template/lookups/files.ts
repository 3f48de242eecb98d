/** Lookups that read files of the controller, through `LookupContext`. */
import { globSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { isMapping, isUndefined, isUnknown, type Unknown } from '../../values/index.ts';
import { UnknownSignal } from '../faults.ts';
import { templateScope, withVariables } from '../file-variables.ts';
import { collectionIn } from '../literal.ts';
import { iterate } from '../python/logic.ts';
import { str } from '../python/text.ts';
import { expandHome } from '../tests/files.ts';
import { filetree } from './filetree.ts';
import { ini } from './ini.ts';
import { type LookupCall, type Lookups, lookup } from './lookup.ts';

function file(call: LookupCall): unknown[] {
  return call.terms.map((term) => {
    let { text } = call.read(str(term));
    if (call.flag('lstrip')) text = text.replace(/^\s+/, '');
    return call.flag('rstrip', true) ? text.replace(/\s+$/, '') : text;
  });
}

function unvault(call: LookupCall): unknown[] {
  return call.terms.map((term) => call.read(str(term)).text);
}

function template(call: LookupCall): unknown[] {
  const extra = call.option('template_vars');
  const outer = isMapping(extra) ? withVariables(call.run.scope, extra) : call.run.scope;
  const managed = call.context.setting?.('DEFAULT_MANAGED_STR')?.value;
  const option = (name: string) => (call.option(name) === undefined ? undefined : call.text(name, ''));
  return call.terms.map((term) => {
    const { path, text } = call.read(str(term), 'templates');
    const named = {
      path: str(term),
      file: path,
      managed: typeof managed === 'string' ? managed : undefined,
      runDate: call.run.around.now(),
    };
    const scope = templateScope(named, outer);
    const rendered: string | Unknown = call.run.around.templar.renderFile(text, scope, {
      file: path,
      besideFirst: true,
      trimBlocks: call.flag('trim_blocks', true),
      lstripBlocks: call.flag('lstrip_blocks', false),
      variableStart: option('variable_start_string'),
      variableEnd: option('variable_end_string'),
      commentStart: option('comment_start_string'),
      commentEnd: option('comment_end_string'),
    });
    if (isUnknown(rendered)) throw new UnknownSignal(rendered);
    return (call.flag('jinja2_native') ? collectionIn(rendered) : undefined) ?? rendered;
  });
}

function fileglob(call: LookupCall): unknown[] {
  return call.terms.flatMap((term) => {
    const pattern = expandHome(str(term));
    const folder = dirname(pattern);
    const folders = isAbsolute(pattern)
      ? [folder]
      : call.context.searchPath('files').flatMap((base) => [join(base, 'files', folder), join(base, folder)]);
    for (const each of folders) {
      const found = globFiles(join(each, basename(pattern)));
      if (found.length > 0) return found;
    }
    return [];
  });
}

/** Gives the files, folders not, that a shell pattern matches, by name. */
function globFiles(pattern: string): string[] {
  return globSync(pattern)
    .filter(
      (path) =>
        statSync(path, { throwIfNoEntry: false })?.isFile() &&
        !(basename(path).startsWith('.') && !basename(pattern).startsWith('.')),
    )
    .sort();
}

interface Wanted {
  readonly names: string[];
  readonly skip: boolean;
}

/** Reads one term of `first_found`: a name, a list, or a mapping with files, paths and skip. */
function wantedFiles(term: unknown, call: LookupCall): Wanted {
  if (typeof term === 'string') return { names: [term], skip: false };
  if (isMapping(term)) {
    const files = splitNames(term.files ?? term.terms);
    const paths = splitNames(term.paths, /[,;:]/);
    const onlyPaths = (term.files ?? term.terms) === undefined;
    const names =
      paths.length === 0
        ? files
        : onlyPaths
          ? paths
          : paths.flatMap((path) => files.map((name) => join(path, name)));
    return { names, skip: term.skip === true || term.skip === 'true' || term.skip === 'yes' };
  }
  if (!Array.isArray(term)) return call.fail('needs names of files, or mappings with "files" and "paths"');
  const parts = term.map((part) => wantedFiles(part, call));
  return { names: parts.flatMap((part) => part.names), skip: parts.some((part) => part.skip) };
}

function splitNames(value: unknown, at = /[,;]/): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string')
    return value
      .split(at)
      .map((name) => name.trim())
      .filter((name) => name !== '');
  return iterate(value).map(str);
}

function firstFound(call: LookupCall): unknown[] {
  const hasOptions = call.option('files') !== undefined || call.option('paths') !== undefined;
  const terms = hasOptions
    ? [...call.terms, { files: call.option('files'), paths: call.option('paths') }]
    : call.terms;
  const { names, skip } = wantedFiles(
    terms.filter((term) => !isUndefined(term)),
    call,
  );
  for (const name of names) {
    const found = name === '' ? undefined : call.find(name, call.folder);
    if (found !== undefined) return [found];
  }
  if (skip || call.flag('skip')) return [];
  return call.fail('No file was found when using first_found.', `looked for ${names.join(', ')}`);
}

function csvRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [[]];
  const cell = new RegExp(
    `("(?:[^"]|"")*"|[^${delimiter.replace(/[\\\]^-]/g, '\\$&')}\\n]*)(${delimiter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}|\\n|$)`,
    'y',
  );
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (!match) break;
    const [, raw = '', end] = match;
    rows.at(-1)!.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === '\n') rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.length > 0);
}

function csvfile(call: LookupCall): unknown[] {
  return call.terms.flatMap((term) => {
    const { words, options } = call.worded(term);
    if (words === '') return call.fail('Search key is required but was not found');
    const option = (name: string, initial: string): string => options[name] ?? call.text(name, initial);
    const delimiter = option('delimiter', 'TAB');
    const { text } = call.read(option('file', 'ansible.csv'), 'files', option('encoding', 'utf-8'));
    const rows = csvRows(
      text.replaceAll('\r\n', '\n'),
      delimiter === 'TAB' || delimiter === 't' ? '\t' : delimiter,
    );
    const keyColumn = columnOf(option('keycol', '0'), call);
    const row = rows.find((cells) => cells[keyColumn] === words);
    const found =
      row?.[columnOf(option('col', '1'), call)] ??
      (Object.hasOwn(options, 'default') ? options.default : call.option('default'));
    return found === undefined || found === null ? [] : [found];
  });
}

function columnOf(written: string, call: LookupCall): number {
  const column = Number(written);
  return Number.isInteger(column) ? column : call.fail('col and keycol count columns from 0');
}

/** Lookups by name. */
export const FILE_LOOKUPS: Lookups = {
  csvfile: lookup('col default delimiter file encoding keycol', csvfile),
  file: lookup('lstrip rstrip', file),
  fileglob: lookup('', fileglob),
  filetree: lookup('', filetree),
  first_found: lookup('files paths skip', firstFound, true),
  ini: lookup(
    'type file section re default case_sensitive encoding allow_no_value allow_none interpolation',
    ini,
  ),
  template: lookup(
    'convert_data variable_start_string variable_end_string comment_start_string comment_end_string template_vars jinja2_native trim_blocks lstrip_blocks',
    template,
  ),
  unvault: lookup('', unvault),
};
