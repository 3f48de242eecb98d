import { CutoverError } from '../../errors/index.ts';
import { moduleCatalog } from '../../modules/index.ts';
import type { Session } from '../../resources/index.ts';
import type { PlayContext } from '../context.ts';
import { wayOtherwise } from '../hosts/way.ts';
import { foreseenHandlers } from '../play/notify.ts';
import { recordUndo } from '../rollback/undo-record.ts';
import { keywordNumber } from '../variables/keyword.ts';
import { recordOf } from './attempt.ts';
import { asyncOf } from './jobs.ts';
import type { Prepared } from './prepare.ts';

/**
 * Opens what a task asks and changes its host through; every change is in the run's events before it is sent.
 * `asJob`: the command goes on by itself, and `async` is no time limit. `reads`: the module asks for itself.
 */
export function openSession(
  play: PlayContext,
  prepared: Prepared,
  { asJob = false, reads = false }: { readonly asJob?: boolean; readonly reads?: boolean },
): Promise<Session> {
  const { place, onHost, task } = prepared;
  if (!place)
    throw new CutoverError(
      'internal',
      `the module ${prepared.module.name} asks a host although it said it would not`,
    );
  const run = play.run;
  const timeout = timeLimit(play, prepared, asJob);
  return run.fleet.session({
    host: onHost,
    target: place.target,
    identity: place.identity,
    stateDir: place.stateDir,
    folder: play.play.folder,
    run: run.id,
    task: task.id,
    environment: prepared.environment,
    timeoutMs: timeout > 0 ? timeout * 1000 : undefined,
    outputLimit: reads ? readingLimit(prepared) : outputLimit(prepared),
    onArm: async (entries, identity) => {
      const undo = recordUndo(task, prepared, play.play, run.secrets, run.inventory.additions);
      const forHost = prepared.scope.get('inventory_hostname') as string;
      const notifies = foreseenHandlers(play, run.host(forHost), task, prepared.scope);
      const way = wayOtherwise(run, place);
      run.emit({
        type: 'change-armed',
        play: play.play.index,
        batch: play.batchIndex,
        task: task.id,
        taskName: task.name ? String(task.name.value) : task.module,
        host: onHost.name,
        forHost,
        identity,
        become: {
          method: place.identity.method,
          ...(place.identity.user ? { user: place.identity.user } : {}),
        },
        stateDir: place.stateDir,
        journal: run.id,
        changes: entries.map(({ seq, change }) => ({
          ...recordOf(change, prepared),
          ...(prepared.noLog ? { summary: change.key } : {}),
          seq,
        })),
        ...(notifies.length > 0 ? { notifies } : {}),
        ...(undo || way ? { sealed: { undo, way } } : {}),
      });
      await run.writer.flush();
    },
  });
}

/**
 * What a module reads for itself, such as a list of packages or the state of a job, must be whole; its questions end, and nobody has
 * to watch them. A module of the user may run anything.
 */
function readingLimit({ module }: Prepared): number {
  return moduleCatalog().isOwn(module.name) ? OWN_OUTPUT_BYTES : 0;
}
const OWN_OUTPUT_BYTES = 64 * 1024 * 1024;

/** The variable `cutover_output_limit`: MiB of each output of a command; 0 is no limit. Throws CutoverError('inventory'). */
function outputLimit({ scope, onHost }: Prepared): number | undefined {
  if (!scope.has('cutover_output_limit')) return undefined;
  const value = scope.get('cutover_output_limit');
  const limit = Number(value);
  if (value !== '' && Number.isFinite(limit) && limit >= 0) return limit * 1024 * 1024;
  throw new CutoverError(
    'inventory',
    `cutover_output_limit must be a number of MiB, not "${String(value)}"`,
    {
      host: onHost.name,
      hint: '4 is usual, 0 means no limit',
    },
  );
}

/** Seconds; 0 is no limit. For what cannot run as a job, `async` is a time limit too. */
function timeLimit(play: PlayContext, prepared: Prepared, asJob: boolean): number {
  const { timeout } = prepared.task;
  const own = keywordNumber('timeout', timeout, prepared.scope, play.run.templar) ?? 0;
  const seconds = asJob ? 0 : (asyncOf(play, prepared)?.seconds ?? 0);
  const limits = [own, seconds].filter((limit) => limit > 0);
  return limits.length === 0 ? 0 : Math.min(...limits);
}
