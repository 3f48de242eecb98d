import { CutoverError } from '../../errors/index.ts';
import type { ChangeMark } from '../../journal/index.ts';
import type { Change } from '../../resources/index.ts';
import type { PlanDocument, PlannedChange } from './document.ts';
import type { Marker } from './marker.ts';

/** Who is about to change something. */
export interface Actor {
  readonly task: string;
  /** The host on which it acts. */
  readonly on: string;
  /** no_log. */
  readonly hidden: boolean;
}

/** Stands before every change of a run and lets through what its plan lists. */
export class PlanGuard {
  /** Set when something was refused: nothing more is begun then. */
  refusal: CutoverError | undefined;
  private readonly marker: Marker;
  private readonly planned = new Map<string, PlannedChange[]>();
  private readonly open = new Set<string>();
  private readonly contingent: readonly string[];
  private readonly made = new Set<PlannedChange>();
  private readonly plan: PlanDocument;

  constructor(plan: PlanDocument, marker: Marker) {
    this.plan = plan;
    this.marker = marker;
    this.contingent = plan.contingent.map(({ task }) => task);
    for (const step of plan.steps) {
      const key = keyOf(step.task, step.on ?? step.host);
      this.planned.set(key, [...(this.planned.get(key) ?? []), ...step.changes]);
      if (step.open) this.open.add(key);
    }
  }

  /** Returns when the plan lists all of these changes for this task and host. Throws CutoverError('drift') otherwise, before anything is done. */
  allow(actor: Actor, changes: readonly Change[]): void {
    const listed = this.planned.get(keyOf(actor.task, actor.on)) ?? [];
    for (const change of changes) {
      const mark = this.marker.mark(change, actor.hidden);
      const fitting = listed.filter((planned) => fits(planned, mark));
      // The same act may be planned several times, and be tried several times.
      const found = fitting.find((planned) => !this.made.has(planned)) ?? fitting[0];
      if (found) this.made.add(found);
      else if (!this.isOpen(actor)) throw this.refuse(actor, change, mark, listed);
    }
  }

  /** Planned changes that were not made so far. */
  notMade(): readonly string[] {
    return this.plan.steps
      .filter((step) => step.outcome === 'will')
      .flatMap((step) =>
        step.changes
          .filter((change) => !this.made.has(change))
          .map(({ summary }) => `${step.host}: ${summary}`),
      );
  }

  private isOpen({ task, on }: Actor): boolean {
    if (this.contingent.some((id) => task === id || task.startsWith(`${id}.`))) return true;
    // What an include brings is open when the include was: its tasks have ids below it.
    const parts = task.split('.');
    return parts.some((_, index) => this.open.has(keyOf(parts.slice(0, index + 1).join('.'), on)));
  }

  private refuse(
    actor: Actor,
    change: Change,
    mark: ChangeMark,
    listed: readonly PlannedChange[],
  ): CutoverError {
    const what = actor.hidden ? change.key : change.summary;
    const same = listed.find(({ key }) => key === change.key);
    const why =
      same === undefined
        ? 'is not in the plan'
        : same.intent === mark.intent
          ? `was planned for another state (${same.before} then, ${mark.before} now)`
          : 'differs from what was planned';
    this.refusal = new CutoverError('drift', `"${what}" ${why}: it was not done`, {
      host: actor.on,
      hint: 'make a new plan; what the run has changed so far can be rolled back',
    });
    return this.refusal;
  }
}

/** Whether a change is the planned one: the same act, from the same state as far as both are known. */
export function isSame(planned: ChangeMark, now: ChangeMark): boolean {
  return planned.intent === now.intent && sameState(planned.before, now.before);
}

/** The same while a plan is carried out: what a command of the plan may have touched is not compared. */
function fits(planned: PlannedChange, mark: ChangeMark): boolean {
  return (
    planned.intent === mark.intent &&
    (planned.afterCommand === true || sameState(planned.before, mark.before))
  );
}

function sameState(a: string, b: string): boolean {
  if (a === '*' || b === '*') return true;
  const [left, right] = [a.split(','), b.split(',')];
  return (
    left.length === right.length &&
    left.every((word, i) => word === '*' || right[i] === '*' || word === right[i])
  );
}

const keyOf = (task: string, on: string) => `${on} ${task}`;
