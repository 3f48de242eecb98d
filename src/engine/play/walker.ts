import type { CutoverError } from '../../errors/index.ts';
import { loadModule } from '../../modules/index.ts';
import type { Block, Handler, Include, Task, TaskNode } from '../../playbook/index.ts';
import { selectTags } from '../../playbook/index.ts';
import type { PlayContext } from '../context.ts';
import type { HostState } from '../hosts/host.ts';
import { isLoopbackName } from '../hosts/target.ts';
import type { Rest } from '../task/lookahead.ts';
import { reportOutcome } from '../task/outcome.ts';
import { runTask } from '../task/task.ts';
import { type Extras, isForeign, type TaskOutcome, taskRef } from '../task/task-outcome.ts';
import type { Flow } from './flow.ts';
import { expandInclude, plainOutcome } from './include.ts';
import { withPlayKeywords } from './inherited.ts';
import { isForAll, metaForAll, runMeta } from './meta.ts';
import { notifyHandlers } from './notify.ts';
import { type Once, onceForAll } from './run-once.ts';
import { isFatal, isOnce, ownName, type Standing, shownName, tagsOf } from './spoken.ts';
import type { Strategy } from './strategy.ts';
import { throttled } from './throttle.ts';

/** Where in the play a host stands: numbers that grow in reading order. */
type Place = readonly number[];

/** Leads one host through a tree of tasks. */
export class Walker {
  private readonly play: PlayContext;
  private readonly host: HostState;
  private readonly strategy: Strategy;
  private extras: Extras = [];
  private started: boolean;
  private readonly rolesDone = new Set<string>();
  private tasksRun = 0;
  /** Whether a rescue of the last failure counts: not of one taken over from a `run_once` task, nor, as in ansible-core 2.14, of a handler's. */
  private rescueCounts = true;

  constructor(play: PlayContext, host: HostState, strategy: Strategy) {
    this.play = play;
    this.host = host;
    this.strategy = strategy;
    this.started = play.run.startAt?.play !== play.play.index;
  }

  /** Walks the nodes in order. */
  async walk(nodes: readonly TaskNode[], place: Place, outer?: Rest): Promise<Flow> {
    for (const [index, node] of nodes.entries()) {
      const rest: Rest = { nodes, index, outer };
      const flow = await this.node(node, [...place, index], rest);
      if (flow !== 'next') return flow;
    }
    return 'next';
  }

  /** Runs the handlers that wait, in the order in which they are written. */
  async flushHandlers(place: Place): Promise<Flow> {
    let result: Flow = 'next';
    for (let index = 0; index < this.play.handlers.length; index++) {
      const handler = this.play.handlers[index] as Handler;
      if (!this.host.notified.has(handler.id)) continue;
      this.host.notified.delete(handler.id);
      const flow = handler.include
        ? await this.include(withPlayKeywords(handler.include, this.play.play), [...place, index])
        : await this.task(withPlayKeywords(handler, this.play.play), [...place, index], undefined, 'handler');
      if (flow !== 'next') {
        result = flow;
        this.rescueCounts = false;
        break;
      }
      this.play.run.emit({
        type: 'delivered',
        host: this.host.name,
        play: this.play.play.index,
        id: handler.id,
      });
    }
    return result;
  }

  private async node(written: TaskNode, place: Place, rest: Rest): Promise<Flow> {
    if (written.kind === 'block') return this.block(written, place, rest);
    const node = withPlayKeywords(written, this.play.play);
    if (!selectTags({ tags: tagsOf(this.standing(), node) }, this.play.run.tags, this.play.run.skipTags))
      return 'next';
    if (this.passedOver(node)) return 'next';
    if (node.kind === 'include') return this.include(node, place);
    return this.task(node, place, rest, 'task');
  }

  /** `--start-at-task`: each host passes over what comes before, by itself. Facts are gathered all the same. */
  private passedOver(node: Task | Include): boolean {
    if (this.started || node.id.endsWith('.facts')) return false;
    this.started = node.id === this.play.run.startAt?.task;
    return !this.started;
  }

  /** `--step`: whether the operator wants the task. */
  private async wanted(node: Task | Include, place: Place): Promise<boolean> {
    const { run, play, batchIndex } = this.play;
    if (!run.step) return true;
    const key = `${play.index} ${batchIndex} ${node.id}@${place.join('.')}`;
    return run.step.allows(key, shownName(this.standing(), node));
  }

