import { type Change, type Observed, runCommand } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { complaintOf, endedCommand, outputKeys } from '../command/result.ts';
import { refusalIn, unanswered } from '../postgresql_client/answers.ts';
import { runStatements } from '../postgresql_client/change.ts';
import { sqlName } from '../postgresql_client/client.ts';
import { defineModule, type Plan } from '../types.ts';
import {
  alterations,
  creation,
  type Database,
  databaseProbe,
  databaseSetting,
  readDatabase,
} from './database.ts';
import { dbParams, type Params } from './params.ts';
import { transfer } from './transfer.ts';

/** Databases of PostgreSQL, by the client programs of the target. */
export default defineModule({
  name: 'postgresql_db',
  summary: 'Makes, drops, renames, dumps and restores databases of PostgreSQL.',
  params: dbParams,
  pathsAsWritten: ({ state }) => (state === 'rename' ? ['target'] : []),
  needs: (given) => (movesData(given) ? [] : names(given).map((name) => databaseProbe(given, name))),
  plan(given, seen, context): Plan {
    if (movesData(given)) return transferred(given);
    const found: (Database | undefined)[] = [];
    for (const name of names(given)) {
      const result = answer(seen, databaseProbe(given, name));
      if (isUnknown(result)) return unknownPlan(result);
      if (result.rc !== 0) return unanswered(result, context.checkMode);
      found.push(readDatabase(result.stdout));
    }
    const sql = wanted(given, found);
    if (typeof sql === 'string') return { changes: [], failed: sql };
    return {
      changes: sql.length === 0 ? [] : [change(given, sql, seen)],
      result: (outcomes) => ({
        db: given.name,
        executed_commands: context.checkMode ? [] : sql,
        ...refusalIn(outcomes, 'Database query failed: '),
      }),
    };
  },
});

function movesData({ state }: Params): boolean {
  return state === 'dump' || state === 'restore';
}

function names(given: Params): string[] {
  return given.state === 'rename' ? [given.name, given.target!] : [given.name];
}

/** Gives the statements that are needed; a text says why nothing can be done. */
function wanted(given: Params, [now, other]: readonly (Database | undefined)[]): string[] | string {
  const name = sqlName(given.name);
  if (given.state === 'absent')
    return now ? [`DROP DATABASE ${name}${given.force ? ' WITH (FORCE)' : ''}`] : [];
  if (given.state === 'present') return now ? alterations(given, now) : [creation(given)];
  const target = given.target!;
  if (target === given.name) return 'The names of source and target databases are the same';
  if (now && other) return `Both the source and the target databases exist: ${given.name}, ${target}`;
  if (!now && !other) return 'The source and the target databases do not exist';
  return now ? [`ALTER DATABASE ${name} RENAME TO ${sqlName(target)}`] : [];
}

function change(given: Params, sql: readonly string[], seen: Observed): Change {
  const summary = `${{ absent: 'drop', rename: 'rename' }[given.state as string] ?? 'set'} the database ${given.name}`;
  const before = answer(seen, databaseProbe(given, given.name));
  const canBack = given.state === 'present' && given.tablespace === '' && !isUnknown(before);
  return runStatements(given, {
    database: given.maintenance_db,
    sql,
    summary,
    ...(canBack && { undo: { setting: databaseSetting(given), before } }),
  });
}

function transferred(given: Params): Plan {
  const { spec, shown } = transfer(given);
  const verb = given.state === 'dump' ? 'to' : 'from';
  const summary = `${given.state} ${given.name} ${verb} ${given.target}`;
  return {
    changes: [runCommand(spec, { undo: 'irreversible', summary })],
    result(outcomes) {
      const ended = endedCommand(outcomes[0]);
      if (!ended) return { executed_commands: [shown] };
      const { stdout: _, stdout_lines: __, ...output } = outputKeys(ended);
      const common = { ...output, cmd: shown };
      if (ended.rc !== 0) return { ...common, failed: true, changed: false, msg: complaintOf(ended) };
      return { ...common, msg: ended.stdout, executed_commands: [shown] };
    },
  };
}
