import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import type { SourcePosition } from '../../errors/index.ts';
import { splitWords } from '../../resources/index.ts';
import { guardParams } from '../command/guard-params.ts';
import { guardProbes, guardReason } from '../command/guards.ts';
import { privateFolder } from '../command/private-folder.ts';
import { planBareRun } from '../command/run.ts';
import { boolean, text, writtenPath } from '../params.ts';
import { type ControllerFile, defineModule } from '../types.ts';

const params = z.strictObject({
  cmd: text
    .refine((line) => line.trim() !== '', 'needs the path of a script')
    .describe('A script on the controller, and arguments for it.'),
  ...guardParams,
  executable: writtenPath.optional().describe('Program on the target that interprets the script.'),
  decrypt: boolean.default(true).describe('Accepted; vault files are always decrypted.'),
});

/** Carries a local script to the target, runs it there, and removes it. */
export default defineModule({
  name: 'script',
  sideBySide: true,
  summary: 'Runs a script of the controller on the target.',
  params,
  freeForm: 'cmd',
  needs: (given) => guardProbes(given),
  async plan(given, seen, context) {
    const reason = guardReason(given, seen);
    if (typeof reason === 'string') {
      const option = reason.endsWith(' exists') ? 'creates' : 'removes';
      return { changes: [], skipped: `${reason}, matching ${option} option` };
    }
    const [name, args] = firstWord(given.cmd, context.position);
    const file = await context.readFile(context.findFile(name, 'files'));
    const words = [basename(name), given.executable ?? '', args];
    return planBareRun(
      {
        argv: ['/bin/sh', '-c', RUN_FROM_STDIN, 'sh', ...words],
        cwd: given.chdir,
        stdin: await bytesOf(file),
      },
      given.cmd,
      seen,
      context,
    );
  },
});

async function bytesOf(file: ControllerFile): Promise<Buffer> {
  return Buffer.from(file.bytes ?? (await readFile(file.path)));
}

/** The path that a line begins with, its quotes taken off, and the text behind it, which is left to the shell of the target. */
function firstWord(line: string, position?: SourcePosition): [word: string, rest: string] {
  const end = /^\s*(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"\\])+/s.exec(line)?.[0].length;
  return [splitWords(line.slice(0, end), position)[0]!, line.slice(end ?? line.length)];
}

// The script arrives as standard input, is kept in a private folder while it runs, and reads nothing itself.
// $1 is its name, $2 the program that interprets it and $3 its arguments, both as text for the shell: they may hold
// variables, globs and redirections.
const RUN_FROM_STDIN = `
${privateFolder('script')}
script=$folder/$1
cat >"$script" && chmod 700 "$script" || exit 1
line="$2 \\"\\$script\\" $3"
set --
exec </dev/null
eval "$line"
`;
