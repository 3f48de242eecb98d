import {
  type CommandResult,
  commandOutput,
  fileContent,
  type Observed,
  type Probe,
  runCommand,
} from '../../resources/index.ts';
import { pythonText } from '../../template/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { endedCommand } from '../command/result.ts';
import { sqlComplaint, unanswered } from '../postgresql_client/answers.ts';
import { fillIn, givenArguments } from '../sql/arguments.ts';
import { defineModule, type Plan, type PlanContext } from '../types.ts';
import { literal } from './literal.ts';
import { type Params, queryParams } from './params.ts';
import { type Ending, readAnswers, refusalOf, session } from './session.ts';
import { firstWord, splitStatements } from './statements.ts';

/** Errors that are there whatever steps before this one did: of the grammar. */
const CERTAIN = '42601';
/** Something is written in a transaction that only reads. */
const READ_ONLY = '25006';

/**
 * Statements for a PostgreSQL server. Such as only read are asked, also in a dry run; a dry run does the others in a
 * transaction that is taken back.
 */
export default defineModule({
  name: 'postgresql_query',
  summary: 'Runs statements on a server of PostgreSQL.',
  params: queryParams,
  onlyAsks: (given) => given.query !== undefined && onlyReads(workOf(given, NOTHING_SEEN)),
  needs(given, seen, context) {
    const work = workOf(given, seen);
    if (work === undefined) return [fileContent(given.path_to_script!, { follow: true })];
    if (isUnknown(work) || 'fault' in work) return [];
    const reads = onlyReads(work) ? [asking(given, work, 'reading')] : [];
    const said = reads[0] && seen.get(reads[0]);
    const writes = reads.length === 0 || (said !== undefined && !isUnknown(said) && isRefusedWriting(said));
    return [
      ...reads,
      ...(context.checkMode && writes && !given.autocommit ? [asking(given, work, 'rehearse')] : []),
    ];
  },
  plan(given, seen, context): Plan {
    const work = workOf(given, seen) ?? { fault: `${given.path_to_script} could not be read` };
    if (isUnknown(work)) return unknownPlan(work);
    if ('fault' in work) return { changes: [], failed: work.fault };
    const warnings =
      given.db === undefined
        ? ['Database name has not been passed, used default database to connect to.']
        : [];
    return { warnings, ...planWork(given, work, seen, context) };
  },
});

function planWork(given: Params, work: Work, seen: Observed, context: PlanContext): Plan {
  if (onlyReads(work)) {
    const said = answer(seen, asking(given, work, 'reading'));
    if (isUnknown(said)) return unknownPlan(said, { query: work.queries.at(-1)?.sql });
    if (!isRefusedWriting(said)) return asked(work, said, context);
  }
  if (context.checkMode) {
    if (given.autocommit)
      return { changes: [], failed: 'Using autocommit is mutually exclusive with check_mode' };
    const said = answer(seen, asking(given, work, 'rehearse'));
    if (isUnknown(said)) return unknownPlan(said, { query: work.queries.at(-1)?.sql });
    return asked(work, said, context);
  }
  const change = runCommand(session(given, work.steps, 'keep'), {
    undo: 'irreversible',
    summary: `run ${work.steps.length === 1 ? 'a statement' : `${work.steps.length} statements`} in ${given.db ?? given.login_user}`,
  });
  return {
    changes: [change],
    result(outcomes) {
      const ended = endedCommand(outcomes[0]);
      if (ended === undefined) return {};
      return ended.rc === 0
        ? resultOf(work, ended)
        : { failed: true, changed: false, msg: refused(work, ended) };
    },
  };
}

/** The plan when a probe has done it already. */
function asked(work: Work, said: CommandResult, { checkMode }: PlanContext): Plan {
  if (said.rc === 0) return { changes: [], result: () => resultOf(work, said) };
  const refusal = refusalOf(said);
  if (refusal === undefined) return unanswered(said, checkMode);
  const failed = refused(work, said);
  return checkMode && refusal.code !== CERTAIN ? unknownPlan(new Unknown(failed)) : { changes: [], failed };
}

