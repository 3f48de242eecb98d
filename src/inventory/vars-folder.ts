import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CutoverError, type SourcePosition } from '../errors/index.ts';
import { parseYamlDocuments, positionOf } from '../source/index.ts';
import { isMapping } from '../values/index.ts';
import type { InventoryOptions, VariableLayer } from './types.ts';

const ENDINGS = ['', '.yml', '.yaml', '.json'];
const VAULT_HEADER = '$ANSIBLE_VAULT;';

/** One variables file that was read. */
type VarsFile = Pick<VariableLayer, 'origin' | 'values'>;

/**
 * The `group_vars` and `host_vars` folders beside one inventory or playbook. A folder is listed once, so that asking for
 * 10,000 hosts costs no system call each; a file is read once, when it is first asked for.
 */
export class VarsFolder {
  private readonly folder: string;
  private readonly options: InventoryOptions;
  private readonly entries = new Map<string, ReadonlySet<string>>();
  private readonly read = new Map<string, readonly VarsFile[]>();

  constructor(folder: string, options: InventoryOptions) {
    this.folder = folder;
    this.options = options;
  }

  /** Gives the files for a group or host, in the order in which they apply. Throws CutoverError, ErrorList. */
  files(kind: 'group_vars' | 'host_vars', name: string): readonly VarsFile[] {
    const listed = this.list(kind);
    if (listed.size === 0) return [];
    const key = `${kind}/${name}`;
    let files = this.read.get(key);
    if (!files) {
      // The first form wins: a folder or file `web` hides `web.yml`, as in Ansible.
      const ending = name.includes('/') ? undefined : ENDINGS.find((each) => listed.has(name + each));
      files = ending === undefined ? [] : this.load(join(this.folder, kind, name + ending));
      this.read.set(key, files);
    }
    return files;
  }

  private list(kind: string): ReadonlySet<string> {
    let listed = this.entries.get(kind);
    if (!listed) {
      listed = new Set(entriesOf(join(this.folder, kind)));
      this.entries.set(kind, listed);
    }
    return listed;
  }

  private load(path: string): VarsFile[] {
    if (!statSync(path).isDirectory()) return [this.loadFile(path)];
    const files: VarsFile[] = [];
    for (const entry of entriesOf(path)) {
      if (entry.startsWith('.') || entry.endsWith('~')) continue;
      const inside = join(path, entry);
      if (statSync(inside).isDirectory()) files.push(...this.load(inside));
      else if (/^[^.]*$|\.(?:ya?ml|json)$/.test(entry)) files.push(this.loadFile(inside));
    }
    return files;
  }

  private loadFile(path: string): VarsFile {
    const origin = shown(path, this.options.cwd ?? process.cwd());
    const start = { file: origin, line: 1, column: 1 };
    let text = readText(path, start);
    const vaulted = text.startsWith(VAULT_HEADER);
    if (vaulted) {
      if (!this.options.vault) {
        throw new CutoverError('vault', 'the file is encrypted and no vault password was given', {
          position: start,
          hint: 'use --vault-password-file or --ask-vault-pass',
        });
      }
      text = this.options.vault.decryptText(text, start);
    }
    const [values, ...more] = parseYamlDocuments({ text, file: origin, kind: 'inventory' });
    if (more.length > 0) {
      throw new CutoverError('inventory', 'a file of variables may hold one YAML document only', {
        position: start,
      });
    }
    if (values === undefined || values === null) return { origin, values: {} };
    if (!isMapping(values)) {
      throw new CutoverError('inventory', 'a file of variables must be a mapping of names to values', {
        position: positionOf(values) ?? start,
      });
    }
    if (vaulted) this.options.secrets?.add(values);
    return { origin, values };
  }
}

/** Gives a path as the operator would name it: relative when it is below the working folder. */
export function shown(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near === '' || near.startsWith('..') ? path : near;
}

function readText(path: string, position: SourcePosition): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw new CutoverError('inventory', 'the file of variables cannot be read', { position, cause: thrown });
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new CutoverError('inventory', `the folder ${folder} cannot be read`, { cause: thrown });
  }
}
