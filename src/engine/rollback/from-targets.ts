import { CutoverError } from '../../errors/index.ts';
import { type JournalEntry, readJournal } from '../../resources/index.ts';
import type { ArmedChange, RunContext } from '../context.ts';
import { isUnreachable } from '../hosts/fleet.ts';
import { type Keeper, keepersOf } from '../hosts/keepers.ts';
import { finishRun, nobodyThere, type RunSummary } from '../run.ts';
import { openRun, prepareRun } from '../session-setup.ts';
import { countEndings, rollbackArmed, tellFailure } from './rollback.ts';
import { patiently, type RollbackOptions } from './rollback-run.ts';

/** A host that answered, and where its journals are. */
interface Found {
  readonly host: string;
  readonly keepers: readonly Keeper[];
}

/**
 * Takes a run back of which the controller knows nothing: what the hosts of the inventory have in their journals is all
 * that counts, so `undo:` lists are lost, and so is the order of batches. Throws CutoverError('usage') before any host is touched.
 */
export async function rollbackFromTargets(options: RollbackOptions): Promise<RunSummary> {
  if (options.toTask !== undefined)
    throw new CutoverError('usage', 'the journals of the hosts do not know the names of tasks', {
      hint: '--from-targets takes a run back as a whole: leave --to out',
    });
  const prepared = await prepareRun(options);
  const run = await openRun(patiently(options), prepared, {
    command: 'rollback',
    playbook: 'journals of the hosts',
    check: options.check,
    diff: false,
    of: options.run,
    frozen: {},
  });
  return finishRun(run, async () => {
    const { hosts } = prepared.inventory.match(
      'all',
      options.limit === undefined ? {} : { limit: options.limit },
    );
    if (hosts.length === 0) throw nobodyThere(run, 'there is no host to look for journals on');
    const found = await journalsOf(run, hosts);
    const id = theRun(found, options.run);
    const armed = (await Promise.all(found.map((one) => changesOf(one, id)))).flat();
    const ended = await rollbackArmed(run, {
      armed,
      of: id,
      scope: 'command',
      check: options.check,
      force: options.force,
    });
    countEndings(run, ended);
  });
}

/** Looks for journals on all hosts. One that cannot be asked counts as unreachable (or failed), and the others go on. */
async function journalsOf(run: RunContext, hosts: readonly string[]): Promise<readonly Found[]> {
  const found: Found[] = [];
  const ask = async (host: string) => {
    try {
      found.push({ host, keepers: await keepersOf(run, host, false) });
    } catch (error) {
      const status = isUnreachable(error) ? 'unreachable' : 'failed';
      run.host(host).count(status, false);
      run.host(host).status = status;
      tellFailure(run, host, error);
      run.emit({ type: 'host-rolled-back', host, status });
    }
  };
  await Promise.all(hosts.map((host) => run.forks.run(() => ask(host))));
  return found.sort((a, b) => hosts.indexOf(a.host) - hosts.indexOf(b.host));
}

/** Finds the run that is meant among all that the hosts know: by id, its beginning or end, or `last`. */
function theRun(found: readonly Found[], reference: string): string {
  const starts = new Map<string, number>();
  // What an undo list changed belongs to the rollback that ran it.
  for (const { runs } of found.flatMap(({ keepers }) => keepers))
    for (const { run, startedAt } of runs)
      if (!run.includes('~')) starts.set(run, Math.min(startedAt, starts.get(run) ?? startedAt));
  const newest = [...starts]
    .sort(([a, one], [b, other]) => other - one || (a < b ? 1 : -1))
    .map(([id]) => id);
  const matching =
    reference === 'last'
      ? newest.slice(0, 1)
      : newest.filter((id) => id.startsWith(reference) || id.endsWith(`-${reference}`));
  if (matching.length === 1) return matching[0]!;
  throw new CutoverError(
    'usage',
    matching.length > 1
      ? `"${reference}" fits ${matching.length} runs: ${matching.slice(0, 5).join(', ')}`
      : `no journal of a run "${reference}" is on ${found.map(({ host }) => host).join(', ') || 'a host that answered'}`,
    {
      hint:
        newest.length > 0
          ? `there are ${newest.slice(0, 5).join(', ')}`
          : 'where a run became root, its journal can only be read with -b',
    },
  );
}

/** Gives what a host's journals tell of a run in the form in which a run's events would. */
async function changesOf({ host, keepers }: Found, id: string): Promise<readonly ArmedChange[]> {
  const events: ArmedChange[] = [];
  for (const { identity, stateDir, session, runs } of keepers) {
    if (!runs.some(({ run }) => run === id)) continue;
    const entries = await readJournal(session, id);
    events.push({
      at: Date.now(),
      type: 'change-armed',
      play: 0,
      batch: 0,
      task: '',
      taskName: 'from the journal',
      host,
      forHost: host,
      identity: session.lane.user,
      become: {
        method: identity.method,
        ...(identity.user === undefined ? {} : { user: identity.user }),
      },
      stateDir,
      journal: id,
      changes: entries.map(changeOf),
    });
  }
  return events;
}

const changeOf = ({ seq, key, undo }: JournalEntry): ArmedChange['changes'][number] => ({
  seq,
  key,
  summary: key,
  undo,
});
