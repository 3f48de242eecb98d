import { type CommandResult, commandOutput, type Probe, runCommand } from '../../resources/index.ts';
import { pythonText } from '../../template/index.ts';
import { isUnknown, Unknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { complaintOf, endedCommand } from '../command/result.ts';
import { unanswered } from '../mysql_client/client.ts';
import { fillIn, givenArguments } from '../sql/arguments.ts';
import { defineModule, type Plan } from '../types.ts';
import { literal } from './literal.ts';
import { type Params, queryParams } from './params.ts';
import { isReading, readAnswers, refusalOf, session } from './session.ts';

/** What a server says to who writes where only reading is allowed. */
const READ_ONLY = 1792;

/** Statements for a MySQL or MariaDB server. Such as only read are asked, also in a dry run; others cannot be taken back. */
export default defineModule({
  name: 'mysql_query',
  summary: 'Runs statements on a server of MySQL or MariaDB.',
  params: queryParams,
  onlyAsks: onlyReads,
  needs(given) {
    return onlyReads(given) ? [reading(given, statementsOf(given) as string[])] : [];
  },
  plan(given, seen, context): Plan {
    const sql = statementsOf(given);
    if (!Array.isArray(sql)) return { changes: [], failed: sql.fault };
    if (onlyReads(given)) {
      const said = answer(seen, reading(given, sql));
      if (isUnknown(said)) return unknownPlan(said, { executed_queries: sql });
      if (said.rc === 0) return { changes: [], result: () => resultOf(given, sql, said) };
      const refusal = refusalOf(said);
      if (refusal === undefined) return unanswered(said, context.checkMode);
      if (context.checkMode)
        return unknownPlan(new Unknown(`the server said ${refusal.words}`), { executed_queries: sql });
      if (refusal.code !== READ_ONLY) return { changes: [], ...failure(given, said) };
    }
    const change = runCommand(session(given, sql, { reads: false }), {
      undo: 'irreversible',
      summary: `run ${sql.length === 1 ? 'a statement' : `${sql.length} statements`} in ${given.login_db ?? 'no database'}`,
    });
    const unknown = new Unknown('the statements were not run');
    return {
      changes: [change],
      ...(context.checkMode ? { changed: unknown } : {}),
      result(outcomes) {
        const ended = endedCommand(outcomes[0]);
        if (ended === undefined) return { executed_queries: sql, query_result: unknown, rowcount: unknown };
        if (ended.rc === 0) return resultOf(given, sql, ended);
        return { failed: true, changed: false, msg: failure(given, ended).failed };
      },
    };
  },
});

function onlyReads(given: Params): boolean {
  const sql = statementsOf(given);
  return Array.isArray(sql) && sql.every(isReading);
}

function reading(given: Params, sql: readonly string[]): Probe<CommandResult> {
  return { ...commandOutput(session(given, sql, { reads: true })), volatile: true };
}

function written({ query }: Params): readonly string[] {
  return typeof query === 'string' ? [query] : query;
}

/** The statements with their places filled. */
function statementsOf(given: Params): string[] | { readonly fault: string } {
  const all: string[] = [];
  for (const query of written(given)) {
    const filled = fillIn(query, given, literal);
    if ('fault' in filled) return { fault: cannot(given, query, filled.fault) };
    all.push(filled.sql);
  }
  return all;
}

function cannot(given: Params, query: string, why: string): string {
  return `Cannot execute SQL '${query}' args [${pythonText(givenArguments(given))}]: ${why}`;
}

type Said = Pick<CommandResult, 'rc' | 'stdout' | 'stderr'>;

function resultOf(given: Params, sql: readonly string[], { stdout }: Said): Record<string, unknown> {
  const answers = readAnswers(stdout);
  return {
    changed: answers.some(({ count }, index) => hasChanged(written(given)[index] ?? '', count)),
    executed_queries: sql,
    query_result: answers.map(({ rows }) => rows),
    rowcount: answers.map(({ count }) => count),
  };
}

/** Other statements, such as GRANT, count as no change, as in Ansible. */
function hasChanged(query: string, count: number): boolean {
  const word = /^\s*(\w+)/.exec(query)?.[1]?.toLowerCase() ?? '';
  if (['create', 'drop', 'alter', 'rename', 'truncate'].includes(word)) return true;
  return ['insert', 'update', 'delete', 'replace'].includes(word) && count > 0;
}

function failure(given: Params, said: Said): { failed: string } {
  const refusal = refusalOf(said);
  if (refusal === undefined) return { failed: complaintOf(said) };
  const query = written(given)[readAnswers(said.stdout).length] ?? '';
  return { failed: cannot(given, query, refusal.words) };
}
