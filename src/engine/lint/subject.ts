import type { Playbook } from '../../playbook/index.ts';
import type { RunContext } from '../context.ts';
import type { Assignment } from '../explain/explain-tasks.ts';
import type { SurveyedPlay } from '../paper/survey.ts';
import type { LintProblem } from './problem.ts';

/** What the rules look at: a playbook that could be read, with everything around it. */
export interface Subject {
  readonly playbook: Playbook;
  readonly plays: readonly LintedPlay[];
  /** Inventory, options and templates; nothing is ever run in it. */
  readonly run: RunContext;
  /** Whether the hosts are known: without them nobody knows their variables. */
  readonly hasInventory: boolean;
  /** Throws for a vault file without its password. */
  readText(path: string): string;
}

/** A play with what its tasks set and the hosts it would run on. */
export interface LintedPlay extends SurveyedPlay {
  readonly assignments: readonly Assignment[];
  readonly hosts: readonly string[];
}

/** Finds one kind of problem. */
export type Rule = (subject: Subject) => Iterable<LintProblem>;
