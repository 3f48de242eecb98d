/**
 * Writes the generated parts of docs/: a page per module, the tables of ansible-compatibility.md, and the JSON Schemas for
 * editors. `node scripts/docs.ts --check` writes nothing and exits 1 when any of it is stale.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { generatedFiles, staleFiles } from './docs/files.ts';

const root = join(import.meta.dirname, '..');
const pages = join(root, 'docs/modules');

const files = await generatedFiles(root);
const stale = staleFiles(files, root);
if (process.argv.includes('--check')) {
  for (const path of stale) process.stderr.write(`${relative(root, path)} is stale\n`);
  if (stale.length > 0) {
    process.stderr.write('run `node scripts/docs.ts` and commit what it writes\n');
    process.exitCode = 1;
  }
} else {
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true });
    if (stale.includes(path)) writeFileSync(path, text);
  }
  for (const name of readdirSync(pages)) if (!files.has(join(pages, name))) rmSync(join(pages, name));
  process.stdout.write(`${stale.length} of ${files.size} files were stale\n`);
}
