/** Builds the program once before the tests, when a source is newer than the last build: many of them call it, and the sources take four times as long to start. */
import { execFileSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

export default function build(): void {
  const built = statSync(join(root, 'dist/cli/main.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const changed = globSync(['src/**/*.{ts,sh,json}', 'scripts/*.ts', 'package.json'], { cwd: root }).some(
    (file) => statSync(join(root, file)).mtimeMs > built,
  );
  if (changed) execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
}
