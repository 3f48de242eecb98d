import { describeError } from '../../errors/index.ts';
import type { RunEvent } from '../../journal/index.ts';
import type { Playbook } from '../../playbook/index.ts';
import type { JournalEntry } from '../../resources/index.ts';
import { isMapping } from '../../values/index.ts';
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
  for (const added of record.additions ?? [])
    if ('host' in added) run.inventory.addHost(added.host, added.groups, added.vars);
    else run.inventory.addGroup(added.group, added.parents, added.hosts);
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
        problems.push(problemOf(happened));
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
      flaws: new Map(),
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

/** What went wrong in a step, where it is written, and the last that it said. What `no_log` hides is not in the result. */
function problemOf({ task, result, status, error }: Omit<RunEvent & { type: 'host-result' }, 'at'>): string {
  const { file, line, column } = error?.position ?? task.position;
  const items = Array.isArray(result.results) ? result.results.filter(isMapping) : [];
  const said = [result, ...items.filter((item) => item.failed === true)]
    .flatMap(({ stderr, stdout }) => [stderr, stdout])
    .filter((text) => typeof text === 'string')
    .map((text) => text.trim().split('\n').at(-1) ?? '');
  const last = said.find((text) => text !== '');
  return `${file}:${line}:${column}: ${task.name}: ${String(result.msg ?? status)}${last ? `: ${last}` : ''}`;
}
