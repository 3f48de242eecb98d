import { CutoverError } from '../errors/index.ts';

/** Says in a person's words why the store cannot be read or written. `what` goes on after "cannot". */
export function storeProblem(what: string, cause: unknown, hint?: string): CutoverError {
  const { message } = cause as Error;
  // Node writes `ENOSPC: no space left on device, write`.
  const reason = /^E[A-Z0-9]+: (.+?)(?:, \w+(?: '.*)?)?$/s.exec(message)?.[1] ?? message;
  return new CutoverError('store', `cannot ${what}: ${reason}`, { hint, cause });
}
