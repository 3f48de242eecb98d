/** The command line as a process of its own. */
import { execFile } from 'node:child_process';
import { PROGRAM } from '../program.ts';

/** How a call of `cutover` ended. */
export interface Called {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls `cutover` in a folder, with its own store and nothing of the real user's settings. */
export function cutover(folder: string, ...args: readonly string[]): Promise<Called> {
  const { PATH } = process.env;
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [PROGRAM, ...args],
      { cwd: folder, env: { PATH, HOME: folder, CUTOVER_HOME: `${folder}/store` } },
      (error, stdout, stderr) => done({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
}
