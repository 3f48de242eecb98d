import type { RunEvent } from '../journal/index.ts';

interface Count {
  changes: number;
  reversible: number;
}

/** Counts, from the events of a run, what a dry run foresees and how much of a real run can be taken back. */
export class Tally {
  private will = 0;
  private wont = 0;
  private unknown = 0;
  private readonly hosts = new Map<string, Count>();
  private readonly check: boolean;

  /** `check`: whether the run is a dry run. */
  constructor(check: boolean) {
    this.check = check;
  }

  observe(event: RunEvent): void {
    if (event.type === 'host-rolled-back' && event.status === 'restored') this.hosts.delete(event.host);
    if (event.type === 'undo-result') this.observeUndo(event);
    if (event.type !== 'host-result' || event.undo) return;
    const foretold = event.check ?? this.check;
    if (event.status === 'changed' && foretold) this.will++;
    else if (event.status === 'ok') this.wont++;
    else if (event.status === 'unknown') this.unknown++;
    if (foretold) return;
    // What failed on its way may have changed something: what the host's journal knows counts.
    const failed = event.status === 'failed' || event.status === 'unreachable';
    const changes = failed ? event.changes.filter(({ seq }) => seq !== undefined) : event.changes;
    if ((event.status !== 'changed' && !failed) || changes.length === 0) return;
    const host = event.delegatedTo ?? event.host;
    const count = this.hosts.get(host) ?? { changes: 0, reversible: 0 };
    this.hosts.set(host, count);
    for (const change of changes) {
      count.changes++;
      if (change.undo !== 'irreversible') count.reversible++;
    }
  }

  /** A dry run of a rollback counts changes: those that would be taken back, and those that would stay. */
  private observeUndo({ outcome }: RunEvent & { type: 'undo-result' }): void {
    if (outcome === 'would-undo' || outcome === 'covered') this.will++;
    else if (outcome !== 'already') this.wont++;
  }

  /** What a dry run foresees, in tasks and hosts; in changes for a rollback. */
  prediction(): { will: number; wont: number; unknown: number } {
    return { will: this.will, wont: this.wont, unknown: this.unknown };
  }

  /** Changes that were made and stand, and how many of them can be taken back. Hosts that the run has put back itself do not count. */
  coverage(): { reversible: number; changes: number } {
    const counts = [...this.hosts.values()];
    return {
      reversible: counts.reduce((sum, count) => sum + count.reversible, 0),
      changes: counts.reduce((sum, count) => sum + count.changes, 0),
    };
  }
}
