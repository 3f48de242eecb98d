/** The command line as a process of its own, from the sources. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts');

/** How a call of `cutover` ended. */
export interface Called {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls `cutover` in a folder, with its own store and nothing of the real user's settings. */
export function cutover(folder: string, ...args: readonly string[]): Promise<Called> {
  const program = `const { main } = await import(${JSON.stringify(MAIN)}); await main(process.argv.slice(1));`;
  const { PATH } = process.env;
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      ['--input-type=module', '-e', program, '--', ...args],
      { cwd: folder, env: { PATH, HOME: folder, CUTOVER_HOME: `${folder}/store` } },
      (error, stdout, stderr) => done({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
}
