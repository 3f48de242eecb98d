/** Puts what is no TypeScript (shell runtimes, module pages) beside the compiled code. */
import { cpSync, globSync, mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

for (const file of globSync('src/**/*.{sh,txt,pem,json}')) {
  const target = join('dist', relative('src', file));
  mkdirSync(dirname(target), { recursive: true });
  cpSync(file, target);
}
