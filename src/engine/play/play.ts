import { CutoverError } from '../../errors/index.ts';
import { type IncludeLoader, type Play, type Playbook, singleTask, type Task } from '../../playbook/index.ts';
import type { PlayContext, RunContext } from '../context.ts';
import { rollbackArmed } from '../rollback/rollback.ts';
import { keywordValue } from '../variables/keyword.ts';
import { isOn } from '../variables/switches.ts';
import { scopeFor } from '../variables/variables.ts';
import { loadVarsFiles } from '../variables/varsfiles.ts';
import { newBatch } from './batch-context.ts';
import { batchesOf, orderHosts } from './batches.ts';
import { notifyDue } from './due.ts';
import type { Flow } from './flow.ts';
import { extraScope, matchPlay, renderPattern } from './pattern.ts';
import { freeStrategy, Limiter, linearStrategy, type Policy, type Strategy } from './strategy.ts';
import { askVariables } from './vars-prompt.ts';
import { Walker } from './walker.ts';

/** How a play ended for the run. */
export interface PlayEnd {
  readonly matched: boolean;
  /** The run must not go on with the next play. */
  readonly stop: boolean;
}

/** Runs one play: batches one after the other, hosts of a batch together. */
export async function runPlay(
  run: RunContext,
  playbook: Playbook,
  play: Play,
  includes: IncludeLoader,
): Promise<PlayEnd> {
  const name = playName(run, play);
  const pattern = renderPattern(run, play);
  const matched = matchPlay(run, play);
  for (const unknown of matched.unmatched)
    run.emit({
      type: 'warning',
      message: `Could not match supplied host pattern, ignoring: ${unknown}`,
      position: play.hosts.at,
    });
  if (matched.hosts.length === 0) {
    run.emit({ type: 'no-hosts', play: play.index, name, pattern });
    return { matched: false, stop: false };
  }
  const alive = matched.hosts.filter((host) => ['active', 'ended'].includes(run.host(host).status));
  const order = play.order
    ? String(run.templar.renderDeep(play.order.value, extraScope(run, play), { at: play.order.at }))
    : 'inventory';
  // Hosts that failed before take their places in the batches, as in Ansible, although nothing runs on them.
  const ordered = orderHosts(matched.hosts, order);
  const hosts = ordered.filter((host) => alive.includes(host));
  for (const host of hosts) {
    run.host(host).status = 'active';
    run.host(host).leftInRescue = false;
  }
  run.emit({ type: 'play-started', play: play.index, name, hosts, position: play.position });
  if (hosts.length === 0) return { matched: true, stop: false };
  if (run.startAt && play.index < run.startAt.play) {
    run.emit({ type: 'play-ended', play: play.index });
    return { matched: true, stop: false };
  }
  const prompted = await askVariables(run, play);
  const serial = keywordValue(play.serial, extraScope(run, play), run.templar);
  const batches = batchesOf(ordered, serial, play.serial?.at);
  let stop = false;
  for (const [index, places] of batches.entries()) {
    const batch = places.filter((host) => alive.includes(host));
    if (batch.length === 0) continue;
    const context = newBatch({
      run,
      playbook,
      play,
      includes,
      allHosts: matched.hosts,
      batch,
      batchSize: places.length,
      batchIndex: index,
      prompted,
    });
    if (batches.length > 1)
      run.emit({
        type: 'batch-started',
        play: play.index,
        batch: index,
        batches: batches.length,
        hosts: batch,
      });
    await runBatch(context);
    const { error } = context.abort;
    // With a mistake in the playbook no host of the batch comes to the end of the play.
    const failed = error
      ? batch
      : batch.filter((host) => ['failed', 'unreachable'].includes(run.host(host).status));
    if (batches.length > 1) run.emit({ type: 'batch-ended', play: play.index, batch: index, failed });
    const rollsBack = failed.length > 0 && play.onFailure === 'rollback';
    if (rollsBack && !run.check) await rollBackScope(context, failed);
    if (error) throw error;
    // As in Ansible, a batch that failed as a whole ends the run; so does one that was put back.
    stop ||=
      context.abort.reason !== undefined || run.stopping() || failed.length === places.length || rollsBack;
    if (stop || context.abort.endPlay) break;
  }
  run.emit({ type: 'play-ended', play: play.index });
  return { matched: true, stop };
}

async function runBatch(context: PlayContext): Promise<void> {
  const { run, play, batch } = context;
  const limits = failureLimits(context);
  const policy: Policy = () => {
    const { endPlay, endBatch, reason, error } = context.abort;
    if (run.stopping() || endPlay || endBatch || reason !== undefined || error) return 'stop';
    const lost = batch.filter((host) => ['failed', 'unreachable'].includes(run.host(host).status));
    const failed = lost.length;
    for (const host of lost) run.host(host).fatal ||= limits.anyErrorsFatal;
    if (lost.some((host) => run.host(host).fatal)) context.abort.reason = 'any_errors_fatal';
    if (
      limits.maxFailPercentage !== undefined &&
      (failed / (context.batchSize ?? batch.length)) * 100 > limits.maxFailPercentage
    )
      context.abort.reason = 'max_fail_percentage';
    return context.abort.reason === undefined ? 'go-on' : 'stop';
  };
  const kind = strategyName(context);
  const strategy = chooseStrategy(kind, batch, policy, play);
  const pinned = kind === 'host_pinned' ? new Limiter(run.options.forks) : undefined;
  await Promise.all(
    batch.map(async (name) => {
      const work = () => walkHost(context, name, strategy).finally(() => strategy.leave(name));
      await (pinned ? pinned.run(work) : work());
    }),
  );
  policy();
}

