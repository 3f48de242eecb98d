import type { Outcome } from './outcome.ts';

/** Something in which Cutover differs from Ansible on purpose, in one case. */
export interface Intended {
  readonly case: string;
  /** Counted from 0. */
  readonly run: number;
  /** What Cutover must do instead: only the named parts differ from Ansible's outcome. */
  readonly instead: Partial<Outcome>;
  /** Why, with the rule's name in docs/ansible-compatibility.md. */
  readonly reason: string;
}

/** All intended differences. Whatever is not listed here must be equal. */
export const INTENDED: readonly Intended[] = [];

/** Gives what Cutover must do in each run of a case, given what Ansible did. */
export function wantedOutcomes(name: string, ansible: readonly Outcome[]): Outcome[] {
  return ansible.map((outcome, run) => {
    const other = INTENDED.find((one) => one.case === name && one.run === run);
    return other ? { ...outcome, ...other.instead } : outcome;
  });
}
