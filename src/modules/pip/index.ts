import {
  type ChangeOutcome,
  type CommandResult,
  fileState,
  type Observed,
  type Probe,
  runCommand,
  setFile,
} from '../../resources/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { complaintOf, endedCommand, outputKeys } from '../command/result.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';
import { environmentOf, inNewEnvironment, type Params, pipCommand, pipProbe, rehearsal } from './command.ts';
import { pipParams } from './params.ts';
import { holds, type Requirement, readInstalled, readRequirements } from './requirement.ts';

/** Options with which pip does something even when the package is there. */
const INSISTING = /(?:^|\s)(?:-[UIt]\b|--(?:upgrade|force|ignore-installed|target|prefix|root|user|pre)\b)/;

/** Packages of Python. What is installed is looked at first, and pip only runs when something is to be done. */
export default defineModule({
  name: 'pip',
  summary: 'Installs and removes Python packages.',
  params: pipParams,
  needs(given, seen, context) {
    const environment = environmentOf(given);
    const folder = environment === undefined ? [] : [fileState(environment, { checksum: false })];
    const probes: Probe[] = [pipProbe(given), ...folder];
    const todo = seen.get(pipProbe(given)) === undefined ? undefined : workOf(given, seen);
    if (todo === undefined || isUnknown(todo) || !rehearses(given, todo, context)) return probes;
    return [...probes, rehearsal(given, todo.argv)];
  },
  plan(given, seen, context): Plan {
    const work = workOf(given, seen);
    if (isUnknown(work)) return unknownPlan(work);
    if ('failed' in work) return { changes: [], failed: work.failed };
    const keys = keysOf(given, work);
    if (work.wanted === 'nothing') return { changes: [], result: () => keys };
    if (work.isNew) return fresh(given, work, seen);
    const plan: Plan = {
      changes: [
        runCommand(
          { argv: work.argv, ...place(given) },
          { undo: 'irreversible', summary: work.argv.slice(work.pip.length).join(' ') },
        ),
      ],
      result: (outcomes) => ({ ...keys, ...judged(work, outcomes) }),
    };
    if (!rehearses(given, work, context)) {
      return context.checkMode && given.state === 'absent' && given.requirements !== undefined
        ? { ...plan, changed: new Unknown('pip cannot say what it would remove') }
        : plan;
    }
    const said = answer(seen, rehearsal(given, work.argv));
    if (isUnknown(said)) return unknownPlan(said);
    return rehearsed(plan, work, said);
  },
});

/** What a task comes to. */
interface Work {
  /** `some`: known to be needed; `unsure`: only pip can tell. */
  readonly wanted: 'nothing' | 'some' | 'unsure';
  readonly pip: readonly string[];
  readonly argv: readonly string[];
  /** The virtual environment has to be made first. */
  readonly isNew: boolean;
}

function workOf(given: Params, seen: Observed): Work | Unknown | (Work & { readonly failed: string }) {
  const said = answer(seen, pipProbe(given));
  if (isUnknown(said)) return said;
  const [program = '', ...list] = said.stdout.split('\n');
  const isNew = program === 'new';
  const pip = isNew ? [`${environmentOf(given)}/bin/pip3`] : program.split(' -m ').join('\n-m\n').split('\n');
  const wishes = readRequirements(given.name ?? [], given.version);
  const open = isNew ? wishes : openOf(given, wishes, readInstalled(list.join('\n')));
  const work: Work = {
    wanted: isNew ? (given.state === 'absent' ? 'nothing' : 'some') : howMuch(given, open),
    pip,
    argv: pipCommand(given, pip, wishes),
    isNew,
  };
  if (said.rc !== 0) return { ...work, failed: `pip: ${complaintOf(said)}` };
  if (given.version !== undefined && wishes.length > 1) {
    return { ...work, failed: 'version says nothing about several packages: write it behind their names' };
  }
  return work;
}

