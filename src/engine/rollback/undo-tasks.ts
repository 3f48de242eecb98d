import { describeError } from '../../errors/index.ts';
import type { Playbook } from '../../playbook/index.ts';
import type { JournalEntry } from '../../resources/index.ts';
import type { ArmedChange, RunContext } from '../context.ts';
import { HostState } from '../hosts/host.ts';
import { newBatch } from '../play/batch-context.ts';
import { blankPlay } from '../play/blank-play.ts';
import { freeStrategy } from '../play/strategy.ts';
import { Walker } from '../play/walker.ts';
import type { UndoRecord } from './undo-record.ts';

/**
 * Runs the `undo:` list of a change, with the variables as they were then, plus `before` and `result`. Its own changes are journaled under
 * another run id, so that a rollback is never mistaken for something to roll back. Gives the reason when it failed.
 */
export async function runUndoTasks(
  run: RunContext,
  event: ArmedChange,
  record: UndoRecord,
  entry: JournalEntry,
): Promise<string | undefined> {
  run.secrets.add(record.secrets);
  const state = new HostState(event.forHost);
  state.setLive({ ...record.variables, before: entry.before, undo_of: event.taskName });
  const problems: string[] = [];
  const undoRun: RunContext = {
    ...run,
    id: event.journal.endsWith('~undo') ? event.journal : `${event.journal}~undo`,
    check: false,
    tags: [],
    skipTags: [],
    host: (name) => (name === event.forHost ? state : run.host(name)),
    stopping: () => false,
    armed: [],
    due: [],
    startAt: undefined,
    step: undefined,
    planning: undefined,
    guard: undefined,
    emit: (happened) => {
      if (
        happened.type === 'host-result' &&
        (happened.status === 'failed' || happened.status === 'unreachable') &&
        !happened.ignored
      )
        problems.push(`${happened.task.name}: ${String(happened.result.msg ?? happened.status)}`);
      if (happened.type === 'task-started') run.emit({ ...happened, kind: 'undo' });
      else run.emit(happened.type === 'host-result' ? { ...happened, undo: true } : happened);
    },
  };
  const play = newBatch({
    run: undoRun,
    playbook: {
      file: event.taskName,
      folder: record.playFolder,
      plays: [],
      lastPlays: [],
      warnings: [],
      files: [],
    } satisfies Playbook,
    play: { ...blankPlay(record.playFolder, event.play), ...record.play },
    includes: {
      tasks: () =>
        Promise.reject(new Error('include_tasks is not possible in an undo list: use import_tasks')),
      role: () => Promise.reject(new Error('include_role is not possible in an undo list: use import_role')),
    },
    allHosts: [event.forHost],
    batchIndex: event.batch,
  });
  try {
    const flow = await new Walker(
      play,
      state,
      freeStrategy(() => 'go-on'),
    ).walk(record.tasks, [0]);
    return flow === 'failed' ? (problems.at(-1) ?? 'a task of the undo list failed') : undefined;
  } catch (error) {
    return describeError(error);
  }
}