function strategyName({ run, play }: PlayContext): string {
  const name = play.strategy
    ? run.templar.renderDeep(play.strategy.value, extraScope(run, play), { at: play.strategy.at })
    : (run.options.config.strategy ?? 'linear');
  return String(name).replace(/^ansible\.builtin\./, '');
}

function chooseStrategy(kind: string, batch: readonly string[], policy: Policy, play: Play): Strategy {
  if (kind === 'linear' || kind === 'debug') return linearStrategy(batch, policy);
  if (kind === 'free' || kind === 'host_pinned') return freeStrategy(policy);
  throw new CutoverError('playbook', `the strategy "${kind}" is not known`, {
    position: play.strategy?.at,
    hint: 'linear, free and host_pinned are',
  });
}

/** Leads one host through the whole play. */
async function walkHost(context: PlayContext, name: string, strategy: Strategy): Promise<void> {
  const { run, play } = context;
  const host = run.host(name);
  const walker = new Walker(context, host, strategy);
  await loadVarsFiles(context, host);
  const sections: (() => Promise<Flow>)[] = [
    async () => walker.walk(gathersFacts(context, name) ? [await factsTask(context)] : [], [0]),
    async () => {
      await loadVarsFiles(context, host);
      return walker.walk(play.preTasks, [1]);
    },
    () => walker.flushHandlers([2]),
    () => walker.walk(play.roleTasks, [3]),
    () => walker.walk(play.tasks, [4]),
    () => {
      notifyDue(context, host);
      return walker.flushHandlers([5]);
    },
    () => walker.walk(play.postTasks, [6]),
    () => walker.flushHandlers([7]),
  ];
  for (const [index, section] of sections.entries()) {
    const flow = await section();
    if (flow === 'next') continue;
    if (flow === 'failed' && forcesHandlers(context) && host.status === 'failed') {
      host.forgiven = false;
      // Where the handlers of the others run, so that all run them together.
      await walker.flushHandlers([[2, 5, 7].find((flush) => flush > index) ?? 8]);
      if (!host.forgiven) host.status = 'failed';
    }
    return;
  }
}

function gathersFacts(context: PlayContext, host: string): boolean {
  const { run, play } = context;
  const { gathering } = run.options.config;
  if (gathering === 'smart' && run.host(host).gathered) return false;
  if (play.gatherFacts !== undefined)
    return isOn(run.templar, play.gatherFacts, scopeFor(run, { host: run.host(host), play: context }));
  return gathering !== 'explicit';
}

async function factsTask(context: PlayContext): Promise<Task> {
  const { play } = context;
  const args = {
    ...(play.gatherSubset ? { gather_subset: play.gatherSubset.value } : {}),
    ...(play.gatherTimeout ? { gather_timeout: play.gatherTimeout.value } : {}),
    ...(play.factPath ? { fact_path: play.factPath.value } : {}),
  };
  const task = await singleTask('setup', args, context.run.loading, {}, true);
  return {
    ...task,
    position: play.position,
    id: `${play.index}.facts`,
    name: { value: 'Gathering Facts', at: play.position },
    // As in Ansible, a play that has tags of its own gathers facts only when they are asked for.
    tags: play.tags.length === 0 ? ['always'] : play.tags,
    // As in Ansible, `run_once` of a play leaves each host its own facts.
    runOnce: { value: false, at: play.position },
  };
}

function forcesHandlers(context: PlayContext): boolean {
  const { run, play } = context;
  return isOn(run.templar, play.forceHandlers, extraScope(run, play), run.forceHandlers);
}

function failureLimits(context: PlayContext): {
  anyErrorsFatal: boolean;
  maxFailPercentage: number | undefined;
} {
  const { run, play } = context;
  const percentage = keywordValue(play.maxFailPercentage, extraScope(run, play), run.templar);
  return {
    anyErrorsFatal: play.anyErrorsFatal === undefined && run.options.config.anyErrorsFatal === true,
    maxFailPercentage: percentage === undefined ? undefined : Number(String(percentage).replace('%', '')),
  };
}

/** `on_failure: rollback`: puts back the failed hosts, the batch, or everything the run did. */
async function rollBackScope(context: PlayContext, failed: readonly string[]): Promise<void> {
  const { run, play } = context;
  const scope = play.rollbackScope;
  const armed = run.armed.filter((event) =>
    scope === 'run'
      ? true
      : scope === 'batch'
        ? context.batch.includes(event.forHost)
        : failed.includes(event.forHost),
  );
  await rollbackArmed(run, { armed, of: run.id, scope, check: false, force: false });
}

function playName(run: RunContext, play: Play): string {
  const fallback = Array.isArray(play.hosts.value) ? play.hosts.value.join(',') : String(play.hosts.value);
  if (play.name === undefined) return fallback;
  try {
    return String(run.templar.renderDeep(play.name.value, extraScope(run, play), { at: play.name.at }));
  } catch {
    return play.name.value;
  }
}