/** The wishes that are not fulfilled, or not known to be. */
function openOf(
  given: Params,
  wishes: readonly Requirement[],
  installed: ReadonlyMap<string, string>,
): readonly Requirement[] {
  if (given.state === 'absent') {
    return wishes.filter(({ name }) => name === undefined || installed.has(name));
  }
  if (insists(given)) return wishes;
  return wishes.filter((wish) => holds(wish, installed) !== true);
}

function howMuch(given: Params, open: readonly Requirement[]): Work['wanted'] {
  if (given.requirements !== undefined) return 'unsure';
  if (open.length === 0) return 'nothing';
  if (given.state === 'absent' || given.state === 'forcereinstall') return 'some';
  return !insists(given) && open.some(({ name }) => name !== undefined) ? 'some' : 'unsure';
}

/** Whether pip may have something to do although the packages are there. */
function insists(given: Params): boolean {
  return given.state !== 'present' || given.editable || INSISTING.test(given.extra_args ?? '');
}

/** Whether pip is asked what it would do: only a dry run does, and only an installation can be rehearsed. */
function rehearses(given: Params, work: Work, context: PlanContext): boolean {
  return (
    context.checkMode &&
    !('failed' in work) &&
    !work.isNew &&
    work.wanted !== 'nothing' &&
    (given.state === 'present' || given.state === 'latest')
  );
}

function rehearsed(plan: Plan, work: Work, said: CommandResult): Plan {
  if (said.rc === 0) {
    const would = /^Would install (.*)$/m.exec(said.stdout)?.[1];
    if (would === undefined) return { ...plan, changes: [], changed: false };
    const [change] = plan.changes;
    return { ...plan, changes: [{ ...change!, diff: { prepared: `install ${would}` } }] };
  }
  if (!/no such option: --dry-run/.test(said.stderr)) return { changes: [], failed: refusal(said) };
  return work.wanted === 'some'
    ? plan
    : { ...plan, changed: new Unknown('pip on the target is too old to say what it would do') };
}

/** The folder is ours, so a rollback takes away all that is put into it. */
function fresh(given: Params, work: Work, seen: Observed): Plan {
  const folder = answer(seen, fileState(environmentOf(given)!, { checksum: false }));
  if (isUnknown(folder)) return unknownPlan(folder);
  const script = inNewEnvironment(given, work.argv);
  return {
    changes: [
      ...setFile(folder, { type: 'directory' }, { owned: true }),
      runCommand(
        { script, ...place(given) },
        { undo: 'irreversible', summary: `make ${environmentOf(given)}, ${work.argv.slice(1).join(' ')}` },
      ),
    ],
    result: (outcomes) => ({ ...keysOf(given, work), ...judged(work, outcomes) }),
  };
}

function place(given: Params): { cwd?: string; umask?: number } {
  return {
    ...(given.chdir === undefined ? {} : { cwd: given.chdir }),
    ...(given.umask === undefined ? {} : { umask: Number.parseInt(given.umask, 8) }),
  };
}

function keysOf(given: Params, work: Work): Record<string, unknown> {
  return {
    cmd: work.argv,
    name: given.name ?? null,
    version: given.version ?? null,
    requirements: given.requirements ?? null,
    virtualenv: given.virtualenv ?? null,
    state: given.state,
  };
}

function judged(work: Work, outcomes: readonly ChangeOutcome[]): Record<string, unknown> {
  const ended = endedCommand(outcomes.at(-1));
  if (!ended) return {};
  const { rc, ...output } = outputKeys(ended, false);
  if (rc !== 0) return { ...output, rc, failed: true, changed: false, msg: refusal(ended) };
  const told = /Successfully (?:un)?installed/.test(ended.stdout);
  return { ...output, changed: told || work.wanted === 'some' };
}

/** pip says what is wrong in lines that begin with ERROR; the last one sums up. */
function refusal(said: Pick<CommandResult, 'stdout' | 'stderr' | 'rc'>): string {
  const lines = said.stderr.split('\n').filter((line) => /^(?:ERROR|error): /.test(line));
  return `pip: ${lines.at(-1)?.replace(/^error: /i, '') ?? complaintOf(said as CommandResult)}`;
}
