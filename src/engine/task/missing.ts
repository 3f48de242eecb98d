/** What a dry run misses on a host although the real run may find it: an earlier step that was not carried out brings it. */
import { asCutoverError } from '../../errors/index.ts';
import { Unknown } from '../../values/index.ts';
import type { Knowledge } from './predictions.ts';

/** What a task is that asks a host; without a place it asks none. */
interface Asking {
  readonly check: boolean;
  readonly place: object | undefined;
  readonly knowledge: Knowledge;
}

/**
 * Gives why it is open whether a task fails that would by what the host shows now; undefined when nothing before it can have a hand in that.
 * What others answered, a server say, hangs on more than what is missing on the host: any step that was not carried out may change it.
 */
export function mayComeTrue(
  { check, place, knowledge }: Asking,
  why: string,
  askedOthers: boolean,
): Unknown | undefined {
  const missing = askedOthers ? knowledge.doubt : knowledge.missing;
  if (!check || !place || !missing) return undefined;
  return new Unknown(`${why}, but ${missing.reason}`);
}

/** Gives why the identity may be there only later: its account, or the program that leads to it, comes with an earlier step. Throws every other error. */
export function identityMayCome(error: unknown, check: boolean, { missing }: Knowledge): Unknown {
  const { kind, message } = asCutoverError(error);
  if (!check || !missing || kind !== 'escalate') throw error;
  return new Unknown(`${message}, but ${missing.reason}`);
}
