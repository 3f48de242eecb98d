import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
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
    const [name, ...args] = splitWords(given.cmd, context.position);
    const file = await context.readFile(context.findFile(name!, 'files'));
    const interpreter = given.executable === undefined ? [] : splitWords(given.executable, context.position);
    const words = [basename(name!), String(interpreter.length), ...interpreter, ...args];
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

// The script arrives as standard input, is kept in a private folder while it runs, and reads nothing itself.
// $1 is its name, $2 the number of words of the interpreter, which come first; the rest are the script's own arguments.
const RUN_FROM_STDIN = `
${privateFolder('script')}
script=$folder/$1
cat >"$script" && chmod 700 "$script" || exit 1
words=$2
shift 2
count=$#
while [ "$count" -gt 0 ]; do
  if [ "$words" -eq 0 ]; then
    set -- "$@" "$script"
    words=-1
  else
    set -- "$@" "$1"
    shift
    words=$((words - 1))
    count=$((count - 1))
  fi
done
if [ "$words" -eq 0 ]; then set -- "$@" "$script"; fi
"$@" </dev/null
`;
