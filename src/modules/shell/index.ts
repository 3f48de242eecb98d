import { z } from 'zod';
import { guardParams, guardsInFolder, stdinText, streamParams } from '../command/guard-params.ts';
import { guardProbes } from '../command/guards.ts';
import { planRun } from '../command/run.ts';
import { text, writtenPath } from '../params.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  cmd: text
    .refine((line) => line.trim() !== '', 'needs a command')
    .describe('The command line, as the shell of the target reads it: pipes, redirections, variables.'),
  ...guardParams,
  ...streamParams,
  executable: writtenPath
    .optional()
    .describe('Absolute path of the shell that reads the command. Default /bin/sh.'),
});

/** Hands one command line to a shell. */
export default defineModule({
  name: 'shell',
  sideBySide: true,
  summary: 'Runs a command line on the target through a shell.',
  params,
  relativePaths: (given) => guardsInFolder(given),
  freeForm: 'cmd',
  needs: (given) => guardProbes(given),
  plan: (given, seen, context) =>
    planRun(
      {
        spec: {
          argv: [given.executable ?? '/bin/sh', '-c', given.cmd],
          cwd: given.chdir,
          stdin: stdinText(given),
        },
        guards: given,
        cmd: given.cmd,
        stripEmptyEnds: given.strip_empty_ends,
      },
      seen,
      context,
    ),
});
