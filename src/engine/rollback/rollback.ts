import { CutoverError, describeError } from '../../errors/index.ts';
import type { HostStatus } from '../../journal/index.ts';
import type { ArmedChange, RunContext } from '../context.ts';
import { isUnreachable } from '../hosts/fleet.ts';
import type { RollbackRequest } from './request.ts';
import { automaticRow, stepsOf } from './steps.ts';
import { undoAutomatic, undoByHand } from './undo-step.ts';

/** How a host ended. */
export type HostRollback = 'restored' | 'partial' | 'drifted' | 'failed' | 'unreachable' | 'nothing';

/**
 * Takes changes back: batches in reverse order, hosts of a batch together, per host the newest change first. A host stops at its first
 * drift or failure. Never throws; gives how each host ended.
 */
export async function rollbackArmed(
  run: RunContext,
  request: RollbackRequest,
): Promise<ReadonlyMap<string, HostRollback>> {
  const sections = sectionsOf(request.armed);
  const hosts = [...new Set(request.armed.map((event) => event.host))];
  const ended = new Map<string, HostRollback>();
  run.emit({ type: 'rollback-started', run: request.of, hosts, scope: request.scope });
  for (const section of sections.reverse()) {
    await Promise.all(
      [...section].map(([host, events]) =>
        run.forks.run(async () => {
          const before = ended.get(host);
          if (before !== undefined && before !== 'restored' && before !== 'nothing' && before !== 'partial')
            return;
          ended.set(host, worse(before, await rollbackHost(run, host, events, request)));
        }),
      ),
    );
  }
  for (const host of hosts)
    run.emit({ type: 'host-rolled-back', host, status: ended.get(host) ?? 'nothing' });
  return ended;
}

/** How a host's rollback counts in the recap, and so in the exit code. */
const COUNTED_AS: Readonly<Record<HostRollback, HostStatus>> = {
  restored: 'changed',
  partial: 'changed',
  nothing: 'ok',
  drifted: 'failed',
  failed: 'failed',
  unreachable: 'unreachable',
};

/** Counts how the hosts of a rollback ended. */
export function countEndings(run: RunContext, ended: ReadonlyMap<string, HostRollback>): void {
  for (const [name, ending] of ended) {
    const counted = COUNTED_AS[ending];
    const host = run.host(name);
    host.count(counted, false);
    if (counted === 'failed' || counted === 'unreachable') host.status = counted;
  }
}

/** Groups changes by batch, in the order in which the batches ran, and inside by host. */
function sectionsOf(armed: readonly ArmedChange[]): Map<string, ArmedChange[]>[] {
  const sections = new Map<string, Map<string, ArmedChange[]>>();
  for (const event of armed) {
    const key = `${event.play}.${event.batch}`;
    const section = sections.get(key) ?? new Map<string, ArmedChange[]>();
    sections.set(key, section);
    section.set(event.host, [...(section.get(event.host) ?? []), event]);
  }
  return [...sections.values()];
}

async function rollbackHost(
  run: RunContext,
  host: string,
  events: readonly ArmedChange[],
  request: RollbackRequest,
): Promise<HostRollback> {
  try {
    return await undoHost(run, host, events, request);
  } catch (error) {
    tellFailure(run, host, error);
    return isUnreachable(error) ? 'unreachable' : 'failed';
  }
}

/** Tells why a host's rollback could not begin, or broke off. */
export function tellFailure(run: RunContext, host: string, error: unknown): void {
  run.emit({
    type: 'undo-result',
    host,
    seq: 0,
    key: '',
    summary: 'rollback',
    outcome: 'failed',
    detail: describeError(error),
  });
}

async function undoHost(
  run: RunContext,
  host: string,
  events: readonly ArmedChange[],
  request: RollbackRequest,
): Promise<HostRollback> {
  const steps = await stepsOf(run, host, events, request);
  const downTo = Math.min(...steps.map((step) => step.change.seq));
  let partial = false;
  let undone = 0;
  for (let i = 0; i < steps.length; ) {
    // A rollback that a failed play started goes to its end: stopping it would leave a state that nobody asked for.
    if (request.scope === 'command' && run.stopping())
      throw new CutoverError('interrupted', 'stopped before everything was taken back', {
        hint: 'repeat the rollback: it goes on from here',
      });
    const row = automaticRow(steps, i);
    if (row.length > 0) {
      const outcomes = await undoAutomatic(run, host, row, request, downTo);
      undone += outcomes.filter(
        ({ status }) => status === 'undone' || status === 'already' || status === 'would-undo',
      ).length;
      const stopper = outcomes.find((outcome) => outcome.status === 'drift' || outcome.status === 'failed');
      if (stopper) return stopper.status === 'drift' ? 'drifted' : 'failed';
      i += row.length;
      continue;
    }
    const step = steps[i++]!;
    const outcome = await undoByHand(run, host, step, request, downTo);
    if (outcome === 'failed') return 'failed';
    if (outcome === 'irreversible') partial = true;
    else undone++;
  }
  return partial ? 'partial' : undone > 0 ? 'restored' : 'nothing';
}

const SEVERITY: readonly HostRollback[] = [
  'nothing',
  'restored',
  'partial',
  'drifted',
  'unreachable',
  'failed',
];
function worse(a: HostRollback | undefined, b: HostRollback): HostRollback {
  return a === undefined || SEVERITY.indexOf(b) > SEVERITY.indexOf(a) ? b : a;
}
