import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { type Include, type Playbook, selectTags, type Task, type TaskNode } from '../../playbook/index.ts';
import type { RunOptions } from '../options.ts';
import { carryOutPlaybook } from '../run.ts';
import { type Prepared, prepareRun, readPlaybook } from '../session-setup.ts';
import { type ContingentTask, PLAN_FORMAT, type PlanDocument, sealPlan } from './document.ts';
import type { PlanGuard } from './guard.ts';
import { digestFiles, digestHosts, digestValues } from './inputs.ts';
import { Marker } from './marker.ts';
import { PlanRecorder, placeFrom } from './recorder.ts';

/** What `cutover plan` takes: the options of a run, without those that a plan decides. */
export type PlanRequest = Omit<RunOptions, 'check' | 'diff' | 'step'>;

/** A plan, and what was said while it was made. */
export interface MadePlan {
  readonly document: PlanDocument;
  readonly warnings: readonly string[];
  /** What ended the look before its end, in one line. */
  readonly problem: string | undefined;
  /** As of a dry run: 0, 2 when hosts failed, 4 when hosts were away, 99 when it was interrupted. */
  readonly exitCode: number;
}

/** Looks at every host and gives what a run would change. Changes nothing but what tasks with `check_mode: false` do. Throws CutoverError and ErrorList as a run does. */
export async function makePlan(request: PlanRequest): Promise<MadePlan> {
  const prepared = await prepareRun(request);
  return surveyRun(request, prepared, randomBytes(16).toString('hex'));
}

/** Makes a plan whose digests are salted as given, so that it can be compared with another. */
export async function surveyRun(
  request: PlanRequest,
  prepared: Prepared,
  salt: string,
  by?: { readonly plan: PlanDocument; readonly guard: PlanGuard },
): Promise<MadePlan> {
  const read = await readPlaybook(request.playbook, request, prepared);
  const folder = dirname(request.playbook);
  const marker = new Marker(salt, prepared.secrets, by?.plan);
  const recorder = new PlanRecorder(folder);
  // Before the run, which may add hosts and groups.
  const hostDigests = digestHosts(prepared, marker, folder, prepared.inventory.hosts.keys());
  const sinks = [...request.sinks, recorder.sink];
  const summary = await carryOutPlaybook({ ...request, sinks, check: true, diff: true }, prepared, read, {
    planning: { marker },
    guard: by?.guard,
  });
  const played = new Set(recorder.plays.flatMap((play) => play.hosts));
  // What the events told is masked already; places, flags and digests must stay as they are, or the plan could not be applied.
  const document = sealPlan({
    format: PLAN_FORMAT,
    made: new Date().toISOString(),
    version: request.version ?? 'library',
    playbook: request.playbook,
    options: planOptions(request),
    salt,
    inputs: {
      files: digestFiles(marker, folder, [...read.playbook.files, ...prepared.files.used()]),
      hosts: Object.fromEntries(Object.entries(hostDigests).filter(([host]) => played.has(host))),
      extraVars: digestValues(request.extraVars, marker),
    },
    plays: recorder.plays,
    steps: recorder.steps(),
    contingent: prepared.secrets.maskDeep(contingentTasks(read.playbook, request)),
    counts: recorder.counts(),
    complete: summary.exitCode === 0,
  });
  return { document, warnings: recorder.warnings, problem: recorder.problem, exitCode: summary.exitCode };
}

function planOptions(request: PlanRequest): PlanDocument['options'] {
  const { password: _password, becomePassword: _become, ...connection } = request.connection;
  const { inventory, limit, tags, skipTags, startAtTask, forceHandlers } = request;
  return {
    inventory,
    ...(limit === undefined ? {} : { limit }),
    tags,
    skipTags,
    ...(startAtTask === undefined ? {} : { startAtTask }),
    forceHandlers: forceHandlers ?? false,
    connection,
  };
}

/** The tasks of `rescue` lists. */
function contingentTasks(playbook: Playbook, { tags, skipTags }: PlanRequest): readonly ContingentTask[] {
  const found: ContingentTask[] = [];
  const add = (node: Task | Include) => {
    if (!selectTags(node, tags, skipTags)) return;
    const name = node.name?.value ?? node.writtenModule;
    found.push({
      task: node.id,
      name: node.role ? `${node.role.name} : ${name}` : name,
      at: placeFrom(playbook.folder, node.position),
    });
  };
  const walk = (nodes: readonly TaskNode[], rescuing: boolean): void => {
    for (const node of nodes) {
      if (node.kind !== 'block') {
        if (rescuing) add(node);
        continue;
      }
      walk(node.block, rescuing);
      walk(node.rescue, true);
      walk(node.always, rescuing);
    }
  };
  for (const play of playbook.plays)
    for (const list of [play.preTasks, play.roleTasks, play.tasks, play.postTasks]) walk(list, false);
  return found;
}
