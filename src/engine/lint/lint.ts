import { CutoverError, ErrorList } from '../../errors/index.ts';
import type { Play, Playbook } from '../../playbook/index.ts';
import type { RunContext } from '../context.ts';
import { assignmentsIn } from '../explain/explain-tasks.ts';
import type { HostOptions } from '../options.ts';
import { paperRun } from '../paper/paper-run.ts';
import { surveyPlay } from '../paper/survey.ts';
import { type Prepared, prepareRun, readPlaybook } from '../session-setup.ts';
import { scopeFor } from '../variables/variables.ts';
import type { LintProblem } from './problem.ts';
import { misspeltExtraVars } from './rules/extra-vars.ts';
import { missingFiles } from './rules/files.ts';
import { handlers } from './rules/handlers.ts';
import { unusedRegisters } from './rules/registers.ts';
import { shadowedVariables } from './rules/shadowing.ts';
import { undefinedVariables } from './rules/undefined.ts';
import { withoutUndo } from './rules/undo.ts';
import type { LintedPlay, Rule, Subject } from './subject.ts';

/** Options of `cutover lint`. The inventory may be empty: then nothing is said about variables of hosts. */
export interface LintOptions extends HostOptions {
  readonly playbook: string;
}

const RULES: readonly Rule[] = [
  missingFiles,
  handlers,
  shadowedVariables,
  undefinedVariables,
  misspeltExtraVars,
  unusedRegisters,
  withoutUndo,
];

/** Finds what is wrong with a playbook, as far as it can be known without a host; sorted by place. Throws only for the inventory and for what is wrong with Cutover itself. */
export async function lintPlaybook(options: LintOptions): Promise<readonly LintProblem[]> {
  const prepared = await prepareRun(options);
  const { secrets } = prepared;
  return inOrder(await found(options, prepared)).map(({ message, hint, ...where }) => ({
    ...where,
    message: secrets.mask(message),
    ...(hint === undefined ? {} : { hint: secrets.mask(hint) }),
  }));
}

async function found(options: LintOptions, prepared: Prepared): Promise<readonly LintProblem[]> {
  let read: Read;
  try {
    read = await readPlaybook(options.playbook, options, prepared);
  } catch (error) {
    return errorsOf(error);
  }
  const run = await paperRun(options, prepared, { playbook: options.playbook });
  const subject = await subjectOf(run, read);
  return [
    ...subject.plays.flatMap(({ errors }) => errors.flatMap(errorsOf)),
    ...loadWarnings(read.playbook),
    ...RULES.flatMap((rule) => [...rule(subject)]),
  ];
}

type Read = Awaited<ReturnType<typeof readPlaybook>>;

/** Gives a warning for each variable of `-e` whose name looks misspelt. Looks through the whole playbook, and through no host. */
export async function misspeltVariables(run: RunContext, read: Read): Promise<readonly string[]> {
  const problems = misspeltExtraVars(await subjectOf(run, read));
  return [...problems].map(({ message, hint }) => `${message} (${hint})`);
}

async function subjectOf(run: RunContext, { playbook, includes }: Read): Promise<Subject> {
  return {
    playbook,
    plays: await Promise.all(playbook.plays.map((play) => lintedPlay(run, play, includes))),
    run,
    hasInventory: run.options.inventory.length > 0,
    readText: (path) => run.files.readText(path),
  };
}

async function lintedPlay(
  run: RunContext,
  play: Play,
  includes: Parameters<typeof surveyPlay>[1],
): Promise<LintedPlay> {
  const survey = await surveyPlay(play, includes);
  const assignments = assignmentsIn(survey, (path) => run.files.readText(path));
  return { ...survey, assignments, hosts: hostsOf(run, play) };
}

/** Hosts whose pattern needs something that only a run knows are no hosts here. */
function hostsOf(run: RunContext, play: Play): readonly string[] {
  try {
    const scope = scopeFor(run, { host: run.nobody }).below([
      { values: play.vars.values, final: false, origin: 'play vars' },
    ]);
    const pattern = run.templar.renderDeep(play.hosts.value, scope, { at: play.hosts.at });
    return run.inventory.match(Array.isArray(pattern) ? pattern.map(String) : String(pattern)).hosts;
  } catch {
    return [];
  }
}

function errorsOf(error: unknown): LintProblem[] {
  if (error instanceof ErrorList) return error.errors.flatMap(errorsOf);
  if (!(error instanceof CutoverError) || error.kind === 'internal') throw error;
  const { message, position, hint } = error;
  return [
    {
      severity: 'error',
      rule: 'load',
      message,
      ...(position ? { position } : {}),
      ...(hint === undefined ? {} : { hint }),
    },
  ];
}

function loadWarnings(playbook: Playbook): LintProblem[] {
  return playbook.warnings.map((text) => {
    const placed = /^(.+?):(\d+):(\d+): (.*)$/s.exec(text);
    if (!placed) return { severity: 'warning', rule: 'load', message: text };
    const [, file, line, column, message] = placed;
    const position = { file: file!, line: Number(line), column: Number(column) };
    return { severity: 'warning', rule: 'load', message: message!, position };
  });
}

function inOrder(problems: readonly LintProblem[]): readonly LintProblem[] {
  const key = ({ position }: LintProblem) =>
    [position?.file ?? '', position?.line ?? 0, position?.column ?? 0] as const;
  return problems.toSorted((a, b) => {
    const [fileA, lineA, columnA] = key(a);
    const [fileB, lineB, columnB] = key(b);
    return fileA < fileB ? -1 : fileA > fileB ? 1 : lineA - lineB || columnA - columnB;
  });
}

/** Gives the one line of a problem, as people and editors read it. */
export function describeProblem({ severity, rule, message, position, hint }: LintProblem): string {
  const place = position ? `${position.file}:${position.line}:${position.column}: ` : '';
  return `${place}${severity}: ${message}${hint === undefined ? '' : ` (${hint})`} [${rule}]`;
}
