import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { CutoverError, type SourcePosition } from '../../errors/index.ts';
import type { ControllerFile, ReadOptions } from '../../modules/index.ts';
import type { Role } from '../../playbook/index.ts';
import type { Secrets } from '../../secrets/index.ts';
import { parseYaml } from '../../source/index.ts';
import { decode } from '../../template/index.ts';
import type { Vault } from '../../vault/index.ts';
import { KeptFiles } from './kept-files.ts';

/** Bigger files are not kept in memory: they are streamed when they are sent. */
const IN_MEMORY_BYTES = 4 * 1024 * 1024;

/** The files of the controller, read and hashed once as long as they stay as they are, vault files decrypted. */
export class ControllerFiles {
  private readonly texts = new KeptFiles<string>();
  private readonly hashed = new KeptFiles<Promise<ControllerFile>>();
  private readonly written = new KeptFiles<Promise<ControllerFile>>();
  private readonly vault: Vault | undefined;
  private readonly secrets: Secrets;

  /** `secrets` learns what vault files hold. */
  constructor(vault: Vault | undefined, secrets: Secrets) {
    this.vault = vault;
    this.secrets = secrets;
  }

  /** The paths of everything that was read so far. */
  used(): readonly string[] {
    return [...this.texts.paths(), ...this.hashed.paths(), ...this.written.paths()];
  }

  /** Gives the text of a file, which is UTF-8 unless `encoding` says otherwise. Throws CutoverError('playbook'). */
  readText(path: string, encoding?: string): string {
    if (encoding !== undefined) return decode(this.decrypt(this.read(path), path), encoding);
    return this.texts.get(path, () => this.decrypt(this.read(path), path).toString('utf8'));
  }

  /** Gives a file with its size and hash. Throws CutoverError('playbook'). */
  readFile(path: string, { asWritten = false }: ReadOptions = {}): Promise<ControllerFile> {
    const kept = asWritten ? this.written : this.hashed;
    return kept.get(path, () => this.load(path, asWritten));
  }

  private async load(path: string, asWritten: boolean): Promise<ControllerFile> {
    const info = this.stat(path);
    const mode = info.mode & 0o7777;
    if (info.size <= IN_MEMORY_BYTES) {
      const stored = this.read(path);
      const bytes = asWritten ? stored : this.decrypt(stored, path);
      return {
        path,
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        mode,
        bytes,
        ...(bytes === stored ? {} : { secret: true }),
      };
    }
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return { path, size: info.size, sha256: hash.digest('hex'), mode, bytes: undefined };
  }

  private stat(path: string) {
    try {
      return statSync(path);
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }

  private read(path: string): Buffer {
    try {
      return readFileSync(path);
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }

  private decrypt(bytes: Buffer, path: string): Buffer {
    if (!bytes.subarray(0, 14).equals(Buffer.from('$ANSIBLE_VAULT'))) return bytes;
    if (!this.vault) {
      // In the words of Ansible, which playbooks compare to the end.
      throw new CutoverError('vault', `A vault password or secret must be specified to decrypt ${path}`);
    }
    const opened = this.vault.open(bytes.toString('utf8'), { file: path, line: 1, column: 1 }).bytes;
    this.learn(opened.toString('utf8'), path);
    return opened;
  }

  /** Of a file of variables each value is a secret; of any other file the whole, and each longer line. */
  private learn(text: string, path: string): void {
    this.secrets.add(text);
    try {
      this.secrets.add(parseYaml({ text, file: path }));
    } catch {
      // No YAML: its lines are known already.
    }
  }
}

/** Folders in which a relative name is searched: of the role and the roles around it, of the task's own file, of the playbook. */
export function searchFolders(
  kind: string,
  role: Role | undefined,
  taskFile: string | undefined,
  playFolder: string,
): readonly string[] {
  const folders: string[] = [];
  for (const one of role ? [role, ...[...role.parents].reverse()] : [])
    folders.push(join(one.path, kind), one.path, join(one.path, 'tasks', kind), join(one.path, 'tasks'));
  if (taskFile) folders.push(join(dirname(taskFile), kind), dirname(taskFile));
  folders.push(join(playFolder, kind), playFolder);
  return [...new Set(folders)];
}

/** Finds a file by the search path. Throws CutoverError('playbook') that names every place. */
export function findFile(name: string, folders: readonly string[], at: SourcePosition | undefined): string {
  const expanded = name.replace(/^~(?=\/|$)/, homedir());
  if (isAbsolute(expanded)) {
    if (existsSync(expanded)) return expanded;
    throw new CutoverError('playbook', `Could not find or access '${expanded}' on the controller`, {
      position: at,
    });
  }
  const tried = folders.map((folder) => resolve(folder, expanded));
  const found = tried.find((path) => existsSync(path));
  if (found) return found;
  throw new CutoverError('playbook', `Could not find or access '${name}' on the controller`, {
    position: at,
    hint: `searched ${tried.join(', ')}`,
  });
}

function unreadable(path: string, cause: unknown): CutoverError {
  const code = (cause as NodeJS.ErrnoException).code;
  const why =
    code === 'ENOENT'
      ? 'it does not exist'
      : code === 'EACCES'
        ? 'permission denied'
        : code === 'EISDIR'
          ? 'it is a folder'
          : (cause as Error).message;
  return new CutoverError('playbook', `cannot read ${path}: ${why}`, { cause });
}
