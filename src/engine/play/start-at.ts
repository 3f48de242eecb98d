/** `--start-at-task`: where a run begins. */
import { CutoverError, didYouMean } from '../../errors/index.ts';
import {
  type Include,
  type Playbook,
  selectTags,
  type TagSelection,
  type Task,
  type TaskNode,
} from '../../playbook/index.ts';

/** The first task that is carried out; everything before it is passed over. */
export interface StartAt {
  readonly play: number;
  /** Id of the task. */
  readonly task: string;
}

/**
 * Finds the first selected task whose name fits: the name as written, `role : name`, or a pattern with `*` and `?`.
 * Throws CutoverError('usage') when there is none: what includes bring during the run cannot be named.
 */
export function findStart(playbook: Playbook, name: string, tags: TagSelection): StartAt {
  const names: string[] = [];
  for (const play of playbook.plays) {
    for (const list of [play.preTasks, play.roleTasks, play.tasks, play.postTasks]) {
      for (const task of tasksInTurn(list)) {
        const own = namesOf(task);
        names.push(...own);
        if (own.some((one) => fits(one, name)) && selectTags(task, tags.only, tags.skip))
          return { play: play.index, task: task.id };
      }
    }
  }
  throw new CutoverError('usage', `--start-at-task: no task is called "${name}"`, {
    hint: didYouMean(name, names) ?? 'what includes bring during the run cannot be named',
  });
}

/** What runs when all goes well: a rescue is no place to start at. */
function* tasksInTurn(nodes: readonly TaskNode[]): Iterable<Task | Include> {
  for (const node of nodes) {
    if (node.kind !== 'block') yield node;
    else for (const list of [node.block, node.always]) yield* tasksInTurn(list);
  }
}

function namesOf(task: Task | Include): readonly string[] {
  const own = task.name?.value ?? task.writtenModule;
  return task.role ? [own, `${task.role.name} : ${own}`] : [own];
}

function fits(name: string, pattern: string): boolean {
  if (name === pattern) return true;
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 's').test(name);
}
