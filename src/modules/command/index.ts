import { z } from 'zod';
import { splitWords } from '../../resources/index.ts';
import { boolean, strings, text, writtenPath } from '../params.ts';
import { defineModule } from '../types.ts';
import { expandedOnHost } from './expansion.ts';
import { guardParams, guardsInFolder, stdinText, streamParams } from './guard-params.ts';
import { guardProbes } from './guards.ts';
import type { Ended } from './result.ts';
import { NOT_RUN, planRun } from './run.ts';

const params = z.strictObject({
  cmd: text.optional().describe('The command with its arguments. Split into words like a shell does.'),
  argv: strings.optional().describe('The command and its arguments as a list, instead of `cmd`.'),
  ...guardParams,
  ...streamParams,
  expand_argument_vars: boolean
    .default(true)
    .describe('Replace $NAME and a leading ~ in arguments by what they mean on the target.'),
  executable: writtenPath
    .optional()
    .describe('Accepted with a warning: there is no shell to choose; see shell.'),
});

/** Runs one program without a shell around it. */
export default defineModule({
  name: 'command',
  sideBySide: true,
  summary: 'Runs a command on the target, without a shell.',
  params,
  relativePaths: (given) => guardsInFolder(given),
  freeForm: 'cmd',
  needs: (given) => guardProbes(given),
  plan(given, seen, context) {
    const fault = faultOf(given);
    if (fault) return { changes: [], failed: fault, result: () => ({ cmd: null, ...NOT_RUN, rc: 256 }) };
    const argv = given.argv ?? splitWords(given.cmd!, context.position);
    const plan = planRun(
      {
        spec: {
          argv: given.expand_argument_vars ? expandedOnHost(argv) : argv,
          cwd: given.chdir,
          stdin: stdinText(given),
        },
        guards: given,
        cmd: argv,
        stripEmptyEnds: given.strip_empty_ends,
        notStarted: (ended) => notStarted(argv, ended),
      },
      seen,
      context,
    );
    if (given.executable === undefined) return plan;
    return { ...plan, warnings: [...(plan.warnings ?? []), noExecutable(given.executable)] };
  },
});

/** What is wrong with what shall be run, in the words that playbooks compare with. */
function faultOf(given: z.output<typeof params>): string | undefined {
  if (given.cmd !== undefined && given.argv !== undefined)
    return 'only command or argv can be given, not both';
  return given.cmd?.trim() || given.argv?.length ? undefined : 'no command given';
}

function noExecutable(path: string): string {
  return `command: 'executable' is no longer supported here, ${path} is not used; the module shell has it`;
}

/** What the shell says of a program that it cannot start, and the errors (errno(3)) that playbooks know. */
const STARTING = [
  { rc: 127, says: /not found|no such file/i, errno: 2, words: 'No such file or directory' },
  { rc: 126, says: /permission denied/i, errno: 13, words: 'Permission denied' },
] as const;

function notStarted(argv: readonly string[], ended: Ended): Record<string, unknown> | undefined {
  const [program = ''] = argv;
  const why = STARTING.find(({ rc, says }) => ended.rc === rc && says.test(ended.stderr));
  if (!why || ended.stdout !== '' || !ended.stderr.includes(program)) return undefined;
  return {
    cmd: argv.join(' '),
    stdout: '',
    stdout_lines: [],
    stderr: '',
    stderr_lines: [],
    changed: false,
    rc: why.errno,
    failed: true,
    msg: `[Errno ${why.errno}] ${why.words}: b'${program}'`,
  };
}
