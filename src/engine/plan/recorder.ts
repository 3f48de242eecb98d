import { relative, resolve } from 'node:path';
import type { SourcePosition } from '../../errors/index.ts';
import type { ChangeRecord, RunEvent } from '../../journal/index.ts';
import type { PlanDocument, PlannedChange, PlannedStep } from './document.ts';

type HostResult = RunEvent & { readonly type: 'host-result' };

/** Makes the steps of a plan from the events of a dry run. Give its `sink` to the run. */
export class PlanRecorder {
  readonly plays: { play: number; name: string; hosts: readonly string[] }[] = [];
  readonly warnings: string[] = [];
  /** What ended the dry run before its end. */
  problem: string | undefined;
  private readonly recorded: PlannedStep[] = [];
  private readonly kinds = new Map<string, PlannedStep['kind']>();
  /** Hosts on which a command of the plan runs before what comes now. */
  private readonly commanded = new Set<string>();
  private play = 0;
  private readonly folder: string;

  /** Places are told from the folder of the playbook. */
  constructor(folder: string) {
    this.folder = resolve(folder);
  }

  readonly sink = (event: RunEvent): void => {
    if (event.type === 'play-started') {
      this.play = event.play;
      this.plays.push({ play: event.play, name: event.name, hosts: event.hosts });
    } else if (event.type === 'no-hosts') {
      this.plays.push({ play: event.play, name: event.name, hosts: [] });
    } else if (event.type === 'task-started' && event.kind !== 'undo') {
      this.kinds.set(event.task.id, event.kind);
    } else if (event.type === 'warning') {
      this.warnings.push(event.message);
    } else if (event.type === 'run-ended') {
      this.problem = event.message;
    } else if (event.type === 'host-result') {
      this.recorded.push(this.step(event));
    }
  };

  /** The steps: task by task in the order of their first host, hosts in the order of their play. */
  steps(): readonly PlannedStep[] {
    const tasks = [...new Set(this.recorded.map(({ play, task }) => `${play} ${task}`))];
    const place = new Map(tasks.map((key, index) => [key, index]));
    const hosts = new Map(this.plays.flatMap((play) => play.hosts).map((host, index) => [host, index]));
    const order = (step: PlannedStep) => place.get(`${step.play} ${step.task}`) ?? 0;
    return this.recorded.toSorted(
      (a, b) => order(a) - order(b) || (hosts.get(a.host) ?? 0) - (hosts.get(b.host) ?? 0),
    );
  }

  counts(): PlanDocument['counts'] {
    const count = (outcome: PlannedStep['outcome']) =>
      this.recorded.filter((step) => step.outcome === outcome).length;
    return { will: count('will'), wont: count('wont'), unknown: count('unknown') };
  }

  private step(event: HostResult): PlannedStep {
    const on = event.delegatedTo ?? event.host;
    const afterCommand = this.commanded.has(on);
    const outcome = outcomeOf(event);
    const open = event.open === true && outcome !== 'fails' && outcome !== 'unreachable';
    const acts = outcome === 'will' || outcome === 'unknown';
    if (open || (acts && event.changes.some(({ key }) => key.startsWith('command:')))) this.commanded.add(on);
    const why = reasonOf(event, outcome);
    const { id, name, module, position } = event.task;
    return {
      play: this.play,
      task: id,
      name,
      module,
      at: placeFrom(this.folder, position),
      kind: this.kinds.get(id) ?? 'task',
      host: event.host,
      ...(event.delegatedTo === undefined ? {} : { on: event.delegatedTo }),
      outcome,
      ...(event.ignored ? { ignored: true as const } : {}),
      ...(why === undefined ? {} : { why }),
      ...(open ? { open: true as const } : {}),
      changes: event.changes.flatMap((change) => plannedChange(change, afterCommand)),
      diffs: event.diffs,
    };
  }
}

/** What has no mark is never made: its task says `check_mode: true`. */
function plannedChange({ key, summary, undo, mark }: ChangeRecord, afterCommand: boolean): PlannedChange[] {
  return mark
    ? [{ key, summary, undo, ...mark, ...(afterCommand ? { afterCommand: true as const } : {}) }]
    : [];
}

/** Gives `file:line`, the file from a folder. */
export function placeFrom(folder: string, { file, line }: SourcePosition): string {
  return `${relative(resolve(folder), resolve(file))}:${line}`;
}

function outcomeOf(event: HostResult): PlannedStep['outcome'] {
  switch (event.status) {
    case 'changed':
      return 'will';
    case 'failed':
      return 'fails';
    case 'ok':
      // A task that was not looked at, and may change something when it is.
      return event.open ? 'unknown' : 'wont';
    default:
      return event.status;
  }
}

function reasonOf(event: HostResult, outcome: PlannedStep['outcome']): string | undefined {
  if (!['unknown', 'fails', 'unreachable'].includes(outcome)) return undefined;
  const told = event.error?.message ?? event.result.msg;
  return typeof told === 'string' ? told.split('\n')[0] : undefined;
}
