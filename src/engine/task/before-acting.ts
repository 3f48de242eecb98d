/** Tells what goes wrong before a task acts from what goes wrong while it does. */
import { CutoverError } from '../../errors/index.ts';

const early = new WeakSet<Error>();

/** Does work that a task needs before it acts: its condition, its arguments. */
export async function beforeActing<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CutoverError && error.kind === 'template') early.add(error);
    throw error;
  }
}

/** Whether an error is one of a template that was needed before the task acted: as in Ansible it ends the loop of the task, and no item after it is done. */
export function endsLoop(error: unknown): boolean {
  return error instanceof Error && early.has(error);
}
