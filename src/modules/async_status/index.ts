import { z } from 'zod';
import { commandOutput, type Probe, runCommand } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, outputKeys } from '../command/result.ts';
import { choice, text } from '../params.ts';
import { defineModule, type PlanContext } from '../types.ts';

const params = z.strictObject({
  jid: text
    .refine((jid) => /^[\w.-]+$/.test(jid) && !/^\.+$/.test(jid), 'is no job id')
    .describe('The job, as `ansible_job_id` of an `async` task named it.'),
  mode: choice('status', 'cleanup').default('status').describe('Look at the job, or forget it.'),
});

/** Jobs are folders: `pid`, then `rc` when they are over, `out` and `err` for what they write. */
export default defineModule({
  name: 'async_status',
  summary: 'Looks at a task that was started with `async`.',
  params,
  needs: (given, _seen, context) => [jobProbe(given.jid, context)],
  plan(given, seen, context) {
    const said = answer(seen, jobProbe(given.jid, context));
    if (isUnknown(said)) return unknownPlan(said);
    const keys = { ansible_job_id: given.jid };
    const [state = '', rc = '', outLength = '0'] = said.stdout.split('\n', 3);
    if (given.mode === 'cleanup') {
      const argv = ['/bin/sh', '-c', `${JOB_FOLDER}rm -rf "$job"`, 'sh', given.jid, stateFolder(context)];
      const change = runCommand({ argv }, { undo: 'irreversible', summary: `forget the job ${given.jid}` });
      return {
        changes: state === 'none' ? [] : [change],
        changed: false,
        result: (outcomes) => ({ ...keys, erased: given.jid, ...commandFailure(outcomes) }),
      };
    }
    if (state === 'none') {
      const failed = 'could not find job';
      return { changes: [], failed, result: () => ({ ...keys, started: 1, finished: 1 }) };
    }
    if (state === 'running') {
      return { changes: [], changed: false, result: () => ({ ...keys, started: 1, finished: 0 }) };
    }
    if (state === 'lost') {
      const failed = 'the job ended without leaving a result: it was killed, or the target was started anew';
      return { changes: [], failed, result: () => ({ ...keys, started: 1, finished: 1 }) };
    }
    const head = said.stdout.split('\n', 3).join('\n').length + 1;
    const end = head + Number(outLength);
    const ended = {
      rc: Number(rc),
      stdout: said.stdoutBytes.subarray(head, end).toString('utf8'),
      stderr: said.stdoutBytes.subarray(end).toString('utf8'),
    };
    return {
      changes: [],
      changed: true,
      result: () => ({
        ...keys,
        started: 1,
        finished: 1,
        ...outputKeys(ended),
        ...(ended.rc === 0 ? {} : { failed: true, msg: 'non-zero return code' }),
      }),
    };
  },
});

const JOB_FOLDER = `
base=$2
if [ -z "$base" ]; then
  if [ "$(id -u)" = 0 ]; then base=/var/lib/cutover; else base=$HOME/.local/state/cutover; fi
fi
job=$base/jobs/$1
`;

// State, exit code and the length of `out` in bytes on a line each, then out and err.
const LOOK = `${JOB_FOLDER}
if [ ! -d "$job" ]; then printf 'none\\n\\n0\\n'; exit 0; fi
if [ -e "$job/rc" ]; then
  printf 'ended\\n%s\\n%s\\n' "$(cat "$job/rc")" "$(wc -c <"$job/out")"
  cat "$job/out" "$job/err"
elif kill -0 "$(cat "$job/pid" 2>/dev/null)" 2>/dev/null; then
  printf 'running\\n\\n0\\n'
else
  printf 'lost\\n\\n0\\n'
fi
`;

function jobProbe(
  jid: string,
  context: PlanContext,
): Probe<import('../../resources/index.ts').CommandResult> {
  const argv = ['/bin/sh', '-c', LOOK, 'sh', jid, stateFolder(context)];
  return { ...commandOutput({ argv }), volatile: true };
}

function stateFolder(context: PlanContext): string {
  const folder = context.scope.has('cutover_state_dir') ? context.scope.get('cutover_state_dir') : undefined;
  return typeof folder === 'string' ? folder : '';
}
