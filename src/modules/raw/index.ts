import { z } from 'zod';
import { planBareRun } from '../command/run.ts';
import { text, writtenPath } from '../params.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  cmd: text
    .refine((line) => line.trim() !== '', 'needs a command')
    .describe('The command line, given to the shell of the target as it is.'),
  executable: writtenPath.optional().describe('Absolute path of another shell. Default /bin/sh.'),
});

/** The bare minimum: a line for the shell, no guards. */
export default defineModule({
  name: 'raw',
  sideBySide: true,
  summary: 'Gives a line to the shell of the target, with nothing around it.',
  params,
  freeForm: 'cmd',
  plan: (given, seen, context) =>
    planBareRun({ argv: [given.executable ?? '/bin/sh', '-c', given.cmd] }, given.cmd, seen, context),
});
