import { closeSync, openSync, readdirSync, readFileSync, readSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CutoverError, didYouMean } from '../errors/index.ts';
import type { InventoryGraph } from './graph.ts';
import { readYaml } from './group-document.ts';
import { expandRanges, splitAddress } from './host-names.ts';
import { readIni } from './ini.ts';
import { readScript } from './script.ts';
import type { InventoryOptions } from './types.ts';
import { shown } from './vars-folder.ts';

/** Endings that are left out of an inventory folder; the list is Ansible's (setting INVENTORY_IGNORE_EXTS), `.ini` included. */
const IGNORED_ENDINGS = /(?:\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.ini|\.cfg|\.retry)$/;
const VARIABLE_FOLDERS = new Set(['group_vars', 'host_vars', 'vars_plugins']);

/** Where the reading of sources puts what it finds. */
export interface Reading {
  readonly graph: InventoryGraph;
  readonly options: InventoryOptions;
  readonly warnings: string[];
}

/** Reads one source: `a,b,`, a folder, a script or a file. Gives the folder whose group_vars belong to it. Throws CutoverError, ErrorList. */
export async function readSource(source: string, reading: Reading): Promise<string | undefined> {
  const path = resolve(reading.options.cwd ?? process.cwd(), source);
  const found = statOrNothing(path);
  if (!found && source.includes(',')) {
    readHostList(source, reading.graph);
    return undefined;
  }
  if (!found) {
    throw new CutoverError('inventory', `the inventory "${source}" does not exist`, {
      hint:
        didYouMean(source, siblings(source, path)) ??
        (source.includes('/') ? undefined : `for a single host write "${source},"`),
    });
  }
  if (found.isDirectory()) {
    await readFolder(path, reading);
    return path;
  }
  await readFile(path, found, reading);
  return dirname(path);
}

async function readFolder(folder: string, reading: Reading): Promise<void> {
  for (const entry of readdirSync(folder).sort()) {
    if (entry.startsWith('.') || VARIABLE_FOLDERS.has(entry)) continue;
    const path = join(folder, entry);
    if (IGNORED_ENDINGS.test(entry)) {
      if (entry.endsWith('.ini')) {
        const name = shown(path, reading.options.cwd ?? process.cwd());
        reading.warnings.push(
          `${name} is left out: files that end in .ini are ignored inside an inventory folder`,
        );
      }
      continue;
    }
    const found = statOrNothing(path);
    if (found?.isDirectory()) await readFolder(path, reading);
    else if (found?.isFile()) await readFile(path, found, reading);
  }
}

async function readFile(path: string, found: Stats, reading: Reading): Promise<void> {
  const file = shown(path, reading.options.cwd ?? process.cwd());
  if ((found.mode & 0o111) !== 0 && isProgram(path))
    return readScript(path, file, reading.graph, reading.options);
  const source = { text: readInventoryText(path, file, reading.options), file };
  if (file.endsWith('.toml')) (await import('./toml.ts')).readToml(source, reading.graph);
  else if (looksLikeYaml(file, source.text)) readYaml(source, reading.graph);
  else readIni(source, reading.graph);
}

function readInventoryText(path: string, file: string, options: InventoryOptions): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (thrown) {
    throw new CutoverError('inventory', `the inventory "${file}" cannot be read`, { cause: thrown });
  }
  if (!text.startsWith('$ANSIBLE_VAULT;')) return text;
  const position = { file, line: 1, column: 1 };
  if (!options.vault)
    throw new CutoverError('vault', 'the file is encrypted and no vault password was given', {
      position,
      hint: 'use --vault-password-file or --ask-vault-pass',
    });
  return options.vault.decryptText(text, position);
}

/** A script starts with `#!` or is a compiled program; a text file that merely has its executable bit set is an inventory. */
function isProgram(path: string): boolean {
  const head = Buffer.alloc(4);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, head, 0, 4, 0);
  } finally {
    closeSync(descriptor);
  }
  return head.toString('latin1', 0, 2) === '#!' || head.toString('latin1') === '\x7fELF';
}

/** YAML by its ending, or without one by its first line; a `.yml` that starts with `[group]` is INI, as Ansible finds out too. */
function looksLikeYaml(file: string, text: string): boolean {
  const first = /^[ \t]*([^\s#;].*)$/m.exec(text)?.[1] ?? '';
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (/\.(?:ya?ml|json)$/.test(name)) return !/^\[[^\]\s]+\]\s*(?:#.*)?$/.test(first);
  if (name.includes('.')) return false;
  return /^(?:---|\{|["']?[\w.-]+["']?\s*:(?:\s|$))/.test(first);
}

function readHostList(source: string, graph: InventoryGraph): void {
  for (const item of source.split(',')) {
    const text = item.trim();
    if (text === '') continue;
    try {
      const { name, port } = splitAddress(text);
      for (const each of expandRanges(name)) {
        const host = graph.addHost(each, 'ungrouped', undefined);
        if (port !== undefined) graph.setHostVars(host, source, { values: { ansible_port: port } });
      }
    } catch (thrown) {
      throw new CutoverError('inventory', `in the host list "${source}": ${(thrown as Error).message}`, {
        cause: thrown,
      });
    }
  }
}

function statOrNothing(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function siblings(source: string, path: string): string[] {
  const folder = source.includes('/') ? `${dirname(source)}/` : '';
  try {
    return readdirSync(dirname(path)).map((name) => folder + name);
  } catch {
    return [];
  }
}
