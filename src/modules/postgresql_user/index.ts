import type { Change, CommandResult } from '../../resources/index.ts';
import { isUnknown } from '../../values/index.ts';
import { answer, unknownPlan } from '../answer.ts';
import { endedCommand } from '../command/result.ts';
import { refusalIn, unanswered } from '../postgresql_client/answers.ts';
import { runStatements } from '../postgresql_client/change.ts';
import { sqlName } from '../postgresql_client/client.ts';
import { defineModule, type Plan } from '../types.ts';
import { type Params, userParams } from './params.ts';
import { databaseOf, detailProbe, roleProbe, roleSetting, wishes } from './queries.ts';
import type { Role } from './role.ts';

/** Users and groups of PostgreSQL. */
export default defineModule({
  name: 'postgresql_user',
  summary: 'Makes, changes and removes roles of PostgreSQL.',
  params: userParams,
  needs: (given) => [roleProbe(given), ...(given.state === 'absent' ? [] : [detailProbe(given)])],
  plan(given, seen, context): Plan {
    const said = answer(seen, roleProbe(given));
    if (isUnknown(said)) return unknownPlan(said);
    if (said.rc !== 0) return unanswered(said, context.checkMode);
    const role = said.stdout.trim() === '' ? undefined : (JSON.parse(said.stdout) as Role);
    if (given.state === 'absent') return removed(given, role, said);
    const detail = answer(seen, detailProbe(given));
    if (isUnknown(detail)) return unknownPlan(detail);
    if (detail.rc !== 0) return unanswered(detail, context.checkMode);
    const open = wishes(given, role, detail.stdout);
    const sql = open.map((one) => one.sql);
    return {
      changes: sql.length === 0 ? [] : [change(given, sql, said, open)],
      result: (outcomes) => ({
        user: given.name,
        queries: open.map(({ shown }) => shown),
        ...refusalIn(outcomes),
      }),
    };
  },
});

function removed(given: Params, role: Role | undefined, said: CommandResult): Plan {
  const sql = `DROP USER ${sqlName(given.name)}`;
  if (!role) return { changes: [], result: () => ({ user: given.name, queries: [] }) };
  return {
    changes: [change(given, [sql], said, [{ shown: sql }])],
    result(outcomes) {
      const ended = endedCommand(outcomes[0]);
      const keys = { user: given.name, queries: [sql] };
      if (!ended || ended.rc === 0) return { ...keys, user_removed: true };
      if (!given.fail_on_user) return { ...keys, changed: false, user_removed: false };
      return { failed: true, changed: false, msg: 'Unable to remove user', stderr: ended.stderr };
    },
  };
}

function change(
  given: Params,
  sql: readonly string[],
  before: CommandResult,
  shown: readonly { readonly shown: string }[],
): Change {
  const summary = `${given.state === 'absent' ? 'remove' : 'set'} the role ${given.name}`;
  const undo = { setting: roleSetting(given), before, ...(given.state === 'absent' && { after: '' }) };
  return runStatements(given, {
    database: databaseOf(given),
    sql,
    summary,
    shown: shown.map((one) => one.shown),
    // What else it may do is not among what can be put back.
    ...(given.priv === undefined && { undo }),
  });
}