  private async block(block: Block, place: Place, rest: Rest): Promise<Flow> {
    if (block.onceKey !== undefined) {
      // A role that was used before in this play, with the same parameters, is done on this host.
      const done = this.rolesDone;
      if (!block.again && done.has(block.onceKey)) return 'next';
      const before = this.tasksRun;
      const flow = await this.parts(block, place, rest);
      if (this.tasksRun > before) done.add(block.onceKey);
      return flow === 'end-role' ? 'next' : flow;
    }
    return this.parts(block, place, rest);
  }

  private async parts(block: Block, place: Place, rest: Rest): Promise<Flow> {
    let flow = await this.walk(block.block, [...place, 0], rest);
    // A failure that a block still deals with is nobody else's.
    if (flow === 'failed' && (block.rescue.length > 0 || block.always.length > 0)) this.host.fatal = false;
    if (flow === 'failed' && block.rescue.length > 0) {
      const status = this.host.status === 'unreachable' ? 'unreachable' : 'failed';
      this.host.status = 'active';
      if (this.rescueCounts) this.host.countRescue(status);
      this.play.run.emit({ type: 'rescued', host: this.host.name, task: block.id });
      flow = await this.walk(block.rescue, [...place, 1], rest);
      if (flow === 'end-host') this.host.leftInRescue = true;
    }
    if (block.always.length === 0 || flow === 'stopped' || flow === 'end-host') return flow;
    const failedBefore = this.host.status;
    if (flow === 'failed') this.host.status = 'active';
    const after = await this.walk(block.always, [...place, 2], rest);
    if (after !== 'next' || flow !== 'failed') return after === 'next' ? flow : after;
    // As in Ansible, `meta: clear_host_errors` brings a host back that still is on its way through its blocks.
    if (this.host.forgiven) return 'next';
    if (this.host.status === 'active') this.host.status = failedBefore;
    return flow;
  }

  private async include(include: Include, place: Place): Promise<Flow> {
    const turn = await this.strategy.arrive(this.host.name, place);
    if (turn.kind === 'stop') return 'stopped';
    const hosts = this.present(turn.hosts);
    if (!hosts.includes(this.host.name)) return 'end-host';
    if (!(await this.wanted(include, place))) return 'next';
    if (!turn.alone && hosts[0] !== this.host.name && isOnce(this.standing(), include)) return 'next';
    const expansion = await expandInclude(this.play, this.host, include, this.extras);
    if (expansion.kind === 'stop') {
      this.play.abort.error ??= expansion.error;
      return 'stopped';
    }
    if (expansion.kind === 'outcome') {
      const ref = {
        id: include.id,
        name: shownName(this.standing(), include),
        module: `include_${include.what}`,
        position: include.position,
      };
      reportOutcome(this.play, this.host, ref, include, expansion.outcome);
      if (include.register !== undefined) this.host.setLive({ [include.register]: expansion.outcome.result });
      return this.after(expansion.outcome, include);
    }
    // Before any of their tasks.
    for (const { included } of expansion.parts) if (included.counts) this.host.count('ok', false);
    for (const [index, part] of expansion.parts.entries()) {
      for (const handler of part.included.handlers)
        if (!this.play.handlers.some((one) => one.id === handler.id)) this.play.handlers.push(handler);
      for (const role of part.included.exposes)
        if (!this.play.exposed.includes(role)) this.play.exposed.push(role);
      const outer = this.extras;
      this.extras = [...outer, part.variables];
      const flow = await this.walk(part.included.nodes, [...place, index]);
      this.extras = outer;
      if (flow !== 'next' && flow !== 'end-role') return flow;
    }
    return 'next';
  }

  /** Hosts that `meta: refresh_inventory` found gone take no further part. */
  private present(hosts: readonly string[]): readonly string[] {
    return hosts.filter((name) => this.play.run.inventory.hosts.has(name) || isLoopbackName(name));
  }

