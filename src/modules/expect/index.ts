import { z } from 'zod';
import { type ChangeOutcome, splitWords } from '../../resources/index.ts';
import { guardParams, guardsInFolder } from '../command/guard-params.ts';
import { guardProbes } from '../command/guards.ts';
import { planRun } from '../command/run.ts';
import { boolean, integer, regex, text } from '../params.ts';
import { defineModule } from '../types.ts';

const params = z.strictObject({
  command: text.describe(
    'The command with its arguments. Split into words like a shell does, but no shell runs it.',
  ),
  responses: z
    .record(regex, z.union([text, z.array(text)]))
    .describe(
      'Regular expression of a question -> what is typed then; a list gives one answer after the other.',
    ),
  timeout: integer
    .default(30)
    .describe('Seconds from one question to the next, and to the end; 0: no limit.'),
  echo: boolean.default(false).describe('Whether the terminal shows what is typed.'),
  chdir: guardParams.chdir,
  creates: guardParams.creates,
  removes: guardParams.removes,
});

/** Answers the questions of a program at a terminal. */
export default defineModule({
  name: 'expect',
  sideBySide: true,
  summary: 'Runs a command at a terminal and answers its questions.',
  params,
  relativePaths: (given) => guardsInFolder(given),
  needs: (given) => guardProbes(given),
  plan(given, seen, context) {
    if (given.command.trim() === '')
      return { changes: [], failed: 'no command given', result: () => ({ rc: 256 }) };
    const answers = Object.entries(given.responses).map(([question, replies]) => ({ question, replies }));
    const dialogue = {
      answers,
      echo: given.echo,
      timeoutMs: given.timeout === 0 ? undefined : given.timeout * 1000,
    };
    const spec = { argv: splitWords(given.command, context.position), cwd: given.chdir, dialogue };
    const plan = planRun({ spec, guards: given, cmd: given.command, stripEmptyEnds: true }, seen, context);
    return {
      ...plan,
      result(outcomes) {
        const { stderr, stderr_lines, ...keys } = plan.result!(outcomes);
        return { ...keys, ...fate(outcomes[0], String(stderr)) };
      },
    };
  },
});

/** What is to be said when the conversation did not come to its end. */
function fate(outcome: ChangeOutcome | undefined, complaint: string): Record<string, unknown> {
  const { timedOut, unanswered, rc } = outcome?.result ?? {};
  const failed = { failed: true, rc: null };
  if (timedOut) return { ...failed, msg: 'command exceeded timeout' };
  if (unanswered !== undefined) return { ...failed, msg: `No remaining responses for '${unanswered}'` };
  return rc === 127 && complaint !== '' ? { ...failed, changed: false, msg: complaint.trim() } : {};
}