interface Query {
  readonly written: string;
  readonly sql: string;
  /** Number of its last statement. */
  readonly last: number;
}

interface Work {
  readonly queries: readonly Query[];
  readonly steps: readonly string[];
  /** The arguments as the result's messages show them. */
  readonly shown: string;
}

const NOTHING_SEEN: Observed = { get: () => undefined };

function onlyReads(work: ReturnType<typeof workOf>): boolean {
  return work !== undefined && 'steps' in work && work.steps.every(isReading);
}

/** What is to be run; undefined before the script was looked at. */
function workOf(given: Params, seen: Observed): Work | { readonly fault: string } | Unknown | undefined {
  const texts = textsOf(given, seen);
  if (!Array.isArray(texts)) return texts;
  const shown = pythonText(givenArguments(given));
  const queries: Query[] = [];
  const steps: string[] = [];
  const cannot = (written: string, why: string) => ({ fault: refusalText(written, shown, why, texts) });
  for (const written of texts) {
    const filled = fillIn(written, given, literal);
    if ('fault' in filled) return cannot(written, filled.fault);
    const statements = splitStatements(filled.sql);
    if (statements.length === 0) return cannot(written, "can't execute an empty query");
    steps.push(...statements);
    queries.push({ written, sql: filled.sql, last: steps.length - 1 });
  }
  return { queries, steps, shown };
}

function textsOf(given: Params, seen: Observed): string[] | { readonly fault: string } | Unknown | undefined {
  const { query, path_to_script: path } = given;
  if (query !== undefined) return typeof query === 'string' ? [query] : query;
  const file = seen.get(fileContent(path!, { follow: true }));
  if (file === undefined || isUnknown(file)) return file;
  if (file.bytes === undefined)
    return {
      fault: `Cannot read file '${path}' : ${file.type === 'absent' ? 'there is none' : 'it is no readable file'}`,
    };
  const text = file.bytes.toString('utf8');
  return given.as_single_query ? [text] : splitStatements(text);
}

function asking(given: Params, { steps }: Work, ending: Ending): Probe<CommandResult> {
  return { ...commandOutput(session(given, steps, ending)), volatile: true };
}

function isReading(statement: string): boolean {
  return ['select', 'with', 'values', 'table', 'show', 'explain'].includes(firstWord(statement));
}

function isRefusedWriting(said: CommandResult): boolean {
  return refusalOf(said)?.code === READ_ONLY;
}

type Said = Pick<CommandResult, 'rc' | 'stdout' | 'stderr'>;

function resultOf({ queries, steps }: Work, { stdout }: Said): Record<string, unknown> {
  const answers = readAnswers(stdout, steps);
  const lasts = queries.map(({ last }) => answers[last]!);
  const results = lasts.map(({ rows }) => rows ?? {});
  return {
    changed: lasts.some(({ status, count }) => hasChanged(status, count)),
    query: queries.at(-1)!.sql,
    query_list: queries.map(({ written }) => written),
    statusmessage: lasts.at(-1)!.status,
    query_result: results.at(-1),
    query_all_results: results,
    rowcount: lasts.reduce((sum, { count }) => sum + count, 0),
  };
}

/** As Ansible: whatever does not begin with SELECT, unless no row was touched. */
function hasChanged(status: string, count: number): boolean {
  return /^(?:INSERT|UPDATE|DELETE)\b/.test(status) ? count > 0 : !status.startsWith('SELECT');
}

function refused(work: Work, said: Said): string {
  const refusal = refusalOf(said);
  if (refusal === undefined) return sqlComplaint(said);
  const done = readAnswers(said.stdout, work.steps).length;
  const failing = work.queries.find(({ last }) => last >= done) ?? work.queries.at(-1)!;
  const texts = work.queries.map(({ written }) => written);
  return refusalText(failing.written, work.shown, refusal.words, texts);
}

function refusalText(written: string, args: string, why: string, all: readonly string[]): string {
  return `Cannot execute SQL '${written}' ${args}: ${why}, query list: ${pythonText(all)}`;
}
