import type { z } from 'zod';
import { type CommandResult, commandOutput, type Probe, runCommand } from '../../resources/index.ts';
import { pythonText } from '../../template/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { complaintOf, endedCommand, outputKeys } from '../command/result.ts';
import { integer, mapping, path, text, withAliases, writtenPath } from '../params.ts';
import { defineModule, type Plan } from '../types.ts';

const params = withAliases(
  {},
  {
    chdir: path.describe('Folder to run make in.'),
    target: text.optional().describe('What shall be made. Default: the first target.'),
    params: mapping.optional().describe('Variables for make.'),
    file: path.optional().describe('The makefile.'),
    jobs: integer.optional().describe('How many things are made at once.'),
    make: writtenPath.optional().describe('The program. Default: gmake where there is one, else make.'),
  },
);

type Params = z.output<typeof params>;

/** Targets of a makefile. Whether there is something to do make says itself, in a dry run too. */
export default defineModule({
  name: 'make',
  summary: 'Makes a target of a makefile, unless it is up to date.',
  params,
  needs: (given) => [question(given)],
  plan(given, seen, context): Plan {
    const said = answer(seen, question(given));
    if (isUnknown(said)) return unknownPlan(said);
    const missing = said.rc === 127;
    if (missing && !context.checkMode) return { changes: [], failed: complaintOf(said) };
    if (missing) return unknownPlan(new Unknown(complaintOf(said)));
    const keys = {
      chdir: given.chdir,
      target: given.target ?? null,
      params: given.params ?? null,
      file: given.file ?? null,
      jobs: given.jobs ?? null,
      command: [given.make ?? 'make', ...words(given)].join(' '),
    };
    if (said.rc === 0) return { changes: [], result: () => ({ ...keys, ...outputOf(said) }) };
    const change = runCommand(
      { argv: script(given, '', words(given)) },
      { undo: 'irreversible', summary: `make ${given.target ?? 'the first target'} in ${given.chdir}` },
    );
    return {
      changes: [change],
      result(outcomes) {
        const ended = endedCommand(outcomes[0]);
        if (ended === undefined) return keys;
        const failure =
          ended.rc === 0 ? {} : { failed: true, changed: false, rc: ended.rc, msg: ended.stderr.trim() };
        return { ...keys, ...outputOf(ended), ...failure };
      },
    };
  },
});

function outputOf(ended: Parameters<typeof outputKeys>[0]): Record<string, unknown> {
  const { rc: _rc, ...output } = outputKeys(ended);
  return output;
}

function words(given: Params): string[] {
  return [
    ...(given.jobs === undefined ? [] : ['-j', String(given.jobs)]),
    ...(given.file === undefined ? [] : ['-f', given.file]),
    ...(given.target === undefined ? [] : [given.target]),
    ...Object.entries(given.params ?? {}).map(([name, value]) => `${name}=${pythonText(value)}`),
  ];
}

const SCRIPT = `
folder=$1 make=$2 question=$3
shift 3
cd "$folder" || exit 127
if [ -z "$make" ]; then make=make; ! command -v gmake >/dev/null || make=gmake; fi
command -v "$make" >/dev/null || { echo "there is no program $make on the target" >&2; exit 127; }
[ -z "$question" ] || set -- "$question" "$@"
exec "$make" "$@"
`;

function script(given: Params, asked: string, all: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', SCRIPT, 'sh', given.chdir, given.make ?? '', asked, ...all];
}

function question(given: Params): Probe<CommandResult> {
  return { ...commandOutput({ argv: script(given, '--question', words(given)) }), volatile: true };
}
