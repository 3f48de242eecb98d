import { lstatSync, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { CutoverError } from '../../errors/index.ts';
import { compileRegex } from '../../regex/index.ts';

/** Which files of a folder are wanted. */
export interface FolderRules {
  /** 0 means without limit. */
  readonly depth: number;
  readonly files_matching?: string | undefined;
  readonly ignore_files: readonly string[];
  readonly ignore_unknown_extensions: boolean;
  readonly extensions: readonly string[];
}

/** Gives the variable files of a controller folder, in alphabetical order, a folder's own files before those below it. Throws CutoverError('playbook'). */
export function filesBelow(folder: string, rules: FolderRules): string[] {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) throw new CutoverError('playbook', `${folder} directory does not exist`);
  if (!found.isDirectory()) throw new CutoverError('playbook', `${folder} is not a directory`);
  const matching = rules.files_matching === undefined ? undefined : compileRegex(rules.files_matching);
  const ignored = rules.ignore_files.map((pattern) => compileRegex(`(?:${pattern})$`));
  const visit = (path: string, depth: number): string[] => {
    const entries = readdirSync(path).sort();
    const isFolder = (name: string): boolean => statSync(join(path, name)).isDirectory();
    // Links to folders are passed over, as ansible-core before 2.18 does.
    const isOwnFolder = (name: string): boolean => lstatSync(join(path, name)).isDirectory();
    const files = entries.filter((name) => !isFolder(name) && wanted(path, name));
    const below = rules.depth === 0 || depth < rules.depth ? entries.filter(isOwnFolder) : [];
    return [
      ...files.map((name) => join(path, name)),
      ...below.flatMap((name) => visit(join(path, name), depth + 1)),
    ];
  };
  const wanted = (path: string, name: string): boolean => {
    // Hidden and backup files are no variables.
    if (name.startsWith('.') || ignored.some((pattern) => pattern.find(name))) return false;
    if (matching && !matching.find(name)) return false;
    if (rules.extensions.map((ext) => ext.replace(/^\./, '')).includes(extname(name).slice(1))) return true;
    if (rules.ignore_unknown_extensions) return false;
    throw new CutoverError('playbook', `${join(path, name)} does not have a valid extension`, {
      hint: `known are ${rules.extensions.join(', ')}; set ignore_unknown_extensions to pass over it`,
    });
  };
  return visit(folder, 1);
}
