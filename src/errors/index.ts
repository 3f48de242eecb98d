/**
 * The one error type of Cutover, and what an operator reads of it.
 *
 * The first line says what is wrong and where; `hint` says what to do; the cause chain is shown at `-v`.
 */

/** A place in a file that a person wrote. Lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What went wrong, as a closed set: `rescue`, exit codes and reports select on it. */
export type ErrorKind =
  | 'usage'
  | 'playbook'
  | 'inventory'
  | 'template'
  | 'vault'
  | 'connect'
  | 'hostkey'
  | 'auth'
  | 'escalate'
  | 'transfer'
  | 'command'
  | 'timeout'
  | 'lost'
  | 'stale'
  | 'gate'
  | 'drift'
  | 'lock'
  | 'store'
  | 'interrupted'
  | 'internal';

/** Where, for whom and why an error happened, beside its message. */
export interface ErrorDetails {
  readonly position?: SourcePosition | undefined;
  readonly host?: string | undefined;
  /** What the operator can do about it: one short sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** An error that a person can act on. */
export class CutoverError extends Error {
  override readonly name = 'CutoverError';
  readonly kind: ErrorKind;
  readonly position: SourcePosition | undefined;
  readonly host: string | undefined;
  readonly hint: string | undefined;

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.position = details.position;
    this.host = details.host;
    this.hint = details.hint;
  }
}

/** Several errors of one reading (a playbook with three typos), reported together. */
export class ErrorList extends Error {
  override readonly name = 'ErrorList';
  readonly errors: readonly CutoverError[];

  constructor(errors: readonly CutoverError[]) {
    super(errors.map((error) => describeError(error)).join('\n'));
    this.errors = errors;
  }
}

/** Gives `file:line:column`. */
export function formatPosition(position: SourcePosition): string {
  return `${position.file}:${position.line}:${position.column}`;
}

/** Gives the one clear line of an error: place, host, message, hint. Never throws. */
export function describeError(error: unknown): string {
  if (!(error instanceof CutoverError)) return error instanceof Error ? error.message : String(error);
  const place = error.position ? `${formatPosition(error.position)}: ` : '';
  const host = error.host ? `${error.host}: ` : '';
  const hint = error.hint ? ` (${error.hint})` : '';
  return `${place}${host}${error.message}${hint}`;
}

/** Turns whatever was thrown into a CutoverError, keeping it as the cause. */
export function asCutoverError(
  thrown: unknown,
  kind: ErrorKind = 'internal',
  details: ErrorDetails = {},
): CutoverError {
  if (thrown instanceof CutoverError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new CutoverError(kind, message, { ...details, cause: thrown });
}

/** Gives the candidate that a typo most likely meant, or undefined when none is near (Damerau-Levenshtein, at most a third of the letters). */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Gives `did you mean "x"?` for a typo, or undefined. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const near = nearest(word, candidates);
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforePrevious[j - 2]! + 1);
      }
      row.push(cost);
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length]!;
}
