import { CutoverError, describeError, ErrorList } from '../errors/index.ts';
import { maskedError, type Secrets } from '../secrets/index.ts';

/** Gives what the operator reads about an error that ended a command: one line each, and no secret of the command in any. */
export function describeProblem(error: unknown, secrets: Secrets): string {
  const told = (one: CutoverError) => `error: ${describeError(maskedError(one, secrets))}`;
  if (error instanceof ErrorList) {
    const lines = error.errors.map(told);
    return error.errors.length > 1
      ? [...lines, `${error.errors.length} errors; nothing was run.`].join('\n')
      : lines.join('\n');
  }
  if (error instanceof CutoverError && error.kind !== 'internal') return told(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return secrets.mask(`internal error: ${describeError(error)}\n${stack}`);
}

/** Gives the exit code of an error: 5 for what could not be read, 99 for an interruption, else 1. */
export function exitCodeOf(error: unknown): number {
  const kinds =
    error instanceof ErrorList
      ? error.errors.map((one) => one.kind)
      : error instanceof CutoverError
        ? [error.kind]
        : [];
  if (kinds.includes('interrupted')) return 99;
  return kinds.some((kind) => kind === 'playbook' || kind === 'template') ? 5 : 1;
}
