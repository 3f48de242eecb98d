import type { RunEvent } from '../journal/index.ts';

/** Counts, from the events of a run, what a dry run foresees and how much of a real run can be taken back. */
export class Tally {
  private will = 0;
  private wont = 0;
  private unknown = 0;
  private changes = 0;
  private reversible = 0;

  observe(event: RunEvent): void {
    if (event.type !== 'host-result' || event.undo) return;
    if (event.status === 'changed') this.will++;
    else if (event.status === 'ok') this.wont++;
    else if (event.status === 'unknown') this.unknown++;
    if (event.status !== 'changed') return;
    for (const change of event.changes) {
      this.changes++;
      if (change.undo !== 'irreversible') this.reversible++;
    }
  }

  prediction(): { will: number; wont: number; unknown: number } {
    return { will: this.will, wont: this.wont, unknown: this.unknown };
  }

  coverage(): { reversible: number; changes: number } {
    return { reversible: this.reversible, changes: this.changes };
  }
}
