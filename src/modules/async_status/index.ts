import { z } from 'zod';
import { runCommand } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { commandFailure, outputKeys, timeKeys } from '../command/result.ts';
import { choice, text } from '../params.ts';
import { defineModule, type PlanContext } from '../types.ts';
import { forgetJob, type Job, jobProbe, jobsFolder, readJob } from './job.ts';

const params = z.strictObject({
  jid: text
    .refine((jid) => /^[\w.-]+$/.test(jid) && !/^\.+$/.test(jid), 'is no job id')
    .describe('The job, as `ansible_job_id` of an `async` task named it.'),
  mode: choice('status', 'cleanup').default('status').describe('Look at the job, or forget it.'),
});

/** Looks at a job; see job.ts for what a job is. */
export default defineModule({
  name: 'async_status',
  summary: 'Looks at a task that was started with `async`.',
  params,
  onlyAsks: () => true,
  needs: (given, _seen, context) => [jobProbe(jobOf(given.jid, context))],
  plan(given, seen, context) {
    const job = jobOf(given.jid, context);
    const said = answer(seen, jobProbe(job));
    if (isUnknown(said)) return unknownPlan(said);
    const { state, path, ended } = readJob(said);
    const keys = { ansible_job_id: given.jid, results_file: path };
    if (given.mode === 'cleanup') {
      const change = runCommand(forgetJob(job), {
        undo: 'irreversible',
        summary: `forget the job ${given.jid}`,
      });
      return {
        changes: state === 'none' ? [] : [change],
        changed: false,
        result: (outcomes) => ({
          ...keys,
          erased: path,
          started: false,
          finished: false,
          ...commandFailure(outcomes),
        }),
      };
    }
    if (state === 'none') {
      const failed = 'could not find job';
      return { changes: [], failed, result: () => ({ ...keys, started: true, finished: true }) };
    }
    if (state === 'running') {
      return { changes: [], changed: false, result: () => ({ ...keys, started: true, finished: false }) };
    }
    if (state !== 'ended') {
      const failed =
        state === 'expired'
          ? 'the job did not end within its time and was ended'
          : 'the job ended without leaving a result: it was killed, or the target was started anew';
      return { changes: [], failed, result: () => ({ ...keys, started: true, finished: true }) };
    }
    return {
      changes: [],
      changed: true,
      result: () => ({
        ...keys,
        started: true,
        finished: true,
        ...outputKeys(ended),
        ...(ended.startedAt > 0 ? timeKeys({ ...ended, start: ended.startedAt, end: ended.endedAt }) : {}),
        ...(ended.rc === 0 ? { msg: '' } : { failed: true, msg: 'non-zero return code' }),
      }),
    };
  },
});

function jobOf(id: string, context: PlanContext): Job {
  const state = context.scope.has('cutover_state_dir') ? context.scope.get('cutover_state_dir') : undefined;
  return { id, stateDir: jobsFolder(context.scope, state) };
}
