import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PluginName } from '../template/index.ts';

/** Plugins in Python beside playbooks and in roles. They are not run: they are looked for to say where a name that is missing here comes from. */
export class PluginFiles {
  private readonly folders = new Set<string>();

  /** Adds the folder of a playbook or a role. */
  add(folder: string): void {
    this.folders.add(folder);
  }

  /** Gives what to say of a filter, test or lookup that is not built in; undefined when no file has it. */
  hint(plugin: PluginName): string | undefined {
    for (const folder of this.folders) {
      const file = pythonFiles(join(folder, `${plugin.kind}_plugins`)).find((path) => defines(path, plugin));
      if (file !== undefined)
        return `it is in ${file}, and plugins in Python are not run here: write it with what is built in, or let a program in library/ work it out`;
    }
    return undefined;
  }
}

function pythonFiles(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.py'));
    return names.sort().map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** A lookup is called like its file; filters and tests are keys of a mapping in it. */
function defines(path: string, { kind, name }: PluginName): boolean {
  const short = name.split('.').at(-1)!;
  if (kind === 'lookup') return basename(path, '.py') === short;
  try {
    const text = readFileSync(path, 'utf8');
    return text.includes(`'${short}'`) || text.includes(`"${short}"`) || text.includes(`def ${short}(`);
  } catch {
    return false;
  }
}