  private async task(
    task: Task,
    place: Place,
    rest: Rest | undefined,
    kind: 'task' | 'handler',
  ): Promise<Flow> {
    const turn = await this.strategy.arrive(this.host.name, place);
    if (turn.kind === 'stop') return 'stopped';
    const hosts = this.present(turn.hosts);
    if (!hosts.includes(this.host.name)) return 'end-host';
    const run = this.play.run;
    if (task.module === 'meta') return this.meta(task, place, turn.alone ? undefined : hosts[0]);
    if (!(await this.wanted(task, place))) return 'next';
    const ref = taskRef(task, shownName(this.standing(), task));
    this.announce(task, ref.name, kind, hosts, place);
    let started = Date.now();
    const work = () => {
      started = Date.now();
      run.emit({ type: 'host-task-started', task: task.id, host: this.host.name });
      // Who waits for a throttle keeps no place from others.
      return throttled(this.play, this.host, task, () =>
        run.forks.run(() => runTask(this.play, this.host, task, rest, this.extras)),
      );
    };
    const one = { key: place.join('.'), register: task.register, module: task.module, first: hosts[0] };
    const once: Once = (await this.runsOnce(task, turn.alone))
      ? await onceForAll(this.play, this.host, one, work)
      : { kind: 'ran', outcome: await work() };
    if (once.kind === 'copied') return once.failed ? this.fail('failed', task, false) : 'next';
    const outcome = once.outcome;
    if (outcome.stopped) return 'stopped';
    if (outcome.status !== 'skipped' && outcome.status !== 'unreachable') this.tasksRun++;
    reportOutcome(this.play, this.host, ref, task, outcome, Date.now() - started);
    if (task.register !== undefined) {
      const foreign = isForeign(task.module, outcome.result) ? [task.register] : [];
      this.host.setLive({ [task.register]: outcome.result }, foreign);
    }
    if ((outcome.status === 'failed' || outcome.status === 'unreachable') && !outcome.ignored) {
      const said = {
        ansible_failed_task: {
          name: ownName(this.standing(), task),
          action: task.writtenModule,
          args: task.args,
        },
        ansible_failed_result: outcome.result,
      };
      this.host.setLive(said, ['ansible_failed_result']);
    }
    const changed = outcome.status === 'changed' || (outcome.status === 'unknown' && task.notify.length > 0);
    if (changed) {
      const problem = notifyHandlers(this.play, this.host, task, this.extras);
      if (problem) {
        // A mistake in the playbook, not a failure of this host: nothing can rescue it.
        this.play.abort.error ??= problem;
        return 'stopped';
      }
    }
    return this.after(outcome, task);
  }

  /** What the keywords of a node are read with, here and now. */
  private standing(): Standing {
    return { play: this.play, host: this.host, extras: this.extras };
  }

  private async runsOnce(task: Task, alone: boolean): Promise<boolean> {
    if (!task.as && (await loadModule(task.module)).oncePerBatch) return true;
    // Where hosts do not wait for each other every one runs it, as in Ansible.
    return !alone && isOnce(this.standing(), task);
  }

  /** `first`: the host that acts for all where hosts keep together. */
  private async meta(task: Task, place: Place, first: string | undefined): Promise<Flow> {
    const work = () => runMeta(this.play, this.host, task, this.extras);
    const outcome =
      first !== undefined && isForAll(task)
        ? await metaForAll(this.play, this.host, { key: place.join('.'), first }, work)
        : await work();
    if (outcome.kind === 'failed') return this.failWith(task, 'meta', outcome.error);
    if (outcome.kind === 'flush') return this.flushHandlers([...place, 0]);
    return outcome.flow;
  }

  private announce(
    task: Task,
    name: string,
    kind: 'task' | 'handler',
    hosts: readonly string[],
    place: Place,
  ): void {
    const key = `${task.id}@${place.join('.')}`;
    if (this.play.announced.has(key)) return;
    this.play.announced.add(key);
    this.play.run.emit({
      type: 'task-started',
      task: taskRef(task, name),
      kind: task.id.endsWith('.facts') ? 'facts' : kind,
      hosts,
    });
  }

  private after(outcome: TaskOutcome, node: Task | Include): Flow {
    if (outcome.ignored || (outcome.status !== 'failed' && outcome.status !== 'unreachable')) return 'next';
    return this.fail(outcome.status, node, !outcome.uncounted);
  }

  private fail(status: 'failed' | 'unreachable', node: Task | Include, counts = true): Flow {
    this.host.status = status;
    this.host.forgiven = false;
    this.rescueCounts = counts;
    this.host.fatal = isFatal(this.standing(), node);
    return 'failed';
  }

  private failWith(task: Task, name: string, error: CutoverError): Flow {
    const outcome = plainOutcome('failed', { failed: true, msg: error.message }, error);
    reportOutcome(this.play, this.host, taskRef(task, name), task, outcome);
    return this.fail('failed', task);
  }
}
