import { CutoverError } from '../errors/index.ts';

/**
 * A regular expression or a replacement text that cannot be used. Its kind is `playbook` and it knows no place: the
 * engine adds the task's, templates and inventories make errors of their own of it.
 */
export class RegexFault extends CutoverError {
  /** Python could use it. */
  readonly onlyHere: boolean;
  constructor(message: string, hint?: string, onlyHere = false) {
    super('playbook', message, { hint });
    this.onlyHere = onlyHere;
  }
}

/** What Python's expressions have and those of JavaScript have not. */
export class NotSupported extends Error {
  constructor(what: string) {
    super(`${what} is not supported`);
  }
}

/** Gives a pattern for the one line of a message. */
export function quoted(pattern: string): string {
  const line = pattern.replace(/\s+/g, ' ');
  return `"${line.length > 80 ? `${line.slice(0, 80)} ...` : line}"`;
}
