import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import {
  describeModule,
  loadModule,
  type ModuleDescription,
  moduleCatalog,
} from '../../src/modules/index.ts';
import { commandTables } from './command-tables.ts';
import { inventorySchema } from './inventory-schema.ts';
import { moduleIndex, modulePage } from './module-pages.ts';
import { playbookSchema } from './playbook-schema.ts';
import { tables } from './tables.ts';

/** Gives every generated file: absolute path -> text. */
export async function generatedFiles(root: string): Promise<ReadonlyMap<string, string>> {
  const docs = join(root, 'docs');
  const modules = await describeAll();
  const tabled = {
    'ansible-compatibility.md': await tables(modules),
    'command-line.md': await commandTables(),
  };
  const files = new Map<string, string>();
  for (const module of modules) files.set(join(docs, 'modules', `${module.name}.md`), modulePage(module));
  files.set(join(docs, 'modules', 'README.md'), moduleIndex(modules));
  for (const [name, byName] of Object.entries(tabled))
    files.set(join(docs, name), withTables(readFileSync(join(docs, name), 'utf8'), byName));
  files.set(join(docs, 'playbook.schema.json'), JSON.stringify(await playbookSchema()));
  files.set(join(docs, 'inventory.schema.json'), JSON.stringify(inventorySchema()));
  return formatted(files, root);
}

/** Gives the generated files that are missing or differ, and the module pages that no module has any more. */
export function staleFiles(files: ReadonlyMap<string, string>, root: string): string[] {
  const pages = join(root, 'docs/modules');
  const present = existsSync(pages) ? readdirSync(pages).map((name) => join(pages, name)) : [];
  const differing = [...files].filter(
    ([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
  );
  return [...differing.map(([path]) => path), ...present.filter((path) => !files.has(path))];
}

/** Describes every module that ships, under the name that playbooks use. */
export async function describeAll(): Promise<readonly ModuleDescription[]> {
  const names = [...moduleCatalog().names()];
  return Promise.all(names.map(async (name) => ({ ...describeModule(await loadModule(name)), name })));
}

/** Puts tables between their `<!-- generated: NAME -->` and `<!-- end -->` marks. Throws when a mark or a table is missing. */
export function withTables(page: string, byName: Readonly<Record<string, string>>): string {
  const used = new Set<string>();
  const filled = page.replace(
    /(<!-- generated: ([a-z]+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, start: string, name: string, end: string) => {
      const table = byName[name];
      if (table === undefined)
        throw new Error(`no table is called "${name}"; there are ${Object.keys(byName).join(', ')}`);
      used.add(name);
      return `${start}\n${table}\n\n${end}`;
    },
  );
  const forgotten = Object.keys(byName).filter((name) => !used.has(name));
  if (forgotten.length > 0) throw new Error(`the page has no mark for the tables ${forgotten.join(', ')}`);
  return filled;
}

/** The linter has an opinion on Markdown and JSON too: what is generated must look as it would have it. */
function formatted(files: ReadonlyMap<string, string>, root: string): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-docs-'));
  try {
    for (const [path, text] of files) {
      const copy = join(folder, relative(root, path));
      mkdirSync(dirname(copy), { recursive: true });
      writeFileSync(copy, text);
    }
    const options = [`--config-path=${root}`, '--vcs-enabled=false', '--files-max-size=8388608'];
    const biome = join(root, 'node_modules/.bin/biome');
    const { status, stderr } = spawnSync(biome, ['format', '--write', ...options, folder], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`biome could not format the documentation: ${stderr}`);
    return new Map(
      [...files.keys()].map((path) => [path, readFileSync(join(folder, relative(root, path)), 'utf8')]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
