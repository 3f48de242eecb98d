/** Controller files that a playbook names, as far as the names can be known without a host. */
import { existsSync, globSync, statSync } from 'node:fs';
import { extname, isAbsolute, join } from 'node:path';
import type { Include, Play, Task, VarsLayer } from '../../playbook/index.ts';
import { parseYaml } from '../../source/index.ts';
import { isMapping } from '../../values/index.ts';
import { searchFolders } from '../task/files.ts';

/** Variables that a file gives, or may give. */
export interface VarsOfFile {
  readonly layers: readonly VarsLayer[];
  /** False when the name depends on a host and no file here fits it: anything may come. */
  readonly known: boolean;
}

/**
 * Gives the files that a name may mean: the one that is found first for a literal name; for a name with templates all that fit it
 * when every template may be anything.
 */
export function candidateFiles(name: string, folders: readonly string[]): readonly string[] {
  if (!hasTemplate(name)) {
    const paths = isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name));
    return paths.filter((path) => existsSync(path)).slice(0, 1);
  }
  const pattern = name.replace(/\{\{.*?\}\}|\{%.*?%\}/gs, '*').replace(/\*+/g, '*');
  const paths = isAbsolute(pattern)
    ? globSync(pattern)
    : folders.flatMap((folder) => globSync(pattern, { cwd: folder }).map((path) => join(folder, path)));
  return [...new Set(paths)].filter((path) => statSync(path).isFile());
}

/** Whether a text holds a template. */
export function hasTemplate(text: string): boolean {
  return /\{[{%]/.test(text);
}

/** Gives the variables of the files that an `include_vars` task reads. */
export function includedVars(task: Task, play: Play, readText: (path: string) => string): VarsOfFile {
  const { file, dir, name } = task.args;
  const folders = searchFolders('vars', task.role, task.position.file, play.folder);
  const wanted =
    typeof file === 'string'
      ? file
      : typeof dir === 'string'
        ? `${dir.replace(/\/$/, '')}/{{ any }}`
        : undefined;
  if (wanted === undefined) return { layers: [], known: false };
  const found = readAll(candidateFiles(wanted, folders), readText);
  if (name === undefined) return found;
  if (typeof name !== 'string' || hasTemplate(name)) return { layers: [], known: false };
  const values = { [name]: Object.assign({}, ...found.layers.map((layer) => layer.values)) };
  return { layers: [{ level: 'task vars', origin: 'include_vars', values }], known: true };
}

/** Gives the variables of the files that a play names in `vars_files`. */
export function varsFilesOf(play: Play, readText: (path: string) => string): VarsOfFile {
  const folders = [play.folder, join(play.folder, 'vars')];
  const parts = play.varsFiles.map(({ value }) => {
    const names = (Array.isArray(value) ? value : [value]).map(String);
    return readAll(
      names.flatMap((name) => candidateFiles(name, folders)),
      readText,
    );
  });
  return { layers: parts.flatMap((part) => part.layers), known: parts.every((part) => part.known) };
}

function readAll(paths: readonly string[], readText: (path: string) => string): VarsOfFile {
  const layers: VarsLayer[] = [];
  let known = paths.length > 0;
  for (const path of paths) {
    if (!['.yml', '.yaml', '.json', ''].includes(extname(path))) continue;
    try {
      const values = parseYaml({ text: readText(path), file: path });
      if (isMapping(values)) layers.push({ level: 'play vars_files', origin: path, values });
    } catch {
      // An encrypted file without a password, or one that is no YAML: it may give anything.
      known = false;
    }
  }
  return { layers, known };
}

/** Gives the name of the file that an include reads, as written. */
export function includedFile(include: Include): string | undefined {
  const { file, _raw, _raw_params: raw } = include.args;
  const name = file ?? _raw ?? raw;
  return typeof name === 'string' ? name : undefined;
}
