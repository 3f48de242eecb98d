import {
  CANNOT_ENTER,
  type CommandSpec,
  commandSummary,
  NOT_ENTERED,
  type Observed,
  runCommand,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import type { Plan, PlanContext } from '../types.ts';
import { type Guards, guardReason } from './guards.ts';
import { type Ended, endedCommand, outputKeys, timeKeys, unknownKeys } from './result.ts';

/** One command as `command` and `shell` want it run. */
export interface Run {
  readonly spec: CommandSpec;
  readonly guards: Guards;
  /** The `cmd` key of the result. */
  readonly cmd: string | readonly string[];
  readonly stripEmptyEnds: boolean;
  /** The result when how the command ended shows that it never began. */
  readonly notStarted?: (ended: Ended) => Record<string, unknown> | undefined;
}

/** Plans a command: guards decide, otherwise it runs and counts as a change; in a dry run nobody knows. */
export function planRun(run: Run, seen: Observed, context: PlanContext): Plan {
  const reason = guardReason(run.guards, seen);
  if (typeof reason === 'string') return guarded(run, reason, context);
  const unknown = isUnknown(reason) ? reason : new Unknown('the command was not run in check mode');
  return {
    changes: [runCommand(run.spec, { undo: 'irreversible', summary: commandSummary(run.cmd) })],
    changed: context.checkMode ? unknown : true,
    ...(context.checkMode ? { whenPassedOver: passedOver(run) } : {}),
    result: (outcomes) => {
      const ended = endedCommand(outcomes[0]);
      if (!ended) return { cmd: run.cmd, ...(context.checkMode ? unknownKeys(unknown) : {}) };
      if (ended.rc === NOT_ENTERED && ended.stderr.startsWith(CANNOT_ENTER))
        return {
          ...NOT_RUN,
          cmd: run.cmd,
          changed: false,
          failed: true,
          rc: null,
          msg: `Unable to change directory before execution: [Errno 2] No such file or directory: b'${run.spec.cwd}'`,
        };
      const notStarted = run.notStarted?.(ended);
      if (notStarted) return notStarted;
      return {
        cmd: run.cmd,
        ...outputKeys(ended, run.stripEmptyEnds),
        ...timeKeys(ended),
        ...failureKeys(ended),
      };
    },
  };
}

/** Plans a command that no guards hold back, and whose result tells neither its line nor its times: `raw` and `script`. */
export function planBareRun(spec: CommandSpec, cmd: string, seen: Observed, context: PlanContext): Plan {
  const plan = planRun({ spec, guards: {}, cmd, stripEmptyEnds: false }, seen, context);
  return {
    ...plan,
    result(outcomes) {
      const { cmd: _cmd, start, end, delta, ...keys } = plan.result!(outcomes);
      return keys;
    },
  };
}

/** Keys of a command that did not run. */
export const NOT_RUN = {
  stdout: '',
  stdout_lines: [],
  stderr: '',
  stderr_lines: [],
  start: null,
  end: null,
  delta: null,
} as const;

/** In a real run, of a task with `check_mode: yes`: `creates` and `removes` tell that it would have changed something. */
function passedOver({ cmd, guards }: Run): Record<string, unknown> {
  const told = guards.creates !== undefined || guards.removes !== undefined;
  return {
    cmd,
    rc: 0,
    ...NOT_RUN,
    msg: 'Command would have run if not in check mode',
    ...(told ? { changed: true } : { changed: false, skipped: true }),
  };
}

/** Whether a command ended well, as the keys `failed` and `msg`. */
function failureKeys(ended: Ended): Record<string, unknown> {
  return ended.rc === 0 ? { msg: '' } : { failed: true, msg: 'non-zero return code' };
}

// Ansible counts such a task as ok, not as skipped: the recap must agree.
function guarded(run: Run, reason: string, context: PlanContext): Plan {
  const msg = `${context.checkMode ? 'Would not run' : 'Did not run'} command since '${reason.replace(/ (exists|does not exist)$/, "' $1")}`;
  return {
    changes: [],
    changed: false,
    result: () => ({
      cmd: run.cmd,
      ...NOT_RUN,
      ...outputKeys({ rc: 0, stdout: `skipped, since ${reason}`, stderr: '' }),
      msg,
    }),
  };
}
